//! The plan's money, by purpose.

use super::number::Money;
use super::table::part;
use super::value::{Placed, decode_part};

part! {
    /// The plan's budget.
    pub struct Budget, "the budget" {
        /// All of it.
        total: Option<Placed<Money>>,
        /// All of it in the period before.
        last: Option<Placed<Money>>,
        /// The part that makes people want it; derived from the initiatives where absent.
        creation: Option<Placed<Money>>,
        /// The part that catches people who already want it.
        capture: Option<Placed<Money>>,
        /// The part that keeps customers.
        retention: Option<Placed<Money>>,
        /// The part that is not yet spent on anything.
        reserve: Option<Placed<Money>>,
    }
}

decode_part!(Budget);
