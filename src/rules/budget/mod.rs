//! The rules on budget.

use super::Rule;

mod all_capture;
mod below_viable_budget;
mod lopsided_teams;
mod no_cross_sell_path;
mod spread_thin;
mod sums_do_not_add;
mod unmeasured_spend;
mod unready_product;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &spread_thin::RULE,
    &below_viable_budget::RULE,
    &unready_product::RULE,
    &no_cross_sell_path::RULE,
    &all_capture::RULE,
    &unmeasured_spend::RULE,
    &sums_do_not_add::RULE,
    &lopsided_teams::RULE,
];
