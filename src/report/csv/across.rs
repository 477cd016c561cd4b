//! Findings across plans, as rows.

use super::{cell, standing};
use crate::set::{Across, SetFinding};
use crate::severity::Severity;

/// A row for each finding that is as grave as this, in the columns of the heading.
pub(super) fn rows(across: &Across, least: Severity) -> impl Iterator<Item = [String; 17]> {
    across.findings.iter().filter(move |finding| finding.severity >= least).map(row)
}

fn row(finding: &SetFinding) -> [String; 17] {
    let spot = finding.place.spot;
    let status = if finding.waiver.is_some() { "waived" } else { standing(finding.age) };
    let [reframe, at_stake, points] = [String::new(), String::new(), String::new()];
    [
        cell(&finding.place.file),
        spot.line.to_string(),
        spot.column.to_string(),
        cell(&finding.plan),
        finding.severity.word().to_owned(),
        finding.rule.name.to_owned(),
        finding.rule.area.name().to_owned(),
        status.to_owned(),
        finding.kind.to_owned(),
        cell(&finding.id),
        cell(&finding.name),
        cell(&finding.message),
        cell(finding.question.as_deref().unwrap_or_default()),
        reframe,
        at_stake,
        points,
        finding.fingerprint.clone(),
    ]
}
