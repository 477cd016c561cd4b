//! The rules on revenue.

use super::Rule;

mod brand_on_a_short_clock;
mod leap_to_revenue;
mod lifecycle_gap;
mod link_without_reason;
mod no_revenue_kpi;
mod no_revenue_link;
mod revenue_only;
mod siloed_kpis;
mod step_between;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &no_revenue_link::RULE,
    &no_revenue_kpi::RULE,
    &revenue_only::RULE,
    &link_without_reason::RULE,
    &leap_to_revenue::RULE,
    &lifecycle_gap::RULE,
    &siloed_kpis::RULE,
    &brand_on_a_short_clock::RULE,
];
