//! `vanity-metric`: a KPI that counts attention, and a plan of which too much does.

use std::sync::LazyLock;

use crate::facts::links::Level;
use crate::facts::{Facts, Purse};
use crate::metrics::{Kind, MetricUnit};
use crate::plan::{MetricRef, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::{Figure, Template};

use super::next_step;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "vanity-metric",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: &["kpi", "plan"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[&MOST_HOPS, &MOST_OF_PLAN, &GRAVE_PART, &FEWEST_FOR_A_SHARE],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("vanity_metric.md"))),
    check: Check::First(check),
};

static MOST_HOPS: Setting = Setting {
    key: "most_hops",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 20.0,
    words: "the longest path to money on which attention is still answered for",
    source: "a convention: attention, lead, opportunity, money",
};

static MOST_OF_PLAN: Setting = Setting {
    key: "most_of_plan",
    default: 1.0 / 3.0,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of a plan's KPIs that may count attention or output",
    source: "a convention",
};

static GRAVE_PART: Setting = Setting {
    key: "grave_part",
    default: 0.5,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share over which that is high",
    source: "a convention",
};

static FEWEST_FOR_A_SHARE: Setting = Setting {
    key: "fewest_for_a_share",
    default: 2.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the KPIs of attention or output from which their share of the plan is a finding of its own",
    source: "a convention: a single one is told by its own finding",
};

/// What one KPI counts, as far as the plan's share of it goes.
enum Counts {
    Attention,
    Substance,
    Unclear,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let counted: Vec<Counts> = facts.judged_kpis().map(|at| judge(facts, at, verdicts)).collect();
    judge_plan(facts, &counted, verdicts);
}

fn judge(facts: &Facts, at: usize, verdicts: &mut Verdicts<'_>) -> Counts {
    let identity = facts.kpi(at);
    let subject = Subject::Kpi(at);
    let Some(kind) = identity.kind.filter(|_| !is_a_share_of_a_count(facts, at)) else {
        verdicts.unknown(subject, [Need::new("metric", subject)]);
        return Counts::Unclear;
    };
    if !identity.is_attention() || facts.is_inventory(MetricRef::kpi(at)) {
        verdicts.pass(subject);
        return if kind == Kind::Activity { Counts::Attention } else { Counts::Substance };
    }
    let missing = missing_answers(facts, at);
    let finding = finding(facts, at, &missing);
    if missing.is_empty() {
        verdicts.partial(subject, 0.75, finding);
        return Counts::Substance;
    }
    verdicts.fail(subject, finding);
    Counts::Attention
}

/// A name that counts attention beside a target in per cent: a share of it, and who knows of what.
fn is_a_share_of_a_count(facts: &Facts, at: usize) -> bool {
    let identity = facts.kpi(at);
    let counts = identity.is_recognised() && identity.metric.is_some_and(|metric| metric.unit == MetricUnit::Count);
    let share = facts.plan.kpis.get(at).is_some_and(|kpi| kpi.is_target_a_percentage());
    counts && share && identity.kind.is_some_and(Kind::is_attention)
}

/// What keeps attention from being answered for: a short path to money, a number behind it, a guard.
fn missing_answers(facts: &Facts, at: usize) -> Vec<String> {
    let Some(kpi) = facts.plan.kpis.get(at) else { return Vec::new() };
    let most_hops = facts.settings.threshold(RULE.name, &MOST_HOPS);
    let near = facts.way(at).is_some_and(|way| way.reaches_money() && way.hops as f64 <= most_hops);
    // Rates of a funnel on the whole way say as much as a `because` with a number.
    let rated = facts.way(at).is_some_and(|way| way.level == Some(Level::Founded));
    let number = rated || kpi.because_has_a_number();
    let guard = kpi.guarded_by.as_ref().is_some_and(|guards| !guards.is_empty());
    let most = [("most", Figure::Count(most_hops))];
    let answers = [(near, "answer.path"), (number, "answer.number"), (guard, "answer.guard")];
    let missing = answers.into_iter().filter(|(there, _)| !there);
    missing.map(|(_, answer)| Template(RULE.page().phrase(answer)).fill(&most)).collect()
}

fn finding(facts: &Facts, at: usize, missing: &[String]) -> FindingDraft {
    let Some(kpi) = facts.plan.kpis.get(at) else { return FindingDraft::at(Span::default(), "alone", Severity::Note) };
    let identity = facts.kpi(at);
    let way = facts.way(at);
    let leads = way.filter(|way| way.reaches_money()).and_then(|way| way.end);
    let target =
        kpi.target.as_ref().filter(|target| target.quantity().is_some()).map(|target| target.text().to_owned());
    let reading = match (missing.is_empty(), leads, &target) {
        (true, _, _) => "answered",
        (false, Some(_), _) => "linked",
        (false, None, Some(_)) => "alone",
        (false, None, None) => "alone-without-target",
    };
    let severity = match Plan::role(kpi) {
        _ if missing.is_empty() => Severity::Low,
        Role::NorthStar => Severity::Critical,
        _ => Severity::High,
    };
    let goal = leads.map(|metric| facts.plan.metric_name(metric).to_owned()).unwrap_or_default();
    FindingDraft::at(kpi.place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("kind", Figure::Text(identity.kind.map(Kind::title).unwrap_or_default().to_owned()))
        .with("target", Figure::Text(target.unwrap_or_default()))
        .with("goal", Figure::Text(goal))
        .with("hops", Figure::Count(way.map_or(0, |way| way.hops) as f64))
        .with("missing", Figure::Names(missing.to_vec()))
        .with("next", Figure::Text(next_step::name(RULE.page(), facts, at)))
        .at_stake(Purse::behind(facts, at, RULE.page().phrase("at-stake")))
        .recognised(identity.is_recognised())
        .reframe(reframe(facts, at, missing), false)
}

/// The KPI as a diagnostic, and the leads that come of it as a KPI where the plan has no next step and sells to leads.
fn reframe(facts: &Facts, at: usize, missing: &[String]) -> Option<String> {
    if missing.is_empty() {
        return None;
    }
    let kpi = facts.plan.kpis.get(at)?;
    let fields = Fields::named(&kpi.id, &kpi.name);
    let diagnostic = fields.text("role", "diagnostic");
    // Where nobody leaves an address first, only the team knows which step comes next.
    if facts.next_step(at).is_some() || !facts.sells_to_leads() {
        return Some(reframe::list("kpis", vec![diagnostic]));
    }
    Some(reframe::list("kpis", vec![diagnostic, next_step::leads(RULE.page(), facts, at)]))
}

fn judge_plan(facts: &Facts, counted: &[Counts], verdicts: &mut Verdicts<'_>) {
    let attention = counted.iter().filter(|counts| matches!(counts, Counts::Attention)).count();
    let unclear = counted.iter().filter(|counts| matches!(counts, Counts::Unclear)).count();
    if counted.is_empty() {
        return;
    }
    let most = facts.settings.threshold(RULE.name, &MOST_OF_PLAN);
    let fewest = facts.settings.threshold(RULE.name, &FEWEST_FOR_A_SHARE);
    let share = |count: usize| count as f64 / counted.len() as f64;
    let is_too_much = |count: usize| share(count) > most && count as f64 >= fewest;
    if !is_too_much(attention) {
        if is_too_much(attention + unclear) {
            let unclear = facts.judged_kpis().zip(counted).filter(|(_, counts)| matches!(counts, Counts::Unclear));
            verdicts.unknown(Subject::Plan, unclear.map(|(at, _)| Need::new("metric", Subject::Kpi(at))));
        } else {
            verdicts.pass(Subject::Plan);
        }
        return;
    }
    let grave = share(attention) > facts.settings.threshold(RULE.name, &GRAVE_PART);
    let severity = if grave { Severity::High } else { Severity::Medium };
    let place = facts.plan.place_of_parts(&[PlanPart::Kpis]);
    let draft = FindingDraft::at(place, "plan", severity)
        .with("count", Figure::Count(attention as f64))
        .with("total", Figure::Count(counted.len() as f64))
        .with("share", Figure::Share(share(attention)));
    verdicts.fail(Subject::Plan, draft);
}
