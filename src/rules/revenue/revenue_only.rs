//! `revenue-only`: a plan that measures nothing but results, so that nothing warns before they are missed.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::metrics::Kind;
use crate::plan::{MetricRef, Motion, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "revenue-only",
    area: Area::Revenue,
    weight: Severity::Low,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Kpis],
    applies: |facts| facts.plan.kpis.is_empty() || !is_few(facts),
    yields_to: &[],
    settings: &[&FEWEST],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("revenue_only.md"))),
    check: Check::First(check),
};

static FEWEST: Setting = Setting {
    key: "fewest",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the KPIs from which a plan of nothing but results is told",
    source: "a convention: with one or two KPIs, what comes before them may simply not be written down",
};

/// What comes before one or two results may simply not be written down.
fn is_few(facts: &Facts) -> bool {
    (facts.judged_kpis().count() as f64) < facts.settings.threshold(RULE.name, &FEWEST)
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if is_few(facts) {
        return;
    }
    let kpis = || (0..facts.plan.kpis.len()).map(MetricRef::kpi);
    if has_a_funnel(facts) || kpis().any(|kpi| comes_before(facts, kpi)) {
        return verdicts.pass(Subject::Plan);
    }
    let unclear: Vec<Need> = kpis().filter(|kpi| facts.identity(*kpi).kind.is_none()).map(Need::of_kind).collect();
    if !unclear.is_empty() {
        return verdicts.unknown(Subject::Plan, unclear);
    }
    verdicts.fail(Subject::Plan, finding(facts));
}

/// The stages of a funnel are seen before its result is.
fn has_a_funnel(facts: &Facts) -> bool {
    facts.plan.funnels.iter().any(|funnel| funnel.stages.len() > 1)
}

/// Whether a KPI of any role shows something before the money does.
fn comes_before(facts: &Facts, kpi: MetricRef) -> bool {
    let leads = facts.role_of(kpi) == Some(Role::Leading);
    leads || facts.is_pipeline(kpi) || facts.identity(kpi).kind.is_some_and(|kind| !Kind::is_money(kind))
}

fn finding(facts: &Facts) -> FindingDraft {
    let kpis: Vec<MetricRef> = facts.judged_kpis().map(MetricRef::kpi).collect();
    FindingDraft::at(facts.plan.place_of_parts(&[PlanPart::Kpis]), "only-results", Severity::Low)
        .with("count", Figure::Count(kpis.len() as f64))
        .with("names", Figure::Names(facts.names_of(&kpis)))
        .recognised(kpis.iter().any(|kpi| facts.identity(*kpi).is_recognised()))
        .reframe(early_sign(facts), false)
}

/// A leading KPI before the first result: which one, only those who work on it know.
fn early_sign(facts: &Facts) -> Option<String> {
    let page = RULE.page();
    let motion = facts.plan.head.motion.as_ref().map_or("", |motion| Motion::word(motion.value));
    let result = facts.money_to_reach()?;
    let kpi = Fields::new()
        .text("id", facts.plan.fresh_id(page.phrase("id")))
        .text("name", page.phrase(&format!("name.{motion}")))
        .text("role", Role::Leading.word())
        .words("drives", vec![facts.plan.metric_id(result).to_owned()])
        .text("because", page.phrase("because"));
    Some(reframe::list("kpis", vec![kpi]))
}
