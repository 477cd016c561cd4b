//! The rules on measures.

use super::Rule;

mod incomplete_kpi;
mod placeholder_target;
mod against_direction;
mod output_not_outcome;
mod running_total;
mod suspicious_number;
mod too_many_kpis;
mod untraceable_kpi;
mod unguarded_target;
mod vanity_metric;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &vanity_metric::RULE,
    &incomplete_kpi::RULE,
    &placeholder_target::RULE,
    &untraceable_kpi::RULE,
    &suspicious_number::RULE,
    &too_many_kpis::RULE,
    &output_not_outcome::RULE,
    &running_total::RULE,
    &unguarded_target::RULE,
    &suspicious_number::RULE,
    &against_direction::RULE,
];
