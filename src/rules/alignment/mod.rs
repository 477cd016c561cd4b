//! The rules on alignment.

use super::Rule;

mod accountable_alone;
mod dictated_kpi;
mod handoff_falls_short;
mod no_feedback_loop;
mod no_guidepoint;
mod no_handoff;
mod slow_response;
mod unclear_owner;
mod vague_handoff;
mod wrong_room;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &dictated_kpi::RULE,
    &accountable_alone::RULE,
    &unclear_owner::RULE,
    &no_guidepoint::RULE,
    &wrong_room::RULE,
    &no_handoff::RULE,
    &vague_handoff::RULE,
    &handoff_falls_short::RULE,
    &slow_response::RULE,
    &no_feedback_loop::RULE,
];
