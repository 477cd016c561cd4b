//! `no-guidepoint`: no sentence says what success looks like when the period ends, or it could not be checked then.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::facts::sentence::Seen;
use crate::plan::quantity::Unit;
use crate::plan::{Counts, Entity, Goal, GoalOrKpi, MetricRef, Plan, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-guidepoint",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_guidepoint.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let given = facts.plan.head.guidepoint.as_ref().filter(|text| text.chars().any(char::is_alphanumeric));
    let Some(guidepoint) = given else {
        let draft = FindingDraft::at(facts.plan.head.place, "none", Severity::Medium);
        return verdicts.fail(Subject::Plan, draft.reframe(sketch(facts), false));
    };
    let seen = Seen::in_sentence(guidepoint, years(facts));
    let dated = seen.date || facts.dictionary.figures(guidepoint).deadline.is_some();
    let measurable = seen.number || names_a_metric(&facts.plan, guidepoint);
    let reading = match (dated, measurable) {
        (true, true) => return verdicts.pass(Subject::Plan),
        (false, true) => "undated",
        (true, false) => "unmeasured",
        (false, false) => "vague",
    };
    let draft = FindingDraft::at(guidepoint.whole(), reading, Severity::Low);
    verdicts.partial(Subject::Plan, 0.5, draft.reframe(sketch(facts), false));
}

/// The years that a date in the plan's sentences can name: those around its period.
fn years(facts: &Facts) -> std::ops::RangeInclusive<i16> {
    const AROUND: i16 = 5;
    let period = facts.plan.head.period.as_ref().map(|period| (period.start.year(), period.end.year()));
    let (first, last) = period.unwrap_or((facts.as_of.year(), facts.as_of.year()));
    first.saturating_sub(AROUND)..=last.saturating_add(AROUND)
}

/// Whether a goal or KPI is named, by its name or its id.
fn names_a_metric(plan: &Plan, guidepoint: &str) -> bool {
    const READ: usize = 4_000;
    let read: String = guidepoint.chars().take(READ).collect();
    let said = format!("-{}-", Plan::id_from(&read));
    let goals = plan.goals.iter().map(|goal| (goal.id.as_str(), goal.name.as_str()));
    let kpis = plan.kpis.iter().map(|kpi| (kpi.id.as_str(), kpi.name.as_str()));
    let is_said = |id: &str| said.contains(&format!("-{id}-"));
    goals.chain(kpis).any(|(id, name)| is_said(&Plan::id_from(id)) || is_said(&Plan::id_from(name)))
}

/// Whether a name has the number of a target in it already: "First 50 customers".
fn says(name: &str, target: &str) -> bool {
    let digits = |text: &str| text.trim_matches(|letter: char| !letter.is_ascii_digit()).to_owned();
    let number = digits(target);
    !number.is_empty() && name.split_whitespace().any(|word| digits(word) == number)
}

/// A guide point made from what the plan says of its goal of money, or else of its first goal.
fn sketch(facts: &Facts) -> Option<String> {
    let own_money = facts.money_goal().filter(|goal| goal.plan == 0).map(|goal| goal.which);
    let with_target = || {
        let stands = |goal: &&Entity<Goal>| goal.target.as_ref().is_some_and(|target| target.quantity().is_some());
        facts.plan.goals.iter().position(|goal| stands(&goal)).map(GoalOrKpi::Goal)
    };
    let Some(GoalOrKpi::Goal(at)) = own_money.or_else(with_target) else { return None };
    let goal = facts.plan.goals.get(at)?;
    let target = goal.target.as_ref()?;
    let quantity = target.quantity()?;
    let by = facts.plan.deadline_of(MetricRef::goal(at));
    let by = by.or_else(|| facts.plan.head.period.as_ref().map(|period| period.end))?;
    let owners: Vec<String> =
        goal.owners.iter().flat_map(|owners| owners.iter()).map(|team| team.value.to_string()).collect();
    let metric = facts.identity(MetricRef::goal(at)).metric;
    let total = match goal.counts.as_ref().map(|counts| counts.value) {
        Some(counts) => counts == Counts::Total,
        None => goal.baseline.is_some() && metric.is_some_and(|metric| metric.balance),
    };
    let is_money = matches!(quantity.unit, Unit::Money(_) | Unit::None) && facts.goal(at).is_money();
    let phrase = match (quantity.change, owners.len()) {
        _ if says(&goal.name, target.text()) => "sketch.named",
        (Some(_), _) => "sketch.moved",
        (None, 0) if is_money && !total => "sketch.added",
        (None, 1) if is_money && !total => "sketch.added-by-one",
        (None, _) if is_money && !total => "sketch.added-together",
        (None, _) => "sketch.stands",
    };
    let figures = [
        ("date", Figure::Text(by.strftime("%-d %B %Y").to_string())),
        ("goal", Figure::Text(goal.name.value.to_string())),
        ("target", Figure::Text(target.text().to_owned())),
        ("owners", Figure::Names(owners)),
    ];
    let sentence = Template(RULE.page().phrase(phrase)).fill(&figures);
    Some(reframe::keys(Fields::new().sentence("guidepoint", sentence)))
}
