//! Findings across plans, as annotations.

use super::{Level, line_of};
use crate::report::across::ask;
use crate::set::SetFinding;

/// The annotation of a finding.
pub(super) fn annotation(finding: &SetFinding) -> String {
    let spot = finding.place.spot;
    let level = Level::of(finding.severity);
    let title = format!("{} {}", finding.severity.word(), finding.rule.name);
    let (start, end) = ((spot.line as usize, spot.column as usize), (spot.end_line as usize, spot.end_column as usize));
    let message = format!("{}{}", finding.message, ask(finding));
    line_of(&finding.place.file, [start, end], level, &title, &message)
}
