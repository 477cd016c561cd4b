//! What would show a target being met the wrong way: which KPIs need a guard, and what in a plan is their natural one.
//!
//! A count of leads can be met with worse leads, a cost per lead with cheaper ones, a reply time with shorter replies. Each has
//! a counterpart that moves when that happens: the share that goes on, the cost of the next stage, the share that is
//! qualified. The pairs are a convention of practice; that a pair of measures with opposite side effects is to be watched
//! together is Andrew Grove's (*High Output Management*, 1983).
//!
//! # The rate below which nothing is gained
//! With c the cost of one and r the share that goes on, the next stage costs c/r. At a new cost c' it costs no less than
//! before where the rate has fallen to r·c'/c or below. 60 at 25% is 240 for each at the next stage; 42 at 15% is 280; at 17.5% it
//! is 240 again. A count n of which r go on makes n·r of the next stage; n' makes no more than that where the rate has fallen
//! to r·n/n' or below.

use hashbrown::{HashMap, HashSet};

use super::{Facts, Identity, names};
use crate::metrics::sets::{ACTIVATION, GROSS_RETENTION, LAST_STAGES, MetricSet, RESOLVED, REVENUES, WORTH_OF_ONE};
use crate::metrics::{Better, Family, Kind, Metric, MetricUnit};
use crate::plan::{GoalOrKpi, Kpi, MetricRef, Stage};

/// How a target can be met the wrong way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gaming {
    /// More of them, and worse ones: leads, sign-ups.
    Volume,
    /// More customers, at any price and for a short time.
    Customers,
    /// Cheaper ones, and worse ones; with how far along the way to a customer they stand.
    UnitCost(u8),
    /// Cheaper customers who do not stay.
    CustomerCost,
    /// Return on ad spend from those who would have bought anyway.
    AdReturn,
    /// Quick answers that help nobody.
    ReplyTime,
    /// A short sales cycle, by leaving out what takes long.
    CycleTime,
    /// Growth of some customers over the loss of others.
    NetRetention,
    /// Revenue at any price.
    Revenue,
}

impl Gaming {
    /// How the target of a KPI can be met the wrong way; `None` for what carries its own pair, or needs none.
    pub fn of(identity: Identity) -> Option<Self> {
        let Some(metric) = identity.metric else {
            return (identity.kind == Some(Kind::LeadVolume)).then_some(Self::Volume);
        };
        match metric.name.as_ref() {
            "customer-acquisition-cost" => Some(Self::CustomerCost),
            "net-revenue-retention" => Some(Self::NetRetention),
            "lead-response-time" | "first-response-time" | "average-handle-time" | "resolution-time" => {
                Some(Self::ReplyTime)
            }
            "sales-cycle" => Some(Self::CycleTime),
            "new-customers" | "deals-won" => Some(Self::Customers),
            name if REVENUES.has(name) => Some(Self::Revenue),
            _ if metric.family == Family::Roas => Some(Self::AdReturn),
            _ if metric.kind == Kind::LeadVolume && metric.unit == MetricUnit::Count => Some(Self::Volume),
            _ => place_of_cost(metric).map(Self::UnitCost),
        }
    }

    /// Whether a KPI, or a goal, would show it.
    pub fn is_shown_by(self, other: Identity) -> bool {
        let named = |names: &[&str]| other.metric.is_some_and(|metric| names.contains(&metric.name.as_ref()));
        let one_of = |set: MetricSet| other.metric.is_some_and(|metric| set.has(&metric.name));
        let of_customers = other.metric.is_some_and(|metric| metric.family.is_of_customers());
        let rate = other.kind == Some(Kind::LeadQuality)
            && other.metric.is_none_or(|metric| metric.unit != MetricUnit::Time && metric.unit != MetricUnit::Money);
        let margin = other.kind == Some(Kind::Profitability);
        let stays = other.kind == Some(Kind::Retention) && !other.metric.is_some_and(|metric| metric.amount);
        let costs_later = |place: u8| other.metric.and_then(place_of_cost).is_some_and(|own| own > place);
        match self {
            Self::Volume => rate || one_of(ACTIVATION) || costs_later(LEAD) || of_customers,
            Self::Customers => of_customers || margin || stays || one_of(WORTH_OF_ONE) || costs_later(OPPORTUNITY),
            Self::UnitCost(place) => rate || one_of(ACTIVATION) || costs_later(place) || of_customers || margin,
            Self::CustomerCost => {
                (of_customers && !named(&["customer-acquisition-cost"])) || margin || stays || one_of(WORTH_OF_ONE)
            }
            Self::AdReturn => of_customers || margin || stays || named(&["new-customers", "poas"]),
            Self::ReplyTime => rate || other.kind == Some(Kind::Satisfaction) || one_of(RESOLVED),
            Self::CycleTime => rate || one_of(WORTH_OF_ONE) || stays,
            Self::NetRetention => one_of(GROSS_RETENTION),
            Self::Revenue => margin || of_customers || named(&["poas", "burn-multiple", "magic-number", "cac-ratio"]),
        }
    }

    /// The metric of the guard to propose; where customers buy once, it is about the one purchase.
    pub fn guard(self, identity: Identity, bought_once: bool) -> &'static str {
        let metric = identity.metric.map(|metric| metric.name.as_ref()).unwrap_or_default();
        match (self, metric) {
            (_, "mql" | "mqa" | "cost-per-mql") => "mql-to-sql",
            (_, "sql" | "sal" | "qualified-leads") => "sql-to-opportunity",
            (_, "opportunities" | "sao" | "cost-per-opportunity") => "win-rate",
            (_, "demo-requests" | "meetings-booked") => "demo-to-close",
            (_, "trials" | "cost-per-trial" | "pql") => "trial-to-paid",
            (_, "sign-ups" | "cost-per-install") => "activation-rate",
            (Self::UnitCost(place), _) if place < LEAD => "conversion-rate",
            (Self::Volume | Self::UnitCost(_), _) => "lead-to-customer",
            (Self::AdReturn, _) if bought_once => "poas",
            (Self::Customers | Self::CustomerCost, _) if bought_once => "profit-per-customer",
            (Self::Customers | Self::CustomerCost | Self::AdReturn, _) => "ltv-to-cac",
            (Self::ReplyTime, "lead-response-time") => "lead-acceptance-rate",
            (Self::ReplyTime, _) => "csat",
            (Self::CycleTime, _) => "average-deal-size",
            (Self::NetRetention, _) => "gross-revenue-retention",
            (Self::Revenue, _) => "gross-margin",
        }
    }
}

/// Where leads stand on the way that costs are counted along.
const LEAD: u8 = 3;

/// Where opportunities stand on it.
const OPPORTUNITY: u8 = 5;

/// How far along the way to a customer the thing stands that a metric is the cost of one of.
fn place_of_cost(metric: &Metric) -> Option<u8> {
    match metric.name.as_ref() {
        "cost-per-mille" => Some(0),
        "cost-per-view" | "cost-per-engagement" => Some(1),
        "cost-per-click" | "cost-per-visit" => Some(2),
        "cost-per-lead" | "cost-per-install" => Some(LEAD),
        "cost-per-mql" | "cost-per-trial" => Some(4),
        "cost-per-opportunity" => Some(OPPORTUNITY),
        "cost-per-acquisition" | "cost-per-order" | "cost-per-booking" => Some(6),
        "customer-acquisition-cost" => Some(7),
        _ => None,
    }
}

/// The metrics that a cost is counted for one of.
fn costed_by(metric: &str) -> Option<&'static [&'static str]> {
    match metric {
        "cost-per-lead" => Some(&["leads"]),
        "cost-per-mql" => Some(&["mql", "sql"]),
        "cost-per-opportunity" => Some(&["opportunities", "sao"]),
        "cost-per-trial" => Some(&["trials"]),
        _ => None,
    }
}

/// The stages of a plan's funnels, by what they count.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// By the own KPI that a stage names.
    by_kpi: HashMap<usize, (usize, usize)>,
    /// By the metric that a stage's KPI or name is; `None` where several are.
    by_metric: HashMap<&'static str, Option<(usize, usize)>>,
}

impl Stages {
    fn new(facts: &Facts) -> Self {
        let mut stages = Self::default();
        for (funnel, of) in facts.plan.funnels.iter().enumerate() {
            for (at, stage) in of.stages.iter().enumerate() {
                let kpi = stage.kpi.as_ref().and_then(|id| facts.plan.metric(id));
                if let Some(MetricRef { plan: 0, which: GoalOrKpi::Kpi(kpi) }) = kpi {
                    stages.by_kpi.entry(kpi).or_insert((funnel, at));
                }
                let named = || facts.dictionary.recognise(&stage.name).and_then(|found| found.metric);
                if let Some(metric) = kpi.and_then(|kpi| facts.identity(kpi).metric).or_else(named) {
                    let several = |found: &mut Option<(usize, usize)>| *found = None;
                    stages.by_metric.entry(&metric.name).and_modify(several).or_insert(Some((funnel, at)));
                }
            }
        }
        stages
    }
}

/// What in a plan shows which targets being met the wrong way, by product.
#[derive(Debug, Default)]
pub(super) struct Guards {
    /// The products about which something shows it; `None` is all of them.
    shown: HashSet<(Gaming, Option<(usize, usize)>)>,
    /// Those that show it, whatever they are about.
    shown_at_all: HashSet<Gaming>,
    /// Own and extended KPIs of which it cannot be told what they are.
    unclear: Vec<(MetricRef, Option<(usize, usize)>)>,
}

/// How far a plan guards one of its KPIs.
#[derive(Debug, Clone, PartialEq)]
pub enum Guard {
    /// It names a guard, or something in the plan is the natural one.
    There,
    /// One of these could be it, and it cannot be told what they are.
    Unclear(Vec<MetricRef>),
    /// Nothing in the plan would show it.
    Missing,
}

/// KPIs that could be the guard are asked for up to this many at a time.
const MOST_ASKED: usize = 5;

impl Facts {
    /// How far a KPI's target is guarded against being met in that way.
    pub fn guard(&self, at: usize, gaming: Gaming) -> Guard {
        let Some(kpi) = self.plan.kpis.get(at) else { return Guard::There };
        let own = MetricRef::kpi(at);
        let named = kpi.guarded_by.iter().flat_map(|ids| ids.iter());
        let guarded = named.filter_map(|id| self.plan.metric(id)).any(|guard| guard != own);
        if guarded || self.goes_on(at, gaming) || self.guards().shows(gaming, self.product_named(kpi)) {
            return Guard::There;
        }
        let unclear = self.guards().unclear(self.product_named(kpi), own);
        if unclear.is_empty() { Guard::Missing } else { Guard::Unclear(unclear) }
    }

    fn guards(&self) -> &Guards {
        self.guards.get_or_init(|| Guards::new(self))
    }

    /// Whether the plan says what comes of it: of a count, how many go on (a rate behind its stage of a funnel, a target for a
    /// later count that it drives, or a number on the link from the last stage to the money); of quick replies, a target for
    /// the leads or customers that they drive.
    fn goes_on(&self, at: usize, gaming: Gaming) -> bool {
        let Some(kpi) = self.plan.kpis.get(at) else { return false };
        let is_later = |next: usize| {
            let counted = matches!(Gaming::of(self.kpi(next)), Some(Gaming::Volume | Gaming::Customers));
            next != at && counted && self.plan.kpis.get(next).is_some_and(|next| next.target_level().is_some())
        };
        let drives_later = || self.plan.kpis_driven_by(kpi).any(is_later);
        match gaming {
            Gaming::Volume => {
                drives_later()
                    || self.signs(at)
                    || self.stage_counted_by(at).is_some_and(|stage| stage.to_next.is_some())
            }
            Gaming::ReplyTime => drives_later(),
            _ => false,
        }
    }

    /// Whether a count is the last before the money, and the plan gives its link to a target of money a number: "1 SQL in 5 signs".
    fn signs(&self, at: usize) -> bool {
        let Some(kpi) = self.plan.kpis.get(at) else { return false };
        let is_last = self.kpi(at).metric.is_some_and(|metric| LAST_STAGES.has(&metric.name));
        let has_target = |to: MetricRef| {
            self.plan.numbered(to.plan).is_some_and(|plan| match to.which {
                GoalOrKpi::Goal(goal) => plan
                    .goals
                    .get(goal)
                    .is_some_and(|goal| goal.target.as_ref().is_some_and(|to| to.quantity().is_some())),
                GoalOrKpi::Kpi(kpi) => plan.kpis.get(kpi).is_some_and(|kpi| kpi.target_level().is_some()),
            })
        };
        let mut driven = self.plan.driven_by(kpi);
        is_last && kpi.because_has_a_number() && driven.any(|to| self.identity(to).is_money() && has_target(to))
    }

    /// The stage of a funnel that a KPI counts, or whose cost for one it is: by its id, else the only one of that metric.
    pub fn stage_counted_by(&self, at: usize) -> Option<&Stage> {
        let stages = self.stages();
        let (funnel, stage) = stages.by_kpi.get(&at).copied().or_else(|| {
            let metric = self.kpi(at).metric?.name.as_ref();
            let counted = costed_by(metric).unwrap_or(std::slice::from_ref(&metric));
            let mut found = counted.iter().filter_map(|metric| stages.by_metric.get(*metric));
            found.next().filter(|_| found.next().is_none()).copied().flatten()
        })?;
        self.plan.funnels.get(funnel)?.stages.get(stage).map(|stage| stage.value.as_ref())
    }

    fn stages(&self) -> &Stages {
        self.stages.get_or_init(|| Stages::new(self))
    }

    /// The product that a KPI names, by plan and index.
    fn product_named(&self, kpi: &Kpi) -> Option<(usize, usize)> {
        self.plan.product(kpi.product.as_ref()?)
    }
}

impl Guards {
    fn new(facts: &Facts) -> Self {
        let mut guards = Self::default();
        for number in 0..=facts.plan.extended.len() {
            let Some(plan) = facts.plan.numbered(number) else { continue };
            for at in 0..plan.goals.len() {
                guards.enter(facts.identity(MetricRef { plan: number, which: GoalOrKpi::Goal(at) }), None);
            }
            for (at, kpi) in plan.kpis.iter().enumerate() {
                let metric = MetricRef { plan: number, which: GoalOrKpi::Kpi(at) };
                let (identity, product) = (facts.identity(metric), facts.product_named(kpi));
                guards.enter(identity, product);
                if identity.kind.is_none() && !names::is_work(&kpi.name, facts.dictionary) {
                    guards.unclear.push((metric, product));
                }
            }
        }
        guards
    }

    fn enter(&mut self, identity: Identity, product: Option<(usize, usize)>) {
        for gaming in ALL.iter().copied().filter(|gaming| gaming.is_shown_by(identity)) {
            self.shown.insert((gaming, product));
            self.shown_at_all.insert(gaming);
        }
    }

    /// What is about all products shows it for each; a KPI about all is shown by any.
    fn shows(&self, gaming: Gaming, product: Option<(usize, usize)>) -> bool {
        match product {
            None => self.shown_at_all.contains(&gaming),
            Some(_) => self.shown.contains(&(gaming, product)) || self.shown.contains(&(gaming, None)),
        }
    }

    fn unclear(&self, product: Option<(usize, usize)>, besides: MetricRef) -> Vec<MetricRef> {
        let about = |of: Option<(usize, usize)>| product.is_none() || of.is_none() || of == product;
        let unclear = self.unclear.iter().filter(|(metric, of)| *metric != besides && about(*of));
        unclear.take(MOST_ASKED).map(|(metric, _)| *metric).collect()
    }
}

/// Every way, with every place on the way to a customer.
const ALL: &[Gaming] = &[
    Gaming::Volume,
    Gaming::Customers,
    Gaming::UnitCost(0),
    Gaming::UnitCost(1),
    Gaming::UnitCost(2),
    Gaming::UnitCost(3),
    Gaming::UnitCost(4),
    Gaming::UnitCost(5),
    Gaming::UnitCost(6),
    Gaming::CustomerCost,
    Gaming::AdReturn,
    Gaming::ReplyTime,
    Gaming::CycleTime,
    Gaming::NetRetention,
    Gaming::Revenue,
];

/// What one costs at the next stage, where so much buys one here and such a share goes on.
pub fn cost_at_next(cost: f64, rate: f64) -> Option<f64> {
    (rate > 0.0).then(|| cost / rate)
}

/// The part of today's rate at which a target brings nothing: the next stage costs what it does, or has as many as now.
/// `None` where the target betters nothing.
pub fn part_of_rate_that_undoes(better: Better, baseline: f64, target: f64) -> Option<f64> {
    let part = match better {
        Better::Up => baseline / target,
        Better::Down => target / baseline,
    };
    (baseline > 0.0 && target > 0.0 && part < 1.0).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::dictionary;
    use proptest::prelude::*;

    fn known(name: &str) -> Identity {
        let found = dictionary().recognise(name).unwrap();
        Identity { metric: found.metric, kind: Some(found.kind), ..Identity::default() }
    }

    #[test]
    fn a_lead_at_42_of_which_15_percent_go_on_costs_more_than_one_at_60_of_which_25_do() {
        assert_eq!(cost_at_next(60.0, 0.25), Some(240.0));
        assert_eq!(cost_at_next(42.0, 0.15).map(f64::round), Some(280.0));
        let part = part_of_rate_that_undoes(Better::Down, 60.0, 42.0).unwrap();
        assert!((part * 0.25 - 0.175).abs() < 1e-12);
    }

    #[test]
    fn each_has_its_natural_pair() {
        for (name, guard) in [
            ("MQLs", "MQL to SQL conversion"),
            ("MQLs", "Cost per opportunity"),
            ("Sign-ups", "Activation rate"),
            ("Cost per lead", "Win rate"),
            ("Cost per click", "Cost per lead"),
            ("CAC", "Monthly churn"),
            ("CAC", "LTV"),
            ("ROAS", "New customers"),
            ("NRR", "GRR"),
            ("Lead response time", "Lead acceptance rate"),
            ("Revenue", "Gross margin"),
            ("New customers", "Churn"),
        ] {
            assert!(Gaming::of(known(name)).unwrap().is_shown_by(known(guard)), "{guard} of {name}");
        }
        for (name, other) in [
            ("MQLs", "Cost per lead"),
            ("MQLs", "Website traffic"),
            ("Cost per lead", "Cost per click"),
            ("Cost per lead", "MQLs"),
            ("CAC", "CAC"),
            ("NRR", "Expansion revenue"),
            ("Revenue", "MQLs"),
        ] {
            assert!(!Gaming::of(known(name)).unwrap().is_shown_by(known(other)), "{other} of {name}");
        }
    }

    #[test]
    fn what_carries_its_own_pair_needs_no_guard() {
        for name in ["LTV:CAC", "CAC payback", "Conversion rate", "Win rate", "MER", "Gross margin", "Churn", "NPS"] {
            assert_eq!(Gaming::of(known(name)), None, "{name}");
        }
    }

    #[test]
    fn the_guard_that_is_proposed_is_a_metric_that_would_show_it() {
        for metric in dictionary().metrics() {
            let identity = Identity { metric: Some(metric), kind: Some(metric.kind), ..Identity::default() };
            let Some(gaming) = Gaming::of(identity) else { continue };
            assert!(ALL.contains(&gaming), "{gaming:?}");
            for bought_once in [false, true] {
                let guard = dictionary().metric(gaming.guard(identity, bought_once)).unwrap();
                let shows = Identity { metric: Some(guard), kind: Some(guard.kind), ..Identity::default() };
                assert!(gaming.is_shown_by(shows), "{} of {}", guard.name, metric.name);
            }
            assert!(!gaming.is_shown_by(identity), "{} guards itself", metric.name);
        }
    }

    proptest! {
        #[test]
        fn at_the_part_of_the_rate_that_undoes_it_the_next_stage_costs_the_same(
            cost in 1.0..10_000.0_f64, part in 0.01..0.99_f64, rate in 0.001..1.0_f64,
        ) {
            let target = cost * part;
            let undoes = part_of_rate_that_undoes(Better::Down, cost, target).unwrap();
            let (before, after) = (cost_at_next(cost, rate).unwrap(), cost_at_next(target, rate * undoes).unwrap());
            prop_assert!((before / after - 1.0).abs() < 1e-9);
        }

        #[test]
        fn at_the_part_of_the_rate_that_undoes_it_more_bring_no_more(
            count in 1.0..1e6_f64, more in 1.001..100.0_f64, rate in 0.001..1.0_f64,
        ) {
            let undoes = part_of_rate_that_undoes(Better::Up, count, count * more).unwrap();
            prop_assert!((count * more * rate * undoes / (count * rate) - 1.0).abs() < 1e-9);
        }
    }
}
