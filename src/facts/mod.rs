//! What follows from a plan: what each KPI is, what it leads to, what customers are worth, where the money goes.

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use jiff::civil::Date;

pub mod allocation;
mod auctions;
pub mod capacity;
mod deadlines;
pub mod economics;
pub mod forecast;
pub mod funnel;
pub mod guards;
pub mod handoffs;
mod identity;
pub mod interval;
pub mod level_words;
pub mod links;
pub mod marks;
pub(crate) mod measured;
pub mod names;
pub mod odds;
mod open;
pub mod periods;
mod purposes;
mod purse;
mod results;
pub mod roas;
pub mod sentence;
pub mod shares;
mod split;
mod steps;
mod teams;
mod who;
mod worth;

pub use auctions::{Conversion, CostOf, Reach, Unpriced, bought_a_week};
pub use deadlines::{OddDeadline, Oddity, odd_deadlines};
pub use identity::{Basis, Identity};
pub use level_words::may_say_how_much;
pub use open::is_left_open;
pub use purposes::{Purposes, PurposesFrom};
pub use purse::{AtStake, Purse, shared_kpis};
pub use results::Results;
pub use split::{Share, Split};
pub use teams::{Answering, Department, Teams, team_key};
pub use who::Who;
pub(crate) use worth::keys as economic_keys;
pub use worth::{EconomicsOf, OwnEconomics};

use crate::metrics::Dictionary;
use crate::plan::{Kpi, MetricRef, Plan, ProductKind, Role, Subject};
use crate::settings::Settings;
use economics::Economics;
use links::{Links, Way, Ways};

/// Everything that the rules read. Each fact is computed once, when it is first asked for.
#[derive(Debug)]
pub struct Facts {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The thresholds and conventions in force.
    pub settings: Arc<Settings>,
    /// The names of metrics.
    pub dictionary: &'static Dictionary,
    /// The day of the audit.
    pub as_of: Date,
    identities: OnceLock<Vec<identity::OfPlan>>,
    links: OnceLock<Links>,
    ways: OnceLock<Ways>,
    economics: OnceLock<worth::Worths>,
    split: OnceLock<Split>,
    purse: OnceLock<Purse>,
    product_weights: OnceLock<Vec<f64>>,
    serving_only: OnceLock<HashMap<MetricRef, (f64, Vec<Subject>)>>,
    next_steps: OnceLock<steps::NextSteps>,
    money_goal: OnceLock<Option<MetricRef>>,
    teams: OnceLock<Teams>,
    unit_costs: OnceLock<auctions::UnitCosts>,
    purposes: OnceLock<Purposes>,
    guards: OnceLock<guards::Guards>,
    stages: OnceLock<guards::Stages>,
    results: OnceLock<Results>,
    workload: OnceLock<capacity::Workload>,
    funnels: OnceLock<funnel::Funnels>,
}

impl Facts {
    /// The facts of a plan on a day.
    pub fn new(plan: Arc<Plan>, settings: Arc<Settings>, dictionary: &'static Dictionary, as_of: Date) -> Self {
        Self {
            plan,
            settings,
            dictionary,
            as_of,
            identities: OnceLock::new(),
            links: OnceLock::new(),
            ways: OnceLock::new(),
            economics: OnceLock::new(),
            split: OnceLock::new(),
            purse: OnceLock::new(),
            product_weights: OnceLock::new(),
            serving_only: OnceLock::new(),
            next_steps: OnceLock::new(),
            money_goal: OnceLock::new(),
            teams: OnceLock::new(),
            unit_costs: OnceLock::new(),
            purposes: OnceLock::new(),
            guards: OnceLock::new(),
            stages: OnceLock::new(),
            results: OnceLock::new(),
            workload: OnceLock::new(),
            funnels: OnceLock::new(),
        }
    }

    /// What a goal or KPI is: its metric, its kind, and whether that was declared or recognised.
    pub fn identity(&self, metric: MetricRef) -> Identity {
        let all = self.identities.get_or_init(|| identity::of_all(&self.plan, self.dictionary));
        all.get(metric.plan).and_then(|of_plan| of_plan.get(metric.which)).unwrap_or_default()
    }

    /// What one of the plan's own KPIs is.
    pub fn kpi(&self, at: usize) -> Identity {
        self.identity(MetricRef::kpi(at))
    }

    /// What one of the plan's own goals is.
    pub fn goal(&self, at: usize) -> Identity {
        self.identity(MetricRef { plan: 0, which: crate::plan::GoalOrKpi::Goal(at) })
    }

    /// What a goal or KPI is on the way to money.
    pub fn nature(&self, metric: MetricRef) -> links::Nature {
        identity::nature(self, metric)
    }

    /// What drives what.
    pub fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::new(&self.plan, |metric| self.nature(metric)))
    }

    /// The way of one of the plan's own KPIs to money.
    pub fn way(&self, kpi: usize) -> Option<Way> {
        self.links().way(self.ways(), kpi)
    }

    /// The first goals and KPIs on the way of one of the plan's own KPIs, at most so many.
    pub fn path(&self, kpi: usize, most: usize) -> Vec<MetricRef> {
        self.links().path(self.ways(), kpi, most)
    }

    fn ways(&self) -> &Ways {
        self.ways.get_or_init(|| self.links().ways())
    }

    /// The economics of a product, by its index, or of the plan as a whole.
    pub fn economics(&self, of: EconomicsOf) -> Option<&Economics> {
        self.economics.get_or_init(|| worth::Worths::new(self)).get(of)
    }

    /// Whose economics a KPI is judged by: its product's, else the plan's, else the only product's.
    pub fn economics_for(&self, kpi: usize) -> Option<EconomicsOf> {
        let named = self.plan.kpis.get(kpi).and_then(|kpi| self.economics_of_named(kpi));
        let of_plan = || self.economics(EconomicsOf::Plan).map(|_| EconomicsOf::Plan);
        let only = || match self.plan.products.as_slice() {
            [_] => Some(EconomicsOf::Product(0)),
            _ => None,
        };
        named.or_else(of_plan).or_else(only)
    }

    /// The economics of the product that a KPI names; the plan's where the product says nothing of its own.
    fn economics_of_named(&self, kpi: &Kpi) -> Option<EconomicsOf> {
        let of = match self.plan.product(kpi.product.as_ref()?)? {
            (0, product) => EconomicsOf::Product(product),
            (plan, product) => EconomicsOf::Extended { plan, product },
        };
        let silent = worth::keys(&self.plan, of).is_none_or(|keys| !worth::says_something(keys));
        let has_own = self.economics(EconomicsOf::Plan).is_some();
        Some(if silent && has_own { EconomicsOf::Plan } else { of })
    }

    /// How the money is spread over the products.
    pub fn split(&self) -> &Split {
        self.split.get_or_init(|| Split::new(self))
    }

    /// What the plan's money is for.
    pub fn purposes(&self) -> &Purposes {
        self.purposes.get_or_init(|| Purposes::new(&self.plan))
    }

    /// Whose money it is, and what share of it has a path to money.
    pub fn purse(&self) -> &Purse {
        self.purse.get_or_init(|| Purse::new(self))
    }

    /// The money of the initiatives that serve nothing else, and which they are.
    fn serving_only(&self, metric: MetricRef) -> Option<&(f64, Vec<Subject>)> {
        self.serving_only.get_or_init(|| purse::serving_only(&self.plan)).get(&metric)
    }

    /// How much a subject weighs in a rule's score: a north star twice, a product by its share of
    /// the money, everything else once.
    pub fn weight_of(&self, subject: Subject) -> f64 {
        match subject {
            Subject::Kpi(at) => match self.plan.kpis.get(at).map(|kpi| Plan::role(kpi)) {
                Some(Role::NorthStar) => 2.0,
                _ => 1.0,
            },
            Subject::Product(at) => self.product_weight(at),
            _ => 1.0,
        }
    }

    /// The KPIs that the rules on measures and revenue judge, by index.
    pub fn judged_kpis(&self) -> impl Iterator<Item = usize> {
        let judged = |role| matches!(role, Role::NorthStar | Role::Target | Role::Leading);
        self.plan.kpis.iter().enumerate().filter(move |(_, kpi)| judged(Plan::role(kpi))).map(|(at, _)| at)
    }

    fn product_weight(&self, at: usize) -> f64 {
        self.product_weights.get_or_init(|| product_weights(&self.plan)).get(at).copied().unwrap_or(1.0)
    }
}

/// Each product's share of the money times the number of products; 1 where not all of the money is known.
fn product_weights(plan: &Plan) -> Vec<f64> {
    let money = (0..plan.products.len()).map(|at| plan.money_of(Subject::Product(at)));
    let Some(amounts) = money.collect::<Option<Vec<f64>>>() else { return Vec::new() };
    let total: f64 = amounts.iter().sum();
    let count = amounts.len() as f64;
    amounts.iter().map(|amount| if total > 0.0 { amount / total * count } else { 1.0 }).collect()
}

/// What a product's entry stands for.
pub(crate) fn is_product(product: &crate::plan::Product) -> bool {
    product.kind.as_ref().is_none_or(|kind| kind.value == ProductKind::Product)
}
