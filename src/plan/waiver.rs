//! Waivers: findings that are accepted, each for a reason and until a date.

use jiff::civil::Date;

use super::table::part;
use super::text::Text;
use super::value::{Placed, decode_part};

part! {
    /// A waiver.
    pub struct Waiver, "a waiver" {
        /// The rule whose finding is accepted.
        rule: Placed<Text>,
        /// The id of what it is about; every subject of that rule where absent.
        on: Option<Placed<Text>>,
        /// Why it is accepted, and by whom.
        because: Option<Placed<Text>>,
        /// The last day on which it holds.
        until: Placed<Date>,
    }
}

decode_part!(Waiver);
