//! `unmeasured-spend`: money that no goal or KPI of the plan would miss.

use std::sync::LazyLock;

use hashbrown::HashSet;

use crate::facts::{AtStake, Facts};
use crate::plan::{Entity, Initiative, InitiativeKind, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unmeasured-spend",
    area: Area::Budget,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |_| true,
    yields_to: &[],
    settings: &[&MUCH, &MOST],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("unmeasured_spend.md"))),
    check: Check::First(check),
};

static MUCH: Setting = Setting {
    key: "much",
    default: 0.20,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the money over which it is medium that nothing measures it",
    source: "a convention: a fifth leaves room for what no number can follow",
};

static MOST: Setting = Setting {
    key: "most",
    default: 0.50,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share over which it is high",
    source: "a convention: the plan could then be met, or missed, without most of its money mattering",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let plan = &facts.plan;
    // Nothing is measured at all: that is said of the whole plan, and not of its money.
    if plan.lacks(PlanPart::Kpis) && plan.lacks(PlanPart::Goals) {
        return;
    }
    let work: Vec<_> =
        plan.initiatives.iter().enumerate().filter(|(_, initiative)| is_for_a_result(initiative)).collect();
    if work.iter().any(|(_, initiative)| initiative.money_ahead().is_some_and(|money| money > 0.0)) {
        judge_work(facts, &work, verdicts);
    } else {
        judge_products(facts, verdicts);
    }
}

/// Upkeep is done for what would break without it, and not for a number that rises.
fn is_for_a_result(initiative: &Initiative) -> bool {
    let upkeep = initiative.kind.as_ref().is_some_and(|kind| kind.value == InitiativeKind::Upkeep);
    initiative.is_ahead() && !upkeep
}

fn judge_work(facts: &Facts, work: &[(usize, &Entity<Initiative>)], verdicts: &mut Verdicts<'_>) {
    let plan = &facts.plan;
    let mut spend = Spend::new("initiatives");
    for (at, initiative) in work {
        let subject = Subject::Initiative(*at);
        let measured = !plan.served_by(initiative).is_empty();
        match (initiative.money_ahead(), measured) {
            (Some(money), _) => spend.add(subject, money, measured),
            (None, true) => spend.measured_open.push(subject),
            (None, false) => spend.unmeasured_open.push(subject),
        }
    }
    spend.judge(facts, plan.place_of_parts(&[PlanPart::Initiatives]), verdicts);
}

/// Without initiatives, a product's money is measured by a KPI about it.
fn judge_products(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let (plan, split) = (&facts.plan, facts.split());
    if split.funded.is_empty() || plan.lacks(PlanPart::Kpis) {
        return;
    }
    let about: HashSet<usize> = (0..plan.kpis.len()).filter_map(|kpi| facts.product_meant_by(kpi)).collect();
    let mut spend = Spend::new("products");
    split.funded.iter().for_each(|share| {
        spend.add(Subject::Product(share.product), share.money, about.contains(&share.product));
    });
    for at in &split.unclear {
        let open = if about.contains(at) { &mut spend.measured_open } else { &mut spend.unmeasured_open };
        open.push(Subject::Product(*at));
    }
    // A KPI that names no product may be about any of them.
    let of_all = plan.kpis.iter().enumerate().filter(|(_, kpi)| kpi.product.is_none());
    let needs: Vec<Need> = of_all.map(|(at, _)| Need::new("product", Subject::Kpi(at))).collect();
    if !needs.is_empty() && plan.products.len() > 1 && !spend.unmeasured.is_empty() {
        return verdicts.unknown(Subject::Plan, needs);
    }
    spend.judge(facts, plan.place_of_parts(&[PlanPart::Products]), verdicts);
}

/// Money by whether something measures it.
struct Spend {
    reading: &'static str,
    total: f64,
    unmeasured: Vec<(Subject, f64)>,
    /// What has no amount, or none that is settled.
    measured_open: Vec<Subject>,
    unmeasured_open: Vec<Subject>,
}

impl Spend {
    fn new(reading: &'static str) -> Self {
        let (unmeasured, measured_open, unmeasured_open) = (Vec::new(), Vec::new(), Vec::new());
        Self { reading, total: 0.0, unmeasured, measured_open, unmeasured_open }
    }

    fn add(&mut self, subject: Subject, money: f64, measured: bool) {
        self.total += money;
        if !measured && money > 0.0 {
            self.unmeasured.push((subject, money));
        }
    }

    fn judge(&self, facts: &Facts, place: Span, verdicts: &mut Verdicts<'_>) {
        let threshold = |setting| facts.settings.threshold(RULE.name, setting);
        let money: f64 = self.unmeasured.iter().map(|(_, money)| money).sum();
        // What has no amount may hold all that the plan states beside.
        let largest = facts.plan.stated_budget().map(|stated| stated.max(self.total));
        let whole = if self.measured_open.is_empty() { Some(self.total) } else { largest };
        let share = whole.filter(|whole| *whole > 0.0).map(|whole| money / whole);
        let severity = match share {
            Some(share) if share > threshold(&MOST) => Severity::High,
            Some(share) if share > threshold(&MUCH) => Severity::Medium,
            _ if self.total > 0.0 && money / self.total <= threshold(&MUCH) && self.unmeasured_open.is_empty() => {
                return verdicts.pass(Subject::Plan);
            }
            _ => {
                let open = self.measured_open.iter().chain(&self.unmeasured_open);
                return verdicts.unknown(Subject::Plan, open.map(|subject| Need::new("budget", *subject)));
            }
        };
        verdicts.fail(Subject::Plan, self.draft(facts, place, severity, money, whole.unwrap_or(self.total)));
    }

    fn draft(&self, facts: &Facts, place: Span, severity: Severity, money: f64, whole: f64) -> FindingDraft {
        let mut dearest: Vec<&(Subject, f64)> = self.unmeasured.iter().collect();
        dearest.sort_by(|one, other| other.1.total_cmp(&one.1));
        let names = dearest.iter().map(|(subject, _)| facts.plan.name_of(*subject).to_owned()).collect();
        let concern = RULE.page().phrase(if self.reading == "products" { "at-stake.products" } else { "at-stake" });
        let of = self.unmeasured.iter().map(|(subject, _)| *subject).collect();
        let draft = FindingDraft::at(place, self.reading, severity)
            .with("money", Figure::Money(money))
            .with("total", Figure::Money(whole))
            .with("share", Figure::Share(money / whole))
            .with("names", Figure::Names(names))
            .with("number", Figure::Count(self.unmeasured.len() as f64))
            .at_stake(Some(AtStake { amount: money, of, concern }));
        // The dearest ones are shown at their places; the rest is in the names.
        const SHOWN: usize = 3;
        dearest.iter().take(SHOWN).fold(draft, |draft, (subject, money)| {
            draft.beside(facts.plan.place_of(*subject), crate::wording::money(*money))
        })
    }
}
