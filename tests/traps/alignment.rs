//! The traps of the rules on alignment.

use kpi_audit::PlanReport;
use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::with_kpis;

const DICTATED: &str = "dictated-kpi";
const ALONE: &str = "accountable-alone";

fn kpi(keys: &str) -> String {
    with_kpis(&format!("  - {{id: mql, name: MQLs, {keys}}}"))
}

fn with_head(head: &str, kpis: &str) -> String {
    format!("{}{head}\n", with_kpis(kpis))
}

fn severities(report: &PlanReport, rule: &str) -> Vec<Severity> {
    findings(report, rule).iter().map(|finding| finding.severity).collect()
}

// dictated-kpi

#[test]
fn a_kpi_is_handed_down_where_others_set_it_and_not_all_agreed() {
    let report = audit(&kpi("set_by: finance, teams: [marketing, sales], agreed_with: [marketing]"));
    assert_eq!(readings(&report, DICTATED), ["handed-down"]);
    assert_eq!(shown(&report, DICTATED, "absent"), "sales");
    assert_eq!(severities(&report, DICTATED), [Severity::Medium]);
    let unsaid = audit(&kpi("set_by: finance, teams: [marketing, sales]"));
    assert_eq!(readings(&unsaid, DICTATED), ["handed-down.unsaid"]);
    let north = audit(&kpi("role: north-star, set_by: finance, teams: [marketing], agreed_with: []"));
    assert_eq!(severities(&north, DICTATED), [Severity::High]);
}

#[test]
fn one_team_under_two_names_is_no_stranger() {
    for keys in [
        "set_by: Marketing team, teams: [marketing]",
        "set_by: Dział marketingu, teams: [Marketing]",
        "set_by: Equipo comercial, teams: [Ventas]",
        "set_by: CMO, teams: [marketing, sales]",
        "set_by: Vertriebsleiterin, teams: [Vertrieb]",
        "set_by: RevOps team, teams: [revops]",
        "set_by: finance, teams: [marketing, sales], agreed_with: [Head of Marketing, VP Sales]",
        "set_by: finance, teams: [marketing, sales], agreed_with: all",
        "set_by: todos, teams: [marketing, vendas]",
    ] {
        assert!(readings(&audit(&kpi(keys)), DICTATED).is_empty(), "{keys}");
    }
}

#[test]
fn a_member_of_a_team_counts_for_it() {
    let kpis = "  - {name: MQLs, set_by: jana, teams: [marketing]}\n\
                \x20 - {name: SQLs, set_by: finance, teams: [marketing], agreed_with: [jana]}";
    let report = audit(&with_head("teams: {marketing: {people: 4, members: [jana, ola]}}", kpis));
    assert!(readings(&report, DICTATED).is_empty());
}

#[test]
fn what_a_law_or_a_board_sets_is_not_to_be_agreed_on() {
    let report = audit(&kpi("set_by: finance, teams: [marketing], agreed_with: [], mandated: true"));
    assert!(readings(&report, DICTATED).is_empty() && unknowns(&report, DICTATED).is_empty());
}

#[test]
fn without_the_teams_or_whoever_set_it_nobody_is_accused() {
    assert_eq!(unknowns(&audit(&kpi("set_by: finance, agreed_with: []")), DICTATED), ["teams"]);
    assert_eq!(unknowns(&audit(&kpi("teams: [marketing], agreed_with: []")), DICTATED), ["set_by"]);
    assert_eq!(unknowns(&audit(&kpi("target: 900")), DICTATED), ["set_by", "teams"]);
    assert_eq!(unknowns(&audit(&kpi("teams: [marketing], set_by: TBD")), DICTATED), ["set_by"]);
    // Where all agreed, it does not matter who set it.
    assert!(unknowns(&audit(&kpi("teams: [marketing], agreed_with: [marketing]")), DICTATED).is_empty());
}

#[test]
fn agreement_comes_late_from_the_day_after_the_decision() {
    let plan = |day: &str| {
        let kpis = format!("  - {{name: MQLs, set_by: marketing, teams: [marketing], agreed_on: {day}}}");
        with_head("decided_on: 2026-12-15", &kpis)
    };
    assert!(readings(&audit(&plan("2026-12-15")), DICTATED).is_empty());
    assert_eq!(readings(&audit(&plan("2026-12-16")), DICTATED), ["agreed-late"]);
    assert!(
        readings(&audit(&kpi("set_by: marketing, teams: [marketing], agreed_on: 2027-01-20")), DICTATED).is_empty()
    );
}

#[test]
fn diagnostics_are_not_judged_and_guardrails_are() {
    let keys = |role: &str| format!("role: {role}, set_by: finance, teams: [marketing], agreed_with: []");
    assert!(readings(&audit(&kpi(&keys("diagnostic"))), DICTATED).is_empty());
    assert_eq!(readings(&audit(&kpi(&keys("guardrail"))), DICTATED), ["handed-down"]);
}

// accountable-alone

#[test]
fn a_team_alone_with_what_another_moves_is_told_with_the_way_out() {
    let report = audit(include_str!("../../examples/hotel-group.yaml"));
    assert_eq!(readings(&report, ALONE), ["alone"]);
    assert_eq!(shown(&report, ALONE, "others"), "marketing");
    let reframe = findings(&report, ALONE)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str());
    assert!(reframe.is_some_and(|yaml| yaml.contains("teams: [revenue-management, marketing]")), "{reframe:?}");
}

#[test]
fn whoever_shares_it_or_hands_over_does_not_leave_a_team_alone() {
    let alone = "teams: [sales], depends_on: [marketing]";
    assert_eq!(readings(&audit(&kpi(alone)), ALONE), ["alone"]);
    for (from, to) in [("marketing", "sales"), ("Vertrieb", "Marketing team")] {
        let report = audit(&format!("{}handoffs: [{{from: {from}, to: {to}}}]\n", kpi(alone)));
        assert!(readings(&report, ALONE).is_empty(), "{from} to {to}");
    }
    let shared = kpi("teams: [sales, Equipa de marketing], depends_on: [marketing]");
    assert!(readings(&audit(&shared), ALONE).is_empty());
    let other = format!("{}handoffs: [{{from: marketing, to: customer-success}}]\n", kpi(alone));
    assert_eq!(readings(&audit(&other), ALONE), ["alone"]);
}

#[test]
fn only_the_team_that_is_left_out_is_named() {
    let report = audit(&kpi("teams: [sales, marketing], depends_on: [marketing, product]"));
    assert_eq!(shown(&report, ALONE, "others"), "product");
}

#[test]
fn dependence_without_teams_is_unknown_and_no_dependence_is_nothing() {
    assert_eq!(unknowns(&audit(&kpi("depends_on: [product]")), ALONE), ["teams"]);
    let report = audit(&kpi("target: 900"));
    assert!(readings(&report, ALONE).is_empty() && unknowns(&report, ALONE).is_empty());
}
