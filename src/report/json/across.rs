//! What was found across plans, in the shape of the JSON report.

use super::shape;
use super::{gone, named_lists, numbers_of};
use crate::rules::verdict::Age;
use crate::set::{Across, Place, SetFinding};
use crate::severity::Severity;

/// The findings across plans that are as grave as this, whatever their standing.
pub(super) fn across(across: &Across, least: Severity) -> shape::Set<'_> {
    shape::Set {
        findings: across.findings.iter().filter(|found| found.severity >= least).map(finding).collect(),
        fixed: across.fixed.iter().map(gone).collect(),
    }
}

fn finding(finding: &SetFinding) -> shape::SetFinding<'_> {
    let related = finding.related.iter().map(|(related, label)| shape::Related { place: place(related), label });
    shape::SetFinding {
        rule: finding.rule.name,
        severity: finding.severity.word(),
        plan: &finding.plan,
        period: finding.period.as_deref(),
        document: finding.document,
        subject: shape::Subject { kind: finding.kind, id: &finding.id },
        message: &finding.message,
        numbers: numbers_of(&finding.figures),
        names: named_lists(&finding.figures),
        question: finding.question.as_deref(),
        place: place(&finding.place),
        related: related.collect(),
        fingerprint: &finding.fingerprint,
        status: match (&finding.waiver, finding.age) {
            (Some(_), _) => shape::Status::Waived,
            (None, None) => shape::Status::Open,
            (None, Some(Age::New)) => shape::Status::New,
            (None, Some(Age::Known)) => shape::Status::Known,
        },
        waiver: finding
            .waiver
            .as_ref()
            .map(|waiver| shape::Waiver { because: waiver.because.as_deref(), until: waiver.until.to_string() }),
    }
}

fn place(place: &Place) -> shape::Place<'_> {
    let spot = place.spot;
    shape::Place {
        file: &place.file,
        line: spot.line as usize,
        column: spot.column as usize,
        end_line: spot.end_line as usize,
        end_column: spot.end_column as usize,
    }
}
