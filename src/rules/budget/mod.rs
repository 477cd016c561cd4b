//! The rules on budget.

use super::Rule;

mod spread_thin;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&spread_thin::RULE];
