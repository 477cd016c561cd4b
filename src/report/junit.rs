//! JUnit XML: a suite for each plan, a test for each rule that ran, for services that show test results.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::text::clean;
use crate::audit::{Faulty, FindingRef, PlanReport, Report};
use crate::rules::verdict::{Age, Outcome};
use crate::severity::Severity;

/// The report as JUnit XML: a rule fails by findings as grave as `fail_on`, or graver.
pub fn junit(report: &Report, fail_on: Severity, least: Severity) -> String {
    let mut whole = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
    whole.add_test_suites(report.faults.iter().map(faulty_suite));
    whole.add_test_suites(report.plans.iter().map(|plan| suite(plan, fail_on, least)));
    // Writing to memory does not fail.
    whole.to_string().unwrap_or_default()
}

/// A file that could not be read: one error a problem.
fn faulty_suite(faulty: &Faulty) -> TestSuite {
    let name = clean(faulty.source.name());
    let mut suite = TestSuite::new(name.as_ref());
    for problem in &faulty.problems {
        let position = faulty.source.position(problem.span.start);
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(clean(&problem.what.to_string()).into_owned());
        if let Some(help) = problem.help() {
            status.set_description(clean(&help).into_owned());
        }
        let mut case = TestCase::new(format!("line {}, column {}", position.line, position.column), status);
        case.set_classname(name.as_ref());
        suite.add_test_case(case);
    }
    suite
}

fn suite(plan: &PlanReport, fail_on: Severity, least: Severity) -> TestSuite {
    let file = clean(plan.plan().source.name()).into_owned();
    let mut suite = TestSuite::new(format!("{} ({file})", clean(plan.plan().name())));
    let mut found: BTreeMap<&str, Vec<FindingRef<'_>>> = BTreeMap::new();
    for finding in plan.findings().filter(|found| found.finding.severity >= least) {
        found.entry(finding.verdict.rule.name).or_default().push(finding);
    }
    let mut rules: Vec<(&str, bool)> = Vec::new();
    for verdict in &plan.verdicts {
        let is_known = !matches!(verdict.outcome, Outcome::Unknown(_));
        match rules.last_mut().filter(|(name, _)| *name == verdict.rule.name) {
            Some((_, known)) => *known |= is_known,
            None => rules.push((verdict.rule.name, is_known)),
        }
    }
    for (rule, is_known) in rules {
        let found = found.get(rule).map(Vec::as_slice).unwrap_or_default();
        suite.add_test_case(case(plan, &file, rule, is_known, found, fail_on));
    }
    suite
}

fn case(
    plan: &PlanReport,
    file: &str,
    rule: &str,
    is_known: bool,
    found: &[FindingRef<'_>],
    fail_on: Severity,
) -> TestCase {
    let fails = |found: &&FindingRef<'_>| found.finding.severity >= fail_on && found.finding.age != Some(Age::Known);
    let grave: Vec<String> = found.iter().filter(fails).map(|found| told(plan, found)).collect();
    let status = match grave.as_slice() {
        [] if is_known => TestCaseStatus::success(),
        // What the plan does not say was not judged.
        [] => TestCaseStatus::skipped(),
        [first, ..] => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.lines().next().unwrap_or_default());
            status.set_description(grave.join("\n\n"));
            status
        }
    };
    let mut case = TestCase::new(rule, status);
    case.set_classname(file);
    let lesser: Vec<String> = found.iter().filter(|found| !fails(found)).map(|found| told(plan, found)).collect();
    if !lesser.is_empty() {
        case.set_system_out(lesser.join("\n\n"));
    }
    case
}

/// A finding in a few lines: what, where, what to ask.
fn told(plan: &PlanReport, found: &FindingRef<'_>) -> String {
    let position = plan.position(found.finding);
    let place = format!("{}:{}:{}", clean(plan.plan().source.name()), position.line, position.column);
    let ask = found.finding.question.as_ref().map(|question| format!("\nask: {}", clean(question))).unwrap_or_default();
    format!("{}: {}\n{place}{ask}", found.finding.severity.word(), clean(&found.finding.message))
}
