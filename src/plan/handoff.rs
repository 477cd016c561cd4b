//! Handoffs: what one team promises to give another, and how it is received.

use super::number::{Count, Duration, Share};
use super::period::{Cadence, Rhythm};
use super::table::part;
use super::text::Text;
use super::value::{Placed, decode_part};
use crate::words::words;

part! {
    /// A handoff between two teams.
    pub struct Handoff, "a handoff" {
        /// The id by which others point at it; `marketing-sales` from the teams where absent.
        id: Option<Placed<Text>>,
        /// The team that hands over.
        from: Placed<Text>,
        /// The team that receives.
        to: Placed<Text>,
        /// How the leads came to be.
        leads: Option<Placed<LeadSource>>,
        /// What a qualified lead is, agreed by both.
        qualified: Option<Placed<Text>>,
        /// How many.
        volume: Option<Placed<Count>>,
        /// How often: a weekday, or `day`, `week`, `month`, `quarter`.
        every: Option<Placed<Rhythm>>,
        /// The share that must meet `qualified`.
        fit: Option<Placed<Share>>,
        /// The stage of a funnel that it fills.
        stage: Option<Placed<Text>>,
        /// How soon the receiving team answers.
        respond_within: Option<Placed<Duration>>,
        /// Time per lead, on the receiving side.
        handling: Option<Placed<Duration>>,
        /// Time that the receiving side has, per `every`.
        hours: Option<Placed<Duration>>,
        /// The id of the KPI that shows whether it works.
        measured_by: Option<Placed<Text>>,
        /// How often the receiving team says what became of the leads.
        feedback: Option<Placed<Cadence>>,
    }
}

decode_part!(Handoff);

words! {
    /// How leads came to be.
    pub enum LeadSource {
        /// They asked.
        HandRaisers = "hand-raisers",
        /// They took something to read.
        Content = "content",
        /// They were approached.
        Outbound = "outbound",
    }
}
