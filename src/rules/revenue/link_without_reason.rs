//! `link-without-reason`: a KPI that is said to move something, and nothing says why it should.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::facts::Facts;
use crate::facts::links::Reason;
use crate::metrics::Kind;
use crate::plan::{GoalOrKpi, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "link-without-reason",
    area: Area::Revenue,
    weight: Severity::Low,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    // A KPI that is nested has its reason; one that is not could be linked.
    applies: |facts| facts.plan.kpis.is_empty() || facts.plan.kpis.iter().any(|kpi| kpi.nested_in.is_none()),
    yields_to: &[Yield::to("no-revenue-link")],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("link_without_reason.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let mut bare: HashMap<MetricRef, Vec<MetricRef>> = HashMap::new();
    let mut given: HashSet<(MetricRef, MetricRef)> = HashSet::new();
    for (from, to, reason) in facts.links().iter() {
        match reason {
            Reason::None => bare.entry(from).or_default().push(to),
            Reason::Nesting | Reason::Number | Reason::Rate | Reason::Words => {
                given.insert((from, to));
            }
        }
    }
    for at in facts.judged_kpis().filter(|at| drives(facts, *at)) {
        let own = MetricRef::kpi(at);
        let mut targets = bare.remove(&own).unwrap_or_default();
        // A funnel's rate, or nesting, gives the same link its reason.
        targets.retain(|to| !given.contains(&(own, *to)) && !is_arithmetic(facts, own, *to));
        // Edges come out last first.
        targets.reverse();
        judge(facts, at, &targets, verdicts);
    }
}

fn drives(facts: &Facts, at: usize) -> bool {
    facts.plan.kpis.get(at).and_then(|kpi| kpi.drives.as_ref()).is_some_and(|drives| drives.iter().next().is_some())
}

/// Whether one metric is a part of the other by its definition, which is reason enough: one metric of a part and of the whole,
/// money of which other money is made up (new MRR and ARR, churn and NRR, occupancy and RevPAR), a cost in another.
fn is_arithmetic(facts: &Facts, from: MetricRef, to: MetricRef) -> bool {
    let (from, to) = (facts.identity(from), facts.identity(to));
    let same = from.metric.is_some() && from.metric.map(|metric| &metric.name) == to.metric.map(|metric| &metric.name);
    let cost = |kind: Option<Kind>| kind == Some(Kind::CostEfficiency);
    same || from.is_money() && to.is_money() || cost(from.kind) && cost(to.kind)
}

fn judge(facts: &Facts, at: usize, targets: &[MetricRef], verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    if targets.is_empty() {
        return verdicts.pass(subject);
    }
    let ends = targets.iter().copied().chain([MetricRef::kpi(at)]);
    let unclear: Vec<Need> = ends.filter(|end| facts.identity(*end).kind.is_none()).map(Need::of_kind).collect();
    if !unclear.is_empty() {
        return verdicts.unknown(subject, unclear);
    }
    let Some(kpi) = facts.plan.kpis.get(at) else { return };
    let place = kpi.drives.as_ref().map_or(kpi.place, |drives| drives.whole());
    let recognised = targets.iter().chain([&MetricRef::kpi(at)]).any(|end| facts.identity(*end).is_recognised());
    let draft = FindingDraft::at(place, "bare", Severity::Low)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("to", Figure::Names(facts.names_of(targets).into_iter().map(|name| format!("\"{name}\"")).collect()))
        .recognised(recognised)
        .reframe(Some(with_reason(&kpi.id, &kpi.name, targets)), false);
    verdicts.fail(subject, draft);
}

/// The KPI with the sentence that is missing, its numbers left open.
fn with_reason(id: &str, name: &str, targets: &[MetricRef]) -> String {
    let goal = targets.iter().any(|to| matches!(to.which, GoalOrKpi::Goal(_)));
    let because = RULE.page().phrase(if goal { "because.goal" } else { "because" });
    reframe::list("kpis", vec![Fields::new().text("id", id).text("name", name).text("because", because)])
}
