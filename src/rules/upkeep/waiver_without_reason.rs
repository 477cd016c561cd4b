//! `waiver-without-reason`: a waiver that holds, and does not say why.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::{Subject, Waiver};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Finished, Verdicts};
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
    check: Check::After(check),
};

fn check(facts: &Facts, finished: &Finished<'_>, verdicts: &mut Verdicts<'_>) {
    // One that no longer holds needs no reason any more.
    let mut held = waivers::waivers(&facts.plan).filter(|waiver| waiver.until.value >= facts.as_of).peekable();
    if held.peek().is_none() {
        return;
    }
    // One that accepts nothing is to go, with or without a reason.
    let unused = waivers::unused(&facts.plan, facts.as_of, finished.0);
    let is_used = |waiver: &Waiver| !unused.iter().any(|unused| std::ptr::eq(*unused, waiver));
    let drafts: Vec<FindingDraft> = held
        .filter(|waiver| waiver.because.is_none() && is_used(waiver))
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
