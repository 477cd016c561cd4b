//! The rules on measures.

use super::Rule;

mod suspicious_number;
mod vanity_metric;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&vanity_metric::RULE, &suspicious_number::RULE];
