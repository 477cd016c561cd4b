//! The rules on feasibility.

use super::Rule;

mod funnel_falls_short;
mod written;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&funnel_falls_short::RULE];
