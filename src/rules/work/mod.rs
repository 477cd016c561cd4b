//! The rules on work.

use super::Rule;

mod no_outcome;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&no_outcome::RULE];
