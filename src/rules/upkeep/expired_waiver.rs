//! `expired-waiver`: a waiver whose last day is past.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::Subject;
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::waivers;
use crate::wording::Figure;

use super::name;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "expired-waiver",
    area: Area::Upkeep,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| facts.plan.head.waivers.is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("expired_waiver.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let plan = &facts.plan;
    if waivers::waivers(plan).next().is_none() {
        return;
    }
    let expired = waivers::waivers(plan).filter(|waiver| waiver.until.value < facts.as_of);
    let drafts: Vec<FindingDraft> = expired
        .map(|waiver| {
            FindingDraft::at(waiver.until.whole(), "expired", RULE.weight)
                .with("waiver", Figure::Text(name(waiver)))
                .with("until", Figure::Text(waiver.until.value.to_string()))
        })
        .collect();
    if drafts.is_empty() {
        verdicts.pass(Subject::Plan);
    } else {
        verdicts.fail_all(Subject::Plan, drafts);
    }
}
