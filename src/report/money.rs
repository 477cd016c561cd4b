//! The money in question: what has no path to money, and what open findings put at stake, with no money counted twice.

use hashbrown::HashMap;

use crate::audit::PlanReport;
use crate::facts::{AtStake, shared_kpis};
use crate::plan::{GoalOrKpi, MetricRef, Plan, Subject};
use crate::wording::{Figure, money as amount};

/// The money of one plan that is in question, in the plan's currency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MoneyInQuestion {
    /// The plan's whole money: its stated budget, else the larger of what its work and its products get.
    pub budget: Option<f64>,
    /// All that is in question; never above the budget. It can be less than the parts together: where some of them are the
    /// money of the work and others that of the products, which may be the same money seen twice, the larger counts.
    pub total: f64,
    /// By concern, in the order in which they were met: the gravest finding's first.
    pub parts: Vec<Part>,
}

/// What one concern puts in question.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The amount.
    pub amount: f64,
    /// The concern, as a sentence ends: "no path to money".
    pub concern: &'static str,
}

/// The concern about money that serves nothing with a path.
const NO_PATH: &str = AtStake::NO_PATH;

/// What is left of a difference below this share of an amount is rounding.
const ROUNDING: f64 = 1e-9;

/// Less than this share of the budget is rounding, and not worth a clause.
const LEAST_SHOWN: f64 = 0.005;

/// The money of a plan that is in question.
pub fn in_question(plan: &PlanReport) -> MoneyInQuestion {
    let purse = plan.facts.purse();
    let budget = purse.total;
    let mut tally = Tally::new(plan.plan(), budget);
    for (subject, money) in &purse.pathless {
        tally.enter(*subject, *money, NO_PATH);
    }
    for stake in plan.findings().filter_map(|found| found.finding.at_stake.as_ref()) {
        tally.add(stake);
    }
    MoneyInQuestion { budget, total: tally.views.values().copied().fold(0.0, f64::max), parts: tally.parts }
}

impl MoneyInQuestion {
    /// "120k of 300k: 45k with no path to money, 75k …"; none where nothing is in question.
    pub(super) fn sentence(&self) -> Option<String> {
        let of = self.budget.map(|budget| format!(" of {}", amount(budget))).unwrap_or_default();
        match self.parts.as_slice() {
            [] => None,
            [part] => Some(format!("{}{of} {}", amount(part.amount), part.concern)),
            parts => {
                let parts: Vec<String> =
                    parts.iter().map(|part| format!("{} {}", amount(part.amount), part.concern)).collect();
                let twice = self.parts.iter().map(|part| part.amount).sum::<f64>() - self.total;
                let twice = Some(twice).filter(|twice| *twice > self.total * LEAST_SHOWN);
                let twice = twice.map(|twice| format!("; {} of these may be the same money twice", amount(twice)));
                Some(format!("{}{of}: {}{}", amount(self.total), parts.join(", "), twice.unwrap_or_default()))
            }
        }
    }
}

/// The share of a plan's money that has a path to money: "62% of 300k; of 40k it cannot be told".
pub(super) fn with_path(plan: &PlanReport) -> Option<String> {
    let purse = plan.facts.purse();
    let (share, whole) = purse.share_with_path().zip(purse.total)?;
    let open = Some(purse.untold()).filter(|untold| *untold >= whole * LEAST_SHOWN);
    let open = open.map(|untold| format!("; of {} it cannot be told", amount(untold))).unwrap_or_default();
    Some(format!("{} of {}{open}", Figure::Share(share), amount(whole)))
}

/// The views of a plan's money: each holds, perhaps, all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum View {
    Work,
    Products,
    Whole,
}

impl View {
    fn of(subject: Subject) -> Self {
        match subject {
            Subject::Initiative(_) | Subject::Kpi(_) => Self::Work,
            Subject::Product(_) => Self::Products,
            Subject::Plan | Subject::Goal(_) | Subject::Funnel(_) | Subject::Handoff(_) => Self::Whole,
        }
    }
}

/// What has been counted so far.
struct Tally<'p> {
    plan: &'p Plan,
    /// The most that can be in question in one view.
    budget: Option<f64>,
    /// Which initiatives serve a KPI, and whose money is a part of its own, each way, in order: their money may be the same.
    shared: Vec<(Subject, Subject)>,
    counted: HashMap<Subject, f64>,
    views: HashMap<View, f64>,
    parts: Vec<Part>,
}

impl<'p> Tally<'p> {
    fn new(plan: &'p Plan, budget: Option<f64>) -> Self {
        Self { plan, budget, shared: shared(plan), counted: HashMap::new(), views: HashMap::new(), parts: Vec::new() }
    }

    /// Divides what is at stake over those whose money it is, by their money.
    fn add(&mut self, stake: &AtStake) {
        // What the plan as a whole would gain is no part of its budget.
        if stake.of.iter().all(|subject| View::of(*subject) == View::Whole) {
            return;
        }
        let money: Vec<f64> = stake.of.iter().map(|subject| self.plan.money_of(*subject).unwrap_or_default()).collect();
        let all: f64 = money.iter().sum();
        for (subject, money) in stake.of.iter().zip(money) {
            let even = stake.amount / stake.of.len() as f64;
            let amount = if all > 0.0 { stake.amount * money / all } else { even };
            self.count(*subject, amount, stake.concern);
        }
    }

    /// Counts of an amount what has not been counted yet.
    fn count(&mut self, subject: Subject, amount: f64, concern: &'static str) {
        let counted = |subject: &Subject| self.counted.get(subject).copied().unwrap_or_default();
        let first = self.shared.partition_point(|(one, _)| *one < subject);
        let own = self.shared.iter().skip(first).take_while(|(one, _)| *one == subject);
        let elsewhere: f64 = own.map(|(_, other)| counted(other)).sum();
        let fresh = amount - counted(&subject) - elsewhere;
        self.enter(subject, if fresh > amount * ROUNDING { fresh } else { 0.0 }, concern);
    }

    /// Counts an amount that has not been counted, as far as the budget goes.
    fn enter(&mut self, subject: Subject, amount: f64, concern: &'static str) {
        let view = self.views.entry(View::of(subject)).or_default();
        let fresh = self.budget.map_or(amount, |budget| amount.min(budget - *view));
        if fresh <= 0.0 {
            return;
        }
        *view += fresh;
        *self.counted.entry(subject).or_default() += fresh;
        match self.parts.iter_mut().find(|part| part.concern == concern) {
            Some(part) => part.amount += fresh,
            None => self.parts.push(Part { amount: fresh, concern }),
        }
    }
}

fn shared(plan: &Plan) -> Vec<(Subject, Subject)> {
    let mut shared = Vec::new();
    let mut pair = |one, other| shared.extend([(one, other), (other, one)]);
    for (at, initiative) in plan.initiatives.iter().enumerate() {
        for metric in plan.served_by(initiative) {
            if let MetricRef { plan: 0, which: GoalOrKpi::Kpi(kpi) } = metric {
                pair(Subject::Kpi(kpi), Subject::Initiative(at));
            }
        }
    }
    shared_kpis(plan).for_each(|(part, whole)| pair(Subject::Kpi(part), Subject::Kpi(whole)));
    shared.sort_unstable();
    shared.dedup();
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Auditor;

    fn audit(text: &str) -> PlanReport {
        let mut report = Auditor::new(jiff::civil::date(2027, 1, 15)).audit_text("plan.yaml", text);
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        report.plans.remove(0)
    }

    fn question(text: &str) -> MoneyInQuestion {
        in_question(&audit(text))
    }

    /// What has no path to money, then the amounts of all other concerns.
    fn amounts(question: &MoneyInQuestion) -> (f64, Vec<f64>) {
        let (pathless, others): (Vec<&Part>, Vec<&Part>) =
            question.parts.iter().partition(|part| part.concern == NO_PATH);
        (pathless.iter().map(|part| part.amount).sum(), others.iter().map(|part| part.amount).collect())
    }

    const GOAL: &str = "plan: P\nperiod: 2027-Q1\ngoals: [{id: arr, name: New ARR, outcome: revenue, target: 250k}]\n";

    #[test]
    fn a_plan_without_money_has_none_in_question() {
        let found = question(&format!("{GOAL}kpis: [{{name: LinkedIn followers, target: 100}}]\n"));
        assert_eq!(found, MoneyInQuestion::default());
    }

    #[test]
    fn money_with_a_path_is_not_in_question() {
        let found =
            question(&format!("{GOAL}kpis: [{{name: SQLs, drives: [arr], because: 1 in 4 signs, budget: 40k}}]\n"));
        assert_eq!(found, MoneyInQuestion { budget: Some(40_000.0), ..MoneyInQuestion::default() });
    }

    #[test]
    fn what_two_concerns_put_at_stake_is_counted_under_the_first() {
        let found = question(&format!(
            "{GOAL}kpis: [{{id: fans, name: LinkedIn followers, target: 100}}]\n\
             initiatives: [{{name: Posts, serves: [fans], budget: 12k}}]\n"
        ));
        assert_eq!(amounts(&found), (12_000.0, vec![]));
        assert_eq!(found.total, 12_000.0);
    }

    #[test]
    fn different_money_is_counted_by_concern() {
        let found = question(&format!(
            "{GOAL}kpis:\n- {{id: fans, name: LinkedIn followers, target: 100, drives: [arr], budget: 10k}}\n\
             - {{id: nps, name: NPS, target: 45, budget: 5k}}\nbudget: {{total: 60k}}\n"
        ));
        assert_eq!(amounts(&found), (5_000.0, vec![10_000.0]));
        assert_eq!((found.total, found.budget), (15_000.0, Some(60_000.0)));
    }

    #[test]
    fn the_money_of_a_kpi_is_that_of_the_work_which_serves_it() {
        let text = |kpi: &str| {
            format!(
                "{GOAL}budget: {{total: 60k}}\nkpis: [{{id: fans, name: LinkedIn followers, target: 100, budget: {kpi}}}]\n\
                 initiatives: [{{name: Posts, serves: [fans], budget: 12k}}]\n"
            )
        };
        assert_eq!(amounts(&question(&text("12k"))), (12_000.0, vec![]));
        assert_eq!(amounts(&question(&text("15k"))), (15_000.0, vec![]));
    }

    #[test]
    fn a_kpi_that_drives_what_funded_work_serves_holds_the_money_of_that_work() {
        let text = format!(
            "{GOAL}kpis:\n  - {{name: Prospecting ROAS, budget: 90k, drives: [new-customers]}}\n  - {{name: New customers, drives: [arr], because: 100 each}}\n  - {{name: Reach}}\ninitiatives:\n  - {{name: Ads, serves: [new-customers], budget: 90k}}\n  - {{name: Chefs, serves: [reach], budget: 10k}}\n"
        );
        let plan = audit(&text);
        let purse = plan.facts.purse();
        assert_eq!((purse.share_with_path(), purse.total), (Some(0.9), Some(100_000.0)));
    }

    #[test]
    fn the_share_with_a_path_and_the_money_in_question_are_of_one_whole() {
        let kpi = |name: &str, money: &str, drives: &str| {
            format!("  - {{name: {name}, budget: {money}, drives: [{drives}]}}\n")
        };
        let told = |kpis: &str, rest: &str| {
            let plan = audit(&format!("{GOAL}kpis:\n{kpis}{rest}"));
            let purse = plan.facts.purse();
            (purse.share_with_path(), purse.total, in_question(&plan).total)
        };
        // Work for a part of a KPI's money leaves the rest of it.
        let prospecting = kpi("Prospecting ROAS", "90k", "new-customers")
            + "  - {name: New customers, drives: [arr], because: 100 each}\n";
        let widgets = "initiatives: [{name: Widgets, serves: [new-customers], budget: 1k}]\n";
        assert_eq!((told(&prospecting, widgets).0, told(&prospecting, widgets).1), (Some(1.0), Some(90_000.0)));
        // What three KPIs have together is no part of what one has.
        let three =
            [kpi("Reach", "20k", "nps"), kpi("Followers", "20k", "nps"), kpi("Impressions", "20k", "nps")].concat();
        assert_eq!(
            told(&(three.clone() + "  - {name: NPS, budget: 20k}\n"), ""),
            (Some(0.0), Some(80_000.0), 80_000.0)
        );
        assert_eq!(told(&(three + "  - {name: NPS, budget: 60k}\n"), ""), (Some(0.0), Some(60_000.0), 60_000.0));
        // More than there is tells no share of it.
        assert_eq!(told(&kpi("SQLs", "90k", "arr"), "budget: {total: 20k}\n").0, None);
    }

    #[test]
    fn a_share_is_told_only_of_a_whole_of_which_half_can_be_told() {
        let text = format!(
            "{GOAL}kpis: [{{name: SQLs, drives: [arr], because: 1 in 4}}]\ninitiatives: [{{name: Ads, serves: [sqls], budget: 12k}}]\nproducts: [{{name: Core, budget: 180k}}]\n"
        );
        let plan = audit(&text);
        let purse = plan.facts.purse();
        assert_eq!((purse.with_path, purse.total, purse.share_with_path()), (12_000.0, Some(180_000.0), None));
    }

    #[test]
    fn work_and_products_may_be_the_same_money_so_the_larger_counts() {
        let found = question(&format!(
            "{GOAL}kpis: [{{id: nps, name: NPS, target: 45}}]\ninitiatives: [{{name: Calls, serves: [nps], budget: 30k}}]\n\
             products:\n- {{name: A, budget: 60k, cac: 100, ltv: 50}}\n- {{name: B, budget: 60k, cac: 100, ltv: 400}}\n\
             - {{name: C, budget: 60k, cac: 100, ltv: 400}}\n"
        ));
        assert_eq!(amounts(&found), (30_000.0, vec![60_000.0]));
        assert_eq!((found.total, found.budget), (60_000.0, Some(180_000.0)));
        // Whoever adds the parts up is told why they are more than the whole.
        let sentence = found.sentence().unwrap();
        assert!(sentence.ends_with("; 30k of these may be the same money twice"), "{sentence}");
    }

    #[test]
    fn no_more_than_the_budget_is_in_question() {
        let found = question(&format!(
            "{GOAL}kpis:\n- {{name: NPS, target: 45, budget: 15k}}\n\
             - {{name: LinkedIn followers, target: 100, drives: [arr], budget: 50k}}\nbudget: {{total: 20k}}\n"
        ));
        assert_eq!(amounts(&found), (15_000.0, vec![5_000.0]));
        assert_eq!(found.total, 20_000.0);
    }

    #[test]
    fn a_waived_finding_puts_nothing_in_question() {
        let waiver = "waivers: [{rule: vanity-metric, on: fans, because: agreed, until: 2027-03-31}]\n";
        let kpis = "kpis: [{id: fans, name: LinkedIn followers, target: 100, drives: [arr], budget: 10k}]\n";
        assert_eq!(amounts(&question(&format!("{GOAL}{kpis}"))), (0.0, vec![10_000.0]));
        assert_eq!(question(&format!("{GOAL}{kpis}{waiver}")).parts, []);
    }

    #[test]
    fn a_stake_below_the_money_of_its_subjects_is_counted_on_top_once_more_is_at_stake() {
        let report = audit("plan: P\nproducts: [{name: A, budget: 60k}, {name: B, budget: 40k}]\n");
        let mut tally = Tally::new(report.plan(), None);
        let both = vec![Subject::Product(0), Subject::Product(1)];
        tally.add(&AtStake { amount: 10_000.0, of: both, concern: "regret" });
        tally.add(&AtStake { amount: 60_000.0, of: vec![Subject::Product(0)], concern: "a loss" });
        let counted: Vec<f64> = tally.parts.iter().map(|part| part.amount).collect();
        assert_eq!(counted, [10_000.0, 54_000.0]);
    }
}
