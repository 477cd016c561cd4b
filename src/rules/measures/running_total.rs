//! `running-total`: a KPI that counts everything since the beginning, and so cannot fall.

use std::sync::LazyLock;

use crate::facts::{Facts, names};
use crate::metrics::{Kind, MetricUnit};
use crate::plan::quantity::{Change, Quantity, Unit};
use crate::plan::{Entity, Kpi, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "running-total",
    area: Area::Measures,
    weight: Severity::Low,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[Yield::to("vanity-metric")],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("running_total.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi))) {
        let subject = Subject::Kpi(at);
        let identity = facts.kpi(at);
        let metric = identity.metric.map(|metric| metric.name.as_ref());
        if !names::is_all_time(&kpi.name, metric) || counts_a_period(kpi) {
            verdicts.pass(subject);
        } else if identity.kind.is_none() {
            verdicts.unknown(subject, [Need::new("metric", subject)]);
        } else if can_fall(facts, at) {
            verdicts.pass(subject);
        } else {
            verdicts.fail(subject, finding(facts, at, kpi));
        }
    }
}

/// A target that is a change, or an amount for each month, is one of a period, whatever the name says.
fn counts_a_period(kpi: &Kpi) -> bool {
    let target = kpi.target.as_ref().and_then(|target| target.quantity());
    target.is_some_and(|target| target.per.is_some() || matches!(target.change, Some(Change::Units | Change::Points)))
}

/// A balance falls when somebody leaves, money when it is paid back, and a rate may do what it likes. Only counts of what
/// has happened stay for ever.
fn can_fall(facts: &Facts, at: usize) -> bool {
    let identity = facts.kpi(at);
    match identity.metric {
        Some(metric) => metric.balance || metric.unit != MetricUnit::Count,
        None => !matches!(identity.kind, Some(Kind::Reach | Kind::Engagement | Kind::LeadVolume | Kind::Activity)),
    }
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> FindingDraft {
    let target = kpi.target.as_ref().and_then(|target| target.quantity());
    let baseline = kpi.baseline.as_ref().map(|baseline| baseline.quantity());
    let already = target.zip(baseline).filter(|both| are_counts(*both)).and_then(|_| {
        let (from, to) = (kpi.baseline.as_ref()?.point()?, kpi.target_level()?);
        (from > 0.0 && to > from).then_some((from, to))
    });
    let reading = if already.is_some() { "mostly-there" } else { "cannot-fall" };
    let (from, to) = already.unwrap_or_default();
    FindingDraft::at(kpi.place, reading, Severity::Low)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("baseline", Figure::Count(from))
        .with("target", Figure::Count(to))
        .with("share", Figure::Share(from / to))
        .with("added", Figure::Count(to - from))
        .recognised(facts.kpi(at).is_recognised())
        .reframe(Some(reframe(facts, at, kpi, already)), false)
}

/// Whether both are plain counts.
fn are_counts((target, baseline): (&Quantity, &Quantity)) -> bool {
    let is_count = |quantity: &Quantity| matches!(quantity.unit, Unit::None | Unit::Count(_));
    is_count(baseline) && (is_count(target) || target.change == Some(Change::Relative))
}

/// The same count for the period alone: its target is what is still to come.
fn reframe(facts: &Facts, at: usize, kpi: &Entity<Kpi>, already: Option<(f64, f64)>) -> String {
    let metric = facts.kpi(at).metric;
    let counted = metric.map_or_else(|| kpi.name.value.to_string(), |metric| metric.title.to_string());
    let fields = Fields::new()
        .text("id", kpi.id.as_str())
        .text("name", Template(RULE.page().phrase("new")).fill(&[("name", Figure::Text(counted))]))
        .maybe("metric", metric.map(|metric| metric.name.clone()))
        .maybe("target", already.map(|(from, to)| format!("{:.0}", to - from)))
        // Where the total stood says nothing of what a period brings.
        .maybe("baseline", already.map(|_| RULE.page().phrase("open")));
    reframe::list("kpis", vec![fields])
}
