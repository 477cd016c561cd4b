//! The traps of the rules on work, and of those on waivers.

use kpi_audit::rules::verdict::{Outcome, Status};
use kpi_audit::severity::Severity;
use kpi_audit::{Auditor, Choice, PlanReport};

use crate::support::{audit, findings, readings, shown, unknowns, whole};

/// A plan of a quarter with a goal of money and these initiatives.
fn with_work(initiatives: &str) -> String {
    with_teams("", initiatives)
}

fn with_teams(teams: &str, initiatives: &str) -> String {
    format!(
        "plan: Trap\nperiod: 2027-Q1\ngoals: [{{id: new-arr, name: New ARR, target: 1.2M}}]\n{teams}initiatives:\n{initiatives}\n"
    )
}

fn severities(report: &PlanReport, rule: &str) -> Vec<Severity> {
    findings(report, rule).iter().map(|finding| finding.severity).collect()
}

/// The scores that a rule gave, of what it found something about.
fn scores(report: &PlanReport, rule: &str) -> Vec<f64> {
    let own = report.verdicts.iter().filter(|verdict| verdict.rule.name == rule);
    own.filter_map(|verdict| match &verdict.outcome {
        Outcome::Found { score, .. } => Some(*score),
        _ => None,
    })
    .collect()
}

/// Whether a rule gave no verdict at all.
fn is_silent(report: &PlanReport, rule: &str) -> bool {
    report.verdicts.iter().all(|verdict| verdict.rule.name != rule)
}

// ---- no-outcome

const OUTCOME: &str = "no-outcome";

#[test]
fn upkeep_and_what_will_not_be_done_need_no_outcome() {
    for more in ["kind: upkeep", "priority: wont", "status: done", "status: stopped"] {
        assert!(is_silent(&audit(&with_work(&format!("  - {{name: A, {more}}}"))), OUTCOME), "{more}");
    }
    assert_eq!(readings(&audit(&with_work("  - {name: A}")), OUTCOME), ["serves-nothing"]);
}

#[test]
fn what_is_expected_of_work_is_an_outcome_too() {
    assert!(readings(&audit(&with_work("  - {name: A, expects: {new-arr: +20k}}")), OUTCOME).is_empty());
}

#[test]
fn over_a_fifth_of_the_money_makes_work_without_an_outcome_high() {
    let work = |money: u32| {
        let served = "{name: B, serves: [new-arr], budget: 80k}";
        let report = audit(&with_work(&format!("  - {served}\n  - {{name: A, budget: {money}}}")));
        severities(&report, OUTCOME)
    };
    assert_eq!(work(20_000), [Severity::Medium]);
    assert_eq!(work(20_100), [Severity::High]);
}

#[test]
fn attention_is_no_outcome_unless_its_path_to_money_has_a_number_on_every_link() {
    let plan = |more: &str| {
        format!(
            "{}kpis: [{{id: views, name: Visualizações de vídeo{more}}}]\n",
            with_work("  - {name: Film, serves: [views]}")
        )
    };
    let alone = audit(&plan(""));
    assert_eq!(readings(&alone, OUTCOME), ["attention-only"]);
    assert_eq!(shown(&alone, OUTCOME, "served"), "Visualizações de vídeo");
    assert_eq!(readings(&audit(&plan(", drives: [new-arr], because: 1 in 1000 signs")), OUTCOME), [""; 0]);
}

#[test]
fn one_real_outcome_beside_attention_is_enough() {
    let plan = "  - {name: Film, serves: [views, new-arr]}\nkpis: [{id: views, name: Video views}]";
    assert!(readings(&audit(&with_work(plan)), OUTCOME).is_empty());
}

#[test]
fn work_for_what_cannot_be_recognised_is_unknown() {
    let report =
        audit(&with_work("  - {name: Film, serves: [x, y]}\nkpis: [{id: x, name: Zorblax}, {id: y, name: Likes}]"));
    assert!(readings(&report, OUTCOME).is_empty());
    assert_eq!(unknowns(&report, OUTCOME), ["metric"]);
}
