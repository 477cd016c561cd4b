//! `stale-request`: work that was asked for long ago, and of which nobody has said since that it is still wanted.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::facts::Facts;
use crate::plan::{Entity, Initiative, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "stale-request",
    area: Area::Work,
    weight: Severity::Low,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || waiting(facts).next().is_some(),
    yields_to: &[],
    settings: &[&LONGEST_WAIT],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("stale_request.md"))),
    check: Check::First(check),
};

static LONGEST_WAIT: Setting = Setting {
    key: "longest_wait",
    default: 180.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 10_000.0,
    words: "the days after which a request is to be confirmed",
    source: "a convention: half a year, in which budgets, people and markets change",
};

/// What is wanted and not begun: who does a thing wants it.
fn waiting(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    facts.plan.initiatives_ahead().filter(|(_, initiative)| !initiative.is_running())
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let longest = facts.settings.threshold(RULE.name, &LONGEST_WAIT);
    for (at, initiative) in waiting(facts) {
        let subject = Subject::Initiative(at);
        let requested = initiative.requested.as_ref().map(|day| day.value);
        let confirmed = initiative.confirmed.as_ref().map(|day| day.value);
        match requested.max(confirmed).map(|day| (day, days_since(facts, day))) {
            None => verdicts.unknown(subject, [Need::new("requested", subject)]),
            Some((_, days)) if days <= longest => verdicts.pass(subject),
            Some((day, days)) => {
                let reading = if confirmed == Some(day) { "confirmed" } else { "requested" };
                let place = [&initiative.confirmed, &initiative.requested].into_iter().flatten();
                let place = place.map(|day| day.whole()).next().unwrap_or(initiative.place);
                let draft = FindingDraft::at(place, reading, Severity::Low)
                    .with("name", Figure::Text(initiative.name.value.to_string()))
                    .with("day", Figure::Text(day.to_string()))
                    .with("days", Figure::Count(days))
                    .with("as_of", Figure::Text(facts.as_of.to_string()))
                    .with("longest", Figure::Count(longest));
                verdicts.fail(subject, draft);
            }
        }
    }
}

fn days_since(facts: &Facts, day: Date) -> f64 {
    day.until(facts.as_of).map_or(0.0, |span| f64::from(span.get_days()))
}
