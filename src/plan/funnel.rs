//! Funnels: how many become how many, stage by stage.

use super::number::{Count, Duration, Money, Share};
use super::table::part;
use super::text::Text;
use super::value::{List, Placed, decode_part};

part! {
    /// A funnel.
    pub struct Funnel, "a funnel" {
        /// The id by which others point at it; the goal's where absent.
        id: Option<Placed<Text>>,
        /// The goal that the last stage fills.
        goal: Placed<Text>,
        /// The time from the first stage to money.
        cycle: Option<Placed<Duration>>,
        /// The stages, first to last.
        stages: Placed<List<Stage>>,
    }
}

part! {
    /// A stage of a funnel.
    pub struct Stage, "a stage" {
        /// Its name.
        name: Placed<Text>,
        /// The KPI that counts it.
        kpi: Option<Placed<Text>>,
        /// How many enter it in the period; the target of its KPI where absent.
        volume: Option<Placed<Count>>,
        /// The share that goes on to the next stage.
        to_next: Option<Placed<Share>>,
        /// That share in the last period.
        was: Option<Placed<Share>>,
        /// How many more come from outside this plan.
        also_from: Option<Placed<Count>>,
        /// What one is worth, at the last stage.
        value: Option<Placed<Money>>,
    }
}

decode_part!(Funnel, Stage);
