//! The rules on work.

use super::Rule;

mod no_outcome;
mod over_capacity;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&no_outcome::RULE, &over_capacity::RULE];
