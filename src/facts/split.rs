//! How the plan's money is spread over its products, and what another split would bring.

use super::allocation::{self, Candidate, Funded, Proposal, SplitConventions};
use super::{EconomicsOf, Facts, Reach, is_product};
use crate::plan::{Product, ProductStage};
use crate::settings::{FEWEST_CUSTOMERS, RETURNS_POWER};

/// The split of the money over the funded products.
#[derive(Debug, Clone, Default)]
pub struct Split {
    /// The funded products, by index, with what they get.
    pub funded: Vec<Share>,
    /// Products whose money is not given, and that could be funded.
    pub unclear: Vec<usize>,
    /// The money of all funded products.
    pub total: f64,
    /// (1/Σs²)/n: 1 where all get the same.
    pub evenness: Option<f64>,
    /// What the best split would gain in lifetime gross profit, as a share of today's.
    pub regret: Option<f64>,
    /// The same in money.
    pub regret_money: Option<f64>,
    /// What the best split would gain over the products that are ready, the others held.
    pub regret_of_ready: Option<f64>,
    /// The best split, in the order of `funded`.
    pub best: Vec<f64>,
}

/// One funded product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Its index.
    pub product: usize,
    /// Its money.
    pub money: f64,
    /// Its share of the money.
    pub share: f64,
    /// Its LTV:CAC, where known on enough customers.
    pub ltv_to_cac: Option<f64>,
    /// Whether nothing about it is in doubt, and it is not only being tried.
    pub ready: bool,
}

impl Split {
    pub(super) fn new(facts: &Facts) -> Self {
        let products = facts.plan.products.iter().enumerate().filter(|(_, product)| is_product(product));
        let mut split = Self::default();
        let mut without_money = Vec::new();
        for (at, product) in products {
            match product.budget.as_ref().map(|budget| budget.point()) {
                Some(Some(money)) if money > 0.0 => {
                    let ltv_to_cac = ltv_to_cac(facts, at);
                    let ready = is_ready(product);
                    split.funded.push(Share { product: at, money, share: 0.0, ltv_to_cac, ready });
                }
                Some(Some(_)) => {}
                Some(None) => split.unclear.push(at),
                None => without_money.push(at),
            }
        }
        let money: Vec<f64> = split.funded.iter().map(|funded| funded.money).collect();
        split.total = money.iter().sum();
        if !is_all(facts, split.total) {
            split.unclear.extend(without_money);
        }
        if let Some(shares) = allocation::shares(&money) {
            split.evenness = allocation::evenness(&shares);
            for (funded, share) in split.funded.iter_mut().zip(shares) {
                funded.share = share;
            }
        }
        split.weigh(facts.settings.convention(&RETURNS_POWER));
        split
    }

    /// Computes the best split and what it would gain.
    fn weigh(&mut self, power: f64) {
        let funded = |share: &Share| Funded { money: share.money, ltv_to_cac: share.ltv_to_cac };
        let today: Vec<Funded> = self.funded.iter().map(funded).collect();
        // A product that is not ready is rightly held back: nothing is regretted of it.
        let held = |share: &Share| Funded { money: share.money, ltv_to_cac: share.ltv_to_cac.filter(|_| share.ready) };
        let ready: Vec<Funded> = self.funded.iter().map(held).collect();
        self.regret_of_ready = allocation::regret(&ready, power);
        self.best = allocation::best_split(&today, power);
        self.regret = allocation::regret(&today, power);
        let profit: f64 = today.iter().filter_map(|funded| funded.ltv_to_cac.map(|ratio| ratio * funded.money)).sum();
        self.regret_money = self.regret.map(|regret| regret * profit);
    }

    /// A split that people can work with, in the order of `funded`.
    pub fn proposal(&self, facts: &Facts) -> Option<Proposal> {
        let candidates: Vec<Candidate> = self.funded.iter().map(|share| candidate(facts, *share)).collect();
        let conventions = SplitConventions::new(&facts.settings);
        allocation::proposal(&candidates, &conventions)
    }
}

/// Whether the money of the products is all that the plan has: a product without a figure gets none then.
fn is_all(facts: &Facts, funded: f64) -> bool {
    const CLOSE: f64 = 0.95;
    facts.plan.stated_budget().is_some_and(|total| funded >= CLOSE * total)
}

/// A product's LTV:CAC, where it rests on enough customers.
fn ltv_to_cac(facts: &Facts, product: usize) -> Option<f64> {
    let customers = facts.plan.products.get(product)?.economics.customers.as_ref();
    if customers
        .and_then(|customers| customers.point())
        .is_some_and(|customers| customers < facts.settings.convention(&FEWEST_CUSTOMERS))
    {
        return None;
    }
    let ratio = facts.economics(EconomicsOf::Product(product))?.ltv_to_cac.as_ref().ok()?;
    ratio.value.is_point().then(|| ratio.value.middle())
}

/// The money of the period below which a product that lives on advertising auctions cannot work.
fn viable_minimum(facts: &Facts, product: usize) -> Option<f64> {
    let reach = Reach::of(facts.plan.products.get(product)?.channels.as_ref())?;
    let months = facts.plan.head.period.as_ref()?.months();
    let conversion = facts.conversion_of_product(product).ok()?;
    (reach == Reach::Auctions).then(|| facts.viable_a_month(conversion.cost.low()) * months)
}

fn is_ready(product: &Product) -> bool {
    let doubts = product.doubts.as_ref().is_some_and(|doubts| !doubts.is_empty());
    let explores = product.stage.as_ref().is_some_and(|stage| stage.value == ProductStage::Explore);
    !doubts && !explores
}

fn candidate(facts: &Facts, share: Share) -> Candidate {
    let product = facts.plan.products.get(share.product);
    let is_sold_after = product.is_some_and(|product| product.sold_after.is_some());
    // Among products of which nothing more is known, the one that the plan names first opens the door.
    let rank = u32::try_from(share.product).unwrap_or(u32::MAX);
    Candidate {
        money: share.money,
        ltv_to_cac: share.ltv_to_cac,
        minimum: viable_minimum(facts, share.product),
        opener_rank: (!is_sold_after).then_some(rank),
        ready: share.ready,
        held: false,
    }
}
