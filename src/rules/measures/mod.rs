//! The rules on measures.

use super::Rule;

mod against_direction;
mod incomplete_kpi;
mod next_step;
mod output_not_outcome;
mod placeholder_target;
mod running_total;
mod suspicious_number;
mod too_many_kpis;
mod unguarded_target;
mod untraceable_kpi;
mod vanity_metric;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &vanity_metric::RULE,
    &output_not_outcome::RULE,
    &running_total::RULE,
    &unguarded_target::RULE,
    &incomplete_kpi::RULE,
    &placeholder_target::RULE,
    &untraceable_kpi::RULE,
    &suspicious_number::RULE,
    &against_direction::RULE,
    &too_many_kpis::RULE,
];
