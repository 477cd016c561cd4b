//! The traps of the rules on output, running totals, guards and directions.

use kpi_audit::severity::Severity;

use crate::support::{audit, findings, readings, shown, unknowns};
use crate::{named, with_kpis};

const OUTPUT: &str = "output-not-outcome";

#[test]
fn output_is_silent_on_results_that_open_like_work() {
    for name in [
        "Write-offs",
        "Launch conversion rate",
        "Publishing revenue",
        "Ship-to-customer time",
        "Campaign ROI",
        "Event revenue",
        "Demo-to-SQL",
        "Deliver 500 SQLs",
        "Produce 1.2M of pipeline",
        "Launch campaign to reach 1M ARR",
        "Update website to raise conversion rate to 3%",
        "Lançar campanha para chegar a 1M de ARR",
        "Launch referral programme, 200 referrals",
        "Sign-ups since launch",
        "On-time delivery",
        "Post-purchase NPS",
    ] {
        let report = audit(&named(name));
        assert!(readings(&report, OUTPUT).is_empty(), "output-not-outcome speaks of {name}");
    }
}

#[test]
fn output_is_known_by_its_verb_in_any_language_of_the_dictionary() {
    for name in [
        "Launch the new website",
        "Publish pricing page",
        "Lançar site novo",
        "Lançamento do novo site",
        "Lanzar la nueva web",
        "Lanzar a nova web",
        "Wdrożenie CRM",
        "Einführung des CRM",
        "Lancement du nouveau site",
        "Mise en place du CRM",
    ] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        assert_eq!(readings(&report, OUTPUT), ["milestone"], "of {name}");
        assert_eq!(findings(&report, OUTPUT)[0].severity, Severity::Medium);
    }
}

#[test]
fn a_name_of_work_that_names_a_result_asks_which_is_meant() {
    for kpi in [
        "{name: Launch campaign to reach 1M ARR}",
        "{name: Spring campaign, target: 50k EUR}",
        "{name: Newsletter, target: \"5,000\"}",
        "{name: Newsletter, target: 30%}",
        "{name: The moonshot}",
    ] {
        let report = audit(&with_kpis(&format!("  - {kpi}")));
        assert!(readings(&report, OUTPUT).is_empty(), "{kpi}");
        assert_eq!(unknowns(&report, OUTPUT), ["metric"], "{kpi}");
    }
}

#[test]
fn output_is_high_for_each_over_a_third_of_the_kpis_and_from_two_on() {
    let severities = |kpis: &str| {
        let report = audit(&with_kpis(kpis));
        findings(&report, OUTPUT).iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities("  - {name: Publish 12 articles}"), [Severity::Medium]);
    let two = "  - {name: Publish 12 articles}\n  - {name: Host 3 webinars}\n";
    let results = |count: usize| (0..count).map(|at| format!("  - {{id: k{at}, name: SQLs}}\n")).collect::<String>();
    assert_eq!(severities(&format!("{two}{}", results(3))), [Severity::High; 2]);
    assert_eq!(severities(&format!("{two}{}", results(4))), [Severity::Medium; 2]);
}

#[test]
fn work_with_a_number_on_what_it_brings_is_a_fair_thing_to_lead_by_and_a_remark_as_a_target() {
    let demos = "name: Demos held, target: 90, drives: [new-arr], because: 1 in 6 signs at 20k";
    assert!(readings(&audit(&with_kpis(&format!("  - {{{demos}, role: leading}}"))), OUTPUT).is_empty());
    let report = audit(&with_kpis(&format!("  - {{{demos}}}")));
    assert_eq!(readings(&report, OUTPUT), ["tied"]);
    assert_eq!(findings(&report, OUTPUT)[0].severity, Severity::Low);
}

#[test]
fn a_milestone_as_a_guardrail_is_not_judged() {
    assert!(readings(&audit(&with_kpis("  - {name: Launch the new website, role: guardrail}")), OUTPUT).is_empty());
}

const TOTAL: &str = "running-total";

#[test]
fn a_running_total_is_said_in_any_language_of_the_dictionary() {
    for name in [
        "Cumulative sign-ups",
        "Downloads since launch",
        "Total registered users",
        "Registos acumulados",
        "Descargas desde el lanzamiento",
        "Rejestracje narastająco",
        "Kumulierte Downloads",
        "Inscriptions cumulées",
    ] {
        let report = audit(&with_kpis(&format!("  - {{name: \"{name}\"}}")));
        let kept = report.all_findings().into_iter().filter(|found| found.verdict.rule.name == TOTAL).count();
        assert_eq!(kept, 1, "of {name}");
    }
}

#[test]
fn balances_money_and_totals_of_a_period_can_fall() {
    for name in [
        "ARR",
        "Total customers",
        "Total active users",
        "Total followers",
        "Cumulative revenue",
        "Total revenue",
        "Total cost",
        "Total addressable market",
        "Total Shareholder Return",
        "Customer lifetime value",
        "Total leads this quarter",
        "Total leads",
        "Year-to-date MQLs",
        "Cumulative leads this quarter",
        "Leads acumulados do trimestre",
        "Total downloads per month",
    ] {
        let report = audit(&named(name));
        assert!(
            report.all_findings().iter().all(|found| found.verdict.rule.name != TOTAL),
            "running-total speaks of {name}"
        );
    }
}

#[test]
fn a_total_with_a_target_for_the_period_is_none() {
    let report = audit(&with_kpis("  - {name: Cumulative sign-ups, target: +500, baseline: \"4,000\"}"));
    assert!(readings(&report, TOTAL).is_empty());
}

#[test]
fn a_total_says_how_much_of_its_target_was_there_before() {
    let report = audit(&with_kpis("  - {name: Cumulative sign-ups, target: \"5,000\", baseline: \"4,000\"}"));
    let shown = |slot| shown(&report, TOTAL, slot);
    assert_eq!(
        [shown("baseline"), shown("target"), shown("share"), shown("added")],
        ["4,000", "5,000", "80%", "1,000"]
    );
    let reframe = findings(&report, TOTAL)[0].reframe.as_ref().map(|reframe| reframe.yaml.as_str()).unwrap_or_default();
    assert!(reframe.contains("target: 1000") || reframe.contains("target: \"1000\""), "{reframe}");
}

#[test]
fn attention_since_the_beginning_is_told_once_by_the_graver_rule() {
    let report = audit(&with_kpis("  - {name: Cumulative page views, target: \"90,000\"}"));
    assert_eq!(readings(&report, "vanity-metric"), ["alone"]);
    assert!(readings(&report, TOTAL).is_empty());
}

#[test]
fn what_is_counted_since_the_beginning_is_asked_where_it_cannot_be_told() {
    let report = audit(&with_kpis("  - {name: Cumulative wibbles}"));
    assert!(readings(&report, TOTAL).is_empty());
    assert_eq!(unknowns(&report, TOTAL), ["metric"]);
}
