//! How names, numbers and metrics are read before any rule judges them.

use kpi_audit::facts::Basis;
use kpi_audit::metrics::Kind;
use kpi_audit::rules;
use kpi_audit::settings::Settings;
use kpi_audit::severity::Severity;
use kpi_audit::source::Source;

use crate::support::{audit, auditor, findings, readings, unknowns};
use crate::{LINK, VANITY, with_kpis};

#[test]
fn a_kind_that_was_only_recognised_is_never_critical_and_a_declared_one_is() {
    let recognised = audit(&with_kpis("  - {name: Our lovely LinkedIn followers, role: north-star}"));
    let finding = findings(&recognised, VANITY)[0];
    assert_eq!((finding.severity, finding.recognised), (Severity::High, true));
    let declared = audit(&with_kpis("  - {name: Our lovely audience, metric: followers, role: north-star}"));
    let finding = findings(&declared, VANITY)[0];
    assert_eq!((finding.severity, finding.recognised), (Severity::Critical, false));
    let word_for_word = audit(&with_kpis("  - {name: Followers, role: north-star}"));
    assert_eq!(findings(&word_for_word, VANITY)[0].severity, Severity::Critical);
}

#[test]
fn a_kind_that_cannot_be_recognised_is_unknown_and_never_a_finding() {
    let report = audit(&with_kpis("  - Zorblax index"));
    assert!(readings(&report, VANITY).is_empty());
    assert!(readings(&report, LINK).is_empty());
    assert!(unknowns(&report, VANITY).contains(&"metric"));
    assert!(unknowns(&report, LINK).contains(&"metric"));
}

#[test]
fn a_sign_in_a_name_is_a_change() {
    let report = audit(&with_kpis("  - Brand search volume +15%\n  - ROAS +20%\n  - CPL -10%"));
    let targets: Vec<&str> =
        report.plan().kpis.iter().filter_map(|kpi| kpi.target.as_ref()).map(|target| target.text()).collect();
    assert_eq!(targets, ["+15%", "+20%", "-10%"]);
}

#[test]
fn numbers_and_dates_in_a_name_are_read_where_none_is_given() {
    let report =
        audit(&with_kpis("  - Cut cost per lead by 30%\n  - \"1,000 MQLs this quarter\"\n  - Hit a ROAS of 4"));
    let targets: Vec<&str> =
        report.plan().kpis.iter().filter_map(|kpi| kpi.target.as_ref()).map(|target| target.text()).collect();
    assert_eq!(targets, ["-30%", "1,000", "4"]);
    assert!(report.plan().kpis.iter().all(|kpi| kpi.from_name.target));
    assert_eq!(
        report.plan().deadline(&report.plan().kpis[1]).map(|day| day.to_string()).as_deref(),
        Some("2027-03-31")
    );
    let given = audit(&with_kpis("  - {name: \"1,000 MQLs\", target: 900}"));
    assert_eq!(given.plan().kpis[0].target.as_ref().map(|target| target.text()), Some("900"));
    assert!(!given.plan().kpis[0].from_name.target);
}

#[test]
fn a_declared_metric_wins_over_the_name() {
    let report = audit(&with_kpis("  - {name: Reach, metric: mql}"));
    assert_eq!(report.facts.kpi(0).kind, Some(Kind::LeadVolume));
    assert_eq!(report.facts.kpi(0).basis, Basis::Declared);
}

#[test]
fn the_metric_that_a_plan_gives_wins_over_the_name() {
    let plan =
        with_kpis("  - {name: Followers, metric: new-arr, target: 100k}\n  - {name: New ARR, metric: followers}");
    let report = audit(&plan);
    let kind = |at| report.facts.kpi(at).kind;
    assert_eq!(kind(0), Some(Kind::Revenue));
    assert_eq!(kind(1), Some(Kind::Reach));
    assert_eq!(findings(&report, VANITY).len(), 1);
}

#[test]
fn names_that_settings_add_are_audited_as_what_they_mean() {
    let settings = "metrics: {Hand-raisers: demo-requests, Followers: new-customers, Wizzies: {kind: retention}}";
    let settings = Settings::read(&Source::new("settings.yaml", settings), &rules::adjustable()).unwrap();
    let plan = with_kpis("  - Grow followers to 900\n  - {name: Anything, metric: Wizzies}\n  - Hand-raisers");
    let report = auditor().settings(settings).audit_text("plan.yaml", &plan).plans.remove(0);
    let kinds = [0, 1, 2].map(|at| report.facts.kpi(at).kind);
    assert_eq!(kinds, [Some(Kind::Revenue), Some(Kind::Retention), Some(Kind::LeadVolume)]);
    assert!(findings(&report, VANITY).is_empty());
    // Without them, followers are followers.
    assert_eq!(audit(&with_kpis("  - Grow followers to 900")).facts.kpi(0).kind, Some(Kind::Reach));
}
