//! Economics from a plan's own keys: the figures of each product, and of the plan as a whole.

use super::Facts;
use super::economics::{Billing, Conventions, Economics, Inputs, Lasting, Purchase};
use super::interval::Interval;
use crate::plan::{self, BusinessModel, EconomicKeys, Plan, Subject};
use crate::settings::FEWEST_CUSTOMERS;
use crate::source::Span;

/// Whose economics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EconomicsOf {
    /// The plan's own; those of a plan that it extends where it has none.
    Plan,
    /// A product's, by its index.
    Product(usize),
    /// A product's of a plan that this one extends.
    Extended {
        /// The number of the plan, from 1.
        plan: usize,
        /// The product's index there.
        product: usize,
    },
}

/// The economics of a plan, its products, and those of the plans that it extends.
#[derive(Debug)]
pub(super) struct Worths {
    plan: Option<Economics>,
    /// By plan, 0 being this one, and product.
    products: Vec<Vec<Economics>>,
}

impl Worths {
    pub(super) fn new(facts: &Facts) -> Self {
        let conventions = Conventions::new(&facts.settings);
        let plans = || (0..=facts.plan.extended.len()).filter_map(|number| facts.plan.numbered(number));
        let of_plan = plans().find_map(|plan| {
            let keys = &plan.head.economics.as_ref()?.keys;
            Some(Economics::derive(&inputs(keys, model(plan), None), &conventions))
        });
        let of_products = plans().map(|plan| {
            let products = plan.products.iter().enumerate().map(|(at, product)| {
                let budget = plan.money_of(Subject::Product(at));
                Economics::derive(&inputs(&product.economics, model(plan), budget), &conventions)
            });
            products.collect()
        });
        Self { plan: of_plan, products: of_products.collect() }
    }

    pub(super) fn get(&self, of: EconomicsOf) -> Option<&Economics> {
        match of {
            EconomicsOf::Plan => self.plan.as_ref(),
            EconomicsOf::Product(at) => self.products.first()?.get(at),
            EconomicsOf::Extended { plan, product } => self.products.get(plan)?.get(product),
        }
    }
}

/// The keys that economics are derived from.
pub(crate) fn keys(plan: &Plan, of: EconomicsOf) -> Option<&EconomicKeys> {
    match of {
        EconomicsOf::Plan => {
            let mut plans = (0..=plan.extended.len()).filter_map(|number| plan.numbered(number));
            plans.find_map(|plan| plan.head.economics.as_ref()).map(|economics| &economics.keys)
        }
        EconomicsOf::Product(at) => plan.products.get(at).map(|product| &product.economics),
        EconomicsOf::Extended { plan: number, product } => {
            plan.numbered(number)?.products.get(product).map(|product| &product.economics)
        }
    }
}

impl Facts {
    /// How the business earns, where the plan says so.
    pub fn business_model(&self) -> Option<BusinessModel> {
        model(&self.plan)
    }

    /// Whether the economics of customers are what the business lives by: not so of a nonprofit or an ad-funded one.
    pub fn pays_by_customer(&self) -> bool {
        !matches!(self.business_model(), Some(BusinessModel::AdFunded | BusinessModel::Nonprofit))
    }

    /// Whether nobody usually sells to customers of such a business in person.
    pub fn is_usually_sold_directly(&self) -> bool {
        use BusinessModel::{AdFunded, Nonprofit, OneOff, RepeatPurchase};
        matches!(self.business_model(), Some(OneOff | RepeatPurchase | AdFunded | Nonprofit))
    }

    /// Whether customers buy once, so that what is left of the one order is all that they bring.
    pub fn buys_once(&self) -> bool {
        self.business_model() == Some(BusinessModel::OneOff)
    }

    /// The economics that the plan itself answers for: its own, and each product's.
    ///
    /// A product that says nothing of its own has the plan's, which are judged once; without those it lacks economics,
    /// where it is a product that gets money, or could.
    pub fn own_economics(&self) -> impl Iterator<Item = OwnEconomics<'_>> {
        let of_plan = self.plan.head.economics.as_ref().map(|economics| &economics.keys);
        let products = self.plan.products.iter().enumerate().filter(move |(at, product)| {
            let funded = || self.plan.money_of(Subject::Product(*at)) != Some(0.0);
            says_something(&product.economics) || of_plan.is_none() && super::is_product(product) && funded()
        });
        let products = products.map(|(at, product)| (EconomicsOf::Product(at), &product.economics));
        let all = of_plan.map(|keys| (EconomicsOf::Plan, keys)).into_iter().chain(products);
        all.filter_map(|(of, keys)| Some(OwnEconomics { of, keys, figures: self.economics(of)? }))
    }
}

/// The economics of a product, or of the plan as a whole, in the plan itself.
#[derive(Debug, Clone, Copy)]
pub struct OwnEconomics<'f> {
    /// Whose they are.
    pub of: EconomicsOf,
    /// As the plan gives them.
    pub keys: &'f EconomicKeys,
    /// What follows from them.
    pub figures: &'f Economics,
}

impl OwnEconomics<'_> {
    /// The subject that is judged by them.
    pub fn subject(&self) -> Subject {
        match self.of {
            EconomicsOf::Product(at) => Subject::Product(at),
            EconomicsOf::Plan | EconomicsOf::Extended { .. } => Subject::Plan,
        }
    }

    /// Where they stand as a whole.
    pub fn place(&self, facts: &Facts) -> Span {
        let of_plan = facts.plan.head.economics.as_ref().map(|economics| economics.key);
        let own = || facts.plan.place_of(self.subject());
        of_plan.filter(|_| self.subject() == Subject::Plan).unwrap_or_else(own)
    }

    /// Whether they rest on so few customers that their averages decide nothing.
    pub fn rest_on_few(&self, facts: &Facts) -> bool {
        let fewest = facts.settings.convention(&FEWEST_CUSTOMERS);
        self.keys.customers.as_ref().and_then(|customers| customers.point()).is_some_and(|known| known < fewest)
    }
}

/// Whether a product says anything of what its customers pay, cost or bring.
pub(super) fn says_something(keys: &EconomicKeys) -> bool {
    keys.price.is_some()
        || keys.gross_margin.is_some()
        || keys.monthly_churn.is_some()
        || keys.lifetime.is_some()
        || keys.orders_per_customer.is_some()
        || keys.ltv.is_some()
        || keys.cac.is_some()
}

fn model(plan: &Plan) -> Option<BusinessModel> {
    plan.head.business_model.as_ref().map(|model| model.value)
}

fn inputs(keys: &EconomicKeys, model: Option<BusinessModel>, budget: Option<f64>) -> Inputs {
    let purchase = model.and_then(purchase);
    Inputs {
        purchase,
        price: keys.price.as_ref().and_then(|price| price.point()),
        billing: keys.billing.as_ref().map(|billing| match billing.value {
            plan::Billing::Once => Billing::Once,
            plan::Billing::Monthly => Billing::Monthly,
            plan::Billing::Yearly => Billing::Yearly,
        }),
        gross_margin: keys.gross_margin.as_ref().and_then(|margin| margin.point()),
        lasting: lasting(keys, purchase),
        ltv: keys.ltv.as_ref().and_then(|ltv| ltv.point()),
        cac: keys.cac.as_ref().and_then(|cac| cac.point()),
        budget,
        new_customers: keys.new_customers.as_ref().and_then(|customers| customers.point()),
        new_share: keys.new_share.as_ref().and_then(|share| {
            let (low, high) = share.quantity().fraction().ok()?.bounds()?;
            Interval::new(low, high)
        }),
    }
}

/// How long a customer lasts, in the way that fits how customers buy where the plan gives several.
fn lasting(keys: &EconomicKeys, purchase: Option<Purchase>) -> Option<Lasting> {
    let churn = keys.monthly_churn.as_ref().and_then(|churn| churn.point()).map(Lasting::MonthlyChurn);
    let lifetime = keys.lifetime.as_ref().and_then(|lifetime| lifetime.months()).map(Lasting::LifetimeMonths);
    let orders = keys.orders_per_customer.as_ref().and_then(|orders| orders.point()).map(Lasting::Orders);
    match purchase {
        Some(Purchase::Repeat | Purchase::OneOff) => orders.or(churn).or(lifetime),
        Some(Purchase::Recurring) | None => churn.or(lifetime).or(orders),
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
