//! The rules on budget.

use crate::facts::Facts;
use crate::plan::Subject;
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::settings::RETURNS_POWER;
use crate::wording::{Figure, Template, trimmed};

use super::Rule;

mod all_capture;
mod below_viable_budget;
mod lopsided_teams;
mod no_cross_sell_path;
mod spread;
mod spread_thin;
mod sums_do_not_add;
mod unmeasured_spend;
mod unready_product;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &spread_thin::RULE,
    &below_viable_budget::RULE,
    &unready_product::RULE,
    &no_cross_sell_path::RULE,
    &all_capture::RULE,
    &unmeasured_spend::RULE,
    &sums_do_not_add::RULE,
    &lopsided_teams::RULE,
];

/// What becomes of the customers that a product wins, where it gets another budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Winning {
    /// Each costs as much as today.
    AtTheSameCost,
    /// They grow more slowly than spend, by the power of returns.
    WithReturns,
}

/// A product as it would be written with another budget. Its new customers, and what the plan says that each costs, are
/// written as well: left as they are, they would contradict it.
fn with_budget(facts: &Facts, product: usize, money: f64, winning: Winning) -> Fields {
    let subject = Subject::Product(product);
    let fields = Fields::of(&facts.plan, subject);
    let customers =
        new_customers_at(facts, product, money, winning).map(|customers| format!("{:.0}", customers.ceil()));
    let cac = new_cac_at(facts, product, money, winning).map(|cac| reframe::amount(cac.round()));
    fields.text("budget", reframe::amount(money)).maybe("cac", cac).maybe("new_customers", customers)
}

/// What each of them costs then, where the plan says both.
fn new_cac_at(facts: &Facts, product: usize, money: f64, winning: Winning) -> Option<f64> {
    let keys = &facts.plan.products.get(product)?.economics;
    let (cac, customers) = (keys.cac.as_ref()?.point()?, keys.new_customers.as_ref()?.point()?);
    let today = facts.plan.money_of(Subject::Product(product))?;
    let then = new_customers_at(facts, product, money, winning)?;
    Some(cac * (money / today) / (then / customers)).filter(|then| then.round() != cac.round())
}

/// The new customers that a product wins with another budget, where the plan says how many they are.
fn new_customers_at(facts: &Facts, product: usize, money: f64, winning: Winning) -> Option<f64> {
    let keys = &facts.plan.products.get(product)?.economics;
    let today = facts.plan.money_of(Subject::Product(product)).filter(|today| *today > 0.0 && *today != money)?;
    let customers = keys.new_customers.as_ref()?.point()?;
    let power = match winning {
        Winning::AtTheSameCost => 1.0,
        Winning::WithReturns => facts.settings.convention(&RETURNS_POWER),
    };
    (customers > 0.0).then(|| customers * (money / today).powf(power))
}

/// What is said of the new customers of such budgets, from a page: nothing where none is written.
fn recount(facts: &Facts, page: &Page<'_>, budgets: impl IntoIterator<Item = (usize, f64)>) -> Figure {
    let follow = budgets
        .into_iter()
        .any(|(product, money)| new_customers_at(facts, product, money, Winning::WithReturns).is_some());
    let power = Figure::Text(trimmed(facts.settings.convention(&RETURNS_POWER), 2));
    let said = || format!(" {}", Template(page.phrase("recount")).fill(&[("power", power)]));
    Figure::Text(if follow { said() } else { String::new() })
}
