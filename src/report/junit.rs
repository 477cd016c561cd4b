//! JUnit XML: a suite for each plan, a test for each rule that ran, for services that show test results.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::output::{Ask, End, Maker, Output, Piece, Spool};
use super::text::clean;
use crate::audit::{Faulty, FindingRef, PlanReport, Report};
use crate::severity::Severity;

mod across;

/// The report as JUnit XML: a rule fails by findings that fail the run.
#[derive(Debug)]
pub struct Junit {
    least: Severity,
    /// The suites so far: before them stands how many tests they hold.
    suites: Spool,
    /// The report without its suites.
    whole: quick_junit::Report,
}

/// The suites of a file.
#[derive(Debug)]
pub struct Suites {
    text: String,
    tests: usize,
    failures: usize,
    errors: usize,
}

impl Junit {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        Self { least: ask.least, suites: Spool::default(), whole: nothing() }
    }
}

impl Junit {
    fn push(&mut self, Suites { text, tests, failures, errors }: Suites) -> io::Result<()> {
        self.whole.tests += tests;
        self.whole.failures += failures;
        self.whole.errors += errors;
        self.suites.push(&text)
    }
}

impl Output for Junit {
    fn maker(&self) -> Maker {
        let least = self.least;
        Box::new(move |file| Piece::Suites(suites(file, least)))
    }

    fn add(&mut self, _: &Arc<Report>, piece: &mut Piece, _: &mut dyn Write) -> io::Result<()> {
        let Piece::Suites(suites) = std::mem::take(piece) else { return Ok(()) };
        self.push(suites)
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        self.push(Suites::of(across::suite(end.across, self.least)))?;
        let shell = written(&self.whole);
        let (head, foot) = shell.split_at(shell.find(FOOT).unwrap_or(shell.len()));
        to.write_all(head.as_bytes())?;
        self.suites.write_to(to)?;
        to.write_all(foot.as_bytes())
    }
}

/// How a report of suites ends.
const FOOT: &str = "</testsuites>";

fn nothing() -> quick_junit::Report {
    quick_junit::Report::new(env!("CARGO_PKG_NAME"))
}

fn written(report: &quick_junit::Report) -> String {
    // Writing to memory does not fail.
    report.to_string().unwrap_or_default()
}

fn suites(file: &Report, least: Severity) -> Suites {
    let faulty = file.faults.iter().map(faulty_suite);
    Suites::of(faulty.chain(file.plans.iter().map(|plan| suite(plan, least))))
}

impl Suites {
    /// Suites as they stand in a report: what a report of them alone has between its head and its foot.
    fn of(suites: impl IntoIterator<Item = TestSuite>) -> Self {
        let mut alone = nothing();
        alone.add_test_suites(suites);
        let text = written(&alone);
        let from = text.find("<testsuites").and_then(|at| text.get(at..)?.find(">\n").map(|end| at + end + 2));
        let to = text.rfind(FOOT);
        let text = from.zip(to).and_then(|(from, to)| text.get(from..to)).unwrap_or_default().to_owned();
        Self { text, tests: alone.tests, failures: alone.failures, errors: alone.errors }
    }
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

fn suite(plan: &PlanReport, least: Severity) -> TestSuite {
    let file = clean(plan.plan().source.name()).into_owned();
    let mut suite = TestSuite::new(format!("{} ({file})", clean(plan.plan().name())));
    let mut found: BTreeMap<&str, Vec<FindingRef<'_>>> = BTreeMap::new();
    for finding in plan.findings().filter(|found| found.finding.severity >= least) {
        found.entry(finding.verdict.rule.name).or_default().push(finding);
    }
    let mut rules: Vec<(&str, bool)> = Vec::new();
    for verdict in &plan.verdicts {
        match rules.last_mut().filter(|(name, _)| *name == verdict.rule.name) {
            Some((_, known)) => *known |= verdict.is_known(),
            None => rules.push((verdict.rule.name, verdict.is_known())),
        }
    }
    for (rule, is_known) in rules {
        let found = found.get(rule).map(Vec::as_slice).unwrap_or_default();
        suite.add_test_case(case(plan, &file, rule, is_known, found));
    }
    suite
}

fn case(plan: &PlanReport, file: &str, rule: &str, is_known: bool, found: &[FindingRef<'_>]) -> TestCase {
    let (grave, lesser) = found.iter().partition(|found| plan.fails_by(found));
    let [grave, lesser] = [grave, lesser]
        .map(|found: Vec<&FindingRef<'_>>| found.into_iter().map(|found| of_finding(plan, found)).collect::<Vec<_>>());
    // What the plan does not say was not judged.
    let passed = if is_known { TestCaseStatus::success() } else { TestCaseStatus::skipped() };
    case_of(file, rule, passed, &grave, &lesser)
}

/// The test of a rule: it fails by the grave findings, and tells the lesser ones beside.
fn case_of(class: &str, rule: &str, passed: TestCaseStatus, grave: &[String], lesser: &[String]) -> TestCase {
    let status = match grave {
        [] => passed,
        [first, ..] => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.lines().next().unwrap_or_default());
            status.set_description(grave.join("\n\n"));
            status
        }
    };
    let mut case = TestCase::new(rule, status);
    case.set_classname(class);
    if !lesser.is_empty() {
        case.set_system_out(lesser.join("\n\n"));
    }
    case
}

fn of_finding(plan: &PlanReport, FindingRef { finding, .. }: &FindingRef<'_>) -> String {
    let position = plan.position(finding);
    let place = format!("{}:{}:{}", clean(plan.plan().source.name()), position.line, position.column);
    told(finding.severity, &finding.message(), &place, finding.question().as_deref())
}

/// A finding in a few lines: what, where, what to ask.
fn told(severity: Severity, message: &str, place: &str, question: Option<&str>) -> String {
    let ask = question.map(|question| format!("\nask: {}", clean(question))).unwrap_or_default();
    format!("{}: {}\n{place}{ask}", severity.word(), clean(message))
}
