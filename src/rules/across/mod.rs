//! The rules across plans that extend one another: do they mean the same, and do they add up? They are never scored.

use super::Rule;

mod clashing_ids;
mod parts_do_not_add_up;
mod undriven_goal;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&clashing_ids::RULE, &undriven_goal::RULE, &parts_do_not_add_up::RULE];
