//! `too-many-kpis`: more KPIs than anyone can steer by, and no single one that decides when two pull apart.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::facts::{Facts, is_left_open};
use crate::metrics::{Kind, Metric, MetricUnit};
use crate::plan::{Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "too-many-kpis",
    area: Area::Measures,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Kpis],
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[],
    settings: &[&MOST, &MOST_FOR_ONE, &FEWEST_FOR_A_NORTH_STAR],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("too_many_kpis.md"))),
    check: Check::First(check),
};

static MOST: Setting = Setting {
    key: "most",
    default: 15.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 1000.0,
    words: "the KPIs to steer by, guardrails and diagnostics aside, over which a plan has too many",
    source: "a convention: what a page holds and a meeting gets through",
};

static MOST_FOR_ONE: Setting = Setting {
    key: "most_for_one",
    default: 5.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 1000.0,
    words: "the KPIs over which one owner has too many to answer for",
    source: "a convention: one for each working day",
};

static FEWEST_FOR_A_NORTH_STAR: Setting = Setting {
    key: "fewest_for_a_north_star",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 1000.0,
    words: "the KPIs from which a plan should say which one matters most",
    source: "a convention: between two, the plan's goal can still decide",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let judged: Vec<usize> = facts.judged_kpis().collect();
    if judged.is_empty() {
        return;
    }
    let drafts: Vec<FindingDraft> =
        [many(facts, &judged), one_owner(facts, &judged), north_star(facts, &judged)].into_iter().flatten().collect();
    if drafts.is_empty() {
        verdicts.pass(Subject::Plan);
    } else {
        verdicts.fail_all(Subject::Plan, drafts);
    }
}

fn many(facts: &Facts, judged: &[usize]) -> Option<FindingDraft> {
    let most = facts.settings.threshold(RULE.name, &MOST);
    let draft = draft(facts, "many", judged.len()).with("most", Figure::Count(most));
    (judged.len() as f64 > most).then_some(draft)
}

/// Owners who answer for more than one person can look after, those with the most first.
fn one_owner(facts: &Facts, judged: &[usize]) -> Option<FindingDraft> {
    let most = facts.settings.threshold(RULE.name, &MOST_FOR_ONE);
    let mut owned: BTreeMap<Cow<'_, str>, (&str, usize)> = BTreeMap::new();
    for kpi in judged.iter().filter_map(|at| facts.plan.kpis.get(*at)) {
        for owner in kpi.owner.iter().flat_map(|owners| owners.iter()).filter(|owner| !is_left_open(owner)) {
            owned.entry(Plan::id_from(owner)).or_insert((owner.as_str(), 0)).1 += 1;
        }
    }
    let mut loaded: Vec<(&str, usize)> = owned.into_values().filter(|(_, count)| *count as f64 > most).collect();
    loaded.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let owners = loaded.iter().map(|(owner, count)| {
        let figures = [("owner", Figure::Text((*owner).to_owned())), ("own", Figure::Count(*count as f64))];
        Template(RULE.page().phrase("owner")).fill(&figures)
    });
    let draft = draft(facts, "one-owner", judged.len())
        .with("most", Figure::Count(most))
        .with("owners", Figure::Names(owners.collect()));
    (!loaded.is_empty()).then_some(draft)
}

/// One KPI must say which of the others gives way. A plan that extends another may follow the north star of that one.
fn north_star(facts: &Facts, judged: &[usize]) -> Option<FindingDraft> {
    if (judged.len() as f64) < facts.settings.threshold(RULE.name, &FEWEST_FOR_A_NORTH_STAR) {
        return None;
    }
    let is_star = |at: &&usize| facts.plan.kpis.get(**at).is_some_and(|kpi| Plan::role(kpi) == Role::NorthStar);
    let own: Vec<usize> = judged.iter().filter(is_star).copied().collect();
    let names = || own.iter().map(|at| format!("\"{}\"", facts.plan.name_of(Subject::Kpi(*at)))).collect();
    let inherited =
        facts.plan.extended.iter().any(|plan| plan.kpis.iter().any(|kpi| Plan::role(kpi) == Role::NorthStar));
    match own.len() {
        0 if !inherited => {
            let candidate = candidate(facts, judged);
            let name = candidate.map(|at| facts.plan.name_of(Subject::Kpi(at)).to_owned()).unwrap_or_default();
            let draft = draft(facts, "no-north-star", judged.len()).with("candidate", Figure::Text(name));
            Some(draft.reframe(candidate.and_then(|at| as_north_star(facts, at)), false))
        }
        0 | 1 => None,
        stars => {
            let draft = draft(facts, "north-stars", judged.len())
                .with("stars", Figure::Count(stars as f64))
                .with("marked", Figure::Names(names()));
            let places = own.iter().skip(1).map(|at| facts.plan.place_of(Subject::Kpi(*at)));
            Some(draft.beside_each(places.take(MOST_PLACES), RULE.page().phrase("beside")))
        }
    }
}

/// As many further places as anybody looks at.
const MOST_PLACES: usize = 4;

/// The KPI that the plan's own numbers suggest: the only LTV:CAC, else the only one that is money, where it is what the plan is
/// for. An average (what one order brings) is a part of that, and customers who stay are it only in a plan that seeks nothing
/// else. None where a KPI that cannot be recognised might be another.
fn candidate(facts: &Facts, judged: &[usize]) -> Option<usize> {
    if judged.iter().any(|at| facts.kpi(*at).kind.is_none()) {
        return None;
    }
    let is_ratio = |at: &usize| facts.kpi(*at).metric.is_some_and(|metric| metric.name == "ltv-to-cac");
    let is_money = |at: &usize| facts.kpi(*at).kind.is_some_and(|kind| kind.is_money());
    let sought: Vec<Kind> = (0..facts.plan.goals.len()).filter_map(|at| facts.goal(at).kind).collect();
    let is_sought = |at: &usize| {
        let identity = facts.kpi(*at);
        let sums = |metric: &Metric| metric.amount || metric.unit == MetricUnit::Count;
        let whole = identity.kind != Some(Kind::Revenue) || identity.metric.is_some_and(sums);
        whole && (facts.plan.goals.is_empty() || identity.kind.is_some_and(|kind| sought.contains(&kind)))
    };
    let money = || only(judged.iter().copied().filter(is_money)).filter(is_sought);
    only(judged.iter().copied().filter(is_ratio)).or_else(money)
}

fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn as_north_star(facts: &Facts, at: usize) -> Option<String> {
    let kpi = facts.plan.kpis.get(at)?;
    let fields = Fields::named(&kpi.id, &kpi.name);
    Some(reframe::list("kpis", vec![fields.text("role", Role::NorthStar.word())]))
}

fn draft(facts: &Facts, reading: &'static str, count: usize) -> FindingDraft {
    let place = facts.plan.place_of_parts(&[PlanPart::Kpis]);
    FindingDraft::at(place, reading, Severity::Medium).with("count", Figure::Count(count as f64))
}
