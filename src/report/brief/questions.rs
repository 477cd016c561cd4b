//! The questions of the meeting, the gravest first, each with who should answer it, and the reframings that are worth a section.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Asked, Block, Section, say, whole, word};
use crate::audit::PlanReport;
use crate::facts::{Facts, Who, team_key};
use crate::plan::{GoalOrKpi, MetricRef, OneOrMany, Placed, Subject, Text};
use crate::report::remark::{Question, Remark, questions};
use crate::severity::Severity;
use crate::wording::Figure;

/// Questions that a meeting has time for.
const MOST_QUESTIONS: usize = 5;

/// Subjects of one question that are looked at for who should answer it: nobody reads more names.
const MOST_SUBJECTS: usize = 50;

/// Further findings of a reframing that are told beside the first.
const MOST_BESIDES: usize = 2;

/// The questions, and the reframing, of what was found.
pub(super) fn sections(report: &PlanReport, remarks: &[Remark<'_>]) -> [Option<Section>; 2] {
    let questions = questions(remarks, report.plan(), MOST_QUESTIONS);
    let reframing = reframing(report, remarks, &questions);
    [section(report, questions), reframing]
}

fn section(report: &PlanReport, questions: Vec<Question<'_, '_>>) -> Option<Section> {
    let who: Vec<Answerer> = questions.iter().map(|question| answerer(&report.facts, question.remark)).collect();
    let of_all = for_all(&report.facts, &who);
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
fn for_all(facts: &Facts, who: &[Answerer]) -> Option<String> {
    match who {
        [Answerer::Named(first), rest @ ..] if !rest.is_empty() => {
            let same = rest.iter().all(|who| matches!(who, Answerer::Named(name) if name == first));
            same.then(|| say("ask.of-all", &[("who", whole(first))]))
        }
        // Where the plan does name somebody, a question about the whole plan may well be theirs.
        [_, _, ..] if who.iter().all(|who| *who == Answerer::Nobody) || !names_anybody(facts) => {
            who.contains(&Answerer::Nobody).then(|| word("ask.all-of-nobody"))
        }
        _ => None,
    }
}

/// Whether anything in the plan has somebody who answers for it.
fn names_anybody(facts: &Facts) -> bool {
    let plan = &facts.plan;
    let goals = plan.goals.iter().filter_map(|goal| goal.owners.as_ref());
    let kpis = plan.kpis.iter().flat_map(|kpi| kpi.owner.iter().chain(&kpi.teams));
    let work = plan.initiatives.iter().filter_map(|work| work.owner.as_ref());
    let named = goals.chain(kpis).chain(work).any(|names| !people(facts, Some(names)).is_empty());
    named || !deciders(facts).is_empty()
}

/// All questions of the gravest finding whose page gives it a title of its own.
fn reframing(report: &PlanReport, remarks: &[Remark<'_>], asked: &[Question<'_, '_>]) -> Option<Section> {
    let plan = report.plan();
    let grave = || remarks.iter().filter(|remark| remark.severity() >= Severity::Medium);
    let (first, title) = grave().find_map(|remark| Some((remark, title(remark)?)))?;
    let is_told = asked.iter().any(|question| std::ptr::eq(question.remark, first));
    let message = (!is_told).then(|| Block::Text(first.message(plan)));
    let why = first.findings.first().filter(|found| found.finding.reframe.is_some());
    let why = why.map(|found| Block::Text(found.finding.why()));
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

/// Who should answer a question, from what the plan says of its subjects.
fn answerer(facts: &Facts, remark: &Remark<'_>) -> Answerer {
    let subjects: BTreeSet<Subject> = remark.findings.iter().map(|found| found.verdict.subject).collect();
    let is_cut = subjects.len() > MOST_SUBJECTS;
    let things = Figure::Count(subjects.len() as f64);
    let named: Vec<Named> = subjects.into_iter().take(MOST_SUBJECTS).map(|subject| named(facts, subject)).collect();
    let own = of_subjects(&named, is_cut, things.clone());
    let depended_on = depended_on(facts, remark, &named);
    if depended_on.is_empty() {
        return own;
    }
    let figures = [("others", Figure::Names(depended_on)), ("things", things)];
    Answerer::Named(match own {
        Answerer::Named(who) => say("who.and-depended-on", &[&figures[..], &[("who", whole(&who))]].concat()),
        Answerer::Nobody | Answerer::Unsaid => say("who.depended-on", &figures),
    })
}

/// Those on whom the subjects depend, without those who are asked anyway.
fn depended_on(facts: &Facts, remark: &Remark<'_>, named: &[Named]) -> Vec<String> {
    let asked = named.iter().flat_map(|named| named.names.iter().chain(&named.setters));
    let mut asked: BTreeSet<Cow<'_, str>> = asked.map(|name| team_key(name)).collect();
    let others = remark.findings.iter().take(MOST_SUBJECTS).flat_map(|found| &found.finding.depends_on);
    let others = others.filter(|name| is_somebody(facts, name) && asked.insert(team_key(name)));
    others.cloned().collect()
}

/// Those who answer for, share, sign or set these.
fn of_subjects(named: &[Named], is_cut: bool, things: Figure) -> Answerer {
    let mut names = Vec::new();
    for name in named.iter().flat_map(|named| &named.names) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let first = named.first();
    let same = |one: fn(&Named, &Named) -> bool| first.filter(|first| named.iter().all(|named| one(first, named)));
    let setters =
        same(|one, other| one.setters == other.setters).map(|first| first.setters.clone()).unwrap_or_default();
    let tie = same(|one, other| one.tie == other.tie).map_or(Tie::Answers, |first| first.tie);
    let is_part = is_cut || named.iter().any(|named| named.names.is_empty());
    let wants_a_name = named.iter().any(|named| named.tie != Tie::Decides);
    let phrase = match (names.is_empty(), is_part, tie, setters.is_empty()) {
        (false, true, ..) => "who.in-part",
        (false, _, Tie::Shares, true) => "who.shares",
        (false, _, Tie::Shares, false) => "who.shares-and-set",
        (false, _, Tie::Signs, _) => "who.signs",
        (false, _, Tie::Decides, _) => "who.decides",
        (false, _, Tie::Answers, true) => "who.answers",
        (false, _, Tie::Answers, false) => "who.answers-and-set",
        (true, _, _, false) => "who.set",
        (true, _, _, true) if wants_a_name => return Answerer::Nobody,
        (true, _, _, true) => return Answerer::Unsaid,
    };
    let figures = [("names", Figure::Names(names)), ("setters", Figure::Names(setters)), ("things", things)];
    Answerer::Named(say(phrase, &figures))
}

/// Those whom a plan names for one thing.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    names: Vec<String>,
    /// What ties them to it; and, where they are none, what would.
    tie: Tie,
    /// Those who set it, where they are others.
    setters: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// They answer for it.
    Answers,
    /// Their teams share it.
    Shares,
    /// It is a handoff between them.
    Signs,
    /// They decide on the plan.
    Decides,
}

fn named(facts: &Facts, subject: Subject) -> Named {
    let plan = &facts.plan;
    let tied = |tie, names| Named { names, tie, setters: Vec::new() };
    match subject {
        Subject::Plan => tied(Tie::Decides, deciders(facts)),
        Subject::Goal(at) => of_metric(facts, MetricRef::goal(at)),
        Subject::Kpi(at) => of_metric(facts, MetricRef::kpi(at)),
        Subject::Product(at) => {
            let kpis = plan.kpis.iter().filter(|kpi| plan.product_of(kpi) == Some(at));
            let mut owners: Vec<String> = kpis.flat_map(|kpi| people(facts, kpi.owner.as_ref())).collect();
            let mut seen = BTreeSet::new();
            owners.retain(|owner| seen.insert(owner.clone()));
            if owners.is_empty() { tied(Tie::Decides, deciders(facts)) } else { tied(Tie::Answers, owners) }
        }
        Subject::Initiative(at) => {
            let owner = plan.initiatives.get(at).and_then(|initiative| initiative.owner.as_ref());
            tied(Tie::Answers, people(facts, owner))
        }
        Subject::Funnel(at) => match plan.funnels.get(at).and_then(|funnel| plan.metric(&funnel.goal)) {
            Some(goal) => of_metric(facts, goal),
            None => tied(Tie::Answers, Vec::new()),
        },
        Subject::Handoff(at) => {
            let teams = plan.handoffs.get(at).map(|handoff| vec![handoff.from.to_string(), handoff.to.to_string()]);
            tied(Tie::Signs, teams.unwrap_or_default())
        }
    }
}

fn of_metric(facts: &Facts, metric: MetricRef) -> Named {
    let mut named = Named { names: Vec::new(), tie: Tie::Answers, setters: Vec::new() };
    let Some(plan) = facts.plan.numbered(metric.plan) else { return named };
    match metric.which {
        GoalOrKpi::Goal(at) => {
            named.names = people(facts, plan.goals.get(at).and_then(|goal| goal.owners.as_ref()));
        }
        GoalOrKpi::Kpi(at) => {
            let Some(kpi) = plan.kpis.get(at) else { return named };
            // A team that set what it answers for itself is not asked twice.
            let own: BTreeSet<Cow<'_, str>> =
                facts.teams_of_all(&kpi.teams).into_iter().chain(facts.teams_of_all(&kpi.owner)).collect();
            let set = kpi.set_by.as_ref().filter(|set| !facts.teams_of(set).any(|team| own.contains(&team)));
            named.setters = set.map(|set| set.value.to_string()).into_iter().collect();
            named.names = people(facts, kpi.owner.as_ref());
            if named.names.is_empty() {
                named.tie = Tie::Shares;
                named.names = people(facts, kpi.teams.as_ref());
            }
        }
    }
    named
}

/// Those in the workshop who decide.
fn deciders(facts: &Facts) -> Vec<String> {
    let workshop = facts.plan.head.workshop.as_ref();
    people(facts, workshop.and_then(|workshop| workshop.decide.as_ref()))
}

/// Names that stand for somebody.
fn people(facts: &Facts, names: Option<&Placed<OneOrMany<Text>>>) -> Vec<String> {
    let names = names.into_iter().flat_map(|names| names.iter());
    let meant = names.filter(|name| is_somebody(facts, name));
    meant.map(|name| name.value.to_string()).collect()
}

fn is_somebody(facts: &Facts, name: &str) -> bool {
    matches!(facts.who(name), Who::Person | Who::Team)
}
