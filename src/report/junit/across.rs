//! Findings across plans, as a suite of their own.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::report::across::{TITLE, ask, place, shown};
use crate::report::text::clean;
use crate::set::{Across, SetFinding};
use crate::severity::Severity;

/// A test for each rule that found something; none where none did.
pub(super) fn suite(across: &Across, least: Severity) -> Option<TestSuite> {
    let mut found: BTreeMap<&str, Vec<&SetFinding>> = BTreeMap::new();
    for finding in shown(across, least) {
        found.entry(finding.rule.name).or_default().push(finding);
    }
    let mut suite = TestSuite::new(TITLE);
    suite.add_test_cases(found.iter().map(|(rule, found)| case(rule, found)));
    (!found.is_empty()).then_some(suite)
}

fn case(rule: &str, found: &[&SetFinding]) -> TestCase {
    let fails = |finding: &&&SetFinding| finding.fails();
    let grave: Vec<String> = found.iter().filter(fails).map(|finding| told(finding)).collect();
    let status = match grave.as_slice() {
        [] => TestCaseStatus::success(),
        [first, ..] => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.lines().next().unwrap_or_default());
            status.set_description(grave.join("\n\n"));
            status
        }
    };
    let mut case = TestCase::new(rule, status);
    case.set_classname(TITLE);
    let lesser: Vec<String> = found.iter().filter(|found| !fails(found)).map(|finding| told(finding)).collect();
    if !lesser.is_empty() {
        case.set_system_out(lesser.join("\n\n"));
    }
    case
}

/// A finding in a few lines: what, where, what to ask.
fn told(finding: &SetFinding) -> String {
    let ask = ask(finding);
    let ask: Vec<_> = ask.lines().map(clean).collect();
    format!(
        "{}: {}\n{}{}",
        finding.severity.word(),
        clean(&finding.message),
        place(&finding.place),
        ask.join("\n").replacen("Ask:", "ask:", 1)
    )
}
