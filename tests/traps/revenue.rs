//! The traps of the rules on revenue.

use kpi_audit::facts::links::Level;
use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, unknowns};
use crate::{LINK, VANITY, with_kpis};

#[test]
fn a_goal_whose_kind_cannot_be_told_accuses_nobody() {
    let report = audit(
        "plan: Unclear\nperiod: 2027-Q1\ngoals: [{name: The moonshot, target: 5}]\n\
         kpis: [{name: SQLs, target: 100, drives: [the-moonshot], because: 1 in 4}]\n",
    );
    assert!(readings(&report, LINK).is_empty());
    assert_eq!(unknowns(&report, LINK), ["outcome"]);
}

#[test]
fn guardrails_and_diagnostics_are_not_judged_for_vanity_or_links() {
    let report = audit(&with_kpis(
        "  - {name: LinkedIn followers, role: diagnostic}\n  - {name: Page views, role: guardrail, baseline: 900, keep: 5%}",
    ));
    assert!(readings(&report, VANITY).is_empty());
    assert!(readings(&report, LINK).is_empty());
}

#[test]
fn attention_without_a_path_fails_both_for_what_it_counts_and_for_where_it_leads() {
    let report = audit(&with_kpis("  - {name: LinkedIn followers, target: \"9,000\"}"));
    assert_eq!(readings(&report, VANITY), ["alone"]);
    assert_eq!(readings(&report, LINK), ["nowhere"]);
}

#[test]
fn what_a_customer_costs_and_pays_back_is_not_accused_of_leading_to_no_money() {
    for name in ["CAC", "CAC payback", "LTV:CAC", "Repeat purchase rate"] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        assert!(readings(&report, LINK).is_empty(), "{name}");
    }
}

#[test]
fn a_reason_holds_a_number_only_where_one_stands_by_itself() {
    for because in ["B2B buyers trust us", "it pays off in 2027", "since Q1", "they like us"] {
        let report = audit(&with_kpis(&format!("  - {{name: SQLs, drives: [new-arr], because: {because}}}")));
        assert_eq!(readings(&report, LINK), ["unfounded"], "{because}");
    }
}

#[test]
fn levels_count_nesting_as_a_link_without_a_reason_of_its_own() {
    let report = audit(
        "plan: Nested\nperiod: 2027-Q1\ngoals:\n  - name: New ARR\n    target: 1.2M\n    kpis: [{name: SQLs, target: 100}]\n",
    );
    assert_eq!(report.facts.way(0).and_then(|way| way.level), Some(Level::Founded));
    assert!(readings(&report, LINK).is_empty());
}

#[test]
fn a_brand_without_a_path_weighs_less() {
    let report = audit(&with_kpis("  - {name: Unaided brand awareness, target: 30%}"));
    assert_eq!(findings(&report, LINK)[0].severity, Severity::Medium);
}
