//! The backlog in its order, with the line at which the time for it ends.

use super::{Block, Section, more, name, names, say, word};
use crate::facts::Facts;
use crate::facts::capacity::order;
use crate::plan::{Entity, Initiative, Priority};
use crate::wording::Figure;

/// Work that is listed before the line, and after it.
const MOST_BEFORE: usize = 10;
const MOST_AFTER: usize = 4;

pub(super) fn section(facts: &Facts) -> Option<Section> {
    let plan = &facts.plan;
    let has_an_order = plan
        .initiatives_ahead()
        .any(|(_, work)| work.rank.is_some() || work.priority.is_some() || work.effort.is_some());
    if !has_an_order {
        return None;
    }
    let workload = facts.workload();
    let hours = workload.listed.iter().map(|work| (work.initiative, Some(work.hours)));
    let mut listed: Vec<(usize, Option<f64>)> =
        hours.chain(workload.without_effort.iter().map(|at| (*at, None))).collect();
    listed.sort_by_key(|(at, _)| order(plan, *at));
    let (fitting, line) = line(facts, &listed);
    let (before, after) = listed.split_at(fitting.min(listed.len()));
    let mut blocks = Vec::new();
    blocks.extend(list(facts, before, 1, MOST_BEFORE));
    blocks.push(if after.is_empty() { Block::Text(line) } else { Block::Cut(line) });
    blocks.extend(list(facts, after, before.len() + 1, MOST_AFTER));
    let not_now = plan.initiatives.iter().filter(|initiative| initiative.has_priority(Priority::Wont));
    let not_now: Vec<&str> = not_now.map(|initiative| initiative.name.as_str()).collect();
    if !not_now.is_empty() {
        blocks.push(Block::Text(say("work.not-now", &[("names", names(not_now))])));
    }
    Section::of("backlog", blocks)
}

/// How much of the list fits, and what is said where it ends. What cannot be told ends after the whole list.
fn line(facts: &Facts, listed: &[(usize, Option<f64>)]) -> (usize, String) {
    let workload = facts.workload();
    let Some(capacity) = workload.capacity() else {
        return (listed.len(), word("cut.no-capacity"));
    };
    let fitting = workload.fitting().unwrap_or_default();
    let before_the_end = listed.iter().scan(0, |known, work| {
        // The first one too many has its effort as well.
        let within = *known <= fitting;
        *known += usize::from(work.1.is_some());
        within.then_some(work)
    });
    let untold: Vec<&str> = before_the_end
        .filter(|(_, hours)| hours.is_none())
        .filter_map(|(at, _)| facts.plan.initiatives.get(*at))
        .map(|initiative| initiative.name.as_str())
        .collect();
    if !untold.is_empty() {
        return (listed.len(), say("cut.no-effort", &[("names", names(untold))]));
    }
    let days = |hours: f64| hours / facts.settings.calendar().hours_per_day;
    let (there, work) = (days(capacity), days(workload.hours()));
    // Nobody plans parts of a day, unless they decide.
    let decides = there.round() == work.round();
    let figure = |days: f64| Figure::Count(if decides { days } else { days.round() });
    let figures = [("capacity", figure(there)), ("work", figure(work))];
    let sentence = match workload.without_effort.as_slice() {
        _ if fitting == listed.len() => "cut.fits",
        [] => "cut",
        _ => "cut.at-least",
    };
    (fitting, say(sentence, &figures))
}

/// A part of the list, and how many more there are.
fn list(facts: &Facts, part: &[(usize, Option<f64>)], from: usize, most: usize) -> Vec<Block> {
    if part.is_empty() {
        return Vec::new();
    }
    let (shown, rest) = part.split_at(part.len().min(most));
    let items = shown.iter().filter_map(|(at, hours)| Some(item(facts, facts.plan.initiatives.get(*at)?, *hours)));
    let mut blocks = vec![Block::Ordered { from, items: items.collect() }];
    blocks.extend(more(rest.len()).map(Block::Text));
    blocks
}

fn item(facts: &Facts, initiative: &Entity<Initiative>, hours: Option<f64>) -> String {
    let days = hours.map(|hours| {
        let days = Figure::Count(hours / facts.settings.calendar().hours_per_day);
        say("work.days", &[("days", days)])
    });
    let owners = initiative.owner.iter().flat_map(|owners| owners.iter()).map(|owner| owner.to_string());
    let details: Vec<String> = days.into_iter().chain(owners).collect();
    let figures = [("name", name(&initiative.name)), ("details", Figure::Text(details.join(", ")))];
    say(if details.is_empty() { "work" } else { "work.details" }, &figures)
}
