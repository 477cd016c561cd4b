//! `waiver-without-reason`: a waiver that holds, and does not say why.

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
    name: "waiver-without-reason",
    area: Area::Upkeep,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| facts.plan.head.waivers.is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("waiver_without_reason.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    // One that no longer holds needs no reason any more.
    let mut held = waivers::waivers(&facts.plan).filter(|waiver| waiver.until.value >= facts.as_of).peekable();
    if held.peek().is_none() {
        return;
    }
    let drafts: Vec<FindingDraft> = held
        .filter(|waiver| waiver.because.is_none())
        .map(|waiver| {
            FindingDraft::at(waiver.rule.whole(), "silent", RULE.weight).with("waiver", Figure::Text(name(waiver)))
        })
        .collect();
    if drafts.is_empty() {
        verdicts.pass(Subject::Plan);
    } else {
        verdicts.fail_all(Subject::Plan, drafts);
    }
}
