//! The worked numbers, from a plan's text to the printed digit.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use kpi_audit::facts::EconomicsOf;
use kpi_audit::facts::economics::{Derivation, worth_of_one};
use kpi_audit::severity::Severity;
use support::{audit, findings, readings, shown};

const ROAS: &str = "roas-over-ltv-cac";

/// A shop whose only ROAS KPI stands at `target`, with the given economics.
fn shop(target: &str, new_share: &str, orders: &str) -> String {
    format!(
        "plan: Shop\nperiod: 2027-Q1\nbusiness_model: repeat-purchase\n\
         economics: {{price: 80, gross_margin: 40%, new_share: {new_share}, orders_per_customer: {orders}}}\n\
         goals: [{{id: sales, name: Online sales, target: 1.2M}}]\n\
         kpis: [{{name: ROAS, target: {target}, drives: [sales], because: 1 brings {target}}}]\n"
    )
}

fn two_decimals(figure: &Derivation) -> String {
    format!("{:.2}", figure.as_ref().expect("a figure").value.middle())
}

#[test]
fn a_roas_of_4_at_40_percent_margin_and_60_percent_new_customers_passes_and_still_loses() {
    let report = audit(&shop("4", "60%", "1.0"));
    assert_eq!(readings(&report, ROAS), ["passes-and-still-loses"]);
    let shown = |slot| shown(&report, ROAS, slot);
    assert_eq!([shown("break_even"), shown("cac"), shown("ltv"), shown("ratio")], ["2.5", "33.3", "32.0", "0.96"]);
    assert_eq!(findings(&report, ROAS)[0].severity, Severity::Critical);
}

#[test]
fn the_roas_rule_would_cut_the_wrong_channel() {
    let retargeting = audit(&shop("8.0", "10%", "1.3"));
    let prospecting = audit(&shop("1.8", "95%", "3.2"));
    assert_eq!(shown(&retargeting, ROAS, "ratio"), "0.42");
    assert_eq!(shown(&prospecting, ROAS, "ratio"), "2.19");
    assert_eq!(readings(&retargeting, ROAS), ["passes-and-still-loses"]);
    assert_eq!(readings(&prospecting, ROAS), ["too-low"]);
}

#[test]
fn a_subscription_of_200_a_month_is_worth_5620_at_60_months() {
    let report = audit(
        "plan: SaaS\nperiod: 2027-Q1\nbusiness_model: subscription\n\
         economics: {price: 200, billing: monthly, gross_margin: 80%, monthly_churn: 2%, cac: \"2,000\"}\n\
         goals: [{name: New ARR, target: 1.2M}]\n",
    );
    let economics = report.facts.economics(EconomicsOf::Plan).expect("economics");
    let value = |figure: &Derivation| figure.as_ref().expect("a figure").value.middle();
    assert_eq!(format!("{:.0}", value(&economics.ltv)), "5620");
    assert_eq!(format!("{:.1}", value(&economics.ltv_to_cac)), "2.8");
    assert_eq!(format!("{:.1}", value(&economics.payback_months)), "12.5");
}

#[test]
fn four_even_products_would_gain_17_6_percent_split_by_what_they_return() {
    let report = audit(
        "plan: Four\nperiod: 2027-Q1\ngoals: [{name: New ARR, target: 1.2M}]\nproducts:\n\
         \x20 - {name: One, budget: 25k, cac: \"1,000\", ltv: \"5,000\"}\n\
         \x20 - {name: Two, budget: 25k, cac: \"1,000\", ltv: \"3,200\"}\n\
         \x20 - {name: Three, budget: 25k, cac: \"1,000\", ltv: \"1,500\"}\n\
         \x20 - {name: Four, budget: 25k, cac: \"1,000\", ltv: 800}\n",
    );
    let split = report.facts.split();
    assert_eq!(format!("{:.2}", split.evenness.expect("an evenness")), "1.00");
    let best: Vec<String> = split.best.iter().map(|money| format!("{:.1}", money / 1e3)).collect();
    assert_eq!(best, ["65.6", "26.9", "5.9", "1.7"]);
    assert_eq!(format!("{:.1}", split.regret.expect("a regret") * 100.0), "17.6");
    assert_eq!(shown(&report, "spread-thin", "regret"), "17.6%");
}

#[test]
fn one_mql_is_worth_605() {
    let worth = worth_of_one(&[0.25, 0.55, 0.22], 20_000.0).expect("a worth");
    assert_eq!(format!("{worth:.0}"), "605");
}

#[test]
fn the_floor_keeps_ltv_to_cac_at_three() {
    let report = audit(&shop("1.8", "95%", "3.2"));
    let floor = shown(&report, ROAS, "floor");
    let at_floor = audit(&shop(&floor, "95%", "3.2"));
    let economics = at_floor.facts.economics(EconomicsOf::Plan).expect("economics");
    assert_eq!(two_decimals(&economics.under_roas(floor.parse().expect("a number")).ltv_to_cac), "3.00");
}
