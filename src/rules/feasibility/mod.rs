//! The rules on feasibility.

use super::Rule;

mod budget_cannot_buy;
mod compound_optimism;
mod conflicting_targets;
mod funnel_falls_short;
mod more_with_less;
mod numbers_disagree;
mod thin_pipeline;
mod unlikely_goal;
mod written;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &funnel_falls_short::RULE,
    &compound_optimism::RULE,
    &unlikely_goal::RULE,
    &thin_pipeline::RULE,
    &more_with_less::RULE,
    &numbers_disagree::RULE,
    &budget_cannot_buy::RULE,
    &conflicting_targets::RULE,
];
