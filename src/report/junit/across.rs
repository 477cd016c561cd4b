//! Findings across plans, as a suite of their own.

use std::collections::BTreeMap;

use quick_junit::{TestCase, TestCaseStatus, TestSuite};

use super::{case_of, told};
use crate::report::across::{TITLE, place, shown};
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
    let (grave, lesser) = found.iter().partition(|finding| finding.fails());
    let [grave, lesser] =
        [grave, lesser].map(|found: Vec<&SetFinding>| found.into_iter().map(of_finding).collect::<Vec<_>>());
    case_of(TITLE, rule, TestCaseStatus::success(), &grave, &lesser)
}

fn of_finding(finding: &SetFinding) -> String {
    told(finding.severity, &finding.message, &place(&finding.place), finding.question.as_deref())
}
