//! `should-have-stopped`: work that goes on although its own mark says to stop, or although its day of judgement is past.

use std::sync::LazyLock;

use crate::facts::marks::Test;
use crate::facts::odds::chance_of_at_most;
use crate::facts::{AtStake, Facts};
use crate::plan::{Entity, Initiative, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "should-have-stopped",
    area: Area::Work,
    weight: Severity::High,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || running(facts).any(|(_, one)| can_be_judged(one)),
    yields_to: &[],
    settings: &[&LEAST_ODDS],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("should_have_stopped.md"))),
    check: Check::First(check),
};

static LEAST_ODDS: Setting = Setting {
    key: "least_odds",
    default: 0.05,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 0.5,
    words: "the chance, at the mark, of seeing so few as were seen, under which the mark is given up",
    source: "the usual convention of statistics: one time in twenty",
};

fn running(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    facts.plan.initiatives_ahead().filter(|(_, initiative)| initiative.is_running())
}

/// Whether it has a mark, or a day on which it is judged.
fn can_be_judged(initiative: &Initiative) -> bool {
    initiative.review.is_some() || initiative.tests().next().is_some()
}

/// What was seen, on how many tries, and how likely so few are at the mark.
#[derive(Clone, Copy)]
struct Seen<'p> {
    test: Test<'p>,
    observed: u64,
    tried: u64,
    rate: f64,
    chance: f64,
}

impl<'p> Seen<'p> {
    fn of(test: Test<'p>) -> Option<Self> {
        let (observed, tried, rate) = (test.observed?, test.tried?, test.rate()?);
        Some(Self { test, observed, tried, rate, chance: chance_of_at_most(observed, tried, rate)? })
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let least = facts.settings.threshold(RULE.name, &LEAST_ODDS);
    for (at, initiative) in running(facts).filter(|(_, initiative)| can_be_judged(initiative)) {
        let subject = Subject::Initiative(at);
        let review = initiative.review.as_ref().filter(|review| review.value < facts.as_of);
        let seen = initiative.tests().filter_map(Seen::of);
        let worst = seen.min_by(|one, other| one.chance.total_cmp(&other.chance));
        let observed = initiative.success.iter().flat_map(|marks| marks.iter()).any(|mark| mark.observed.is_some());
        match (worst, review) {
            (Some(seen), _) if seen.chance < least => {
                verdicts.fail(subject, too_few(facts, at, initiative, &seen));
            }
            (Some(_), _) => verdicts.pass(subject),
            (None, Some(review)) if !observed => {
                let draft = draft(facts, at, initiative, "not-judged", review.whole())
                    .with("review", Figure::Text(review.value.to_string()));
                verdicts.fail(subject, draft);
            }
            // Seen, but on how many tries, or at which rate, is not said.
            (None, _) if observed => {
                let lacks_tries = initiative.tests().any(|test| test.observed.is_some() && test.tried.is_none());
                let key = if lacks_tries { "so_far" } else { "of" };
                if initiative.tests().any(|test| test.rate().is_none() || test.tried.is_none()) {
                    verdicts.unknown(subject, [Need::new(key, subject)]);
                }
            }
            // The day is still to come.
            (None, _) if initiative.review.is_some() => verdicts.pass(subject),
            (None, _) => verdicts.unknown(subject, [Need::new("observed", subject)]),
        }
    }
}

fn too_few(facts: &Facts, at: usize, initiative: &Entity<Initiative>, seen: &Seen<'_>) -> FindingDraft {
    let written = seen.test.written;
    let place = written.observed.as_ref().map_or(initiative.place, |observed| observed.whole());
    let fields = Fields::named(&initiative.id, &initiative.name);
    let stopped = reframe::list("initiatives", vec![fields.text("status", "stopped")]);
    draft(facts, at, initiative, "too-few", place)
        .with("measure", Figure::Text(written.measure.value.to_string()))
        .with("observed", Figure::Count(seen.observed as f64))
        .with("tried", Figure::Count(seen.tried as f64))
        .with("mark", Figure::Rate(seen.rate))
        .with("expected", Figure::Count((seen.rate * seen.tried as f64 * 10.0).round() / 10.0))
        .with("chance", chance(seen.chance))
        .reframe(Some(stopped), false)
}

/// A chance that would round to nothing is told as less than a tenth of a per cent.
fn chance(chance: f64) -> Figure {
    const SHOWN: f64 = 0.001;
    if chance < SHOWN { Figure::Text(RULE.page().phrase("tiny").to_owned()) } else { Figure::Gain(chance) }
}

fn draft(
    facts: &Facts,
    at: usize,
    initiative: &Entity<Initiative>,
    reading: &'static str,
    place: crate::source::Span,
) -> FindingDraft {
    let money = initiative.money_ahead().filter(|money| *money > 0.0);
    FindingDraft::at(place, reading, Severity::High)
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("as_of", Figure::Text(facts.as_of.to_string()))
        .at_stake(money.map(|amount| AtStake::of_one(Subject::Initiative(at), amount, RULE.page().phrase("at-stake"))))
}
