//! `sums-do-not-add`: parts of the budget that are more, or less, than the whole.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::{Initiative, Money, Placed, PlanPart, Priority, ProductKind, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "sums-do-not-add",
    area: Area::Budget,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Budget],
    applies: |_| true,
    yields_to: &[],
    settings: &[&ROUNDING],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("sums_do_not_add.md"))),
    check: Check::First(check),
};

static ROUNDING: Setting = Setting {
    key: "rounding",
    default: 0.01,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "how far a sum may be from the total, as a share of it",
    source: "a convention: within a hundredth, it is rounding",
};

/// Several amounts and their sum, beside the total.
struct Sum {
    reading: &'static str,
    severity: Severity,
    place: Span,
    /// What it is the sum of, in words.
    parts: String,
    /// How many initiatives could be done, where the sum counts them.
    coulds: usize,
    sum: f64,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let Some(budget) = &facts.plan.head.budget else { return };
    let Some(total) = facts.plan.stated_budget() else {
        return verdicts.unknown(Subject::Plan, [Need::new("total", Subject::Plan)]);
    };
    let (purposes, unsettled) = purposes(facts, total, budget.key);
    let sums: Vec<Sum> = purposes.into_iter().chain(products(facts, total)).chain(initiatives(facts, total)).collect();
    match (sums.is_empty(), unsettled.is_empty()) {
        (false, _) => verdicts.fail_all(Subject::Plan, sums.into_iter().map(|sum| draft(facts, sum, total)).collect()),
        (true, false) => verdicts.unknown(Subject::Plan, unsettled),
        (true, true) => verdicts.pass(Subject::Plan),
    }
}

fn is_over(facts: &Facts, sum: f64, total: f64) -> bool {
    sum > total * (1.0 + facts.settings.threshold(RULE.name, &ROUNDING))
}

fn is_under(facts: &Facts, sum: f64, total: f64) -> bool {
    sum < total * (1.0 - facts.settings.threshold(RULE.name, &ROUNDING))
}

/// The purposes and the reserve: more than the total, or all of them given and less. With the keys that are not settled.
fn purposes(facts: &Facts, total: f64, place: Span) -> (Option<Sum>, Vec<Need>) {
    let Some(budget) = &facts.plan.head.budget else { return (None, Vec::new()) };
    let keys: [(&'static str, &Option<Placed<Money>>); 4] = [
        ("creation", &budget.creation),
        ("capture", &budget.capture),
        ("retention", &budget.retention),
        ("reserve", &budget.reserve),
    ];
    let given = keys.iter().filter_map(|(key, money)| money.as_ref().map(|money| (*key, money.point())));
    let unsettled: Vec<Need> =
        given.clone().filter(|(_, money)| money.is_none()).map(|(key, _)| Need::new(key, Subject::Plan)).collect();
    let known: Vec<(&str, f64)> = given.filter_map(|(key, money)| money.map(|money| (key, money))).collect();
    let sum: f64 = known.iter().map(|(_, money)| money).sum();
    let reading = if is_over(facts, sum, total) {
        "purposes-over"
    } else if known.len() == keys.len() && is_under(facts, sum, total) {
        "purposes-under"
    } else {
        return (None, unsettled);
    };
    let parts: Vec<String> = known.iter().map(|(key, money)| format!("{key} {}", Figure::Money(*money))).collect();
    (Some(Sum { reading, severity: Severity::High, place, parts: parts.join(" + "), coulds: 0, sum }), Vec::new())
}

/// Products, regions and segments, each kind by itself: they are different cuts of the same money.
fn products(facts: &Facts, total: f64) -> Vec<Sum> {
    let kinds =
        [(ProductKind::Product, "products"), (ProductKind::Region, "regions"), (ProductKind::Segment, "segments")];
    let sums = kinds.into_iter().filter_map(|(kind, reading)| {
        let own = facts
            .plan
            .products
            .iter()
            .filter(|product| product.kind.as_ref().map_or(ProductKind::Product, |kind| kind.value) == kind);
        let sum: f64 = own.filter_map(|product| product.budget.as_ref()?.point()).sum();
        let place = facts.plan.place_of_parts(&[PlanPart::Products]);
        let severity = Severity::High;
        is_over(facts, sum, total).then_some(Sum { reading, severity, place, parts: String::new(), coulds: 0, sum })
    });
    sums.collect()
}

/// What must and should be done in the period; with what could be done, only where a list is longer than the money.
fn initiatives(facts: &Facts, total: f64) -> Option<Sum> {
    let place = facts.plan.place_of_parts(&[PlanPart::Initiatives]);
    let (mut firm, mut all, mut coulds) = (0.0, 0.0, 0);
    for initiative in facts.plan.initiatives.iter().filter(|initiative| is_within(facts, initiative)) {
        let Some(money) = initiative.money_ahead() else { continue };
        all += money;
        match initiative.priority.as_ref().map(|priority| priority.value) {
            Some(Priority::Could) => coulds += 1,
            _ => firm += money,
        }
    }
    let sum = |reading, severity, sum| Sum { reading, severity, place, parts: String::new(), coulds, sum };
    if is_over(facts, firm, total) {
        return Some(sum("initiatives", Severity::High, firm));
    }
    is_over(facts, all, total).then(|| sum("with-coulds", Severity::Low, all))
}

/// Whether an initiative's money is the period's: it does not reach beyond it.
fn is_within(facts: &Facts, initiative: &Initiative) -> bool {
    let Some(period) = &facts.plan.head.period else { return true };
    let starts = initiative.start.as_ref().is_none_or(|start| start.value >= period.start);
    starts && initiative.end.as_ref().is_none_or(|end| end.value <= period.end)
}

fn draft(facts: &Facts, sum: Sum, total: f64) -> FindingDraft {
    let more = sum.sum - total;
    FindingDraft::at(sum.place, sum.reading, sum.severity)
        .with("parts", Figure::Text(sum.parts))
        .with("coulds", Figure::Count(sum.coulds as f64))
        .with("sum", Figure::Money(sum.sum))
        .with("total", Figure::Money(total))
        .with("difference", Figure::Money(more.abs()))
        .reframe(if sum.reading == "purposes-under" { rest_in_reserve(facts, -more) } else { None }, false)
}

/// The rest as a larger reserve, until it is decided what it is for.
fn rest_in_reserve(facts: &Facts, rest: f64) -> Option<String> {
    let reserve = facts.plan.head.budget.as_ref()?.reserve.as_ref()?.point()?;
    Some(reframe::part("budget", Fields::new().text("reserve", reframe::amount(reserve + rest))))
}
