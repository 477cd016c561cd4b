//! The score: its arithmetic, its cap, its evidence, and what leaves it.

#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use jiff::civil::date;
use kpi_audit::score::Grade;
use kpi_audit::settings::{HORIZON, Settings};
use kpi_audit::source::Source;
use kpi_audit::{Auditor, Choice, PlanReport, rules};
use support::{audit, auditor, readings};

const PLAN: &str = "plan: Score\nperiod: 2027-Q1\ngoals: [{id: new-arr, name: New ARR, target: 1.2M}]\nkpis:\n";

fn plan(kpis: &str) -> String {
    format!("{PLAN}{kpis}")
}

/// An audit by these rules alone: what others say of so short a plan is not the matter here.
fn auditor_of(rules: &[&str]) -> Auditor {
    auditor().choice(Choice { only: rules.iter().map(|rule| (*rule).to_owned()).collect(), skip: Vec::new() })
}

fn whole(report: &PlanReport) -> u32 {
    report.score.whole().expect("a score")
}

/// An audit by these rules alone, so that arithmetic on them holds whatever else there is to judge.
fn audit_by(rules: &[&str], text: &str) -> PlanReport {
    auditor_of(rules).audit_text("plan.yaml", text).plans.remove(0)
}

/// An audit with all other rules turned off, so that they count for nothing in the evidence either.
fn audit_without_others(rules: &[&str], text: &str) -> PlanReport {
    let others = rules::all().map(|rule| rule.name).filter(|name| !rules.contains(name));
    let off: String = others.map(|name| format!("  {name}: off\n")).collect();
    let settings = Settings::read(&Source::new("s", format!("rules:\n{off}")), &rules::adjustable());
    auditor().settings(settings.expect("settings")).audit_text("plan.yaml", text).plans.remove(0)
}

/// The weight of the areas that count towards evidence.
fn applying_weight(report: &PlanReport) -> f64 {
    report.score.areas.iter().filter(|area| area.applies).map(|area| area.area.weight()).sum()
}

/// A rule of each of four areas.
const OF_FOUR_AREAS: [&str; 4] = ["vanity-metric", "no-revenue-link", "roas-over-ltv-cac", "spread-thin"];

#[test]
fn a_rules_score_is_the_mean_over_its_subjects_by_weight() {
    // No path at all (0), a path without a number (3/4), and a founded one (1): 7/12 of revenue.
    let report = audit_by(
        &["vanity-metric", "no-revenue-link"],
        &plan(
            "  - {name: MQLs}\n  - {name: SQLs, drives: [new-arr]}\n  - {name: Leads, drives: [new-arr], because: 1 in 4}\n",
        ),
    );
    let revenue = report.score.areas.iter().find(|area| area.area.name() == "revenue").and_then(|area| area.score);
    assert_eq!(format!("{:.2}", revenue.expect("a score")), "58.33");
    // measures 100 × 10 and revenue 58.33 × 25, over 35.
    assert_eq!(format!("{:.2}", report.score.value.expect("a score")), "70.24");
}

#[test]
fn a_north_star_weighs_two() {
    let text = plan("  - {name: MQLs, role: north-star}\n  - {name: Leads, drives: [new-arr], because: 1 in 4}\n");
    let report = audit_by(&["no-revenue-link"], &text);
    let revenue = report.score.areas.iter().find(|area| area.area.name() == "revenue").and_then(|area| area.score);
    assert_eq!(format!("{:.2}", revenue.expect("a score")), "33.33");
}

#[test]
fn the_points_of_a_finding_are_what_the_plan_would_gain_without_it() {
    let with = audit(&plan("  - {name: MQLs}\n  - {name: Leads, drives: [new-arr], because: 1 in 4}\n"));
    let without = audit(&plan(
        "  - {name: MQLs, drives: [new-arr], because: 1 in 8}\n  - {name: Leads, drives: [new-arr], because: 1 in 4}\n",
    ));
    let points = with.findings().next().expect("a finding").points;
    let gain = without.score.value.expect("a score") - with.score.value.expect("a score");
    assert!((points - gain).abs() < 1e-9, "{points} and {gain}");
}

#[test]
fn an_open_critical_finding_caps_the_plan_at_59_and_its_points_count_the_cap() {
    let others: String =
        (0..30).map(|at| format!("  - {{name: SQLs, id: sql-{at}, drives: [new-arr], because: 1 in 4}}\n")).collect();
    let report = audit(&plan(&format!("  - {{name: Followers, role: north-star}}\n{others}")));
    assert!(report.score.uncapped.expect("a score") > 59.0);
    assert_eq!(whole(&report), 59);
    let critical = report.findings().next().expect("a finding");
    assert!(critical.points > report.score.uncapped.expect("a score") - 59.0);
}

#[test]
fn evidence_is_the_share_of_the_area_weights_that_could_be_judged() {
    // Without products budget cannot be judged, without a ROAS economics cannot (it could, of such a business): measures
    // and revenue can, with 10 and 25.
    let text = plan("  - {name: SQLs, drives: [new-arr], because: 1 in 4}\n");
    let report = audit_without_others(&OF_FOUR_AREAS, &text);
    let of = |name| report.score.areas.iter().find(|area| area.area.name() == name).map(|area| area.evidence);
    assert_eq!((of("measures"), of("revenue")), (Some(1.0), Some(1.0)));
    assert_eq!((of("budget"), of("economics")), (Some(0.0), Some(0.0)));
    assert!((report.score.evidence - 35.0 / applying_weight(&report)).abs() < 1e-12);
    assert!(audit(&text).score.grade().is_none(), "under 50% there is no grade");
}

#[test]
fn evidence_of_an_area_is_the_mean_over_its_rules_by_weight() {
    // no-revenue-link (12) is judged for one KPI of two, link-without-reason (2) for the only one that is linked.
    let text = plan("  - {name: SQLs, drives: [new-arr], because: 1 in 4}\n  - Zorblax index\n");
    let report = audit_without_others(&["no-revenue-link", "link-without-reason"], &text);
    let revenue = report.score.areas.iter().find(|area| area.area.name() == "revenue").expect("the area");
    assert!((revenue.evidence - 8.0 / 14.0).abs() < 1e-12, "{}", revenue.evidence);
}

#[test]
fn a_rule_judged_for_some_subjects_counts_by_their_share_of_the_weight() {
    let report = audit(&plan("  - {name: SQLs, drives: [new-arr], because: 1 in 4}\n  - Zorblax index\n"));
    let revenue = report.score.areas.iter().find(|area| area.area.name() == "revenue").expect("the area");
    let link = revenue.rules.iter().find(|rule| rule.rule.name == "no-revenue-link").expect("the rule");
    assert_eq!(link.evidence, 0.5);
    assert_eq!(revenue.score, Some(100.0), "what is unknown lowers evidence, never the score");
}

#[test]
fn economics_of_a_nonprofit_leave_the_evidence_alone() {
    let text = plan("  - {name: Donations, drives: [new-arr], because: 1 in 4}\n");
    let of_shop = audit_without_others(&OF_FOUR_AREAS, &text);
    let text = text.replace("period:", "business_model: nonprofit\nperiod:");
    let report = audit_without_others(&OF_FOUR_AREAS, &text);
    assert_eq!(applying_weight(&of_shop) - applying_weight(&report), 20.0);
    assert!((report.score.evidence - 35.0 / applying_weight(&report)).abs() < 1e-12);
    let whole = audit(&text);
    let economics = whole.score.areas.iter().find(|area| area.area.name() == "economics").expect("the area");
    assert!(!economics.applies, "none of its rules applies");
}

#[test]
fn a_nearly_empty_plan_never_looks_good() {
    for text in [
        "plan: Empty\ngoals: [{name: New ARR}]\n",
        "plan: Two\nkpis: [New ARR]\nproducts: [{name: A, budget: 1k}, {name: B, budget: 1k}]\n",
        "plan: Diagnostics\nkpis: [{name: Followers, role: diagnostic}]\nproducts: [{name: A, budget: 1k}]\n",
    ] {
        let report = audit(text);
        assert!(report.score.grade().is_none() && report.score.evidence < 0.5, "{text}");
    }
}

#[test]
fn a_plan_of_nothing_but_attention_never_looks_good() {
    let text = plan("  - Followers\n  - Impressions\n  - Likes\n");
    let report = audit(&format!(
        "{text}products: [{{name: A, budget: 9k}}, {{name: B, budget: 2k}}, {{name: C, budget: 1k}}]\n"
    ));
    assert!(report.score.grade().is_none_or(|grade| grade == Grade::F), "{}", whole(&report));
}

#[test]
fn a_waived_finding_leaves_the_score_until_its_last_day_and_stays_listed() {
    let text = plan(
        "  - {id: mql, name: MQLs}\n  - {name: Leads, drives: [new-arr], because: 1 in 4}\n\
         waivers: [{rule: no-revenue-link, on: mql, because: agreed, until: 2027-02-10}]\n",
    );
    let auditor = |day| auditor_of(&["no-revenue-link"]).as_of(Some(day));
    let on = |day| auditor(day).audit_text("plan.yaml", &text).plans.remove(0);
    let held = on(date(2027, 2, 10));
    assert_eq!(held.findings().count(), 0);
    assert_eq!(held.all_findings().len(), 1);
    assert_eq!(whole(&held), 100);
    let over = on(date(2027, 2, 11));
    assert_eq!(readings(&over, "no-revenue-link"), ["nowhere"]);
}

#[test]
fn with_only_some_rules_the_report_is_not_whole() {
    let choice = Choice { only: vec!["measures".to_owned()], skip: Vec::new() };
    let report = Auditor::new(date(2027, 1, 1)).choice(choice).audit_text("plan.yaml", &plan("  - {name: MQLs}\n"));
    assert!(!report.is_whole);
    assert!(report.plans[0].verdicts.iter().all(|verdict| verdict.rule.area.name() == "measures"));
}

#[test]
fn settings_turn_rules_off_cap_severities_and_move_thresholds() {
    let settings = |text: &str| Settings::read(&Source::new("s", text), &rules::adjustable()).expect("settings");
    let audit_with = |text: &str, kpis: &str| {
        let auditor = auditor_of(&["no-revenue-link"]).settings(settings(text));
        auditor.audit_text("plan.yaml", &plan(kpis)).plans.remove(0)
    };
    let mqls = "  - {name: MQLs}\n";
    assert!(readings(&audit_with("rules: {no-revenue-link: off}", mqls), "no-revenue-link").is_empty());
    let capped = audit_with("rules: {no-revenue-link: low}", mqls);
    assert_eq!(capped.gravest().map(|severity| severity.word()), Some("low"));
    let bounded = Settings::read(&Source::new("s", "conventions: {horizon: 2000 months}"), &rules::adjustable());
    assert!(bounded.is_err());
    let years = Settings::read(&Source::new("s", "conventions: {horizon: 5 years}"), &rules::adjustable());
    assert_eq!(years.expect("settings").convention(&HORIZON), 60.0);
    let share = Settings::read(&Source::new("s", "rules: {spread-thin: {losing: 5 customers}}"), &rules::adjustable());
    assert!(share.is_err(), "a share is no count");
    let long = "  - {id: a, name: MQLs, drives: [b], because: 1 in 2}\n  - {id: b, name: SQLs, drives: [new-arr], because: 1 in 2}\n";
    assert_eq!(readings(&audit_with("rules: {no-revenue-link: {long_path: 1}}", long), "no-revenue-link"), ["long"]);
}

#[test]
fn a_plan_whose_period_is_over_is_audited_as_of_its_last_day() {
    let report = Auditor::new(date(2028, 5, 5)).audit_text("plan.yaml", &plan("  - {name: MQLs}\n"));
    assert_eq!(report.plans[0].facts.as_of, date(2027, 3, 31));
    let said = Auditor::new(date(2028, 5, 5))
        .as_of(Some(date(2028, 5, 5)))
        .audit_text("plan.yaml", &plan("  - {name: MQLs}\n"));
    assert_eq!(said.plans[0].facts.as_of, date(2028, 5, 5));
}

#[test]
fn what_would_tell_most_is_asked_of_what_lacks_it() {
    // The ROAS is recognised; what keeps it from being judged is the KPI beside it.
    let text = plan("  - {name: ROAS, target: 4, drives: [new-arr], because: 1 in 4}\n  - Zorblax index\n");
    let fields = audit_without_others(&OF_FOUR_AREAS, &text).would_tell_most();
    assert_eq!(fields.first().map(String::as_str), Some("`metric` of Zorblax index"));
    assert!(!fields.contains(&"`metric` of ROAS".to_owned()), "{fields:?}");
    // A link to a goal of an unknown kind asks for the goal's.
    let goal = "plan: P\ngoals: [The moonshot]\nkpis: [{name: SQLs, drives: [the-moonshot], because: 1 in 4}]\n";
    let fields = audit_without_others(&OF_FOUR_AREAS, goal).would_tell_most();
    assert_eq!(fields.first().map(String::as_str), Some("`outcome` of The moonshot"));
    assert!(!fields.contains(&"`metric` of SQLs".to_owned()), "{fields:?}");
}

#[test]
fn every_example_but_the_shortest_says_enough_for_a_score() {
    for (name, text) in support::EXAMPLES {
        assert_eq!(audit(text).score.is_enough(), name != "first-plan.yaml", "{name}");
    }
}
