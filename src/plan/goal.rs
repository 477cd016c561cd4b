//! Goals: what the period is for.

use super::kpi::Kpi;
use super::number::{Money, Share, Standing, Target};
use super::period::Deadline;
use super::table::part;
use super::text::Text;
use super::value::{List, OneOrMany, Placed, decode_part};
use crate::metrics::Kind;
use crate::words::words;

part! {
    /// A goal.
    pub struct Goal, "a goal", short form "name" {
        /// The id by which others point at it; made from the name where absent.
        id: Option<Placed<Text>>,
        /// Its name. A number or a date in it is read as target or deadline where none is given.
        name: Placed<Text>,
        /// The kind of result that it is, such as `revenue`; recognised from the name where absent.
        outcome: Option<Placed<Kind>>,
        /// What it should reach.
        target: Option<Placed<Target>>,
        /// Where it stood when the plan was made.
        baseline: Option<Placed<Standing>>,
        /// Whether the target is what the period adds, or the total that includes the baseline.
        counts: Option<Placed<Counts>>,
        /// Its deadline: a date, or a span from the start of the period.
        by: Option<Placed<Deadline>>,
        /// The teams that answer for it together.
        owners: Option<Placed<OneOrMany<Text>>>,
        /// The open pipeline for it now.
        pipeline: Option<Placed<Money>>,
        /// The share of pipeline that became revenue before.
        pipeline_conversion: Option<Placed<Share>>,
        /// The KPIs that drive it: nesting is a link.
        kpis: Option<Placed<List<Kpi>>>,
    }
}

decode_part!(Goal);

words! {
    /// What a goal's target counts.
    pub enum Counts {
        /// What the period brings.
        Added = "added",
        /// The total, with the baseline in it.
        Total = "total",
    }
}
