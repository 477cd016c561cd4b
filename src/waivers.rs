//! Waivers: which findings a plan accepts, and what is wrong with a waiver itself.

use jiff::civil::Date;

use crate::plan::{Plan, Subject, Waiver};
use crate::problem::{Problem, What, nearest};
use crate::rules::verdict::{Outcome, Status, Verdict};
use crate::rules::{self, Rule};

/// What is wrong with a plan's waivers: unknown rules and ids, and rules that are never about such a thing.
pub fn check(plan: &Plan) -> Vec<Problem> {
    waivers(plan).filter_map(|waiver| check_one(plan, waiver)).collect()
}

/// Marks the findings that a waiver accepts on the day of the audit.
pub fn apply(plan: &Plan, as_of: Date, verdicts: &mut [Verdict]) {
    let held: Vec<(usize, &Waiver)> =
        waivers(plan).enumerate().filter(|(_, waiver)| waiver.until.value >= as_of).collect();
    for verdict in verdicts {
        let Outcome::Found { findings, .. } = &mut verdict.outcome else { continue };
        let covering = held.iter().find(|(_, waiver)| covers(plan, waiver, verdict.rule, verdict.subject));
        if let Some((at, _)) = covering {
            for finding in findings {
                finding.status = Status::Waived(*at);
            }
        }
    }
}

fn waivers(plan: &Plan) -> impl Iterator<Item = &Waiver> {
    plan.head.waivers.iter().flat_map(|waivers| waivers.iter()).map(|waiver| &waiver.value)
}

fn covers(plan: &Plan, waiver: &Waiver, rule: &Rule, subject: Subject) -> bool {
    let about = waiver.on.as_ref().is_none_or(|on| on.value == plan.id_of(subject));
    waiver.rule.value == rule.name && about
}

fn check_one(plan: &Plan, waiver: &Waiver) -> Option<Problem> {
    let Some(rule) = rules::named(&waiver.rule) else {
        let given = waiver.rule.value.clone();
        let nearest = nearest(&given, rules::all().map(|rule| rule.name)).map(str::to_owned);
        return Some(Problem::new(waiver.rule.span, What::UnknownRule { given, nearest }));
    };
    let on = waiver.on.as_ref()?;
    let subjects = subjects(plan, on);
    if subjects.is_empty() {
        let mut known: Vec<&str> = all_subjects(plan).map(|subject| plan.id_of(subject)).collect();
        known.sort_unstable();
        let nearest = nearest(on, known).map(str::to_owned);
        let what = What::UnknownId { id: on.value.clone(), sought: "part of the plan", nearest };
        return Some(Problem::new(on.span, what));
    }
    if subjects.iter().any(|subject| rule.on.contains(&subject.kind())) {
        return None;
    }
    let subject = subjects.first().map_or("such a thing", |subject| with_article(*subject));
    let what = What::WaiverSubject { rule: rule.name.to_owned(), subject: subject.to_owned() };
    Some(Problem::new(on.span, what))
}

/// What an id may stand for, over all namespaces.
fn subjects(plan: &Plan, id: &str) -> Vec<Subject> {
    all_subjects(plan).filter(|subject| plan.id_of(*subject) == id).collect()
}

fn all_subjects(plan: &Plan) -> impl Iterator<Item = Subject> {
    let goals = (0..plan.goals.len()).map(Subject::Goal);
    let kpis = (0..plan.kpis.len()).map(Subject::Kpi);
    let products = (0..plan.products.len()).map(Subject::Product);
    let initiatives = (0..plan.initiatives.len()).map(Subject::Initiative);
    let funnels = (0..plan.funnels.len()).map(Subject::Funnel);
    let handoffs = (0..plan.handoffs.len()).map(Subject::Handoff);
    let parts = goals.chain(kpis).chain(products).chain(initiatives).chain(funnels).chain(handoffs);
    std::iter::once(Subject::Plan).chain(parts)
}

fn with_article(subject: Subject) -> &'static str {
    match subject {
        Subject::Plan => "the plan",
        Subject::Goal(_) => "a goal",
        Subject::Kpi(_) => "a KPI",
        Subject::Product(_) => "a product",
        Subject::Initiative(_) => "an initiative",
        Subject::Funnel(_) => "a funnel",
        Subject::Handoff(_) => "a handoff",
    }
}
