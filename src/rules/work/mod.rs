//! The rules on work.

use super::Rule;

mod everything_is_a_must;
mod no_outcome;
mod no_single_order;
mod open_ended_test;
mod over_capacity;
mod rebrand_first;
mod running_on_a_broken_kpi;
mod should_have_stopped;
mod stale_request;
mod underpowered_test;
mod unscheduled_must;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &no_outcome::RULE,
    &over_capacity::RULE,
    &no_single_order::RULE,
    &everything_is_a_must::RULE,
    &stale_request::RULE,
    &open_ended_test::RULE,
    &underpowered_test::RULE,
    &should_have_stopped::RULE,
    &rebrand_first::RULE,
    &unscheduled_must::RULE,
    &running_on_a_broken_kpi::RULE,
];
