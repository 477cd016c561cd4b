//! Money in advertising auctions, and what one conversion costs there.

use hashbrown::HashMap;

use super::interval::Interval;
use super::{EconomicsOf, Facts, Identity};
use crate::metrics::{Kind, MetricUnit};
use crate::plan::{
    BusinessModel, GoalOrKpi, Initiative, InitiativeKind, MetricRef, Motion, OneOrMany, Placed, Plan, Purpose, Text,
};
use crate::settings::{CONVERSIONS_A_WEEK, NEW_SHARE_LEAST};

/// The channels in which platforms sell every impression by auction, and learn from who converts.
const AUCTIONS: [&str; 3] = ["paid-social", "paid-search", "display"];

/// What turns the platforms' guidance on a week into a budget of a month.
const WEEKS_A_MONTH: f64 = 52.0 / 12.0;

/// Whether money goes to auctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To nothing else.
    Auctions,
    /// To auctions and other channels, and nobody says how much to which.
    Mixed,
    /// To other channels only.
    Others,
}

impl Reach {
    /// What channels say of it; `None` where there are none.
    pub fn of(channels: Option<&Placed<OneOrMany<Text>>>) -> Option<Self> {
        let channels = channels?;
        let auctions = channels.iter().filter(|channel| AUCTIONS.contains(&&*Plan::id_from(channel))).count();
        match auctions {
            _ if channels.is_empty() => None,
            0 => Some(Self::Others),
            count if count == channels.len() => Some(Self::Auctions),
            _ => Some(Self::Mixed),
        }
    }
}

/// What one conversion costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversion {
    /// The cost; a range where it is not known how many orders come from new customers.
    pub cost: Interval,
    /// What says so.
    pub of: CostOf,
}

/// What the cost of a conversion rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostOf {
    /// A KPI's `unit_cost`.
    Kpi(usize),
    /// A product's CAC.
    Cac(usize),
}

/// Why the cost of a conversion is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpriced {
    /// This KPI's `unit_cost` would tell.
    UnitCost(usize),
    /// This KPI's `product` would tell whether its `unit_cost` is the product's.
    Product(usize),
    /// The product's `cac` would tell.
    Cac(usize),
    /// No KPI counts what is bought.
    Nothing,
}

/// The unit costs of a product's KPIs.
#[derive(Debug, Clone, Copy, Default)]
struct OfProduct {
    /// The cheapest, and whose it is. An auction can be told to look for any of them, so that no plan is
    /// held to a dearer one.
    cheapest: Option<(f64, usize)>,
    /// A KPI whose unit cost is not settled.
    unsettled: Option<usize>,
    /// A KPI that counts leads or customers, and has no unit cost.
    without: Option<usize>,
    /// One that counts leads, which an auction can be told to look for instead of customers.
    leads_without: Option<usize>,
}

/// The unit costs by product.
#[derive(Debug, Default)]
pub(super) struct UnitCosts {
    products: HashMap<usize, OfProduct>,
    /// Of KPIs that name no product, and may be about any.
    of_any: OfProduct,
}

impl UnitCosts {
    fn new(facts: &Facts) -> Self {
        let mut costs = Self::default();
        for at in 0..facts.plan.kpis.len() {
            match facts.product_meant_by(at) {
                Some(product) => costs.products.entry(product).or_default().add(facts, at),
                None if facts.plan.kpis.get(at).is_some_and(|kpi| kpi.product.is_none()) => costs.of_any.add(facts, at),
                None => {}
            }
        }
        costs
    }
}

impl OfProduct {
    fn add(&mut self, facts: &Facts, at: usize) {
        let cost = facts.plan.kpis.get(at).and_then(|kpi| kpi.unit_cost.as_ref());
        match cost.map(|cost| cost.point()) {
            Some(Some(cost)) if cost > 0.0 => {
                let cheaper = self.cheapest.filter(|(cheapest, _)| *cheapest <= cost);
                self.cheapest = cheaper.or(Some((cost, at)));
            }
            Some(None) => self.unsettled = self.unsettled.or(Some(at)),
            _ => {
                let identity = facts.kpi(at);
                let leads = counts_leads(identity).then_some(at);
                self.leads_without = self.leads_without.or(leads);
                self.without = self.without.or(leads).or(counts_customers(identity).then_some(at));
            }
        }
    }

    /// The cheapest unit cost, where none is unsettled; `None` where no KPI has one.
    fn known(self) -> Option<Result<Conversion, Unpriced>> {
        let unsettled = self.unsettled.map(|at| Err(Unpriced::UnitCost(at)));
        unsettled.or_else(|| {
            let (cost, at) = self.cheapest?;
            Interval::point(cost).map(|cost| Ok(Conversion { cost, of: CostOf::Kpi(at) }))
        })
    }
}

impl Facts {
    /// What one conversion costs a product: the `unit_cost` of one of its KPIs, else what a sale costs by its CAC.
    ///
    /// # Errors
    /// What would tell.
    pub fn conversion_of_product(&self, product: usize) -> Result<Conversion, Unpriced> {
        let costs = self.unit_costs.get_or_init(|| UnitCosts::new(self));
        let own = costs.products.get(&product).copied().unwrap_or_default();
        own.known().unwrap_or_else(|| self.sale(product, own, costs.of_any))
    }

    /// What one conversion costs an initiative: the `unit_cost` of a KPI that it serves, else that of their product.
    /// `None` where it buys no conversions: it makes a brand known, or serves nothing that counts them.
    pub fn conversion_of_initiative(&self, initiative: &Initiative) -> Option<Result<Conversion, Unpriced>> {
        let creates = initiative.purpose.as_ref().is_some_and(|purpose| purpose.value == Purpose::Creation);
        let kind = initiative.kind.as_ref().map(|kind| kind.value);
        if creates || matches!(kind, Some(InitiativeKind::Brand | InitiativeKind::Rebrand)) {
            return None;
        }
        let mut served = OfProduct::default();
        let kpis: Vec<usize> = self.plan.served_by(initiative).into_iter().filter_map(own_kpi).collect();
        kpis.iter().for_each(|at| served.add(self, *at));
        served.known().or_else(|| {
            let counting = served.without?;
            let products = kpis.iter().map(|at| self.product_meant_by(*at)).collect::<Option<Vec<usize>>>();
            let product = products.unwrap_or_default();
            let only = product.first().filter(|first| product.iter().all(|other| other == *first));
            let of_product = only.and_then(|product| self.conversion_of_product(*product).ok());
            Some(of_product.ok_or(Unpriced::UnitCost(counting)))
        })
    }

    /// The money a month below which auctions learn too little, at what one conversion costs.
    pub fn viable_a_month(&self, cost: f64) -> f64 {
        self.settings.convention(&CONVERSIONS_A_WEEK) * WEEKS_A_MONTH * cost
    }

    /// The product that a KPI is about: the one that it names, else the plan's only one.
    pub fn product_meant_by(&self, kpi: usize) -> Option<usize> {
        let kpi = self.plan.kpis.get(kpi)?;
        let only = || (kpi.product.is_none() && self.plan.products.len() == 1).then_some(0);
        self.plan.product_of(kpi).or_else(only)
    }

    /// The product that one of the plan's own KPIs is about.
    pub fn product_of_metric(&self, metric: MetricRef) -> Option<usize> {
        own_kpi(metric).and_then(|kpi| self.product_meant_by(kpi))
    }

    /// What a sale costs by a product's CAC. Auctions learn from every order, and CAC is charged to new customers only:
    /// where customers come back, an order costs as much less as there are more of them.
    fn sale(&self, product: usize, own: OfProduct, of_any: OfProduct) -> Result<Conversion, Unpriced> {
        // An auction can be told to look for leads, which happen more often: then their cost is what counts.
        let priced = of_any.unsettled.or(of_any.cheapest.map(|(_, at)| at)).map(Unpriced::Product);
        let leads = own.leads_without.map(Unpriced::UnitCost);
        if let Some(unpriced) = leads.or(priced).or(of_any.leads_without.map(Unpriced::UnitCost)) {
            return Err(unpriced);
        }
        // Where people sell, what an auction can be told to look for is an earlier step than a customer.
        if self.plan.head.motion.as_ref().is_some_and(|motion| motion.value == Motion::SalesLed) {
            return Err(own.without.map_or(Unpriced::Nothing, Unpriced::UnitCost));
        }
        let economics = self.economics(EconomicsOf::Product(product));
        let cac = economics.and_then(|economics| economics.cac.as_ref().ok()).map(|cac| cac.value);
        let cac = cac.filter(|cac| cac.low() > 0.0).ok_or(Unpriced::Cac(product))?;
        let cost = self.new_share(product).and_then(|share| cac.times(share)).ok_or(Unpriced::Cac(product))?;
        Ok(Conversion { cost, of: CostOf::Cac(product) })
    }

    /// The share of a product's orders that come from new customers, by the plan or by how its customers buy.
    fn new_share(&self, product: usize) -> Option<Interval> {
        let given = self.plan.products.get(product)?.economics.new_share.as_ref();
        if let Some(share) = given {
            let (low, high) = share.quantity().fraction().ok()?.bounds()?;
            return Interval::new(low, high);
        }
        let new_only = matches!(self.business_model(), Some(BusinessModel::Subscription | BusinessModel::OneOff));
        let least = if new_only { 1.0 } else { self.settings.convention(&NEW_SHARE_LEAST) };
        Interval::new(least, 1.0)
    }
}

/// The conversions that so much money a month buys in a week.
pub fn bought_a_week(monthly: f64, cost: f64) -> f64 {
    monthly / WEEKS_A_MONTH / cost
}

fn own_kpi(metric: MetricRef) -> Option<usize> {
    match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => Some(at),
        _ => None,
    }
}

fn counts_leads(identity: Identity) -> bool {
    let counts = identity.metric.is_none_or(|metric| metric.unit == MetricUnit::Count);
    counts && identity.kind == Some(Kind::LeadVolume)
}

fn counts_customers(identity: Identity) -> bool {
    identity.metric.is_some_and(|metric| metric.name == "new-customers")
}
