//! What a customer is worth, costs and pays back, from a product's own figures: LTV, CAC, payback and ROAS.

use super::interval::Interval;
use crate::settings::{HORIZON, LTV_TO_CAC, NEW_SHARE_LEAST, ROAS_HEADROOM, Settings};

/// The largest share of new customers, where a plan does not say: all of them.
const NEW_SHARE_MOST: f64 = 1.0;

/// The LTV:CAC at which a customer brings in what it cost.
pub const BREAK_EVEN_LTV_TO_CAC: f64 = 1.0;

/// A figure closer than this to a threshold, as a share of it, stands on the threshold: what is
/// left of the difference is rounding.
const ROUNDING: f64 = 1e-9;

const MONTHS_A_YEAR: f64 = 12.0;

/// The numbers that the arithmetic agrees on beforehand, all settable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conventions {
    /// Months over which a subscriber's gross profit is counted: [`HORIZON`].
    pub horizon_months: f64,
    /// The LTV:CAC to keep: [`LTV_TO_CAC`].
    pub target_ltv_to_cac: f64,
    /// Least and most `new_share` where it is absent: from [`NEW_SHARE_LEAST`].
    pub new_share_when_absent: (f64, f64),
    /// A ROAS target over this multiple of its floor holds growth back: [`ROAS_HEADROOM`].
    pub roas_headroom: f64,
}

impl Conventions {
    /// As the settings have them.
    pub fn new(settings: &Settings) -> Self {
        Self {
            horizon_months: settings.convention(&HORIZON),
            target_ltv_to_cac: settings.convention(&LTV_TO_CAC),
            new_share_when_absent: (settings.convention(&NEW_SHARE_LEAST), NEW_SHARE_MOST),
            roas_headroom: settings.convention(&ROAS_HEADROOM),
        }
    }
}

impl Default for Conventions {
    fn default() -> Self {
        Self::new(&Settings::default())
    }
}

/// How customers come back, by the plan's business model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purchase {
    /// They pay every month or year until they leave: a subscription.
    Recurring,
    /// They order again when they want to.
    Repeat,
    /// They buy once.
    OneOff,
}

/// What one `price` pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billing {
    /// One order.
    Once,
    /// One month.
    Monthly,
    /// One year.
    Yearly,
}

/// How long a customer lasts, in the one way that the plan tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lasting {
    /// The share of customers that leaves in a month, 0 to 1.
    MonthlyChurn(f64),
    /// The months that a customer stays.
    LifetimeMonths(f64),
    /// The orders that a customer places in all, the first included.
    Orders(f64),
}

/// What a product, or a plan as a whole, says about its economics; absent is unknown, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Inputs {
    /// How customers come back; billing, where given, is the stronger evidence.
    pub purchase: Option<Purchase>,
    /// Money for a first order, or what one billing pays.
    pub price: Option<f64>,
    /// What that price pays for.
    pub billing: Option<Billing>,
    /// Gross margin as a share of price: 0.4 is 40%.
    pub gross_margin: Option<f64>,
    /// How long a customer lasts.
    pub lasting: Option<Lasting>,
    /// Lifetime value as the plan gives it, in money.
    pub ltv: Option<f64>,
    /// Customer acquisition cost as the plan gives it, in money.
    pub cac: Option<f64>,
    /// Marketing money in the period.
    pub budget: Option<f64>,
    /// Customers expected in the period from that money.
    pub new_customers: Option<f64>,
    /// The share of attributed orders that come from new customers, over 0 and up to 1.
    pub new_share: Option<Interval>,
}

/// A key of the plan that a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `business_model`, a key of the plan itself.
    BusinessModel,
    /// `price`.
    Price,
    /// `billing`.
    Billing,
    /// `gross_margin`.
    GrossMargin,
    /// `monthly_churn`.
    MonthlyChurn,
    /// `lifetime`.
    Lifetime,
    /// `orders_per_customer`.
    OrdersPerCustomer,
    /// `ltv`.
    Ltv,
    /// `cac`.
    Cac,
    /// `budget`.
    Budget,
    /// `new_customers`.
    NewCustomers,
    /// `new_share`.
    NewShare,
    /// The target of a ROAS KPI.
    Target,
}

impl Field {
    const ALL: [Self; 13] = [
        Self::BusinessModel,
        Self::Price,
        Self::Billing,
        Self::GrossMargin,
        Self::MonthlyChurn,
        Self::Lifetime,
        Self::OrdersPerCustomer,
        Self::Ltv,
        Self::Cac,
        Self::Budget,
        Self::NewCustomers,
        Self::NewShare,
        Self::Target,
    ];

    /// The key as it is written in a plan.
    pub fn key(self) -> &'static str {
        match self {
            Self::BusinessModel => "business_model",
            Self::Price => "price",
            Self::Billing => "billing",
            Self::GrossMargin => "gross_margin",
            Self::MonthlyChurn => "monthly_churn",
            Self::Lifetime => "lifetime",
            Self::OrdersPerCustomer => "orders_per_customer",
            Self::Ltv => "ltv",
            Self::Cac => "cac",
            Self::Budget => "budget",
            Self::NewCustomers => "new_customers",
            Self::NewShare => "new_share",
            Self::Target => "target",
        }
    }
}

/// Some keys, each once, in the order of [`Field`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSet(u16);

impl FieldSet {
    /// Those of a list.
    pub fn of(fields: &[Field]) -> Self {
        Self(fields.iter().fold(0, |all, field| all | Self::bit(*field)))
    }

    /// Whether a key is one of them.
    pub fn has(self, field: Field) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }

    fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn bit(field: Field) -> u16 {
        1 << field as u16
    }
}

/// How a figure came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The plan gives it.
    Given,
    /// Absent from the plan, and taken from [`Conventions`].
    Assumed,
    /// Spend divided by the new customers that it brings.
    FromSpend,
    /// What a customer may cost under a ROAS.
    FromRoas,
    /// Gross profit of the months that churn leaves, up to the horizon.
    FromChurn,
    /// Gross profit of the lifetime, up to the horizon.
    FromLifetime,
    /// Gross profit of all orders of a customer.
    FromOrders,
    /// Gross profit of the one order of a one-off purchase.
    FromOneOrder,
    /// Worked out from other figures.
    Computed,
}

/// A figure with how it came to be; a range where it rests on an assumed or given range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derived {
    /// The figure.
    pub value: Interval,
    /// How it came to be.
    pub origin: Origin,
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Underivable {
    /// The plan lacks these keys.
    Missing(FieldSet),
    /// These keys hold a number from which no figure follows, such as no new customers at all.
    Undefined(FieldSet),
    /// There is no such figure for this way of buying, such as payback in months for single orders.
    DoesNotApply,
}

/// A figure, or why there is none.
pub type Derivation = Result<Derived, Underivable>;

/// The figure, where there is one.
pub fn known(figure: &Derivation) -> Option<Interval> {
    figure.as_ref().ok().map(|derived| derived.value)
}

/// Every figure that follows from one set of inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Economics {
    /// Monthly gross profit of a subscriber, m: price × gross margin, ÷ 12 where billed yearly.
    pub monthly_gross_profit: Derivation,
    /// Lifetime value in gross profit: as given, else [`Economics::derived_ltv`].
    pub ltv: Derivation,
    /// Lifetime value from price, margin and how long a customer lasts, whether or not one is given.
    ///
    /// m·(1−(1−c)^h)/c by monthly churn c over a horizon of h months, the sum of the gross profits
    /// of a customer who pays at the start of each month and leaves with probability c after it (a
    /// geometric series, undiscounted; compare Gupta and Lehmann, "Customers as Assets", Journal of
    /// Interactive Marketing, 2003); m·min(n, h) by a lifetime of n months; price × margin × orders.
    pub derived_ltv: Derivation,
    /// The same without a horizon: m/c, m·n, price × margin × orders. A given LTV well above it
    /// counts something that is not gross profit.
    pub uncapped_ltv: Derivation,
    /// Customer acquisition cost: as given, else [`Economics::cac_from_spend`].
    pub cac: Derivation,
    /// Budget ÷ new customers, whether or not a CAC is given.
    pub cac_from_spend: Derivation,
    /// LTV ÷ CAC.
    pub ltv_to_cac: Derivation,
    /// CAC ÷ monthly gross profit, in months; for subscriptions.
    pub payback_months: Derivation,
    /// Months until payments received cover CAC, for years paid ahead: a year's gross profit counts
    /// in full on the day that it is paid.
    pub cash_payback_months: Derivation,
    /// Gross profit of the first order less CAC, in money; for repeat and one-off purchase.
    pub first_order_profit_less_cac: Derivation,
    /// The ROAS at which a sale's gross profit equals what it cost: 1 ÷ gross margin.
    pub break_even_roas: Derivation,
    /// The lowest ROAS that keeps LTV:CAC at its target t: price·t/(new share·LTV).
    pub roas_floor: Derivation,
    /// The share of new customers that ROAS figures rest on, [`Origin::Assumed`] where absent.
    pub new_share: Derivation,
    inputs: Inputs,
    conventions: Conventions,
}

/// What a ROAS would mean for the customers bought under it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderRoas {
    /// What a new customer costs: price/(ROAS·new share).
    pub cac: Derivation,
    /// LTV ÷ that CAC.
    pub ltv_to_cac: Derivation,
    /// That CAC ÷ monthly gross profit, in months; for subscriptions.
    pub payback_months: Derivation,
    /// Gross profit of the first order less that CAC; for repeat and one-off purchase.
    pub first_order_profit_less_cac: Derivation,
    /// What it comes to.
    pub reading: Result<Reading, Underivable>,
}

/// What a ROAS target does, by LTV:CAC under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoasReading {
    /// Under break-even, and the customer is never worth what it cost.
    DestroysValue,
    /// At or over break-even, and the customer is still never worth what it cost, since only a part
    /// of the orders comes from new customers.
    PassesAndStillLoses,
    /// The customer is worth what it cost, but less than the target LTV:CAC.
    TooLow,
    /// Over the floor by more than the headroom: it can be relaxed to the floor.
    HoldsGrowthBack,
    /// At the floor or over it by no more than the headroom.
    AboutRight,
}

impl RoasReading {
    /// Whether LTV:CAC under the ROAS is below its target.
    pub fn is_under_target(self) -> bool {
        matches!(self, Self::DestroysValue | Self::PassesAndStillLoses | Self::TooLow)
    }
}

/// A [`RoasReading`] that holds, or the two between which it is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It holds over the whole range of new share.
    Holds(RoasReading),
    /// It depends on the share of new customers, which is not known well enough.
    Undecided {
        /// The reading at the least share.
        at_least_new: RoasReading,
        /// The reading at the largest share.
        at_most_new: RoasReading,
    },
}

impl Economics {
    /// Whether the horizon makes lifetime value less than it would be without.
    pub fn is_capped(&self) -> bool {
        match (&self.ltv, &self.derived_ltv, &self.uncapped_ltv) {
            (Ok(ltv), Ok(derived), Ok(uncapped)) => ltv.value == derived.value && derived.value != uncapped.value,
            _ => false,
        }
    }

    /// The LTV:CAC to keep.
    pub fn wanted_ltv_to_cac(&self) -> f64 {
        self.conventions.target_ltv_to_cac
    }

    /// How long a customer lasts, in the way that the figures rest on.
    pub fn lasting(&self) -> Option<Lasting> {
        self.inputs.lasting
    }

    /// Works out every figure that the inputs allow.
    pub fn derive(inputs: &Inputs, conventions: &Conventions) -> Self {
        let monthly_gross_profit = monthly_gross_profit(inputs);
        let derived_ltv = lifetime_value(inputs, Horizon::Months(conventions.horizon_months));
        let ltv = given(inputs.ltv, Field::Ltv).unwrap_or(derived_ltv);
        let cac_from_spend = cac_from_spend(inputs);
        let cac = given(inputs.cac, Field::Cac).unwrap_or(cac_from_spend);
        let new_share = new_share(inputs, conventions);
        Self {
            ltv_to_cac: quotient(&ltv, &cac, &cac_fields(inputs)),
            payback_months: payback(inputs, &cac, &monthly_gross_profit),
            cash_payback_months: cash_payback(inputs, &cac),
            first_order_profit_less_cac: first_order_profit_less_cac(inputs, &cac),
            break_even_roas: break_even_roas(inputs),
            roas_floor: roas_floor(inputs, conventions, &new_share, &ltv),
            uncapped_ltv: lifetime_value(inputs, Horizon::None),
            monthly_gross_profit,
            ltv,
            derived_ltv,
            cac,
            cac_from_spend,
            new_share,
            inputs: *inputs,
            conventions: *conventions,
        }
    }

    /// What buying customers at `roas` (4 for 400%) would mean.
    pub fn under_roas(&self, roas: f64) -> UnderRoas {
        let cac = self.cac_under(roas);
        let ltv_to_cac = quotient(&self.ltv, &cac, &[Field::Target]);
        UnderRoas {
            payback_months: payback(&self.inputs, &cac, &self.monthly_gross_profit),
            first_order_profit_less_cac: first_order_profit_less_cac(&self.inputs, &cac),
            reading: self.reading(roas, &ltv_to_cac),
            cac,
            ltv_to_cac,
        }
    }

    fn cac_under(&self, roas: f64) -> Derivation {
        let price = amount(self.inputs.price, Field::Price);
        let ((price, share), roas) = both(both(price, self.new_share), above_zero(Some(roas), Field::Target))?;
        let value = share.value.scale(roas).and_then(|new_revenue| Interval::point(price)?.divided_by(new_revenue));
        derived(value, Origin::FromRoas, &[Field::Price, Field::Target])
    }

    fn reading(&self, roas: f64, ltv_to_cac: &Derivation) -> Result<Reading, Underivable> {
        let margin = margin(&self.inputs);
        let (ratio, margin) = both(*ltv_to_cac, margin)?;
        let first_sale = if reaches(roas * margin, 1.0) { FirstSale::CoversItsCost } else { FirstSale::FallsShort };
        // A reading depends on new share through LTV:CAC alone, which rises with it, and each
        // reading covers one unbroken stretch: the same reading at both ends holds between them.
        let at_least_new = self.reading_at(first_sale, ratio.value.low());
        let at_most_new = self.reading_at(first_sale, ratio.value.high());
        Ok(if at_least_new == at_most_new {
            Reading::Holds(at_least_new)
        } else {
            Reading::Undecided { at_least_new, at_most_new }
        })
    }

    fn reading_at(&self, first_sale: FirstSale, ltv_to_cac: f64) -> RoasReading {
        let target = self.conventions.target_ltv_to_cac;
        // A ROAS is over its floor by as much as LTV:CAC under it is over the target.
        let most = target * self.conventions.roas_headroom;
        if !reaches(ltv_to_cac, BREAK_EVEN_LTV_TO_CAC) {
            match first_sale {
                FirstSale::FallsShort => RoasReading::DestroysValue,
                FirstSale::CoversItsCost => RoasReading::PassesAndStillLoses,
            }
        } else if !reaches(ltv_to_cac, target) {
            RoasReading::TooLow
        } else if exceeds(ltv_to_cac, most) {
            RoasReading::HoldsGrowthBack
        } else {
            RoasReading::AboutRight
        }
    }
}

/// What one unit at the head of a chain of rates is worth: `value` times every rate.
///
/// `None` where the product is not a finite number.
pub fn worth_of_one(rates: &[f64], value: f64) -> Option<f64> {
    let worth = rates.iter().product::<f64>() * value;
    worth.is_finite().then_some(worth)
}

#[derive(Debug, Clone, Copy)]
enum FirstSale {
    CoversItsCost,
    FallsShort,
}

#[derive(Debug, Clone, Copy)]
enum Horizon {
    Months(f64),
    None,
}

fn monthly_gross_profit(inputs: &Inputs) -> Derivation {
    if !matches!(purchase(inputs), Some(Purchase::Recurring) | None) {
        return Err(Underivable::DoesNotApply);
    }
    let (profit, billing) = both(gross_profit_of_a_payment(inputs), billing(inputs))?;
    let monthly = match billing {
        Billing::Once => return Err(Underivable::DoesNotApply),
        Billing::Monthly => profit,
        Billing::Yearly => profit / MONTHS_A_YEAR,
    };
    derived(Interval::point(monthly), Origin::Computed, &[Field::Price])
}

fn lifetime_value(inputs: &Inputs, horizon: Horizon) -> Derivation {
    match (inputs.lasting, purchase(inputs)) {
        (Some(Lasting::Orders(orders)), _) => {
            value_of_orders(inputs, amount(Some(orders), Field::OrdersPerCustomer), Origin::FromOrders)
        }
        (_, Some(Purchase::OneOff)) => value_of_orders(inputs, Ok(1.0), Origin::FromOneOrder),
        (_, Some(Purchase::Repeat)) => {
            let orders = Err(Underivable::Missing(FieldSet::of(&[Field::OrdersPerCustomer])));
            value_of_orders(inputs, orders, Origin::FromOrders)
        }
        (Some(Lasting::MonthlyChurn(churn)), _) => {
            value_of_months(inputs, months_by_churn(churn, horizon), Field::MonthlyChurn, Origin::FromChurn)
        }
        (Some(Lasting::LifetimeMonths(months)), _) => {
            value_of_months(inputs, months_by_lifetime(months, horizon), Field::Lifetime, Origin::FromLifetime)
        }
        (None, Some(Purchase::Recurring)) => {
            let months = Err(Underivable::Missing(FieldSet::of(&[Field::MonthlyChurn])));
            value_of_months(inputs, months, Field::MonthlyChurn, Origin::FromChurn)
        }
        (None, None) => {
            let lasting = Err(Underivable::Missing(FieldSet::of(&[Field::BusinessModel])));
            value_of_orders(inputs, lasting, Origin::FromOrders)
        }
    }
}

fn value_of_orders(inputs: &Inputs, orders: Result<f64, Underivable>, origin: Origin) -> Derivation {
    let (profit, orders) = both(gross_profit_of_a_payment(inputs), orders)?;
    let fields = [Field::Price, Field::OrdersPerCustomer];
    derived(Interval::point(profit * orders), origin, &fields)
}

fn value_of_months(inputs: &Inputs, months: Result<f64, Underivable>, field: Field, origin: Origin) -> Derivation {
    let (monthly, months) = both(monthly_gross_profit(inputs), months)?;
    derived(monthly.value.scale(months), origin, &[Field::Price, field])
}

/// The months that a customer is expected to pay, from one (all leave after it) to the horizon.
fn months_by_churn(churn: f64, horizon: Horizon) -> Result<f64, Underivable> {
    let undefined = || Underivable::Undefined(FieldSet::of(&[Field::MonthlyChurn]));
    if !(0.0..=1.0).contains(&churn) {
        return Err(undefined());
    }
    match horizon {
        Horizon::None if churn > 0.0 => Ok(1.0 / churn),
        Horizon::None => Err(undefined()),
        // Below the precision of 1 − c the sum is its limit, one whole month for each of the horizon.
        Horizon::Months(months) if churn < f64::EPSILON => Ok(months),
        // `ln_1p` and `exp_m1` keep the digits that 1 − (1 − c)^h would cancel for a small churn.
        Horizon::Months(months) => Ok(-(months * (-churn).ln_1p()).exp_m1() / churn),
    }
}

fn months_by_lifetime(months: f64, horizon: Horizon) -> Result<f64, Underivable> {
    let months = amount(Some(months), Field::Lifetime)?;
    Ok(match horizon {
        Horizon::Months(most) => months.min(most),
        Horizon::None => months,
    })
}

fn cac_from_spend(inputs: &Inputs) -> Derivation {
    if inputs.budget.is_none() && inputs.new_customers.is_none() {
        return Err(Underivable::Missing(FieldSet::of(&[Field::Cac])));
    }
    // Customers who come without money have cost nothing that could be compared with what they bring.
    if inputs.budget == Some(0.0) {
        return Err(Underivable::DoesNotApply);
    }
    let (budget, customers) =
        both(amount(inputs.budget, Field::Budget), above_zero(inputs.new_customers, Field::NewCustomers))?;
    let fields = [Field::Budget, Field::NewCustomers];
    derived(Interval::point(budget / customers), Origin::FromSpend, &fields)
}

fn cac_fields(inputs: &Inputs) -> [Field; 1] {
    match inputs.cac {
        Some(_) => [Field::Cac],
        None => [Field::Budget],
    }
}

fn payback(inputs: &Inputs, cac: &Derivation, monthly_gross_profit: &Derivation) -> Derivation {
    if !matches!(purchase(inputs), Some(Purchase::Recurring) | None) {
        return Err(Underivable::DoesNotApply);
    }
    quotient(cac, monthly_gross_profit, &[Field::Price, Field::GrossMargin])
}

fn cash_payback(inputs: &Inputs, cac: &Derivation) -> Derivation {
    if inputs.billing != Some(Billing::Yearly) {
        return Err(Underivable::DoesNotApply);
    }
    let profit = gross_profit_of_a_payment(inputs).and_then(|profit| above_zero(Some(profit), Field::GrossMargin));
    let (cac, profit) = both(*cac, profit)?;
    let months = |cost: f64| ((cost / profit).ceil() - 1.0).max(0.0) * MONTHS_A_YEAR;
    let value = Interval::new(months(cac.value.low()), months(cac.value.high()));
    derived(value, Origin::Computed, &[Field::Price, Field::GrossMargin])
}

fn first_order_profit_less_cac(inputs: &Inputs, cac: &Derivation) -> Derivation {
    match purchase(inputs) {
        Some(Purchase::Recurring) => return Err(Underivable::DoesNotApply),
        None => return Err(Underivable::Missing(FieldSet::of(&[Field::BusinessModel]))),
        Some(Purchase::Repeat | Purchase::OneOff) => {}
    }
    let (profit, cac) = both(gross_profit_of_a_payment(inputs), *cac)?;
    let value = Interval::point(profit).and_then(|profit| profit.minus(cac.value));
    derived(value, Origin::Computed, &[Field::Price])
}

fn break_even_roas(inputs: &Inputs) -> Derivation {
    let value = Interval::point(margin(inputs)?).and_then(Interval::reciprocal);
    derived(value, Origin::Computed, &[Field::GrossMargin])
}

fn roas_floor(inputs: &Inputs, conventions: &Conventions, new_share: &Derivation, ltv: &Derivation) -> Derivation {
    let ((price, share), ltv) = both(both(amount(inputs.price, Field::Price), *new_share), *ltv)?;
    let value = share
        .value
        .times(ltv.value)
        .and_then(|worth| Interval::point(price)?.scale(conventions.target_ltv_to_cac)?.divided_by(worth));
    let fields: &[Field] = match (inputs.ltv, &inputs.lasting) {
        (Some(_), _) => &[Field::Ltv],
        (None, Some(Lasting::Orders(orders))) if *orders <= 0.0 => &[Field::OrdersPerCustomer],
        (None, _) => &[Field::Price, Field::GrossMargin],
    };
    derived(value, Origin::Computed, fields)
}

fn new_share(inputs: &Inputs, conventions: &Conventions) -> Derivation {
    let (low, high) = conventions.new_share_when_absent;
    let (value, origin) = match inputs.new_share {
        Some(share) => (Some(share), Origin::Given),
        None => (Interval::new(low, high), Origin::Assumed),
    };
    let possible = value.filter(|share| share.low() > 0.0 && share.high() <= 1.0);
    derived(possible, origin, &[Field::NewShare])
}

/// How customers come back, from the best evidence there is: billing, then the business model, then
/// a count of orders.
fn purchase(inputs: &Inputs) -> Option<Purchase> {
    let orders = matches!(inputs.lasting, Some(Lasting::Orders(_)));
    match (inputs.billing, inputs.purchase) {
        (Some(Billing::Monthly | Billing::Yearly), _) => Some(Purchase::Recurring),
        (Some(Billing::Once), Some(Purchase::OneOff)) if !orders => Some(Purchase::OneOff),
        (Some(Billing::Once), _) => Some(Purchase::Repeat),
        (None, Some(Purchase::OneOff)) if orders => Some(Purchase::Repeat),
        (None, Some(purchase)) => Some(purchase),
        (None, None) => orders.then_some(Purchase::Repeat),
    }
}

fn billing(inputs: &Inputs) -> Result<Billing, Underivable> {
    inputs.billing.ok_or_else(|| Underivable::Missing(FieldSet::of(&[Field::Billing])))
}

fn gross_profit_of_a_payment(inputs: &Inputs) -> Result<f64, Underivable> {
    let (price, margin) = both(amount(inputs.price, Field::Price), margin(inputs))?;
    Ok(price * margin)
}

/// Gross margin may be negative, a sale at a loss, but not above the whole price.
fn margin(inputs: &Inputs) -> Result<f64, Underivable> {
    match inputs.gross_margin {
        None => Err(Underivable::Missing(FieldSet::of(&[Field::GrossMargin]))),
        Some(margin) if margin.is_finite() && margin <= 1.0 => Ok(margin),
        Some(_) => Err(Underivable::Undefined(FieldSet::of(&[Field::GrossMargin]))),
    }
}

fn given(value: Option<f64>, field: Field) -> Option<Derivation> {
    let value = value?;
    let usable = Interval::point(value).filter(|_| value >= 0.0);
    Some(derived(usable, Origin::Given, &[field]))
}

fn amount(value: Option<f64>, field: Field) -> Result<f64, Underivable> {
    match value {
        None => Err(Underivable::Missing(FieldSet::of(&[field]))),
        Some(value) if value.is_finite() && value >= 0.0 => Ok(value),
        Some(_) => Err(Underivable::Undefined(FieldSet::of(&[field]))),
    }
}

fn above_zero(value: Option<f64>, field: Field) -> Result<f64, Underivable> {
    match amount(value, field)? {
        value if value > 0.0 => Ok(value),
        _ => Err(Underivable::Undefined(FieldSet::of(&[field]))),
    }
}

fn derived(value: Option<Interval>, origin: Origin, fields: &[Field]) -> Derivation {
    match value {
        Some(value) => Ok(Derived { value, origin }),
        None => Err(Underivable::Undefined(FieldSet::of(fields))),
    }
}

fn quotient(dividend: &Derivation, divisor: &Derivation, divisor_fields: &[Field]) -> Derivation {
    let (dividend, divisor) = both(*dividend, *divisor)?;
    derived(dividend.value.divided_by(divisor.value), Origin::Computed, divisor_fields)
}

/// Both values, or everything that stands in the way of either.
fn both<A, B>(one: Result<A, Underivable>, other: Result<B, Underivable>) -> Result<(A, B), Underivable> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Ok(_), Err(reason)) | (Err(reason), Ok(_)) => Err(reason),
        (Err(one), Err(other)) => Err(one.and(other)),
    }
}

impl Underivable {
    /// What does not apply cannot be filled in; and a key that is missing comes before one that is odd.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::DoesNotApply, _) | (_, Self::DoesNotApply) => Self::DoesNotApply,
            (Self::Missing(one), Self::Missing(other)) => Self::Missing(one.and(other)),
            (Self::Missing(fields), Self::Undefined(_)) | (Self::Undefined(_), Self::Missing(fields)) => {
                Self::Missing(fields)
            }
            (Self::Undefined(one), Self::Undefined(other)) => Self::Undefined(one.and(other)),
        }
    }
}

fn reaches(value: f64, threshold: f64) -> bool {
    value >= threshold * (1.0 - ROUNDING)
}

/// Whether a figure is over a threshold by more than rounding.
pub fn exceeds(value: f64, threshold: f64) -> bool {
    value > threshold * (1.0 + ROUNDING)
}

#[cfg(test)]
mod tests {
    use super::{
        Billing, Conventions, Derivation, Economics, Field, FieldSet, Inputs, Lasting, Origin, Purchase, Reading,
        RoasReading, Underivable, worth_of_one,
    };
    use crate::facts::interval::Interval;
    use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

    fn derive(inputs: &Inputs) -> Economics {
        Economics::derive(inputs, &Conventions::default())
    }

    fn shop(new_share: f64, orders: f64) -> Inputs {
        Inputs {
            price: Some(80.0),
            gross_margin: Some(0.4),
            new_share: Interval::point(new_share),
            lasting: Some(Lasting::Orders(orders)),
            ..Inputs::default()
        }
    }

    fn software() -> Inputs {
        Inputs {
            price: Some(200.0),
            billing: Some(Billing::Monthly),
            gross_margin: Some(0.8),
            lasting: Some(Lasting::MonthlyChurn(0.02)),
            cac: Some(2000.0),
            ..Inputs::default()
        }
    }

    fn value(figure: &Derivation) -> f64 {
        let value = figure.as_ref().unwrap().value;
        assert!(value.is_point());
        value.low()
    }

    fn printed(figure: &Derivation, digits: usize) -> String {
        format!("{:.digits$}", figure.as_ref().unwrap().value)
    }

    fn missing(fields: &[Field]) -> Derivation {
        Err(Underivable::Missing(FieldSet::of(fields)))
    }

    fn undefined(fields: &[Field]) -> Derivation {
        Err(Underivable::Undefined(FieldSet::of(fields)))
    }

    #[test]
    fn a_set_of_keys_has_each_once_in_their_order() {
        let given = [Field::NewShare, Field::Price, Field::NewShare, Field::BusinessModel];
        let set = FieldSet::of(&given);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Field::BusinessModel, Field::Price, Field::NewShare]);
        assert!(set.has(Field::Price) && !set.has(Field::Cac));
        assert!(Field::ALL.is_sorted() && Field::ALL.len() == Field::Target as usize + 1);
        assert_eq!(FieldSet::of(&Field::ALL).iter().collect::<Vec<_>>(), Field::ALL);
    }

    #[test]
    fn a_figure_is_small() {
        // A plan of 50 MB has 300,000 of them.
        assert_eq!(size_of::<Derivation>(), 24);
    }

    #[test]
    fn a_roas_of_4_passes_break_even_and_still_loses() {
        let economics = derive(&shop(0.6, 1.0));
        let under = economics.under_roas(4.0);
        assert_eq!(printed(&economics.break_even_roas, 1), "2.5");
        assert_eq!(printed(&under.cac, 1), "33.3");
        assert_eq!(printed(&economics.ltv, 1), "32.0");
        assert_eq!(printed(&under.ltv_to_cac, 2), "0.96");
        assert_eq!(printed(&under.first_order_profit_less_cac, 1), "-1.3");
        assert_eq!(under.payback_months, Err(Underivable::DoesNotApply));
        assert_eq!(under.reading, Ok(Reading::Holds(RoasReading::PassesAndStillLoses)));
        assert_eq!(under.cac.unwrap().origin, Origin::FromRoas);
    }

    #[test]
    fn prospecting_at_a_low_roas_beats_retargeting_at_a_high_one() {
        let retargeting = derive(&shop(0.1, 1.3)).under_roas(8.0);
        let prospecting = derive(&shop(0.95, 3.2)).under_roas(1.8);
        assert_eq!(printed(&retargeting.ltv_to_cac, 2), "0.42");
        assert_eq!(printed(&prospecting.ltv_to_cac, 2), "2.19");
        assert!(!derive(&shop(0.1, 1.3)).is_capped());
        assert_eq!(retargeting.reading, Ok(Reading::Holds(RoasReading::PassesAndStillLoses)));
        assert_eq!(prospecting.reading, Ok(Reading::Holds(RoasReading::TooLow)));
    }

    #[test]
    fn a_subscription_is_worth_60_months_of_what_churn_leaves() {
        let economics = derive(&software());
        assert_eq!(printed(&economics.monthly_gross_profit, 1), "160.0");
        assert_eq!(printed(&economics.ltv, 0), "5620");
        assert_eq!(printed(&economics.uncapped_ltv, 0), "8000");
        assert!(economics.is_capped());
        assert_eq!(printed(&economics.ltv_to_cac, 1), "2.8");
        assert_eq!(printed(&economics.payback_months, 1), "12.5");
        assert_eq!(economics.first_order_profit_less_cac, Err(Underivable::DoesNotApply));
        assert_eq!(economics.cash_payback_months, Err(Underivable::DoesNotApply));
        assert_eq!(economics.ltv.unwrap().origin, Origin::FromChurn);
    }

    #[test]
    fn an_mql_is_worth_its_chances_times_the_deal() {
        let worth = worth_of_one(&[0.25, 0.55, 0.22], 20_000.0).unwrap();
        assert_eq!(format!("{worth:.6}"), "605.000000");
        assert_eq!(worth_of_one(&[], 20_000.0), Some(20_000.0));
        assert_eq!(worth_of_one(&[f64::NAN], 1.0), None);
    }

    #[test]
    fn churn_of_none_and_of_all_are_the_limits() {
        let by = |churn| {
            let inputs = Inputs { lasting: Some(Lasting::MonthlyChurn(churn)), ..software() };
            derive(&inputs).ltv
        };
        assert_eq!(value(&by(0.0)), 160.0 * 60.0);
        assert_eq!(value(&by(1.0)), 160.0);
        assert_eq!(value(&by(f64::from_bits(1))), 160.0 * 60.0);
        assert_eq!(value(&by(1e-300)), 160.0 * 60.0);
        assert!((value(&by(1e-13)) / 9600.0 - 1.0).abs() < 1e-11);
        assert_eq!(by(1.01), undefined(&[Field::MonthlyChurn]));
        assert_eq!(by(f64::NAN), undefined(&[Field::MonthlyChurn]));
    }

    #[test]
    fn no_churn_has_no_worth_without_a_horizon() {
        let inputs = Inputs { lasting: Some(Lasting::MonthlyChurn(0.0)), ..software() };
        assert_eq!(derive(&inputs).uncapped_ltv, undefined(&[Field::MonthlyChurn]));
    }

    #[test]
    fn a_lifetime_counts_up_to_the_horizon() {
        let by = |months| {
            let inputs = Inputs { lasting: Some(Lasting::LifetimeMonths(months)), ..software() };
            derive(&inputs)
        };
        assert_eq!(value(&by(40.0).ltv), 6400.0);
        assert_eq!(value(&by(90.0).ltv), 9600.0);
        assert_eq!(value(&by(90.0).uncapped_ltv), 14_400.0);
    }

    #[test]
    fn a_year_paid_ahead_is_judged_by_month_and_paid_back_in_cash_sooner() {
        let inputs = Inputs { price: Some(9600.0), billing: Some(Billing::Yearly), cac: Some(8000.0), ..software() };
        let economics = derive(&inputs);
        assert_eq!(value(&economics.monthly_gross_profit), 640.0);
        assert_eq!(value(&economics.payback_months), 12.5);
        assert_eq!(value(&economics.cash_payback_months), 12.0);
        let cheaper = derive(&Inputs { cac: Some(7680.0), ..inputs });
        assert_eq!(value(&cheaper.cash_payback_months), 0.0);
    }

    #[test]
    fn what_the_plan_gives_comes_before_what_follows() {
        let inputs = Inputs { ltv: Some(9000.0), budget: Some(60_000.0), new_customers: Some(20.0), ..software() };
        let economics = derive(&inputs);
        assert_eq!(value(&economics.ltv), 9000.0);
        assert_eq!(economics.ltv.unwrap().origin, Origin::Given);
        assert_eq!(format!("{:.0}", value(&economics.derived_ltv)), "5620");
        assert_eq!(value(&economics.cac), 2000.0);
        assert_eq!(value(&economics.cac_from_spend), 3000.0);
        assert_eq!(value(&economics.ltv_to_cac), 4.5);
        let spend = derive(&Inputs { cac: None, ..inputs });
        assert_eq!(spend.cac.unwrap().origin, Origin::FromSpend);
    }

    #[test]
    fn a_figure_that_lacks_something_names_every_key_it_lacks() {
        let nothing = derive(&Inputs::default());
        let start = [Field::BusinessModel, Field::Price, Field::GrossMargin];
        assert_eq!(nothing.ltv, missing(&start));
        assert_eq!(nothing.cac, missing(&[Field::Cac]));
        assert_eq!(nothing.break_even_roas, missing(&[Field::GrossMargin]));

        let subscription = derive(&Inputs { purchase: Some(Purchase::Recurring), ..Inputs::default() });
        let subscription_needs = [Field::Price, Field::Billing, Field::GrossMargin, Field::MonthlyChurn];
        assert_eq!(subscription.ltv, missing(&subscription_needs));

        let unbilled = derive(&Inputs { billing: None, ..software() });
        assert_eq!(unbilled.ltv, missing(&[Field::Billing]));
        assert_eq!(unbilled.payback_months, missing(&[Field::Billing]));

        let budgeted = derive(&Inputs { cac: None, budget: Some(60_000.0), ..software() });
        assert_eq!(budgeted.ltv_to_cac, missing(&[Field::NewCustomers]));

        let repeat = Inputs { purchase: Some(Purchase::Repeat), lasting: None, ..shop(0.6, 1.0) };
        assert_eq!(derive(&repeat).ltv, missing(&[Field::OrdersPerCustomer]));
    }

    #[test]
    fn customers_who_come_without_money_have_no_acquisition_cost() {
        let economics = derive(&Inputs { budget: Some(0.0), new_customers: Some(40.0), ..software() });
        assert_eq!(economics.cac_from_spend, Err(Underivable::DoesNotApply));
    }

    #[test]
    fn a_one_off_purchase_is_worth_its_one_order() {
        let inputs = Inputs { purchase: Some(Purchase::OneOff), lasting: None, ..shop(0.6, 1.0) };
        let economics = derive(&inputs);
        assert_eq!(value(&economics.ltv), 32.0);
        assert_eq!(economics.ltv.unwrap().origin, Origin::FromOneOrder);
    }

    #[test]
    fn a_churn_says_nothing_about_single_orders() {
        let inputs = Inputs { billing: Some(Billing::Once), ..software() };
        let economics = derive(&inputs);
        assert_eq!(economics.ltv, missing(&[Field::OrdersPerCustomer]));
        assert_eq!(economics.payback_months, Err(Underivable::DoesNotApply));
    }

    #[test]
    fn a_division_by_nothing_names_the_key_that_is_zero() {
        let nobody = Inputs { cac: None, budget: Some(10.0), new_customers: Some(0.0), ..software() };
        assert_eq!(derive(&nobody).cac, undefined(&[Field::NewCustomers]));
        let free = derive(&Inputs { cac: Some(0.0), ..software() });
        assert_eq!(free.ltv_to_cac, undefined(&[Field::Cac]));
        let worthless = derive(&Inputs { gross_margin: Some(0.0), ..software() });
        assert_eq!(worthless.break_even_roas, undefined(&[Field::GrossMargin]));
        assert_eq!(derive(&software()).under_roas(0.0).cac, undefined(&[Field::Target]));
        let nobody_new = Inputs { new_share: Interval::point(0.0), ..shop(0.6, 1.0) };
        assert_eq!(derive(&nobody_new).roas_floor, undefined(&[Field::NewShare]));
    }

    #[test]
    fn an_absent_new_share_gives_ranges_and_a_reading_only_where_it_holds_throughout() {
        let economics = derive(&Inputs { new_share: None, ..shop(0.6, 1.0) });
        let under = economics.under_roas(4.0);
        assert_eq!(economics.new_share.as_ref().unwrap().origin, Origin::Assumed);
        assert_eq!(printed(&under.cac, 1), "20.0..66.7");
        assert_eq!(printed(&under.ltv_to_cac, 2), "0.48..1.60");
        let undecided =
            Reading::Undecided { at_least_new: RoasReading::PassesAndStillLoses, at_most_new: RoasReading::TooLow };
        assert_eq!(under.reading, Ok(undecided));
        let low = economics.under_roas(1.5).reading;
        assert_eq!(low, Ok(Reading::Holds(RoasReading::DestroysValue)));
        let high = economics.under_roas(100.0).reading;
        assert_eq!(high, Ok(Reading::Holds(RoasReading::HoldsGrowthBack)));
    }

    #[test]
    fn each_reading_begins_where_the_rule_says() {
        let economics = derive(&shop(0.5, 5.0));
        let floor = value(&economics.roas_floor);
        assert_eq!(format!("{floor:.6}"), "3.000000");
        let reading = |roas| economics.under_roas(roas).reading.unwrap();
        assert_eq!(reading(0.99), Reading::Holds(RoasReading::DestroysValue));
        assert_eq!(reading(1.0), Reading::Holds(RoasReading::TooLow));
        assert_eq!(reading(2.99), Reading::Holds(RoasReading::TooLow));
        assert_eq!(reading(3.0), Reading::Holds(RoasReading::AboutRight));
        assert_eq!(reading(3.75), Reading::Holds(RoasReading::AboutRight));
        assert_eq!(reading(3.76), Reading::Holds(RoasReading::HoldsGrowthBack));
        let losing = derive(&shop(0.1, 2.0));
        assert_eq!(losing.under_roas(2.4).reading, Ok(Reading::Holds(RoasReading::DestroysValue)));
        assert_eq!(losing.under_roas(2.5).reading, Ok(Reading::Holds(RoasReading::PassesAndStillLoses)));
    }

    #[test]
    fn a_sale_without_margin_destroys_value_at_any_roas() {
        let inputs = Inputs { gross_margin: Some(0.0), ..shop(0.6, 3.0) };
        let reading = derive(&inputs).under_roas(1000.0).reading;
        assert_eq!(reading, Ok(Reading::Holds(RoasReading::DestroysValue)));
    }

    fn churns() -> impl Strategy<Value = f64> {
        prop_oneof![
            0.0..=1.0_f64,
            (-320.0..0.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent)),
            (0..1_u64 << 52).prop_map(f64::from_bits),
            Just(0.0),
            Just(1.0),
            Just(1e-300),
        ]
    }

    fn ltv_by(churn: f64) -> f64 {
        let inputs = Inputs { lasting: Some(Lasting::MonthlyChurn(churn)), ..software() };
        value(&derive(&inputs).ltv)
    }

    proptest! {
        #[test]
        fn ltv_lies_between_one_month_and_the_horizon(churn in churns()) {
            let ltv = ltv_by(churn);
            prop_assert!(ltv >= 160.0 * (1.0 - 1e-12));
            prop_assert!(ltv <= 9600.0 * (1.0 + 1e-12));
        }

        #[test]
        fn ltv_falls_as_churn_rises(one in churns(), other in churns()) {
            let (less, more) = (one.min(other), one.max(other));
            prop_assert!(ltv_by(less) >= ltv_by(more) * (1.0 - 1e-12));
            if more - less > 1e-6 {
                prop_assert!(ltv_by(less) > ltv_by(more));
            }
        }

        #[test]
        fn ltv_is_the_sum_of_its_months(churn in 0.0..=1.0_f64) {
            let sum: f64 = (0..60).map(|month| 160.0 * (1.0 - churn).powi(month)).sum();
            prop_assert!((ltv_by(churn) / sum - 1.0).abs() < 1e-9);
        }

        #[test]
        fn the_roas_floor_put_back_in_keeps_ltv_to_cac_at_its_target(
            price in 0.01..1e6_f64, margin in 0.01..=1.0_f64, orders in 0.1..50.0_f64,
            share in 0.01..=1.0_f64, target in 1.0..10.0_f64,
        ) {
            let inputs = Inputs { price: Some(price), gross_margin: Some(margin), ..shop(share, orders) };
            let conventions = Conventions { target_ltv_to_cac: target, ..Conventions::default() };
            let economics = Economics::derive(&inputs, &conventions);
            let under = economics.under_roas(value(&economics.roas_floor));
            prop_assert!((value(&under.ltv_to_cac) / target - 1.0).abs() < 1e-9);
            prop_assert_eq!(under.reading, Ok(Reading::Holds(RoasReading::AboutRight)));
        }

        #[test]
        fn cac_times_new_share_times_roas_is_the_price(
            price in 0.01..1e6_f64, share in 0.01..=1.0_f64, roas in 0.01..100.0_f64,
        ) {
            let inputs = Inputs { price: Some(price), ..shop(share, 1.0) };
            let cac = value(&derive(&inputs).under_roas(roas).cac);
            prop_assert!((cac * share * roas / price - 1.0).abs() < 1e-9);
        }

        #[test]
        fn a_reading_that_holds_over_a_range_holds_at_every_share_in_it(
            roas in 0.1..20.0_f64, orders in 0.1..20.0_f64, part in 0.0..=1.0_f64,
        ) {
            let ranged = derive(&Inputs { new_share: None, ..shop(0.6, orders) }).under_roas(roas);
            if let Reading::Holds(reading) = ranged.reading.unwrap() {
                let at = derive(&shop(0.3 + 0.7 * part, orders)).under_roas(roas);
                prop_assert_eq!(at.reading, Ok(Reading::Holds(reading)));
            }
        }

        #[test]
        fn any_numbers_at_all_give_figures_or_reasons(
            numbers in proptest::array::uniform8(proptest::num::f64::ANY), roas in proptest::num::f64::ANY,
        ) {
            let [price, gross_margin, churn, ltv, cac, budget, new_customers, horizon_months] = numbers;
            let inputs = Inputs {
                purchase: None,
                price: Some(price),
                billing: Some(Billing::Yearly),
                gross_margin: Some(gross_margin),
                lasting: Some(Lasting::MonthlyChurn(churn)),
                ltv: Some(ltv),
                cac: Some(cac),
                budget: Some(budget),
                new_customers: Some(new_customers),
                new_share: Interval::point(churn),
            };
            let conventions = Conventions { horizon_months, ..Conventions::default() };
            let economics = Economics::derive(&inputs, &conventions);
            if let Ok(under) = economics.under_roas(roas).cac {
                prop_assert!(under.value.low().is_finite() && under.value.high().is_finite());
            }
        }
    }
}
