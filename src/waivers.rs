//! Waivers: which findings a plan accepts, and what is wrong with a waiver itself.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};
use jiff::civil::Date;

use crate::plan::problem::{Problem, What};
use crate::plan::{Plan, Subject, Waiver};
use crate::rules::verdict::{self, Status, Verdict};
use crate::rules::{self, Area, Rule};
use crate::words::Hints;

/// The parts of a plan that its waivers name, by their ids; each part of the format has ids of its own.
type ById<'p> = HashMap<&'p str, Vec<Subject>>;

/// What is wrong with the waivers of a file's plans: unknown rules and ids, and rules that are never about such a thing.
pub fn check(plans: &[Plan]) -> Vec<Problem> {
    plans.iter().flat_map(|plan| check_plan(plan, Hints::of_one_in(plans.len()))).collect()
}

fn check_plan(plan: &Plan, mut hints: Hints) -> Vec<Problem> {
    let by_id = LazyCell::new(|| by_id(plan));
    let ids = LazyCell::new(|| all_subjects(plan).map(|subject| plan.id_of(subject)).collect::<BTreeSet<_>>());
    let hint = |on: &str, hints: &mut Hints| hints.nearest(on, ids.iter().copied()).map(str::to_owned);
    waivers(plan).filter_map(|waiver| check_one(plan, waiver, &by_id, &mut hints, hint)).collect()
}

/// Marks the findings that a waiver accepts on the day of the audit.
pub fn apply(plan: &Plan, as_of: Date, verdicts: &mut [Verdict]) {
    let by_id = LazyCell::new(|| by_id(plan));
    let mut held: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for (at, waiver) in waivers(plan).enumerate().filter(|(_, waiver)| waiver.until.value >= as_of) {
        // An id that nothing has is told by the check.
        let on = waiver.on.as_ref().map(|on| meant(on, &by_id).map_or(on.as_str(), |(id, _)| id));
        held.entry((&waiver.rule.value, on)).or_insert(at);
    }
    if held.is_empty() {
        return;
    }
    for verdict in verdicts {
        if !verdict.has_findings() {
            continue;
        }
        let rule = verdict.rule.name;
        let on_it = held.get(&(rule, Some(plan.id_of(verdict.subject))));
        if let Some(at) = on_it.or_else(|| held.get(&(rule, None))) {
            for finding in verdict.findings_mut() {
                finding.status = Status::Waived(*at);
            }
        }
    }
}

/// The waivers that hold on the day of the audit and accept nothing, although their rule has judged what they are about.
/// One of something that the rule could not judge may still be needed, and so may one of a rule that did not run.
pub fn unused<'p>(plan: &'p Plan, as_of: Date, verdicts: &[Verdict]) -> Vec<&'p Waiver> {
    if waivers(plan).next().is_none() {
        return Vec::new();
    }
    let by_id = by_id(plan);
    let named: HashSet<&str> = waivers(plan).map(|waiver| waiver.rule.as_str()).collect();
    let mut used = HashSet::new();
    let mut unclear: HashMap<&str, HashSet<Subject>> = HashMap::new();
    for of_rule in verdict::by_rule(verdicts) {
        let rule = of_rule.first().map(|first| first.rule);
        let Some(rule) = rule.filter(|rule| rule.area != Area::Upkeep && named.contains(rule.name)) else { continue };
        let unclear = unclear.entry(rule.name).or_default();
        for verdict in of_rule {
            if !verdict.is_known() {
                unclear.insert(verdict.subject);
            }
            used.extend(verdict.findings().iter().filter_map(|finding| match finding.status {
                Status::Waived(at) => Some(at),
                Status::Open | Status::Told(_) => None,
            }));
        }
    }
    let accepts_nothing = |waiver: &Waiver| {
        let Some(unclear) = unclear.get(waiver.rule.as_str()) else { return false };
        match &waiver.on {
            None => unclear.is_empty(),
            Some(on) => {
                meant(on, &by_id).is_some_and(|(_, subjects)| !subjects.iter().any(|subject| unclear.contains(subject)))
            }
        }
    };
    let held = waivers(plan).enumerate().filter(|(at, waiver)| waiver.until.value >= as_of && !used.contains(at));
    held.map(|(_, waiver)| waiver).filter(|waiver| accepts_nothing(waiver)).collect()
}

/// The waivers of rules across plans, each with the id of what it is about.
pub(crate) fn across_plans(plan: &Plan) -> impl Iterator<Item = (&'static Rule, Option<String>, &Waiver)> {
    let by_id = by_id(plan);
    waivers(plan).filter_map(move |waiver| {
        let rule = rules::named(&waiver.rule).filter(|rule| rule.area == Area::AcrossPlans)?;
        let on = waiver.on.as_ref().map(|on| meant(on, &by_id).map_or(on.as_str(), |(id, _)| id).to_owned());
        Some((rule, on, waiver))
    })
}

/// The waivers of a plan.
pub fn waivers(plan: &Plan) -> impl Iterator<Item = &Waiver> {
    plan.head.waivers.iter().flat_map(|waivers| waivers.iter()).map(|waiver| waiver.value.as_ref())
}

fn check_one(
    plan: &Plan,
    waiver: &Waiver,
    by_id: &ById<'_>,
    hints: &mut Hints,
    nearest_id: impl Fn(&str, &mut Hints) -> Option<String>,
) -> Option<Problem> {
    // A rule that could not be read has been reported.
    if waiver.rule.is_empty() {
        return None;
    }
    let Some(rule) = rules::named(&waiver.rule) else {
        let given = waiver.rule.value.to_string();
        let nearest = hints.nearest(&given, rules::all().map(|rule| rule.name)).map(str::to_owned);
        return Some(Problem::new(waiver.rule.span, What::UnknownRule { given, nearest }));
    };
    let on = waiver.on.as_ref()?;
    let Some((_, subjects)) = meant(on, by_id) else {
        let nearest = nearest_id(on, hints);
        let what = What::UnknownId { id: on.value.to_string(), sought: "part of the plan", nearest };
        return Some(Problem::new(on.span, what));
    };
    if let Some(subject) = subjects.iter().find(|subject| rule.on.contains(&subject.kind())) {
        return plan.is_ambiguous(*subject).then(|| Problem::new(on.span, What::AmbiguousId(on.value.to_string())));
    }
    let subject = subjects.first().map_or("such a thing", |subject| with_article(*subject));
    let what = What::WaiverSubject { rule: rule.name.to_owned(), subject: subject.to_owned() };
    Some(Problem::new(on.span, what))
}

/// The parts that the waivers of a plan name.
fn by_id(plan: &Plan) -> ById<'_> {
    let mut by_id = ById::new();
    let named: HashSet<Cow<'_, str>> = waivers(plan)
        .filter_map(|waiver| waiver.on.as_ref())
        .flat_map(|on| [Cow::Borrowed(on.as_str()), Plan::id_from(on)])
        .collect();
    // Most plans have no waivers.
    if !named.is_empty() {
        for subject in all_subjects(plan) {
            let id = plan.id_of(subject);
            if named.contains(id) {
                by_id.entry(id).or_default().push(subject);
            }
        }
    }
    by_id
}

/// The parts that an id, or a name written where an id belongs, stands for, with their id.
fn meant<'p, 's>(on: &str, by_id: &'s ById<'p>) -> Option<(&'p str, &'s [Subject])> {
    let found = by_id.get_key_value(on).or_else(|| by_id.get_key_value(&*Plan::id_from(on)));
    found.map(|(id, subjects)| (*id, subjects.as_slice()))
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
