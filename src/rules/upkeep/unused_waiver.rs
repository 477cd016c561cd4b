//! `unused-waiver`: a waiver that holds, and accepts nothing.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::Subject;
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Finished, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::waivers;
use crate::wording::Figure;

use super::name;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unused-waiver",
    area: Area::Upkeep,
    weight: Severity::Low,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| facts.plan.head.waivers.is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("unused_waiver.md"))),
    check: Check::After(check),
};

fn check(facts: &Facts, finished: &Finished<'_>, verdicts: &mut Verdicts<'_>) {
    let plan = &facts.plan;
    let drafts: Vec<FindingDraft> = waivers::unused(plan, facts.as_of, finished.0)
        .into_iter()
        .map(|waiver| {
            FindingDraft::at(waiver.rule.whole(), "unused", RULE.weight).with("waiver", Figure::Text(name(waiver)))
        })
        .collect();
    if !drafts.is_empty() {
        verdicts.fail_all(Subject::Plan, drafts);
    } else if waivers::waivers(plan).next().is_some() {
        verdicts.pass(Subject::Plan);
    }
}
