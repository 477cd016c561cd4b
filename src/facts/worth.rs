//! Economics from a plan's own keys: the figures of each product, and of the plan as a whole.

use super::Facts;
use super::economics::{self, Billing, Conventions, Economics, Inputs, Lasting, Purchase};
use super::interval::Interval;
use crate::plan::{self, BusinessModel, EconomicKeys, Plan};
use crate::settings::{HORIZON, LTV_TO_CAC, NEW_SHARE_LEAST, ROAS_HEADROOM, Settings};

/// Whose economics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EconomicsOf {
    /// The plan's own.
    Plan,
    /// A product's, by its index.
    Product(usize),
}

/// The economics of a plan and its products.
#[derive(Debug)]
pub(super) struct Worths {
    plan: Option<Economics>,
    products: Vec<Economics>,
}

impl Worths {
    pub(super) fn new(facts: &Facts) -> Self {
        let conventions = conventions(&facts.settings);
        let model = facts.plan.head.business_model.as_ref().map(|model| model.value);
        let derive = |keys: &EconomicKeys, budget| Economics::derive(&inputs(keys, model, budget), &conventions);
        let products = facts.plan.products.iter();
        let products = products
            .map(|product| derive(&product.economics, product.budget.as_ref().and_then(|budget| budget.point())));
        let written = |plan: &Plan| plan.head.economics.as_ref().map(|economics| economics.keys.clone());
        let own = written(&facts.plan).or_else(|| facts.plan.extended.iter().find_map(|plan| written(plan)));
        Self { plan: own.map(|keys| derive(&keys, None)), products: products.collect() }
    }

    pub(super) fn get(&self, of: EconomicsOf) -> Option<&Economics> {
        match of {
            EconomicsOf::Plan => self.plan.as_ref(),
            EconomicsOf::Product(at) => self.products.get(at),
        }
    }
}

fn conventions(settings: &Settings) -> Conventions {
    Conventions {
        horizon_months: settings.convention(&HORIZON),
        target_ltv_to_cac: settings.convention(&LTV_TO_CAC),
        new_share_when_absent: (settings.convention(&NEW_SHARE_LEAST), economics::NEW_SHARE_WHEN_ABSENT.1),
        roas_headroom: settings.convention(&ROAS_HEADROOM),
    }
}

fn inputs(keys: &EconomicKeys, model: Option<BusinessModel>, budget: Option<f64>) -> Inputs {
    let churn = keys.monthly_churn.as_ref().and_then(|churn| churn.point()).map(Lasting::MonthlyChurn);
    let lifetime = || keys.lifetime.as_ref().and_then(|lifetime| lifetime.months()).map(Lasting::LifetimeMonths);
    let orders = || keys.orders_per_customer.as_ref().and_then(|orders| orders.point()).map(Lasting::Orders);
    Inputs {
        purchase: model.and_then(purchase),
        price: keys.price.as_ref().and_then(|price| price.point()),
        billing: keys.billing.as_ref().map(|billing| match billing.value {
            plan::Billing::Once => Billing::Once,
            plan::Billing::Monthly => Billing::Monthly,
            plan::Billing::Yearly => Billing::Yearly,
        }),
        gross_margin: keys.gross_margin.as_ref().and_then(|margin| margin.point()),
        lasting: churn.or_else(lifetime).or_else(orders),
        ltv: keys.ltv.as_ref().and_then(|ltv| ltv.point()),
        cac: keys.cac.as_ref().and_then(|cac| cac.point()),
        budget,
        new_customers: keys.new_customers.as_ref().and_then(|customers| customers.point()),
        new_share: keys.new_share.as_ref().and_then(|share| share.point()).and_then(Interval::point),
    }
}

fn purchase(model: BusinessModel) -> Option<Purchase> {
    match model {
        BusinessModel::Subscription => Some(Purchase::Recurring),
        BusinessModel::RepeatPurchase | BusinessModel::Marketplace => Some(Purchase::Repeat),
        BusinessModel::OneOff => Some(Purchase::OneOff),
        BusinessModel::AdFunded | BusinessModel::Nonprofit => None,
    }
}
