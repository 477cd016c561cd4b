//! The rules on the audit itself: what a plan accepts, and whether it is still meant. They are never scored.

use super::Rule;
use crate::plan::Waiver;

mod expired_waiver;
mod unused_waiver;
mod waiver_without_reason;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&expired_waiver::RULE, &unused_waiver::RULE, &waiver_without_reason::RULE];

/// A waiver as a sentence names it: its rule, and what it is about where it says so.
fn name(waiver: &Waiver) -> String {
    let rule = &waiver.rule.value;
    waiver.on.as_ref().map_or_else(|| rule.to_string(), |on| format!("{rule} ({})", on.value))
}
