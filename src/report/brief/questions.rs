//! The questions of the meeting, the gravest first, each with who should answer it, and the reframings that are worth a section.

use std::collections::BTreeSet;

use super::{Asked, Block, Section, say, whole, word};
use crate::audit::PlanReport;
use crate::facts::{Facts, Who};
use crate::plan::{GoalOrKpi, MetricRef, OneOrMany, Placed, Subject};
use crate::report::remark::{Remark, questions};
use crate::severity::Severity;
use crate::wording::Figure;

/// Questions that a meeting has time for.
const MOST_QUESTIONS: usize = 5;

/// Further findings of a reframing that are told beside the first.
const MOST_BESIDES: usize = 2;

pub(super) fn section(report: &PlanReport, remarks: &[Remark<'_>]) -> Option<Section> {
    let questions = questions(remarks, report.plan(), MOST_QUESTIONS);
    let who: Vec<Answerer> = questions.iter().map(|question| answerer(&report.facts, question.remark)).collect();
    let of_all = for_all(&who);
    let asked = questions.into_iter().zip(who).map(|(question, who)| {
        let ask = ("ask", whole(&question.ask));
        let ask = match who {
            _ if of_all.is_some() => say("ask", &[ask]),
            Answerer::Unsaid => say("ask", &[ask]),
            Answerer::Nobody => say("ask.of-nobody", &[ask]),
            Answerer::Named(who) => say("ask.of", &[ask, ("who", whole(&who))]),
        };
        Asked { found: question.message, ask }
    });
    let asked: Vec<Asked> = asked.collect();
    let questions = (!asked.is_empty()).then_some(Block::Questions(asked));
    Section::of("questions", of_all.map(Block::Text).into_iter().chain(questions).collect())
}

/// Who should answer a question.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answerer {
    /// "tess, who answers for it"
    Named(String),
    /// It is about something for which somebody should be named, and nobody is.
    Nobody,
    /// It is about the plan, and the plan does not say who decides.
    Unsaid,
}

/// What is said once of all questions, where it is the same.
fn for_all(who: &[Answerer]) -> Option<String> {
    match who {
        [Answerer::Named(first), rest @ ..] if !rest.is_empty() => {
            let same = rest.iter().all(|who| matches!(who, Answerer::Named(name) if name == first));
            same.then(|| say("ask.of-all", &[("who", whole(first))]))
        }
        [_, _, ..] if !who.iter().any(|who| matches!(who, Answerer::Named(_))) => {
            who.contains(&Answerer::Nobody).then(|| word("ask.all-of-nobody"))
        }
        _ => None,
    }
}

/// All questions of the gravest finding whose page gives it a title of its own.
pub(super) fn reframing(report: &PlanReport, remarks: &[Remark<'_>]) -> Option<Section> {
    let plan = report.plan();
    let grave = || remarks.iter().filter(|remark| remark.severity() >= Severity::Medium);
    let (first, title) = grave().find_map(|remark| Some((remark, title(remark)?)))?;
    let asked = questions(remarks, plan, MOST_QUESTIONS);
    let is_told = asked.iter().any(|question| std::ptr::eq(question.remark, first));
    let message = (!is_told).then(|| Block::Text(first.message(plan)));
    let why = first.findings.first().and_then(|found| found.finding.reframe.as_ref());
    let why = why.map(|reframe| Block::Text(reframe.why.clone()));
    let asks = first.question(plan)?;
    let asks: Vec<String> = asks.split_inclusive('?').map(|ask| ask.trim().to_owned()).collect();
    let alike = grave().filter(|remark| !std::ptr::eq(*remark, first) && self::title(remark) == Some(title));
    let besides: Vec<String> = alike.take(MOST_BESIDES).map(|remark| remark.message(plan)).collect();
    let besides = (!besides.is_empty()).then_some([Block::Text(word("reframing.besides")), Block::Items(besides)]);
    let asks = (!asks.is_empty()).then_some(Block::Ordered { from: 1, items: asks });
    let blocks = [message, why, asks].into_iter().flatten().chain(besides.into_iter().flatten()).collect();
    Some(Section { title: title.to_owned(), blocks })
}

fn title(remark: &Remark<'_>) -> Option<&'static str> {
    let found = remark.findings.first()?;
    found.verdict.rule.page().brief_title(found.finding.reading)
}

/// Those whom a plan names for something, in the order in which they were met.
#[derive(Debug, Default)]
struct Named {
    answer: Vec<String>,
    share: Vec<String>,
    set: Vec<String>,
    sign: Vec<String>,
    /// Whether it is a thing for which somebody is usually named.
    wants_a_name: bool,
}

/// Who should answer a question, from what the plan says of its subjects.
fn answerer(facts: &Facts, remark: &Remark<'_>) -> Answerer {
    let mut named = Named::default();
    let subjects: BTreeSet<Subject> = remark.findings.iter().map(|found| found.verdict.subject).collect();
    for subject in subjects {
        named.add(facts, subject);
    }
    named.who(&deciders(facts))
}

/// Those in the workshop who decide.
fn deciders(facts: &Facts) -> Vec<String> {
    let workshop = facts.plan.head.workshop.as_ref();
    people(facts, workshop.and_then(|workshop| workshop.decide.as_ref()))
}

/// Names that stand for somebody.
fn people(facts: &Facts, names: Option<&Placed<OneOrMany<String>>>) -> Vec<String> {
    let names = names.into_iter().flat_map(|names| names.iter());
    let meant = names.filter(|name| matches!(facts.who(name), Who::Person | Who::Team));
    meant.map(|name| name.value.clone()).collect()
}

impl Named {
    fn add(&mut self, facts: &Facts, subject: Subject) {
        let plan = &facts.plan;
        match subject {
            Subject::Plan => {}
            Subject::Goal(at) => self.add_metric(facts, MetricRef::goal(at)),
            Subject::Kpi(at) => self.add_metric(facts, MetricRef::kpi(at)),
            Subject::Product(at) => {
                let of_product = |kpi: &usize| plan.kpis.get(*kpi).and_then(|kpi| plan.product_of(kpi)) == Some(at);
                for kpi in (0..plan.kpis.len()).filter(of_product) {
                    let owner = plan.kpis.get(kpi).and_then(|kpi| kpi.owner.as_ref());
                    add(&mut self.answer, people(facts, owner));
                }
            }
            Subject::Initiative(at) => {
                self.wants_a_name = true;
                let owner = plan.initiatives.get(at).and_then(|initiative| initiative.owner.as_ref());
                add(&mut self.answer, people(facts, owner));
            }
            Subject::Funnel(at) => {
                if let Some(goal) = plan.funnels.get(at).and_then(|funnel| plan.metric(&funnel.goal)) {
                    self.add_metric(facts, goal);
                }
            }
            Subject::Handoff(at) => {
                let teams = plan.handoffs.get(at).map(|handoff| vec![handoff.from.to_string(), handoff.to.to_string()]);
                add(&mut self.sign, teams.unwrap_or_default());
            }
        }
    }

    fn add_metric(&mut self, facts: &Facts, metric: MetricRef) {
        self.wants_a_name = true;
        let Some(plan) = facts.plan.numbered(metric.plan) else { return };
        match metric.which {
            GoalOrKpi::Goal(at) => {
                let owners = plan.goals.get(at).and_then(|goal| goal.owners.as_ref());
                add(&mut self.answer, people(facts, owners));
            }
            GoalOrKpi::Kpi(at) => {
                let Some(kpi) = plan.kpis.get(at) else { return };
                let owners = people(facts, kpi.owner.as_ref());
                let teams = people(facts, kpi.teams.as_ref());
                // A team that set what it answers for itself is not asked twice.
                let own = facts.teams_of_all(&kpi.teams).into_iter().chain(facts.teams_of_all(&kpi.owner));
                let own: BTreeSet<String> = own.collect();
                let set = kpi.set_by.as_ref().filter(|set| facts.teams_of(set).is_disjoint(&own));
                add(&mut self.set, set.map(|set| set.value.clone()));
                if owners.is_empty() { add(&mut self.share, teams) } else { add(&mut self.answer, owners) }
            }
        }
    }

    fn who(&self, deciders: &[String]) -> Answerer {
        let sets = !self.set.is_empty();
        let named = |phrase: &str, names: &[String]| {
            let figures = [("names", Figure::Names(names.to_vec())), ("setters", Figure::Names(self.set.clone()))];
            Answerer::Named(say(phrase, &figures))
        };
        if !self.answer.is_empty() {
            named(if sets { "who.answers-and-set" } else { "who.answers" }, &self.answer)
        } else if !self.sign.is_empty() {
            named("who.signs", &self.sign)
        } else if !self.share.is_empty() {
            named(if sets { "who.shares-and-set" } else { "who.shares" }, &self.share)
        } else if sets {
            named("who.set", &[])
        } else if self.wants_a_name {
            Answerer::Nobody
        } else if deciders.is_empty() {
            Answerer::Unsaid
        } else {
            named("who.decides", deciders)
        }
    }
}

/// Adds names that are not there yet.
fn add(names: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}
