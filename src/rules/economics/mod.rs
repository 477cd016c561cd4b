//! The rules on economics.

use super::Rule;

mod roas_over_ltv_cac;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&roas_over_ltv_cac::RULE];
