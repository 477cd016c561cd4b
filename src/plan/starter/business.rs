//! The kinds of business that `init` knows: what each is called in its question, and what a plan of it begins with.

use crate::plan::draft::{BusinessModel, Motion};

/// A kind of business.
#[derive(Debug, PartialEq, Eq)]
pub struct Business {
    /// What it is called.
    pub words: &'static str,
    /// How it earns, where that is known.
    pub model: Option<BusinessModel>,
    /// How it sells, where that is known.
    pub motion: Option<Motion>,
    /// What such a business is usually to reach.
    pub goal: &'static str,
    /// A number that moves it.
    pub(super) kpi: &'static str,
    /// A number that must not get worse on the way.
    pub(super) guard: &'static str,
    /// The economic keys that say what a customer is worth; none where customers do not pay.
    pub(super) economics: &'static [&'static str],
    /// What its price is, where the words of the key would mislead.
    pub(super) price: Option<&'static str>,
    /// The stages from stranger to money; none where there is no such way.
    pub(super) stages: &'static [&'static str],
}

impl Business {
    /// The kinds to choose from, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[
        Self {
            words: "subscription, sold by people",
            model: Some(BusinessModel::Subscription),
            motion: Some(Motion::SalesLed),
            goal: "New ARR",
            kpi: "Marketing-qualified leads",
            guard: "Monthly churn",
            economics: SUBSCRIPTION,
            price: None,
            stages: &["MQL", "SQL", "Customer"],
        },
        Self {
            words: "subscription, bought without a salesperson",
            model: Some(BusinessModel::Subscription),
            motion: Some(Motion::SelfServe),
            goal: "New MRR",
            kpi: "Sign-ups",
            guard: "Monthly churn",
            economics: SUBSCRIPTION,
            price: None,
            stages: &["Sign-up", "Activated", "Customer"],
        },
        Self {
            words: "repeat purchase: customers come back to buy again",
            model: Some(BusinessModel::RepeatPurchase),
            motion: None,
            goal: "Revenue",
            kpi: "New customers",
            guard: "Repeat purchase rate",
            economics: REPEAT_PURCHASE,
            price: None,
            stages: &["Visit", "Basket", "Order"],
        },
        Self {
            words: "one-off purchase, sold by people",
            model: Some(BusinessModel::OneOff),
            motion: Some(Motion::SalesLed),
            goal: "Revenue",
            kpi: "Qualified leads",
            guard: "Win rate",
            economics: ONE_OFF,
            price: None,
            stages: &["Lead", "Offer", "Customer"],
        },
        Self {
            words: "one-off purchase, bought without a salesperson",
            model: Some(BusinessModel::OneOff),
            motion: Some(Motion::SelfServe),
            goal: "Revenue",
            kpi: "New customers",
            guard: "Return rate",
            economics: ONE_OFF,
            price: None,
            stages: &["Visit", "Basket", "Order"],
        },
        Self {
            words: "marketplace: a share of what others sell",
            model: Some(BusinessModel::Marketplace),
            motion: None,
            goal: "Net revenue",
            kpi: "New buyers",
            guard: "Take rate",
            economics: REPEAT_PURCHASE,
            price: Some("What you keep of one order: the order times the take rate, not the whole order"),
            stages: &["Visit", "Sign-up", "Order"],
        },
        Self {
            words: "ad-funded: advertisers pay for the audience",
            model: Some(BusinessModel::AdFunded),
            motion: None,
            goal: "Advertising revenue",
            kpi: "Returning visitors",
            guard: "Bounce rate",
            economics: &[],
            price: None,
            stages: &[],
        },
        Self {
            words: "nonprofit: donations and grants",
            model: Some(BusinessModel::Nonprofit),
            motion: None,
            goal: "Donations",
            kpi: "New donors",
            guard: "Donor retention rate",
            economics: &[],
            price: None,
            stages: &["Contact", "First gift", "Second gift"],
        },
    ];

    /// A business of which nothing is known.
    pub(super) const UNKNOWN: &'static Self = &Self {
        words: "",
        model: None,
        motion: None,
        goal: "Revenue",
        kpi: "Qualified leads",
        guard: "Gross margin",
        economics: &["price", "billing", "gross_margin", "monthly_churn", "orders_per_customer", "new_customers"],
        price: None,
        stages: &["Lead", "Customer"],
    };

    /// Whether one team may hand people over to another that sells to them.
    pub(super) fn hands_over(&self) -> bool {
        self.model.is_none() || self.motion == Some(Motion::SalesLed)
    }
}

const SUBSCRIPTION: &[&str] = &["price", "billing", "gross_margin", "monthly_churn", "new_customers"];
const REPEAT_PURCHASE: &[&str] = &["price", "gross_margin", "orders_per_customer", "new_customers"];
const ONE_OFF: &[&str] = &["price", "gross_margin", "new_customers"];
