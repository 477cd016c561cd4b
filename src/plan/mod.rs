//! The plan: typed, with a place on every value, its ids settled and its references resolved.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashMap;
use jiff::civil::Date;

use crate::source::{Source, Span};
use crate::yaml::Tree;
use period::Deadline;
use quantity::Quantity;

mod budget;
pub(crate) mod decode;
mod draft;
mod from_name;
mod funnel;
mod goal;
mod handoff;
mod initiative;
mod kpi;
mod number;
pub mod period;
pub mod problem;
mod product;
pub mod quantity;
mod read;
mod reference;
mod resolve;
pub(crate) mod schema;
mod starter;
pub(crate) mod table;
mod team;
mod text;
pub(crate) mod value;
mod waiver;

pub use budget::Budget;
pub(crate) use decode::{Allowance, Decoder};
pub use draft::{BusinessModel, BusinessStage, Draft, Economics, Motion, Segment, Workshop};
pub(crate) use from_name::said_day;
pub use funnel::{Funnel, Stage};
pub use goal::{Counts, Goal};
pub use handoff::{Handoff, LeadSource};
pub use initiative::{Initiative, InitiativeKind, Priority, Purpose, Status, Success};
pub use kpi::{Kpi, KpiRefs, Role};
pub use number::{Change, Count, Duration, Mark, Money, Multiple, Share, Standing, Target};
pub(crate) use number::{Measure, measured};
pub use product::{
    Billing, CacPart, Doubt, EconomicKeys, Product, ProductKind, ProductStage, RevenueSource, SalesPath,
};
pub use read::{Loader, NoFiles, Reading, SharedPlans, read, read_found};
pub use reference::reference;
pub use schema::schema;
pub use starter::{Aim, AnswerError, Answers, Business, Sold, starter};
pub use team::Team;
pub use text::Text;
pub(crate) use value::{Decode, decode_part};
pub use value::{Item, List, Map, OneOrMany, Placed, Rare};
pub use waiver::Waiver;

/// One plan, whole: every reference in it points at something.
#[derive(Debug)]
pub struct Plan {
    /// The text that it was read from.
    pub source: Arc<Source>,
    /// Which document of that text it is, from 0.
    pub document: usize,
    /// Everything but the parts that have ids, which stand in lists of their own.
    pub head: Draft,
    /// The goals.
    pub goals: Vec<Entity<Goal>>,
    /// The KPIs, those nested in goals among them, in the order of the text.
    pub kpis: Vec<Entity<Kpi>>,
    /// The products.
    pub products: Vec<Entity<Product>>,
    /// The funnels.
    pub funnels: Vec<Entity<Funnel>>,
    /// The initiatives.
    pub initiatives: Vec<Entity<Initiative>>,
    /// The handoffs.
    pub handoffs: Vec<Entity<Handoff>>,
    /// The plans that this one extends, and those that they extend.
    pub extended: Vec<Arc<Plan>>,
    /// The tree of the text, where that is kept: edits start from it.
    pub(crate) tree: Option<Arc<Tree>>,
    names: Names,
}

/// A part of a plan that has an id. It reads like the part itself.
#[derive(Debug, Clone)]
pub struct Entity<T> {
    /// The id, given or made from the name.
    pub id: Text,
    /// For a KPI, the goal that it is nested in.
    pub nested_in: Option<usize>,
    /// For a KPI, what was read from its name because it was not given.
    pub from_name: FromName,
    part: Box<T>,
}

impl<T> Deref for Entity<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.part
    }
}

/// What was read from the name of a KPI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FromName {
    /// The target.
    pub target: bool,
    /// The baseline.
    pub baseline: bool,
    /// The deadline.
    pub by: bool,
}

/// What a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The plan itself.
    Plan,
    /// A goal, by its index.
    Goal(usize),
    /// A KPI.
    Kpi(usize),
    /// A product.
    Product(usize),
    /// An initiative.
    Initiative(usize),
    /// A funnel.
    Funnel(usize),
    /// A handoff.
    Handoff(usize),
}

impl Subject {
    /// The kinds, as JSON and the rules name them.
    pub const KINDS: &'static [&'static str] = &["plan", "goal", "kpi", "product", "initiative", "funnel", "handoff"];

    /// The kind, as JSON names it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Goal(_) => "goal",
            Self::Kpi(_) => "kpi",
            Self::Product(_) => "product",
            Self::Initiative(_) => "initiative",
            Self::Funnel(_) => "funnel",
            Self::Handoff(_) => "handoff",
        }
    }

    /// The subject of the same kind so many places on; the plan is always the same.
    pub(crate) fn further(self, by: usize) -> Self {
        match self {
            Self::Plan => Self::Plan,
            Self::Goal(at) => Self::Goal(at + by),
            Self::Kpi(at) => Self::Kpi(at + by),
            Self::Product(at) => Self::Product(at + by),
            Self::Initiative(at) => Self::Initiative(at + by),
            Self::Funnel(at) => Self::Funnel(at + by),
            Self::Handoff(at) => Self::Handoff(at + by),
        }
    }
}

/// A goal or a KPI, of this plan or of one that it extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricRef {
    /// 0 is the plan itself, 1 the first that it extends, and so on.
    pub plan: usize,
    /// Which goal or KPI of that plan.
    pub which: GoalOrKpi,
}

/// An index into the goals or the KPIs of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GoalOrKpi {
    /// A goal.
    Goal(usize),
    /// A KPI.
    Kpi(usize),
}

impl GoalOrKpi {
    /// The same as a subject of the plan that it is in.
    pub fn subject(self) -> Subject {
        match self {
            Self::Goal(at) => Subject::Goal(at),
            Self::Kpi(at) => Subject::Kpi(at),
        }
    }
}

impl MetricRef {
    /// One of the plan's own KPIs.
    pub fn kpi(at: usize) -> Self {
        Self { plan: 0, which: GoalOrKpi::Kpi(at) }
    }

    /// One of the plan's own goals.
    pub fn goal(at: usize) -> Self {
        Self { plan: 0, which: GoalOrKpi::Goal(at) }
    }
}

/// What an id stands for in one namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named<R> {
    One(R),
    /// Several names gave the same id.
    Several,
}

/// The namespaces: goals and KPIs share one, products have another.
#[derive(Debug, Default)]
struct Names {
    metrics: HashMap<Text, Named<MetricRef>>,
    /// By plan (0 is this one) and index.
    products: HashMap<Text, Named<(usize, usize)>>,
}

impl Plan {
    /// The plan's name.
    pub fn name(&self) -> &str {
        &self.head.plan.value
    }

    /// The plan with a number: 0 is this one, 1 the first that it extends.
    pub fn numbered(&self, number: usize) -> Option<&Plan> {
        match number.checked_sub(1) {
            None => Some(self),
            Some(extended) => self.extended.get(extended).map(Arc::as_ref),
        }
    }

    /// The goal or KPI that an id, or a name written where an id belongs, stands for.
    pub fn metric(&self, id: &str) -> Option<MetricRef> {
        one(meant(&self.names.metrics, id))
    }

    /// An id for a new goal or KPI: the one wished for, or with a number where that is taken.
    pub fn fresh_id(&self, wished: &str) -> String {
        let free = |id: &String| !self.names.metrics.contains_key(id.as_str());
        let numbered = (2..).map(|number| format!("{wished}-{number}"));
        std::iter::once(wished.to_owned()).chain(numbered).find(free).unwrap_or_default()
    }

    /// The name of a goal or KPI, of this plan or of one that it extends.
    pub fn metric_name(&self, metric: MetricRef) -> &str {
        self.numbered(metric.plan).map(|of| of.name_of(metric.which.subject())).unwrap_or_default()
    }

    /// The name of the goal of a funnel, by the funnel's index.
    pub fn goal_of_funnel(&self, at: usize) -> &str {
        let goal = self.funnels.get(at).map(|funnel| funnel.goal.as_str()).unwrap_or_default();
        self.metric(goal).map_or(goal, |metric| self.metric_name(metric))
    }

    /// The id of a goal or KPI, of this plan or of one that it extends.
    pub fn metric_id(&self, metric: MetricRef) -> &str {
        self.numbered(metric.plan).map(|of| of.id_of(metric.which.subject())).unwrap_or_default()
    }

    /// The product that an id, or a name written where an id belongs, stands for: the plan that has
    /// it, and its index there.
    pub fn product(&self, id: &str) -> Option<(usize, usize)> {
        one(meant(&self.names.products, id))
    }

    /// The id of a subject; `plan` for the plan.
    pub fn id_of(&self, subject: Subject) -> &str {
        match subject {
            Subject::Plan => Some("plan"),
            Subject::Goal(at) => self.goals.get(at).map(|entity| entity.id.as_str()),
            Subject::Kpi(at) => self.kpis.get(at).map(|entity| entity.id.as_str()),
            Subject::Product(at) => self.products.get(at).map(|entity| entity.id.as_str()),
            Subject::Initiative(at) => self.initiatives.get(at).map(|entity| entity.id.as_str()),
            Subject::Funnel(at) => self.funnels.get(at).map(|entity| entity.id.as_str()),
            Subject::Handoff(at) => self.handoffs.get(at).map(|entity| entity.id.as_str()),
        }
        .unwrap_or_default()
    }

    /// The name by which a subject is shown.
    pub fn name_of(&self, subject: Subject) -> &str {
        match subject {
            Subject::Plan => Some(self.name()),
            Subject::Goal(at) => self.goals.get(at).map(|entity| entity.name.as_str()),
            Subject::Kpi(at) => self.kpis.get(at).map(|entity| entity.name.as_str()),
            Subject::Product(at) => self.products.get(at).map(|entity| entity.name.as_str()),
            Subject::Initiative(at) => self.initiatives.get(at).map(|entity| entity.name.as_str()),
            Subject::Funnel(at) => self.funnels.get(at).map(|entity| entity.id.as_str()),
            Subject::Handoff(at) => self.handoffs.get(at).map(|entity| entity.id.as_str()),
        }
        .unwrap_or_default()
    }

    /// Where a subject stands: the key of the parent for whatever is missing in it.
    pub fn place_of(&self, subject: Subject) -> Span {
        match subject {
            Subject::Plan => Some(self.head.place),
            Subject::Goal(at) => self.goals.get(at).map(|entity| entity.place),
            Subject::Kpi(at) => self.kpis.get(at).map(|entity| entity.place),
            Subject::Product(at) => self.products.get(at).map(|entity| entity.place),
            Subject::Initiative(at) => self.initiatives.get(at).map(|entity| entity.place),
            Subject::Funnel(at) => self.funnels.get(at).map(|entity| entity.place),
            Subject::Handoff(at) => self.handoffs.get(at).map(|entity| entity.place),
        }
        .unwrap_or_default()
    }

    /// Where the first of these parts stands that the plan has, by its key; the plan's own place where it has none of them.
    pub fn place_of_parts(&self, parts: &[PlanPart]) -> Span {
        parts.iter().find_map(|part| self.key_of(*part)).unwrap_or(self.head.place)
    }

    fn key_of(&self, part: PlanPart) -> Option<Span> {
        let head = &self.head;
        match part {
            PlanPart::Goals => head.goals.as_ref().map(|list| list.key),
            PlanPart::Kpis => head.kpis.as_ref().map(|list| list.key),
            PlanPart::Products => head.products.as_ref().map(|list| list.key),
            PlanPart::Funnels => head.funnels.as_ref().map(|list| list.key),
            PlanPart::Initiatives => head.initiatives.as_ref().map(|list| list.key),
            PlanPart::Handoffs => head.handoffs.as_ref().map(|list| list.key),
            PlanPart::Teams => head.teams.as_ref().map(|map| map.key),
            PlanPart::Budget => head.budget.as_ref().map(|part| part.key),
        }
    }

    /// A KPI's deadline: its own `by`, else that of the goal that it is nested in.
    pub fn deadline(&self, kpi: &Entity<Kpi>) -> Option<Date> {
        let of_goal = || kpi.nested_in.and_then(|goal| self.goals.get(goal)).and_then(|goal| goal.by.as_ref());
        self.day(kpi.by.as_ref().or_else(of_goal)?.value)
    }

    /// The deadline of a goal or KPI, of this plan or of one that it extends.
    pub fn deadline_of(&self, metric: MetricRef) -> Option<Date> {
        let of = self.numbered(metric.plan)?;
        match metric.which {
            GoalOrKpi::Goal(at) => of.day(of.goals.get(at)?.by.as_ref()?.value),
            GoalOrKpi::Kpi(at) => of.deadline(of.kpis.get(at)?),
        }
    }

    /// The day of a deadline; a span counts from the start of the period.
    fn day(&self, by: Deadline) -> Option<Date> {
        match (by, &self.head.period) {
            (Deadline::On(date), _) => Some(date),
            (within, Some(period)) => within.day_in(period).ok(),
            (_, None) => None,
        }
    }

    /// Every number of the plan, with what it belongs to and its place.
    pub fn numbers<'v>(&'v self, show: &mut dyn FnMut(Subject, Span, &'v Quantity)) {
        use table::Part;
        self.head.show_numbers(&mut |span, quantity| show(Subject::Plan, span, quantity));
        for (at, goal) in self.goals.iter().enumerate() {
            goal.show_numbers(&mut |span, quantity| show(Subject::Goal(at), span, quantity));
        }
        for (at, kpi) in self.kpis.iter().enumerate() {
            kpi.show_numbers(&mut |span, quantity| show(Subject::Kpi(at), span, quantity));
        }
        for (at, product) in self.products.iter().enumerate() {
            product.show_numbers(&mut |span, quantity| show(Subject::Product(at), span, quantity));
        }
        for (at, funnel) in self.funnels.iter().enumerate() {
            funnel.show_numbers(&mut |span, quantity| show(Subject::Funnel(at), span, quantity));
        }
        for (at, initiative) in self.initiatives.iter().enumerate() {
            initiative.show_numbers(&mut |span, quantity| show(Subject::Initiative(at), span, quantity));
        }
        for (at, handoff) in self.handoffs.iter().enumerate() {
            handoff.show_numbers(&mut |span, quantity| show(Subject::Handoff(at), span, quantity));
        }
    }

    /// The goals and KPIs that an initiative serves, by `serves` or `expects`, each once.
    pub fn served_by(&self, initiative: &Initiative) -> Vec<MetricRef> {
        let serves = initiative.serves.iter().flat_map(|ids| ids.iter()).map(|id| id.as_str());
        let expects = initiative.expects.iter().flat_map(|expects| expects.iter()).map(|(id, _)| id.as_str());
        let mut served: Vec<MetricRef> = serves.chain(expects).filter_map(|id| self.metric(id)).collect();
        served.sort_unstable();
        served.dedup();
        served
    }

    /// The initiatives that are still to be done or under way, by index.
    pub fn initiatives_ahead(&self) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
        self.initiatives.iter().enumerate().filter(|(_, initiative)| initiative.is_ahead())
    }

    /// The whole budget that the plan states.
    pub fn stated_budget(&self) -> Option<f64> {
        self.head.budget.as_ref()?.total.as_ref()?.point()
    }

    /// The money that the plan writes to an initiative, a KPI or a product.
    pub fn money_of(&self, subject: Subject) -> Option<f64> {
        let budget = match subject {
            Subject::Initiative(at) => self.initiatives.get(at)?.budget.as_ref(),
            Subject::Kpi(at) => self.kpis.get(at)?.budget.as_ref(),
            Subject::Product(at) => self.products.get(at)?.budget.as_ref(),
            Subject::Plan | Subject::Goal(_) | Subject::Funnel(_) | Subject::Handoff(_) => None,
        };
        budget?.point()
    }

    /// The goals and KPIs that a KPI names as driven.
    pub fn driven_by(&self, kpi: &Kpi) -> impl Iterator<Item = MetricRef> {
        kpi.drives.iter().flat_map(|ids| ids.iter()).filter_map(|id| self.metric(id))
    }

    /// The plan's own KPIs that a KPI drives.
    pub fn kpis_driven_by(&self, kpi: &Kpi) -> impl Iterator<Item = usize> {
        self.driven_by(kpi).filter_map(|metric| match metric {
            MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => Some(at),
            _ => None,
        })
    }

    /// The product whose economics a KPI is about, where it names one of this plan's.
    pub fn product_of(&self, kpi: &Kpi) -> Option<usize> {
        let id = kpi.product.as_ref()?;
        self.product(id).filter(|(plan, _)| *plan == 0).map(|(_, product)| product)
    }

    /// What a KPI is there for.
    pub fn role(kpi: &Kpi) -> Role {
        kpi.role.as_ref().map_or(Role::Target, |role| role.value)
    }

    /// Whether the plan holds nothing of a part.
    pub fn lacks(&self, part: PlanPart) -> bool {
        match part {
            PlanPart::Goals => self.goals.is_empty(),
            PlanPart::Kpis => self.kpis.is_empty(),
            PlanPart::Products => self.products.is_empty(),
            PlanPart::Funnels => self.funnels.is_empty(),
            PlanPart::Initiatives => self.initiatives.is_empty(),
            PlanPart::Handoffs => self.handoffs.is_empty(),
            PlanPart::Teams => self.head.teams.is_none(),
            PlanPart::Budget => self.head.budget.is_none(),
        }
    }
}

/// What is meant by an id; a name is taken for the id that is made from it.
fn meant<'n, R>(names: &'n HashMap<Text, Named<R>>, id: &str) -> Option<&'n Named<R>> {
    names.get(id).or_else(|| names.get(&*resolve::kebab(id)))
}

fn one<R: Copy>(named: Option<&Named<R>>) -> Option<R> {
    match named {
        Some(Named::One(found)) => Some(*found),
        _ => None,
    }
}

/// A part of a plan that a rule may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlanPart {
    /// `goals`
    Goals,
    /// `kpis`
    Kpis,
    /// `products`
    Products,
    /// `funnels`
    Funnels,
    /// `initiatives`
    Initiatives,
    /// `handoffs`
    Handoffs,
    /// `teams`
    Teams,
    /// `budget`
    Budget,
}

impl fmt::Display for PlanPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Goals => "goals",
            Self::Kpis => "kpis",
            Self::Products => "products",
            Self::Funnels => "funnels",
            Self::Initiatives => "initiatives",
            Self::Handoffs => "handoffs",
            Self::Teams => "teams",
            Self::Budget => "budget",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_small() {
        // A plan of 50 MB has 45,000 KPIs, as many initiatives, and 25,000 products.
        let sizes = [size_of::<Kpi>(), size_of::<Initiative>(), size_of::<Product>()];
        assert!(sizes.iter().zip([640, 460, 490]).all(|(size, most)| *size <= most), "{sizes:?}");
    }
}
