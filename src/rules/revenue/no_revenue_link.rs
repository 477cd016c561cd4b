//! `no-revenue-link`: a KPI from which no path leads to money.

use std::sync::LazyLock;

use crate::facts::links::{Level, Way};
use crate::facts::{AtStake, Facts, Purse};
use crate::metrics::Kind;
use crate::plan::{MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-revenue-link",
    area: Area::Revenue,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[Yield::to("no-revenue-kpi")],
    settings: &[&LONG_PATH],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_revenue_link.md"))),
    check: Check::First(check),
};

static LONG_PATH: Setting = Setting {
    key: "long_path",
    default: 4.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the links on a path to money over which it is noted as long",
    source: "a convention: each link is a guess, and guesses multiply",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let from_money = facts.money_to_reach().map(|money| facts.links().led_from(money)).unwrap_or_default();
    for at in facts.judged_kpis() {
        if let Some(way) = facts.way(at) {
            judge(facts, at, &way, &from_money, verdicts);
        }
    }
}

/// `from_money` says of each KPI whether the money that it could be linked to leads to it.
fn judge(facts: &Facts, at: usize, way: &Way, from_money: &[bool], verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    let Some(level) = way.level else {
        let unclear = way.unclear.unwrap_or(MetricRef::kpi(at));
        return verdicts.unknown(subject, [Need::of_kind(unclear)]);
    };
    let long = way.hops as f64 > facts.settings.threshold(RULE.name, &LONG_PATH);
    let told = |reading, severity| {
        finding(facts, at, way, reading, severity).reframe(reframe(facts, at, way, reading, from_money), false)
    };
    match level {
        Level::Founded if long => verdicts.partial(subject, 1.0, told("long", Severity::Note)),
        Level::Founded => verdicts.pass(subject),
        Level::Path => verdicts.partial(subject, 0.75, told("unfounded", Severity::Low)),
        Level::Speaks => verdicts.partial(subject, 0.25, told("speaks", Severity::Medium)),
        Level::None => {
            let soft = matches!(facts.kpi(at).kind, Some(Kind::Brand | Kind::People));
            let severity = if soft { Severity::Medium } else { Severity::High };
            verdicts.partial(subject, 0.0, told(reading_without_path(facts, at), severity));
        }
    }
}

/// Why there is no path: the KPI names nothing that it drives, or what it names does not lead to money.
fn reading_without_path(facts: &Facts, at: usize) -> &'static str {
    match (first_link(facts, at), facts.money_goal(), facts.money_to_reach()) {
        (Some(_), _, _) => "astray",
        (None, Some(_), _) => "nowhere",
        (None, None, Some(_)) => "nowhere.kpi",
        (None, None, None) if facts.results().seeks_none() => "nowhere-to-go",
        (None, None, None) => "unlinked",
    }
}

fn finding(facts: &Facts, at: usize, way: &Way, reading: &'static str, severity: Severity) -> FindingDraft {
    let kpi = facts.plan.kpis.get(at);
    let name =
        |metric: Option<MetricRef>| metric.map(|metric| facts.plan.metric_name(metric).to_owned()).unwrap_or_default();
    let goal = way.end.or_else(|| facts.money_to_reach());
    let (from, to) = way.unfounded.unzip();
    let draft = FindingDraft::at(facts.plan.place_of(Subject::Kpi(at)), reading, severity)
        .with("name", Figure::Text(kpi.map(|kpi| kpi.name.value.clone()).unwrap_or_default().to_string()))
        .with("goal", Figure::Text(name(goal)))
        .with("hops", Figure::Count(way.hops as f64))
        .with("from", Figure::Text(name(from)))
        .with("to", Figure::Text(name(to)))
        .with("astray", Figure::Text(name(first_link(facts, at))))
        .at_stake(Purse::behind(facts, at, AtStake::NO_PATH).filter(|_| !way.reaches_money()))
        .recognised(facts.kpi(at).is_recognised());
    // Where the plan has no money at all, no KPI can lead to any: that is said once, of the plan.
    if facts.results().has_none() { draft.told_on(Subject::Plan) } else { draft }
}

fn first_link(facts: &Facts, at: usize) -> Option<MetricRef> {
    facts.links().first_from(at)
}

/// The KPI with the link that is missing: to the next KPI on the way to money, or to the goal; none where it would close a circle.
fn reframe(facts: &Facts, at: usize, way: &Way, reading: &str, from_money: &[bool]) -> Option<String> {
    // Attention is better read than chased: the rule on it proposes that.
    if facts.kpi(at).kind.is_some_and(Kind::is_attention) {
        return None;
    }
    let kpi = facts.plan.kpis.get(at)?;
    let fields = Fields::named(&kpi.id, &kpi.name);
    match reading {
        "nowhere" | "nowhere.kpi" => {
            // What the KPI follows from cannot follow from it.
            let money = || facts.money_to_reach().filter(|_| from_money.get(at) != Some(&true));
            let next = facts.next_step(at).or_else(money)?;
            let fields = fields
                .words("drives", vec![facts.plan.metric_id(next).to_owned()])
                .maybe("because", because(facts, at));
            Some(reframe::list("kpis", vec![fields]))
        }
        "unfounded" if way.unfounded.is_some_and(|(from, _)| from == MetricRef::kpi(at)) => {
            Some(reframe::list("kpis", vec![fields.maybe("because", because(facts, at))]))
        }
        _ => None,
    }
}

/// The sentence that is missing, by the kind of the KPI, its numbers left open: a digit would pass for
/// a reason that nobody gave.
fn because(facts: &Facts, at: usize) -> Option<String> {
    let kind = facts.kpi(at).kind.map(Kind::word).unwrap_or_default();
    Some(RULE.page().phrase(&format!("because.{kind}")).to_owned())
}
