//! The traps of the rule on numbers and dates that are hardly meant as they stand.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown};
use crate::{ROAS, with_kpis};

const SUSPICIOUS: &str = "suspicious-number";

fn of(kpis: &str) -> Vec<&'static str> {
    readings(&audit(&with_kpis(kpis)), SUSPICIOUS)
}

fn kpi(keys: &str) -> Vec<&'static str> {
    of(&format!("  - {{{keys}}}"))
}

#[test]
fn a_part_of_a_whole_cannot_pass_100_percent_in_any_language() {
    for name in [
        "Win rate",
        "Open rate",
        "Gross margin",
        "Taxa de conversão",
        "Tasa de apertura",
        "Marktanteil",
        "Wskaźnik otwarć",
    ] {
        assert_eq!(kpi(&format!("name: {name}, target: 120%")), ["over-the-whole"], "{name}");
        assert!(kpi(&format!("name: {name}, target: 100%")).is_empty(), "{name}");
        // A rise by more than all of it is no level.
        assert!(kpi(&format!("name: {name}, target: +120%, baseline: 5%")).is_empty(), "{name}");
    }
}

#[test]
fn what_may_pass_100_percent_is_left_alone() {
    for name in [
        "Net revenue retention",
        "NRR",
        "Revenue growth",
        "Quota attainment",
        "ROI",
        "Expansion revenue",
        "ROAS",
        "Marketing efficiency",
        "Win rate vs last year",
        "Conversion rate against plan",
        "Index of the open rate",
        "Share of plan",
        "Markup",
        "Taxa de conversão face ao ano anterior",
        "Umsatzwachstum",
        "Zorblax rate",
    ] {
        assert!(kpi(&format!("name: {name}, target: 120%")).is_empty(), "{name}");
    }
}

#[test]
fn the_shares_of_the_format_cannot_pass_100_percent_either() {
    let plan = |products: &str| format!("plan: P\nperiod: 2027-Q1\nproducts: [{{name: Core, {products}}}]\n");
    for key in ["gross_margin", "monthly_churn", "new_share", "conversion"] {
        let report = audit(&plan(&format!("{key}: 110%")));
        assert_eq!(readings(&report, SUSPICIOUS), ["over-the-whole"], "{key}");
        assert_eq!(shown(&report, SUSPICIOUS, "key"), key);
        assert!(readings(&audit(&plan(&format!("{key}: 100%"))), SUSPICIOUS).is_empty(), "{key}");
    }
}

#[test]
fn a_rate_without_its_sign_beside_one_that_has_it_can_be_read_in_two_ways() {
    let report = audit(&with_kpis("  - {name: Win rate, baseline: 0.25, target: 30%}"));
    assert_eq!(readings(&report, SUSPICIOUS), ["mixed"]);
    assert_eq!(shown(&report, SUSPICIOUS, "as_share"), "25%");
    assert_eq!(shown(&report, SUSPICIOUS, "as_percent"), "0.25%");
    assert_eq!(kpi("name: Churn, baseline: 2.1, target: 2%"), ["mixed"]);
    // Two KPIs of one metric: the one without the sign is asked about.
    assert_eq!(
        of("  - {name: Win rate, target: 30%}\n  - {name: Win rate of partners, metric: win-rate, target: 0.2}"),
        ["mixed"]
    );
}

#[test]
fn forms_that_agree_and_counts_are_not_mixed() {
    assert!(kpi("name: Win rate, baseline: 0.25, target: 0.3").is_empty());
    assert!(kpi("name: Win rate, baseline: 0.5%, target: 50%").is_empty());
    assert!(kpi("name: Leads, baseline: 800, target: +30%").is_empty());
    assert!(kpi("name: ROAS, baseline: 3.5, target: 400%").is_empty());
    assert!(
        of("  - {name: Churn, target: 2%}\n  - {name: Churned customers, metric: customer-churn, target: 40}")
            .is_empty()
    );
    assert!(of("  - {name: Win rate, target: 0.3}\n  - {name: Open rate, target: 30%}").is_empty());
}

#[test]
fn a_fraction_that_fits_the_others_is_read_as_the_format_says() {
    let plan = |one: &str, other: &str| {
        let plan = format!("plan: P\nperiod: 2027-Q1\nproducts: [{{name: A, {one}}}, {{name: B, {other}}}]\n");
        readings(&audit(&plan), SUSPICIOUS)
    };
    assert!(plan("gross_margin: 0.78", "gross_margin: 74%").is_empty());
    assert!(plan("monthly_churn: 0.02", "monthly_churn: 1.8%").is_empty());
    assert_eq!(plan("monthly_churn: 0.5", "monthly_churn: 2%"), ["mixed"]);
    assert!(plan("monthly_churn: 0.5", "gross_margin: 2%").is_empty(), "another key");
    // Just under and over ten times.
    assert!(plan("monthly_churn: 0.199", "monthly_churn: 2%").is_empty());
    assert_eq!(plan("monthly_churn: 0.201", "monthly_churn: 2%"), ["mixed"]);
}

#[test]
fn a_roas_of_400_is_a_percentage_without_its_sign() {
    let report = audit(&with_kpis("  - {name: ROAS, target: 400}"));
    assert_eq!(readings(&report, SUSPICIOUS), ["per-cent"]);
    assert_eq!(
        (shown(&report, SUSPICIOUS, "value"), shown(&report, SUSPICIOUS, "roas")),
        ("400".to_owned(), "4".to_owned())
    );
    // Told once: what the number means comes first.
    assert!(readings(&report, ROAS).is_empty());
    assert_eq!(kpi("name: ROAS, baseline: 4, target: 100"), ["per-cent"]);
    assert_eq!(kpi("name: ROAS, role: guardrail, target: 400x"), ["per-cent"]);
    for target in ["400%", "99", "4", "4:1", "+400%"] {
        assert!(kpi(&format!("name: ROAS, target: {target}")).is_empty(), "{target}");
    }
    assert!(kpi("name: ACOS, target: 25%").is_empty());
}

/// Reading, severity and the other day of the only finding on a deadline.
fn due(head: &str, keys: &str) -> Option<(&'static str, Severity, String)> {
    let plan = format!("plan: P\nperiod: 2027-Q1\n{head}\nkpis: [{{name: SQLs, target: 5, {keys}}}]\n");
    let report = audit(&plan);
    let found = findings(&report, SUSPICIOUS);
    found.first().map(|finding| (finding.reading, finding.severity, shown(&report, SUSPICIOUS, "day")))
}

#[test]
fn a_deadline_before_the_period_is_a_slip_of_the_year_where_another_year_fits() {
    let high = |reading, day: &str| Some((reading, Severity::High, day.to_owned()));
    assert_eq!(due("", "by: 2026-03-31"), high("wrong-year", "2027-03-31"));
    assert_eq!(due("", "by: 2025-02-28"), high("wrong-year", "2027-02-28"));
    assert_eq!(due("", "by: 2026-10-31"), high("before-period", "2027-01-01"));
    assert_eq!(due("", "by: 2026-12-31"), high("before-period", "2027-01-01"));
    assert_eq!(due("", "by: 2027-01-01"), None);
    let report = audit("plan: P\nperiod: 2027-Q1\nkpis: [{name: SQLs, target: 5, by: 2026-03-31}]\n");
    let reframe = findings(&report, SUSPICIOUS)[0].reframe.as_ref().map(|reframe| reframe.yaml.clone());
    assert!(reframe.is_some_and(|yaml| yaml.contains("by: 2027-03-31")));
}

#[test]
fn a_deadline_is_past_against_the_decision_and_never_against_today() {
    let decided = "decided_on: 2027-02-01";
    let found = due(decided, "by: 2027-01-31");
    assert_eq!(found, Some(("before-decision", Severity::High, "2027-02-01".to_owned())));
    assert_eq!(due(decided, "by: 2027-02-01"), None);
    // The audit is of 25 January: what was due on the 10th may be done.
    assert_eq!(due("", "by: 2027-01-10"), None);
    assert_eq!(due("decided_on: 2026-12-15", "by: 2027-01-10"), None);
}

#[test]
fn a_deadline_after_the_period_is_a_remark_but_not_for_brand_or_what_is_only_held() {
    let late = Some(("after-period", Severity::Low, "2027-03-31".to_owned()));
    assert_eq!(due("", "by: 2027-04-01"), late);
    assert_eq!(due("", "by: 6 months"), late);
    assert_eq!(due("", "by: 2027-03-31"), None);
    assert_eq!(due("", "by: 2027-12-31, role: guardrail"), None);
    assert_eq!(due("", "by: 2027-12-31, role: diagnostic"), None);
    for name in ["Unaided brand awareness", "Zorblax index"] {
        assert!(kpi(&format!("name: {name}, target: 5, by: 2027-12-31")).is_empty(), "{name}");
    }
}

#[test]
fn the_deadline_that_a_kpi_has_from_its_goal_is_told_at_the_goal() {
    let plan = "plan: P\nperiod: 2027-Q1\ngoals:\n  - {name: New ARR, target: 1.2M, by: 2026-03-31, kpis: [{name: SQLs, target: 5}, {name: MQLs, target: 9}]}\n";
    assert_eq!(readings(&audit(plan), SUSPICIOUS), ["wrong-year"]);
}

#[test]
fn a_roas_in_per_cent_is_told_once_for_target_and_baseline() {
    let report = audit(&with_kpis("  - {name: ROAS, target: 450, baseline: 400}"));
    assert_eq!(readings(&report, "suspicious-number"), ["per-cent"]);
}
