//! Initiatives: what is done, what it should bring, and when it stops.

use jiff::civil::Date;

use super::kpi::KpiRefs;
use super::number::{Change, Count, Duration, Mark, Money, Share};
use super::table::part;
use super::text::Text;
use super::value::{List, Map, OneOrMany, Placed, Rare, decode_part};
use crate::words::words;

part! {
    /// An initiative.
    pub struct Initiative, "an initiative" {
        /// The id by which others point at it; made from the name where absent.
        id: Rare<Text>,
        /// Its name.
        name: Placed<Text>,
        /// What kind of work it is.
        kind: Option<Placed<InitiativeKind>>,
        /// Whether it catches demand, makes it, or keeps customers.
        purpose: Option<Placed<Purpose>>,
        /// Ids of the goals or KPIs that it serves.
        serves: Option<Placed<KpiRefs>>,
        /// How much it matters.
        priority: Option<Placed<Priority>>,
        /// Its place in the single backlog, from 1.
        rank: Option<Placed<Count>>,
        /// The work of one person that it takes.
        effort: Option<Placed<Duration>>,
        /// The money that it takes.
        budget: Option<Placed<Money>>,
        /// Where it runs.
        channels: Option<Placed<OneOrMany<Text>>>,
        /// What it should add, by KPI.
        expects: Rare<Map<Change>>,
        /// The one person who answers for it.
        owner: Option<Placed<OneOrMany<Text>>>,
        /// When it was asked for.
        requested: Option<Placed<Date>>,
        /// When someone last said that it is still wanted.
        confirmed: Option<Placed<Date>>,
        /// When it begins.
        start: Option<Placed<Date>>,
        /// When it ends.
        end: Option<Placed<Date>>,
        /// What it is meant to solve.
        problem: Option<Placed<Text>>,
        /// What will count as having worked.
        success: Rare<List<Success>>,
        /// What will stop it early.
        stop_if: Rare<Text>,
        /// When it is judged.
        review: Rare<Date>,
        /// Where it stands.
        status: Rare<Status>,
    }
}

part! {
    /// What will count as having worked.
    pub struct Success, "a success mark" {
        /// What is counted.
        measure: Placed<Text>,
        /// The mark: a share of `of`, or a count.
        at_least: Option<Placed<Mark>>,
        /// The planned size of the test.
        of: Option<Placed<Count>>,
        /// The rate hoped for; the mark where absent.
        hope: Option<Placed<Share>>,
        /// How many were seen so far.
        observed: Option<Placed<Count>>,
        /// What `observed` is counted on; `of` where absent.
        so_far: Option<Placed<Count>>,
    }
}

decode_part!(Initiative, Success);

impl Initiative {
    /// Whether its money is still to be spent or being spent: not where it is done, stopped, or will not be done.
    pub fn is_ahead(&self) -> bool {
        let over = self.status.as_ref().is_some_and(|status| matches!(status.value, Status::Done | Status::Stopped));
        !over && !self.has_priority(Priority::Wont)
    }

    /// Whether it is work of that kind.
    pub fn is(&self, kind: InitiativeKind) -> bool {
        self.kind.as_ref().is_some_and(|own| own.value == kind)
    }

    /// Whether it matters that much.
    pub fn has_priority(&self, priority: Priority) -> bool {
        self.priority.as_ref().is_some_and(|own| own.value == priority)
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.value == Status::Running)
    }

    /// The money that it takes, where that is ahead and known.
    pub fn money_ahead(&self) -> Option<f64> {
        self.budget.as_ref().filter(|_| self.is_ahead()).and_then(|budget| budget.point())
    }
}

words! {
    /// What kind of work an initiative is.
    pub enum InitiativeKind {
        /// A campaign.
        Campaign = "campaign",
        /// A test with a mark.
        Experiment = "experiment",
        /// A first try of a way of working.
        Pilot = "pilot",
        /// Content.
        Content = "content",
        /// An event.
        Event = "event",
        /// Brand work.
        Brand = "brand",
        /// A new look or name.
        Rebrand = "rebrand",
        /// The website.
        Website = "website",
        /// Messages along a customer's life.
        Lifecycle = "lifecycle",
        /// Help for those who sell.
        Enablement = "enablement",
        /// What must simply be done.
        Upkeep = "upkeep",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// What money or work is for.
    pub enum Purpose {
        /// Catching people who already want it.
        Capture = "capture",
        /// Making people want it.
        Creation = "creation",
        /// Keeping customers.
        Retention = "retention",
    }
}

words! {
    /// How much an initiative matters.
    pub enum Priority {
        /// It must be done.
        Must = "must",
        /// It should.
        Should = "should",
        /// It could.
        Could = "could",
        /// It will not be done this time.
        Wont = "wont",
    }
}

words! {
    /// Where an initiative stands.
    pub enum Status {
        /// Not begun.
        Planned = "planned",
        /// Under way.
        Running = "running",
        /// Finished.
        Done = "done",
        /// Ended early.
        Stopped = "stopped",
    }
}
