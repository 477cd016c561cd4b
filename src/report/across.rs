//! What every output says alike of findings across plans: which are shown, and what each says in a line.

use super::text::clean;
use crate::rules::verdict::Age;
use crate::set::{Across, Place, SetFinding};
use crate::severity::Severity;

/// What the part of a report is called that is about several plans.
pub(super) const TITLE: &str = "Across the plans";

/// The findings that count, as grave as this: what is known after what is not, then the gravest first.
pub(super) fn shown(across: &Across, least: Severity) -> Vec<&SetFinding> {
    let mut shown: Vec<&SetFinding> = across.open().filter(|finding| finding.severity >= least).collect();
    shown.sort_by_key(|finding| is_known(finding));
    shown
}

/// Whether an earlier audit had found it.
pub(super) fn is_known(finding: &SetFinding) -> bool {
    finding.age == Some(Age::Known)
}

/// A place as a line names it: "plans/q1.yaml:3:5".
pub(super) fn place(place: &Place) -> String {
    format!("{}:{}:{}", clean(&place.file), place.spot.line, place.spot.column)
}

/// The question on a line of its own, where there is one.
pub(super) fn ask(finding: &SetFinding) -> String {
    finding.question.as_ref().map(|question| format!("\nAsk: {question}")).unwrap_or_default()
}

/// What an earlier audit had found and this one does not, by name.
pub(super) fn fixed(across: &Across) -> Vec<String> {
    across.fixed.iter().map(|gone| format!("{} on {}", gone.rule, gone.id)).collect()
}
