//! Whose money it is: what stands behind each KPI, and what share of the budget has a path to money.

use std::collections::HashMap;

use super::{Facts, is_product};
use crate::plan::{GoalOrKpi, Kpi, MetricRef, Plan, Role, Subject};

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
    /// Whose money has no path.
    pub pathless: Vec<Subject>,
}

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
}

impl Purse {
    pub(super) fn new(facts: &Facts) -> Self {
        let plan = &facts.plan;
        let stated = plan.head.budget.as_ref().and_then(|budget| budget.total.as_ref());
        let mut purse = Self { total: stated.and_then(|total| total.point()), ..Self::default() };
        let work = Self::work(facts);
        let parts = if work.is_empty() { Self::products(facts) } else { work };
        for (subject, money, has_path) in parts {
            match has_path {
                Some(true) => purse.with_path += money,
                Some(false) => {
                    purse.without_path += money;
                    purse.pathless.push(subject);
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

    /// The share of the whole budget that has a path, and that whole, where at least half of it can be told.
    pub fn share_with_path(&self) -> Option<(f64, f64)> {
        let told = self.with_path + self.without_path;
        let whole = self.total.unwrap_or_default().max(self.allotted());
        (told > 0.0 && 2.0 * told >= whole).then(|| (self.with_path / whole, whole))
    }

    /// The money of initiatives, and of KPIs that no funded initiative serves, nor a KPI that they drive: such an
    /// initiative may well be what the KPI's money pays for.
    fn work(facts: &Facts) -> Vec<(Subject, f64, Option<bool>)> {
        let plan = &facts.plan;
        let mut parts = Vec::new();
        let mut served = std::collections::HashSet::new();
        for (at, initiative) in plan.initiatives.iter().enumerate() {
            let Some(money) = initiative.money_ahead() else { continue };
            let metrics = plan.served_by(initiative);
            let paths: Vec<Option<bool>> = metrics.iter().map(|metric| has_path(facts, *metric)).collect();
            served.extend(metrics);
            parts.push((Subject::Initiative(at), money, any(&paths)));
        }
        for (at, kpi) in plan.kpis.iter().enumerate() {
            let Some(money) = kpi.budget.as_ref().and_then(|budget| budget.point()) else { continue };
            let metric = MetricRef::kpi(at);
            let drives_served = plan.kpis_driven_by(kpi).any(|driven| served.contains(&MetricRef::kpi(driven)));
            if !served.contains(&metric) && !drives_served && !is_part_of_another(plan, kpi) {
                parts.push((Subject::Kpi(at), money, has_path(facts, metric)));
            }
        }
        parts
    }

    /// The money of products: it has a path where a KPI about the product has one, and none where no
    /// KPI of the plan has.
    fn products(facts: &Facts) -> Vec<(Subject, f64, Option<bool>)> {
        let plan = &facts.plan;
        let mut about: HashMap<Option<usize>, Vec<Option<bool>>> = HashMap::new();
        for (at, kpi) in facts.judged_kpis().filter_map(|at| plan.kpis.get(at).map(|kpi| (at, kpi))) {
            about.entry(plan.product_of(kpi)).or_default().push(has_path(facts, MetricRef::kpi(at)));
        }
        let paths = |product| about.get(&product).map(Vec::as_slice).unwrap_or_default();
        let general = any(paths(None));
        let products = plan.products.iter().enumerate().filter(|(_, product)| is_product(product));
        products
            .filter_map(|(at, product)| {
                let money = product.budget.as_ref().and_then(|budget| budget.point())?;
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
        let plan = &facts.plan;
        let own = plan.kpis.get(kpi)?.budget.as_ref().and_then(|budget| budget.point());
        if let Some(amount) = own.filter(|amount| *amount > 0.0) {
            return Some(AtStake { amount, of: vec![Subject::Kpi(kpi)], concern });
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

/// Whether a KPI's money is a part of another's: of one that it drives, and that has as much or more.
fn is_part_of_another(plan: &Plan, kpi: &Kpi) -> bool {
    let money = |kpi: &Kpi| kpi.budget.as_ref().and_then(|budget| budget.point());
    let mut whole = plan.kpis_driven_by(kpi).filter_map(|at| plan.kpis.get(at).and_then(|kpi| money(kpi)));
    whole.any(|whole| money(kpi).is_some_and(|part| part <= whole))
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
