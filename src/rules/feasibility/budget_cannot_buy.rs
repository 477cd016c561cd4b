//! `budget-cannot-buy`: a target that costs more, at the plan's own unit cost, than the money meant for it.

use std::sync::LazyLock;

use super::numbers_disagree::is_of_media;
use super::written;
use crate::facts::periods::factor_between;
use crate::facts::{AtStake, Facts, Purse};
use crate::metrics::{Kind, MetricUnit};
use crate::plan::quantity::Change;
use crate::plan::{Entity, Kpi, MetricRef, Product, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "budget-cannot-buy",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["kpi", "product"],
    needs: &[],
    applies: buys_something,
    // Numbers of different lengths of time are mended, not paid for.
    yields_to: &[Yield::of("product.period", "numbers-disagree")],
    settings: &[&OVER, &UNPAID],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("budget_cannot_buy.md"))),
    check: Check::First(check),
};

static OVER: Setting = Setting {
    key: "over",
    default: 0.05,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the share by which the cost may exceed the budget",
    source: "a convention: unit costs are known to a few per cent at best",
};

static UNPAID: Setting = Setting {
    key: "unpaid",
    default: 0.20,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of a target that may come without money where the plan does not say, up to which it is medium",
    source: "our assumption; a plan's own `organic` replaces it",
};

/// Where leads or customers are counted, a unit cost could be given.
fn buys_something(facts: &Facts) -> bool {
    let counts = |at: usize| facts.kpi(at).kind == Some(Kind::LeadVolume) || facts.is_new_customers(at);
    let kpis = facts.plan.kpis.len();
    (kpis == 0 && facts.plan.products.is_empty())
        || (0..kpis).any(counts)
        || facts.plan.products.iter().any(|product| product.economics.new_customers.is_some())
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        judge_kpi(facts, at, kpi, verdicts);
    }
    for (at, product) in facts.plan.products.iter().enumerate() {
        judge_product(facts, at, product, verdicts);
    }
}

fn judge_kpi(facts: &Facts, at: usize, kpi: &Entity<Kpi>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    if !is_bought(facts, at, kpi) {
        return;
    }
    let known = |key: &'static str, value: Option<f64>| value.ok_or(Need::new(key, subject));
    let target = known("target", to_buy(facts, at, kpi));
    let unit_cost = known("unit_cost", kpi.unit_cost.as_ref().and_then(|cost| cost.point()));
    let budget = known("budget", facts.plan.money_of(subject));
    let organic = known("organic", kpi.organic.as_ref().map_or(Some(0.0), |organic| organic.point()));
    let (Ok(target), Ok(unit_cost), Ok(budget), Ok(organic)) = (&target, &unit_cost, &budget, &organic) else {
        let needs = [target, unit_cost, budget, organic].into_iter().filter_map(Result::err);
        return verdicts.unknown(subject, needs);
    };
    let paid = (target - organic).max(0.0);
    let cost = paid * unit_cost;
    if cost <= budget * (1.0 + facts.settings.threshold(RULE.name, &OVER)) {
        return verdicts.pass(subject);
    }
    let unpaid = facts.settings.threshold(RULE.name, &UNPAID);
    // So little may come by itself, and the plan did not say.
    let may_be_unpaid = kpi.organic.is_none() && cost - budget < unpaid * cost;
    let (reading, severity) = match kpi.organic {
        None if may_be_unpaid => ("perhaps", Severity::Medium),
        None => ("over", Severity::High),
        Some(_) => ("over.organic", Severity::High),
    };
    let buys = (budget / unit_cost + organic).floor();
    let place = kpi.target.as_ref().map_or_else(|| facts.plan.place_of(subject), |target| target.whole());
    let levels = kpi.target_level().is_some_and(|level| level == *target);
    let reframe = written::with_target(&facts.plan, MetricRef::kpi(at), format!("{buys:.0}"));
    let draft = FindingDraft::at(place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("target", Figure::Count(*target))
        .with("organic", Figure::Count(*organic))
        .with("paid", Figure::Count(paid))
        .with("unit_cost", Figure::Money(*unit_cost))
        .with("cost", Figure::Money(cost))
        .with("budget", Figure::Money(*budget))
        .with("missing", Figure::Money(cost - budget))
        .with("short_by", Figure::Count((target - buys).max(0.0)))
        .with("buys", Figure::Count(buys))
        .at_stake(Purse::behind(facts, at, RULE.page().phrase("at-stake")))
        .reframe(reframe.filter(|_| levels && buys >= 1.0), false);
    let budget = kpi.budget.as_ref().map(|budget| budget.whole());
    verdicts.fail(subject, draft.beside_each(budget, RULE.page().phrase("the-money")));
}

/// Whether a KPI says anything of what its units cost, and counts units that money buys.
fn is_bought(facts: &Facts, at: usize, kpi: &Kpi) -> bool {
    let metric = facts.kpi(at).metric;
    let counts = metric.is_none_or(|metric| metric.unit == MetricUnit::Count);
    let is_count = kpi.target.as_ref().and_then(|target| target.quantity()).is_none_or(|target| {
        target.per.is_none()
            && (target.count().is_ok() || matches!(target.change, Some(Change::Units | Change::Relative)))
    });
    // Money alone may be for something that is not bought by the piece.
    let by_the_piece = facts.kpi(at).kind == Some(Kind::LeadVolume) || facts.is_new_customers(at);
    counts && is_count && (kpi.unit_cost.is_some() || kpi.budget.is_some() && metric.is_some() && by_the_piece)
}

/// How many are to be bought in the period: of a stock, what is added to it.
fn to_buy(facts: &Facts, at: usize, kpi: &Kpi) -> Option<f64> {
    let target = kpi.target_level()?;
    let balance = facts.kpi(at).metric.is_some_and(|metric| metric.balance);
    if balance { Some(target - kpi.baseline.as_ref()?.point()?) } else { Some(target) }
}

/// A CAC with people in it may be paid for by other money than this budget: then nothing is said.
fn judge_product(facts: &Facts, at: usize, product: &Entity<Product>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Product(at);
    let economics = &product.economics;
    let (Some(customers), Some(cac)) = (&economics.new_customers, &economics.cac) else { return };
    let known = |key: &'static str, value: Option<f64>| value.ok_or(Need::new(key, subject));
    let customers = known("new_customers", customers.point());
    let cac = known("cac", cac.point());
    let budget = known("budget", facts.plan.money_of(subject));
    let (Ok(customers), Ok(cac), Ok(budget)) = (&customers, &cac, &budget) else {
        return verdicts.unknown(subject, [customers, cac, budget].into_iter().filter_map(Result::err));
    };
    let cost = customers * cac;
    if cost <= budget * (1.0 + facts.settings.threshold(RULE.name, &OVER)) {
        return verdicts.pass(subject);
    }
    if !is_of_media(economics) {
        return;
    }
    let place = economics.new_customers.as_ref().map_or_else(|| facts.plan.place_of(subject), |count| count.whole());
    let buys = (budget / cac).floor();
    let reading = if factor_between(cost, *budget).is_some() { "product.period" } else { "product" };
    let draft = FindingDraft::at(place, reading, Severity::High)
        .with("name", Figure::Text(product.name.value.to_string()))
        .with("target", Figure::Count(*customers))
        .with("unit_cost", Figure::Money(*cac))
        .with("cost", Figure::Money(cost))
        .with("budget", Figure::Money(*budget))
        .with("missing", Figure::Money(cost - budget))
        .with("buys", Figure::Count(buys))
        .reframe(Some(fewer_customers(facts, subject, buys)).filter(|_| buys >= 1.0), false)
        .at_stake(Some(AtStake::of_one(subject, *budget, RULE.page().phrase("at-stake"))));
    let budget = product.budget.as_ref().map(|budget| budget.whole());
    verdicts.fail(subject, draft.beside_each(budget, RULE.page().phrase("the-money")));
}

fn fewer_customers(facts: &Facts, product: Subject, customers: f64) -> String {
    let fields = Fields::of(&facts.plan, product);
    reframe::list("products", vec![fields.text("new_customers", format!("{customers:.0}"))])
}
