//! `no-single-order`: work without one order that everybody can read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::facts::Facts;
use crate::facts::capacity::order;
use crate::plan::{PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-single-order",
    area: Area::Work,
    weight: Severity::Low,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || facts.plan.initiatives_ahead().nth(1).is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_single_order.md"))),
    check: Check::First(check),
};

/// The initiatives that a reframe names one by one.
const MOST_NAMED: usize = 20;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let ahead: Vec<usize> = facts.plan.initiatives_ahead().map(|(at, _)| at).collect();
    if ahead.len() < 2 {
        return;
    }
    let (mut missing, mut unsettled) = (Vec::new(), Vec::new());
    let mut by_rank: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, initiative) in facts.plan.initiatives_ahead() {
        match initiative.rank.as_ref().map(|rank| rank.point()) {
            None => missing.push(at),
            Some(None) => unsettled.push(at),
            // Ranks are not below zero, and the bits of such numbers are in their order.
            Some(Some(rank)) => by_rank.entry(rank.to_bits()).or_default().push(at),
        }
    }
    let doubled: Vec<usize> = by_rank.into_values().filter(|same| same.len() > 1).flatten().collect();
    let reading = match (missing.is_empty(), doubled.is_empty()) {
        (true, true) if unsettled.is_empty() => return verdicts.pass(Subject::Plan),
        (true, true) => {
            let needs = unsettled.into_iter().map(|at| Need::new("rank", Subject::Initiative(at)));
            return verdicts.unknown(Subject::Plan, needs);
        }
        (false, true) if missing.len() == ahead.len() => "no-ranks",
        (false, true) => "missing",
        (true, false) => "doubled",
        (false, false) => "both",
    };
    let names = |of: &[usize]| {
        Figure::Names(of.iter().map(|at| facts.plan.name_of(Subject::Initiative(*at)).to_owned()).collect())
    };
    let place = facts.plan.head.initiatives.as_ref().map_or(facts.plan.head.place, |initiatives| initiatives.key);
    let draft = FindingDraft::at(place, reading, Severity::Low)
        .with("all", Figure::Count(ahead.len() as f64))
        .with("missing", Figure::Count(missing.len() as f64))
        .with("doubled", Figure::Count(doubled.len() as f64))
        .with("without", names(&missing))
        .with("same", names(&doubled))
        .reframe(reframe(facts, ahead), false);
    verdicts.fail(Subject::Plan, draft);
}

/// All of it numbered, in the order in which it would be done as it stands.
fn reframe(facts: &Facts, mut ahead: Vec<usize>) -> Option<String> {
    if ahead.len() > MOST_NAMED {
        return None;
    }
    ahead.sort_by_key(|at| order(&facts.plan, *at));
    let parts = ahead.into_iter().enumerate().map(|(place, at)| {
        let subject = Subject::Initiative(at);
        let fields = Fields::of(&facts.plan, subject);
        fields.text("rank", (place + 1).to_string())
    });
    Some(reframe::list("initiatives", parts.collect()))
}
