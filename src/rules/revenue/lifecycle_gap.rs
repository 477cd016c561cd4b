//! `lifecycle-gap`: a business that lives on customers who stay or come back, and a plan that only looks at new ones.

use std::sync::LazyLock;

use crate::facts::{Department, Facts};
use crate::metrics::{Family, Kind};
use crate::plan::{BusinessModel, Initiative, InitiativeKind, MetricRef, PlanPart, Purpose, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "lifecycle-gap",
    area: Area::Revenue,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Goals, PlanPart::Kpis],
    // Who buys once, who gives and who reads for free are kept in other ways, if at all.
    applies: |facts| facts.business_model().is_none() || lives_on(facts).is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("lifecycle_gap.md"))),
    check: Check::First(check),
};

/// What a business lives on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lasting {
    /// Customers who stay.
    Staying,
    /// Customers who come back.
    ComingBack,
}

fn lives_on(facts: &Facts) -> Option<Lasting> {
    match facts.business_model()? {
        BusinessModel::Subscription => Some(Lasting::Staying),
        BusinessModel::RepeatPurchase | BusinessModel::Marketplace => Some(Lasting::ComingBack),
        BusinessModel::OneOff | BusinessModel::AdFunded | BusinessModel::Nonprofit => None,
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if facts.metrics().next().is_none() {
        return;
    }
    if facts.business_model().is_none() {
        return verdicts.unknown(Subject::Plan, [Need::new("business_model", Subject::Plan)]);
    }
    let Some(lasting) = lives_on(facts) else { return };
    if facts.metrics().any(|metric| looks_at_it(facts, metric, lasting)) {
        return verdicts.pass(Subject::Plan);
    }
    let mut needs: Vec<Need> = facts.results().unclear.iter().copied().map(Need::of_kind).collect();
    if lasting == Lasting::ComingBack {
        if works_on_it(facts) {
            return verdicts.pass(Subject::Plan);
        }
        needs.extend(of_unclear_purpose(facts));
    }
    if !needs.is_empty() {
        return verdicts.unknown(Subject::Plan, needs);
    }
    verdicts.fail(Subject::Plan, finding(facts, lasting));
}

/// Whether a goal or KPI of any role is about customers who stay or come back. What a customer is worth over time says it of
/// those who come back; of a contract it mixes price and margin with how long it lasts.
fn looks_at_it(facts: &Facts, metric: MetricRef, lasting: Lasting) -> bool {
    let identity = facts.identity(metric);
    let family = identity.metric.map(|metric| metric.family);
    let worth = lasting == Lasting::ComingBack && family == Some(Family::Ltv);
    identity.kind == Some(Kind::Retention) || family == Some(Family::RepeatPurchase) || worth
}

/// Whether money or work is meant for customers whom the business has.
fn works_on_it(facts: &Facts) -> bool {
    let plan = &facts.plan;
    let money = plan.head.budget.as_ref().and_then(|budget| budget.retention.as_ref()).and_then(|money| money.point());
    money.is_some_and(|money| money > 0.0) || ahead(facts).any(|(_, initiative)| is_for_keeping(initiative))
}

fn ahead(facts: &Facts) -> impl Iterator<Item = (usize, &Initiative)> {
    facts.plan.initiatives.iter().enumerate().filter(|(_, one)| one.is_ahead()).map(|(at, one)| (at, &**one))
}

fn is_for_keeping(initiative: &Initiative) -> bool {
    let kind = initiative.kind.as_ref().is_some_and(|kind| kind.value == InitiativeKind::Lifecycle);
    kind || initiative.purpose.as_ref().is_some_and(|purpose| purpose.value == Purpose::Retention)
}

/// Work of which it is not said what it is for may be for customers whom the business has.
fn of_unclear_purpose(facts: &Facts) -> impl Iterator<Item = Need> {
    let upkeep = |one: &Initiative| one.kind.as_ref().is_some_and(|kind| kind.value == InitiativeKind::Upkeep);
    let unclear = ahead(facts).filter(move |(_, one)| one.purpose.is_none() && !upkeep(one));
    unclear.map(|(at, _)| Need::new("purpose", Subject::Initiative(at)))
}

fn finding(facts: &Facts, lasting: Lasting) -> FindingDraft {
    let head = &facts.plan.head;
    let model = head.business_model.as_ref().map_or(head.place, |model| model.whole());
    let churn = churn(facts).filter(|_| lasting == Lasting::Staying);
    let (reading, severity) = match (lasting, churn.is_some(), ahead(facts).next().is_some()) {
        (Lasting::Staying, true, _) => ("staying.churn", Severity::High),
        (Lasting::Staying, false, _) => ("staying", Severity::High),
        (Lasting::ComingBack, _, true) => ("coming-back", Severity::Medium),
        (Lasting::ComingBack, _, false) => ("coming-back.kpis", Severity::Medium),
    };
    let (of, monthly) = churn.unwrap_or_default();
    let seen = facts.metrics().collect::<Vec<_>>();
    FindingDraft::at(model, reading, severity)
        .with("kinds", Figure::Names(facts.kinds_of(&seen)))
        .with("of", Figure::Text(of))
        .with("churn", Figure::Gain(monthly))
        .with("leaving", Figure::Count((100.0 * leaving_in_a_year(monthly)).round()))
        .recognised(seen.iter().any(|metric| facts.identity(*metric).is_recognised()))
        // To look at one number more is no decision; whose number it is, is one.
        .reframe(Some(kept(facts, lasting)), keepers(facts).is_empty())
}

/// The highest monthly churn that the plan gives, and whose it is.
fn churn(facts: &Facts) -> Option<(String, f64)> {
    let plan = &facts.plan;
    let whole = plan.head.economics.as_ref().and_then(|economics| economics.keys.monthly_churn.as_ref()?.point());
    let of_plan = whole.map(|churn| (RULE.page().phrase("of.plan").to_owned(), churn));
    let of_products = plan.products.iter().filter_map(|product| {
        let churn = product.economics.monthly_churn.as_ref()?.point()?;
        Some((product.name.value.to_string(), churn))
    });
    let given = of_products.chain(of_plan).filter(|(_, churn)| *churn > 0.0 && *churn < 1.0);
    given.max_by(|(_, one), (_, other)| one.total_cmp(other))
}

/// The share of customers who leave within a year at a monthly churn.
fn leaving_in_a_year(monthly: f64) -> f64 {
    const MONTHS: i32 = 12;
    1.0 - (1.0 - monthly).powi(MONTHS)
}

/// A KPI of customers who stay or come back, for the team that keeps them where the plan has one.
fn kept(facts: &Facts, lasting: Lasting) -> String {
    let (phrase, metric) = match lasting {
        Lasting::Staying => ("name.staying", "net-revenue-retention"),
        Lasting::ComingBack => ("name.coming-back", "repeat-purchase-rate"),
    };
    let kpi = Fields::new().text("id", facts.plan.fresh_id(metric)).text("name", RULE.page().phrase(phrase));
    // Nobody has agreed on a target yet: a guardrail is looked at without one.
    let kpi = kpi.text("metric", metric).text("role", Role::Guardrail.word()).words("teams", keepers(facts));
    reframe::list("kpis", vec![kpi])
}

fn keepers(facts: &Facts) -> Vec<String> {
    let teams = facts.teams();
    let keeps = |team: &Department| matches!(team, Department::CustomerSuccess | Department::Marketing);
    teams.departments().filter(keeps).map(|team| teams.written(team).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn who_leaves_in_a_year_are_those_who_leave_month_by_month(churn in 0.0..1.0f64) {
            let left = (0..12).fold(1.0, |left, _| left * (1.0 - churn));
            prop_assert!((leaving_in_a_year(churn) - (1.0 - left)).abs() < 1e-9);
        }
    }
}
