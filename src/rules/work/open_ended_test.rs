//! `open-ended-test`: a try that nothing would end: no number that counts as success, nothing that stops it, no day of judgement.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::facts::{AtStake, Facts};
use crate::plan::{Entity, Initiative, InitiativeKind, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "open-ended-test",
    area: Area::Work,
    weight: Severity::Medium,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || tries(facts).next().is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("open_ended_test.md"))),
    check: Check::First(check),
};

/// Experiments and campaigns that are ahead.
fn tries(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    let kinds = [InitiativeKind::Experiment, InitiativeKind::Campaign];
    facts.plan.initiatives_ahead().filter(move |(_, one)| kinds.iter().any(|kind| one.is(*kind)))
}

/// What ends a try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Success,
    Stop,
    Review,
}

impl End {
    const ALL: [Self; 3] = [Self::Success, Self::Stop, Self::Review];

    fn is_in(self, initiative: &Initiative) -> bool {
        match self {
            Self::Success => {
                initiative.success.iter().flat_map(|marks| marks.iter()).any(|mark| mark.at_least.is_some())
            }
            Self::Stop => initiative.stop_if.is_some(),
            Self::Review => initiative.review.is_some(),
        }
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Stop => "stop",
            Self::Review => "review",
        }
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, initiative) in tries(facts) {
        let subject = Subject::Initiative(at);
        let missing: Vec<End> = End::ALL.into_iter().filter(|end| !end.is_in(initiative)).collect();
        if missing.is_empty() {
            verdicts.pass(subject);
            continue;
        }
        let share = (End::ALL.len() - missing.len()) as f64 / End::ALL.len() as f64;
        verdicts.partial(subject, share, finding(facts, at, initiative, &missing));
    }
}

fn finding(facts: &Facts, at: usize, initiative: &Entity<Initiative>, missing: &[End]) -> FindingDraft {
    let page = RULE.page();
    let (reading, severity) = match missing {
        [End::Success] => ("no-success", Severity::Low),
        [End::Stop] => ("no-stop", Severity::Low),
        [End::Review] => ("no-review", Severity::Low),
        _ => ("open", Severity::Medium),
    };
    let kind = initiative.kind.as_ref().map(|kind| kind.value.word()).unwrap_or_default();
    let names = missing.iter().map(|end| page.phrase(&format!("missing.{}", end.phrase())).to_owned());
    let money = initiative.money_ahead().filter(|money| *money > 0.0 && severity > Severity::Low);
    FindingDraft::at(initiative.place, reading, severity)
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("kind", Figure::Text(page.phrase(&format!("kind.{kind}")).to_owned()))
        .with("missing", Figure::Names(names.collect()))
        .at_stake(money.map(|amount| AtStake::of_one(Subject::Initiative(at), amount, page.phrase("at-stake"))))
        .reframe(reframe(facts, initiative, missing), missing == [End::Review])
}

/// The initiative with what is missing: texts left open, and the day in the middle of its time.
fn reframe(facts: &Facts, initiative: &Entity<Initiative>, missing: &[End]) -> Option<String> {
    let open = RULE.page().phrase("open");
    let has = |end| missing.contains(&end);
    let review = middle(facts, initiative).filter(|_| has(End::Review)).map(|day| day.to_string());
    if missing == [End::Review] && review.is_none() {
        return None;
    }
    let success = has(End::Success).then(|| Fields::new().text("measure", open));
    let fields = Fields::named(&initiative.id, &initiative.name)
        .parts("success", success.into_iter().collect())
        .maybe("stop_if", has(End::Stop).then_some(open))
        .maybe("review", review);
    Some(reframe::list("initiatives", vec![fields]))
}

/// The middle of its time, or of the period; of what is left of it, where the middle is past.
fn middle(facts: &Facts, initiative: &Initiative) -> Option<Date> {
    let period = facts.plan.head.period.as_ref();
    let start = initiative.start.as_ref().map(|day| day.value).or_else(|| period.map(|period| period.start))?;
    let end = initiative.end.as_ref().map(|day| day.value).or_else(|| period.map(|period| period.end))?;
    let between = |start: Date, end: Date| {
        let days = start.until(end).ok()?.get_days();
        start.checked_add(jiff::Span::new().days(days / 2)).ok().filter(|_| days > 0)
    };
    between(start, end).filter(|day| *day > facts.as_of).or_else(|| between(facts.as_of, end))
}
