//! The rules on alignment.

use super::Rule;

mod accountable_alone;
mod dictated_kpi;
mod unclear_owner;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&dictated_kpi::RULE, &accountable_alone::RULE, &unclear_owner::RULE];
