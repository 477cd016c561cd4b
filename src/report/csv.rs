//! Findings as a table for a spreadsheet: one row each, with a heading.

use super::text::clean;
use crate::audit::{FindingRef, PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules::verdict::Status;
use crate::severity::Severity;
use crate::wording::decimals;

const HEADING: [&str; 16] = [
    "file", "line", "column", "plan", "severity", "rule", "area", "status", "kind", "id", "name", "message",
    "question", "reframe", "at_stake", "points",
];

/// The findings as CSV (RFC 4180), told and waived ones too.
pub fn csv(report: &Report, least: Severity) -> String {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let heading = HEADING.iter().map(|name| (*name).to_owned()).chain(["fingerprint".to_owned()]);
    // Writing to memory does not fail, and each row is as long as the heading.
    let _ = writer.write_record(heading);
    for plan in &report.plans {
        let fingerprints = Fingerprints::of(plan);
        for found in plan.all_findings().into_iter().filter(|found| found.finding.severity >= least) {
            let mut row = row(report, plan, found).to_vec();
            row.push(fingerprints.get(found.finding).to_owned());
            let _ = writer.write_record(row);
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn row(report: &Report, plan: &PlanReport, found: FindingRef<'_>) -> [String; 16] {
    let (finding, of) = (found.finding, plan.plan());
    let (rule, subject) = (found.verdict.rule, found.verdict.subject);
    let position = plan.position(finding);
    let status = match finding.status {
        Status::Open => "open".to_owned(),
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
        cell(&finding.message),
        cell(finding.question.as_deref().unwrap_or_default()),
        cell(finding.reframe.as_ref().map_or("", |reframe| &reframe.why)),
        finding.at_stake.as_ref().map(|stake| decimals(stake.amount, 2)).unwrap_or_default(),
        if report.is_whole { decimals(found.points, 2) } else { String::new() },
    ]
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
