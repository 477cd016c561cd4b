//! `no-handoff`: marketing and sales both take part, leads are counted, and nothing says how they pass from one to the other.

use std::sync::LazyLock;

use crate::facts::{Department, Facts, Identity, handoffs};
use crate::metrics::Kind;
use crate::plan::{GoalOrKpi, MetricRef, Plan, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-handoff",
    area: Area::Alignment,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| handoffs::may_be_called_for(facts) && !counts_no_leads(facts),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_handoff.md"))),
    check: Check::First(check),
};

/// The metrics that count people whom marketing finds and sales talks to.
const LEADS: [&str; 11] = [
    "leads",
    "mql",
    "sql",
    "sal",
    "mqa",
    "sao",
    "qualified-leads",
    "demo-requests",
    "quote-requests",
    "contact-requests",
    "meetings-booked",
];

/// Something that counts leads.
struct Counted<'p> {
    name: &'p str,
    kpi: Option<usize>,
    stage: Option<&'p str>,
    recognised: bool,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !handoffs::may_be_called_for(facts) {
        return;
    }
    if has_handoff(facts) {
        return verdicts.pass(Subject::Plan);
    }
    let Some(counted) = of_stages(facts).or_else(|| of_kpis(facts)) else {
        let unclear = kpis(facts).filter(|(at, _)| facts.kpi(*at).kind.is_none());
        let needs: Vec<Need> = unclear.map(|(at, _)| Need::new("metric", Subject::Kpi(at))).collect();
        if !needs.is_empty() {
            verdicts.unknown(Subject::Plan, needs);
        }
        return;
    };
    match (facts.teams().has(Department::Marketing), facts.teams().has(Department::Sales)) {
        (true, true) => verdicts.fail(Subject::Plan, finding(facts, &counted)),
        _ if facts.plan.head.teams.is_none() => {
            verdicts.unknown(Subject::Plan, [Need::new("teams", Subject::Plan)]);
        }
        // Without one of the two there is nobody to hand over, or nobody to receive.
        _ => {}
    }
}

/// Whether a handoff joins the two: one of them, with the other or with a team whose work cannot be told from its name.
fn has_handoff(facts: &Facts) -> bool {
    facts.plan.handoffs.iter().any(|handoff| {
        use Department::{Marketing, Sales};
        matches!(
            (facts.teams().department(&handoff.from), facts.teams().department(&handoff.to)),
            (Some(Marketing), Some(Sales) | None)
                | (Some(Sales), Some(Marketing) | None)
                | (None, Some(Marketing | Sales))
        )
    })
}

/// Whether it is clear that the plan has KPIs and counts no leads.
fn counts_no_leads(facts: &Facts) -> bool {
    let clear = !facts.plan.kpis.is_empty() && kpis(facts).all(|(at, _)| facts.kpi(at).kind.is_some());
    clear && facts.plan.handoffs.is_empty() && of_stages(facts).is_none() && of_kpis(facts).is_none()
}

fn kpis(facts: &Facts) -> impl Iterator<Item = (usize, &str)> {
    let judged = facts.plan.kpis.iter().enumerate().filter(|(_, kpi)| Plan::role(kpi) != Role::Diagnostic);
    judged.map(|(at, kpi)| (at, kpi.name.as_str()))
}

fn counts_leads(identity: Identity) -> bool {
    let named = identity.metric.is_some_and(|metric| LEADS.contains(&metric.name.as_ref()));
    identity.kind == Some(Kind::LeadVolume) && named
}

fn of_kpis(facts: &Facts) -> Option<Counted<'_>> {
    let (at, name) = kpis(facts).find(|(at, _)| counts_leads(facts.kpi(*at)))?;
    Some(Counted { name, kpi: Some(at), stage: None, recognised: facts.kpi(at).is_recognised() })
}

fn of_stages(facts: &Facts) -> Option<Counted<'_>> {
    let stages = facts.plan.funnels.iter().flat_map(|funnel| funnel.stages.iter());
    stages.map(|stage| &stage.value).find_map(|stage| {
        let kpi = stage.kpi.as_ref().and_then(|id| facts.plan.metric(id));
        let identity = kpi.map(|kpi| facts.identity(kpi));
        let by_kpi = identity.is_some_and(counts_leads);
        let recognition = facts.dictionary.recognise(&stage.name);
        let by_name =
            recognition.and_then(|known| known.metric).is_some_and(|known| LEADS.contains(&known.name.as_ref()));
        let kpi = kpi.and_then(|kpi| match kpi {
            MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => Some(at),
            _ => None,
        });
        let recognised = !identity.is_some_and(|identity| by_kpi && !identity.is_recognised());
        let name = stage.name.as_str();
        (by_kpi || by_name).then_some(Counted { name, kpi, stage: Some(name), recognised })
    })
}

fn finding(facts: &Facts, counted: &Counted<'_>) -> FindingDraft {
    let kpi = counted.kpi.map(Subject::Kpi).map(|kpi| facts.plan.place_of(kpi));
    let head = &facts.plan.head;
    let place = head.handoffs.as_ref().map(|handoffs| handoffs.key);
    let draft = FindingDraft::at(place.unwrap_or(head.place), "none", Severity::High)
        .with("counted", Figure::Text(counted.name.to_owned()))
        .with("marketing", Figure::Text(called(facts, Department::Marketing)))
        .with("sales", Figure::Text(called(facts, Department::Sales)))
        .recognised(counted.recognised)
        .reframe(Some(skeleton(facts, counted)), false);
    draft.beside_each(kpi, RULE.page().phrase("counted"))
}

/// A department by the plan's own name for it.
fn called(facts: &Facts, department: Department) -> String {
    facts.teams().listed_as(department.name()).unwrap_or(department.name()).to_owned()
}

/// A handoff with what the plan knows of it: who, into which stage, and the rate that already guards the leads.
fn skeleton(facts: &Facts, counted: &Counted<'_>) -> String {
    let guards = counted.kpi.and_then(|at| facts.plan.kpis.get(at)).and_then(|kpi| kpi.guarded_by.as_ref());
    let rate = guards.into_iter().flat_map(|guards| guards.iter()).find_map(|id| {
        let guard = facts.plan.metric(id)?;
        let is_rate = facts.identity(guard).kind == Some(Kind::LeadQuality);
        is_rate.then(|| facts.plan.metric_id(guard).to_owned())
    });
    let fields = Fields::new()
        .text("from", called(facts, Department::Marketing))
        .text("to", called(facts, Department::Sales))
        .maybe("stage", counted.stage)
        .text("qualified", RULE.page().phrase("qualified"))
        .maybe("measured_by", rate);
    reframe::list("handoffs", vec![fields])
}
