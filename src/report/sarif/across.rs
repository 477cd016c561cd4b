//! Findings across plans, as results of code scanning.

use super::{
    ArtifactLocation, Location, OneResult, PartialFingerprints, PhysicalLocation, Region, ResultOf, Suppression, Text,
    level, state_of, uri,
};
use crate::report::across::ask;
use crate::report::text::clean;
use crate::set::{Across, Place, SetFinding};
use crate::severity::Severity;

/// The results of findings that are as grave as this.
pub(super) fn results(across: &Across, least: Severity) -> impl Iterator<Item = OneResult> {
    let shown = across.findings.iter().filter(move |found| found.severity >= least);
    shown.map(|found| (found.severity, found.rule.name, result(found).line()))
}

fn result(finding: &SetFinding) -> ResultOf {
    let related = finding.related.iter().map(|(place, label)| location(place, Some(Text::of(label))));
    ResultOf {
        rule_id: finding.rule.name,
        level: level(finding.severity),
        message: Text::of_lines(&format!("{}{}", finding.message, ask(finding))),
        locations: [location(&finding.place, None)],
        related_locations: related.collect(),
        partial_fingerprints: PartialFingerprints { finding: finding.fingerprint.clone() },
        suppressions: finding.waiver.as_ref().map(|waiver| {
            let because = waiver.because.as_ref().map(|because| clean(because).into_owned());
            [Suppression { kind: "inSource", status: "accepted", justification: because }]
        }),
        baseline_state: finding.age.map(state_of),
        fixes: Vec::new(),
    }
}

fn location(place: &Place, message: Option<Text>) -> Location {
    let spot = place.spot;
    Location {
        message,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&place.file) },
            region: Region {
                start_line: spot.line as usize,
                start_column: spot.column as usize,
                end_line: spot.end_line as usize,
                end_column: spot.end_column as usize,
            },
        },
    }
}
