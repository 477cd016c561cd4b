//! Findings as a table for a spreadsheet: one row each, with a heading.

use std::io::{self, Write};
use std::sync::Arc;

use super::output::{Ask, End, Maker, Output, Piece};
use super::text::clean;
use crate::audit::{FindingRef, PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules::verdict::{Age, Status};
use crate::severity::Severity;
use crate::wording::decimals;

mod across;

const HEADING: [&str; 17] = [
    "file",
    "line",
    "column",
    "plan",
    "severity",
    "rule",
    "area",
    "status",
    "kind",
    "id",
    "name",
    "message",
    "question",
    "reframe",
    "at_stake",
    "points",
    "fingerprint",
];

/// The findings as CSV (RFC 4180), told and waived ones too.
#[derive(Debug)]
pub struct Csv {
    least: Severity,
}

impl Csv {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        Self { least: ask.least }
    }
}

impl Output for Csv {
    fn maker(&self) -> Maker {
        let least = self.least;
        Box::new(move |file| Piece::Text(records(file.plans.iter().flat_map(|plan| rows(plan, least)))))
    }

    fn begin(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(records([HEADING.map(str::to_owned)]).as_bytes())
    }

    fn add(&mut self, _: &Arc<Report>, piece: &mut Piece, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(piece.text().as_bytes())
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(records(across::rows(end.across, self.least)).as_bytes())
    }
}

fn records(rows: impl IntoIterator<Item = [String; 17]>) -> String {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail, and each row is as long as the heading.
    rows.into_iter().for_each(|row| drop(writer.write_record(row)));
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn rows(plan: &PlanReport, least: Severity) -> Vec<[String; 17]> {
    let fingerprints = Fingerprints::of(plan);
    let found = plan.all_findings().into_iter().filter(|found| found.finding.severity >= least);
    found.map(|found| row(plan, found, fingerprints.get(found.finding))).collect()
}

fn row(plan: &PlanReport, found: FindingRef<'_>, fingerprint: &str) -> [String; 17] {
    let (finding, of) = (found.finding, plan.plan());
    let (rule, subject) = (found.verdict.rule, found.verdict.subject);
    let position = plan.position(finding);
    let status = match finding.status {
        Status::Open => standing(finding.age).to_owned(),
        Status::Waived(_) => "waived".to_owned(),
        Status::Told(by) => format!("told by {by}"),
    };
    [
        cell(of.source.name()),
        position.line.to_string(),
        position.column.to_string(),
        cell(of.name()),
        finding.severity.word().to_owned(),
        rule.name.to_owned(),
        rule.area.name().to_owned(),
        status,
        subject.kind().to_owned(),
        cell(of.id_of(subject)),
        cell(of.name_of(subject)),
        cell(&finding.message()),
        cell(&finding.question().unwrap_or_default()),
        cell(&finding.why()),
        finding.at_stake.as_ref().map(|stake| decimals(stake.amount, 2)).unwrap_or_default(),
        if plan.is_whole { decimals(found.points, 2) } else { String::new() },
        fingerprint.to_owned(),
    ]
}

/// How an open finding compares with an earlier audit.
fn standing(age: Option<Age>) -> &'static str {
    match age {
        None => "open",
        Some(Age::New) => "new",
        Some(Age::Known) => "known",
    }
}

/// A text that no spreadsheet takes for a formula: OWASP, "CSV Injection",
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
fn cell(text: &str) -> String {
    let text = clean(text);
    // A spreadsheet trims before it looks.
    match text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']) {
        true => format!("'{text}"),
        false => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_formula_elsewhere_stays_text() {
        for formula in ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1"] {
            assert!(cell(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(cell("Leads = 10"), "Leads = 10");
    }
}
