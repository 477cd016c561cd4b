//! Teams: who is there, and how much time they have.

use super::number::{Count, Duration, Money};
use super::table::part;
use super::text::Text;
use super::value::{OneOrMany, Placed, decode_part};

part! {
    /// A team.
    pub struct Team, "a team" {
        /// How many people.
        people: Option<Placed<Count>>,
        /// Who they are, as `owner` names them.
        members: Option<Placed<OneOrMany<Text>>>,
        /// Person-time in the period; people × its working days where absent.
        capacity: Option<Placed<Duration>>,
        /// The team's money in the period.
        budget: Option<Placed<Money>>,
    }
}

decode_part!(Team);
