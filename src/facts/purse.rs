//! Whose money it is: what stands behind each KPI, and what share of the budget has a path to money.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::{Facts, is_product};
use crate::plan::{GoalOrKpi, MetricRef, Plan, Role, Subject};

/// The plan's money, by whether it has a path to money.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Purse {
    /// The plan's whole budget: as stated, else the larger of what its work and its products hold.
    pub total: Option<f64>,
    /// Money that serves something with a path.
    pub with_path: f64,
    /// Money that serves nothing with a path.
    pub without_path: f64,
    /// Money of which it cannot be told.
    pub unclear: f64,
    /// Whose money has no path, with the part of it that is counted nowhere else.
    pub pathless: Vec<(Subject, f64)>,
}

/// Whose money, how much, and whether it has a path.
type Part = (Subject, f64, Option<bool>);

/// A sum over a total by less than this share of it is rounding.
const ROUNDING: f64 = 0.01;

/// Money that a finding puts in question.
#[derive(Debug, Clone, PartialEq)]
pub struct AtStake {
    /// The amount, in the plan's currency.
    pub amount: f64,
    /// Whose money it is; money that is shared is counted once.
    pub of: Vec<Subject>,
    /// What is in question about it: "no path to money".
    pub concern: &'static str,
}

impl AtStake {
    /// The concern about money from which no path leads to money.
    pub const NO_PATH: &'static str = "with no path to money in the plan's links";

    /// Money of one subject.
    pub fn of_one(subject: Subject, amount: f64, concern: &'static str) -> Self {
        Self { amount, of: vec![subject], concern }
    }
}

impl Purse {
    pub(super) fn new(facts: &Facts) -> Self {
        let mut purse = Self { total: facts.plan.stated_budget(), ..Self::default() };
        let work = Self::work(facts, purse.total);
        let parts = if work.is_empty() { Self::products(facts) } else { work };
        for (subject, money, has_path) in parts {
            match has_path {
                Some(true) => purse.with_path += money,
                Some(false) => {
                    purse.without_path += money;
                    purse.pathless.push((subject, money));
                }
                None => purse.unclear += money,
            }
        }
        let larger = purse.allotted().max(facts.split().total);
        purse.total = purse.total.or((larger > 0.0).then_some(larger));
        purse
    }

    /// What the plan's work, or its products, hold.
    fn allotted(&self) -> f64 {
        self.with_path + self.without_path + self.unclear
    }

    /// The share of the whole budget that has a path, where at least half of it can be told, and no more is allotted
    /// than there is.
    pub fn share_with_path(&self) -> Option<f64> {
        let told = self.with_path + self.without_path;
        let whole = self.total.filter(|total| self.allotted() <= total * (1.0 + ROUNDING))?;
        (told > 0.0 && 2.0 * told >= whole).then(|| (self.with_path / whole).min(1.0))
    }

    /// What of the whole budget can be told neither way, with what is not allotted.
    pub fn untold(&self) -> f64 {
        (self.total.unwrap_or_default() - self.with_path - self.without_path).max(0.0)
    }

    /// The money of initiatives and KPIs, each of it once. What a KPI's money pays for is often an initiative that serves
    /// it, or a KPI that it drives: only what is left of it counts besides. Where the plan's total shows that even
    /// so some of it is the same, the larger of the two that fits counts alone.
    fn work(facts: &Facts, stated: Option<f64>) -> Vec<Part> {
        let plan = &facts.plan;
        let mut initiatives = Vec::new();
        let mut serving: HashMap<MetricRef, f64> = HashMap::new();
        for (at, initiative) in plan.initiatives.iter().enumerate() {
            let Some(money) = initiative.money_ahead() else { continue };
            let metrics = plan.served_by(initiative);
            let paths: Vec<Option<bool>> = metrics.iter().map(|metric| has_path(facts, *metric)).collect();
            metrics.into_iter().for_each(|metric| *serving.entry(metric).or_default() += money);
            initiatives.push((Subject::Initiative(at), money, any(&paths)));
        }
        let parts: HashSet<usize> = shared_kpis(plan).map(|(part, _)| part).collect();
        let (mut kpis, mut besides) = (Vec::new(), initiatives.clone());
        for (at, kpi) in plan.kpis.iter().enumerate().filter(|(at, _)| !parts.contains(at)) {
            let Some(money) = plan.money_of(Subject::Kpi(at)) else { continue };
            let metric = MetricRef::kpi(at);
            let path = has_path(facts, metric);
            let served = std::iter::once(metric).chain(plan.kpis_driven_by(kpi).map(MetricRef::kpi));
            let elsewhere: f64 = served.filter_map(|metric| serving.get(&metric)).sum();
            kpis.push((Subject::Kpi(at), money, path));
            if money > elsewhere {
                besides.push((Subject::Kpi(at), money - elsewhere, path));
            }
        }
        let sum = |parts: &[Part]| parts.iter().map(|(_, money, _)| money).sum::<f64>();
        let fits = |parts: &[Part]| stated.is_none_or(|total| sum(parts) <= total * (1.0 + ROUNDING));
        if fits(&besides) {
            return besides;
        }
        let (larger, smaller) = if sum(&kpis) > sum(&initiatives) { (kpis, initiatives) } else { (initiatives, kpis) };
        if fits(&larger) || !fits(&smaller) || smaller.is_empty() { larger } else { smaller }
    }

    /// The money of products: it has a path where a KPI about the product has one, and none where no
    /// KPI of the plan has.
    fn products(facts: &Facts) -> Vec<Part> {
        let plan = &facts.plan;
        let mut about: HashMap<Option<usize>, Vec<Option<bool>>> = HashMap::new();
        for (at, kpi) in facts.judged_kpis().filter_map(|at| plan.kpis.get(at).map(|kpi| (at, kpi))) {
            about.entry(plan.product_of(kpi)).or_default().push(has_path(facts, MetricRef::kpi(at)));
        }
        let paths = |product| about.get(&product).map(Vec::as_slice).unwrap_or_default();
        let general = any(paths(None));
        let products = plan.products.iter().enumerate().filter(|(_, product)| is_product(product));
        products
            .filter_map(|(at, _)| {
                let money = plan.money_of(Subject::Product(at))?;
                let own = any(paths(Some(at)));
                let has_path = match (paths(Some(at)), paths(None)) {
                    ([], []) => None,
                    ([], _) => general,
                    (_, []) => own,
                    _ => any(&[own, general]),
                };
                Some((Subject::Product(at), money, has_path))
            })
            .collect()
    }

    /// The money behind a KPI: its own, else that of the initiatives that serve only it.
    pub fn behind(facts: &Facts, kpi: usize, concern: &'static str) -> Option<AtStake> {
        if let Some(amount) = facts.plan.money_of(Subject::Kpi(kpi)).filter(|amount| *amount > 0.0) {
            return Some(AtStake::of_one(Subject::Kpi(kpi), amount, concern));
        }
        facts.serving_only(MetricRef::kpi(kpi)).map(|(amount, of)| AtStake { amount: *amount, of: of.clone(), concern })
    }
}

/// The money of the initiatives that serve one goal or KPI only, by that goal or KPI.
pub(super) fn serving_only(plan: &Plan) -> HashMap<MetricRef, (f64, Vec<Subject>)> {
    let mut serving: HashMap<MetricRef, (f64, Vec<Subject>)> = HashMap::new();
    for (at, initiative) in plan.initiatives.iter().enumerate() {
        let Some(money) = initiative.money_ahead() else { continue };
        let served = plan.served_by(initiative);
        if let ([only], true) = (served.as_slice(), money > 0.0) {
            let (amount, of) = serving.entry(*only).or_default();
            *amount += money;
            of.push(Subject::Initiative(at));
        }
    }
    serving
}

/// The KPIs whose money is a part of another's, each with that other: one that it drives, where all that drive it
/// have no more together than it has.
pub fn shared_kpis(plan: &Plan) -> impl Iterator<Item = (usize, usize)> {
    let money = |at: usize| plan.money_of(Subject::Kpi(at)).filter(|money| *money > 0.0);
    let mut driven: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, kpi) in plan.kpis.iter().enumerate().filter(|(at, _)| money(*at).is_some()) {
        for whole in plan.kpis_driven_by(kpi).filter(|whole| money(*whole).is_some()) {
            driven.entry(whole).or_default().push(at);
        }
    }
    let within = move |(whole, parts): &(usize, Vec<usize>)| {
        let all: f64 = parts.iter().filter_map(|part| money(*part)).sum();
        money(*whole).is_some_and(|whole| all <= whole * (1.0 + ROUNDING))
    };
    driven.into_iter().filter(within).flat_map(|(whole, parts)| parts.into_iter().map(move |part| (part, whole)))
}

/// Whether a goal or KPI leads to money, or is money.
fn has_path(facts: &Facts, metric: MetricRef) -> Option<bool> {
    match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => {
            let way = facts.way(at)?;
            // A guardrail is there to hold something, not to lead somewhere.
            let holds = facts.plan.kpis.get(at).is_some_and(|kpi| Plan::role(kpi) == Role::Guardrail);
            way.level.map(|_| way.reaches_money()).filter(|reaches| *reaches || !holds)
        }
        _ => facts.identity(metric).kind.map(|_| facts.identity(metric).is_money()),
    }
}

/// Yes where one says yes; unclear where one is; else no.
fn any(paths: &[Option<bool>]) -> Option<bool> {
    if paths.contains(&Some(true)) {
        Some(true)
    } else if paths.contains(&None) {
        None
    } else {
        Some(false)
    }
}
