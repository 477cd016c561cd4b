//! SARIF 2.1.0: findings for code scanning, each with its place, and its rule's page as help.
//!
//! The format is OASIS's: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>. What GitHub takes of it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::collections::BTreeMap;

use serde::Serialize;

use super::text::clean;
use crate::audit::{Faulty, FindingRef, PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::plan::problem::Problem;
use crate::rules::verdict::{Age, Status};
use crate::rules::{self, Rule};
use crate::severity::Severity;
use crate::source::{Source, Span};

/// Results that a run may hold for GitHub to take it.
const MOST_RESULTS: usize = 25_000;
/// Further places of one result that are worth showing; GitHub shows a hundred.
const MOST_RELATED: usize = 100;

/// The report as SARIF, with a line end at its end: the gravest findings first where there are more than a run may hold.
pub fn sarif(report: &Report, least: Severity) -> String {
    let mut found: Vec<Found<'_>> = report.plans.iter().flat_map(|plan| of_plan(plan, least)).collect();
    let left = found.len().saturating_sub(MOST_RESULTS);
    if left > 0 {
        found.sort_by_key(|found| std::cmp::Reverse(found.of.finding.severity));
        found.truncate(MOST_RESULTS);
    }
    let rules: Vec<&'static Rule> =
        rules::all().filter(|rule| found.iter().any(|found| found.of.verdict.rule.name == rule.name)).collect();
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.name, at)).collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_iter().map(ReportingDescriptor::new).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: report.faults.is_empty(),
                tool_execution_notifications: notifications(report, left),
            }],
            results: found.into_iter().map(|found| found.result(&index)).collect(),
            column_kind: "unicodeCodePoints",
        }],
    };
    // Writing to memory fails for keys that are no text, and all keys here are.
    serde_json::to_string_pretty(&log).map(|text| text + "\n").unwrap_or_default()
}

/// A finding on its way out. One that another finding tells is left to that one.
struct Found<'r> {
    plan: &'r PlanReport,
    of: FindingRef<'r>,
    fingerprint: String,
}

fn of_plan(plan: &PlanReport, least: Severity) -> Vec<Found<'_>> {
    let fingerprints = Fingerprints::of(plan);
    let all = plan.all_findings().into_iter();
    let shown = all.filter(|found| found.finding.severity >= least && !matches!(found.finding.status, Status::Told(_)));
    shown.map(|of| Found { plan, of, fingerprint: fingerprints.get(of.finding).to_owned() }).collect()
}

impl Found<'_> {
    fn result(&self, index: &BTreeMap<&str, usize>) -> ResultOf {
        let (finding, source) = (self.of.finding, &self.plan.plan().source);
        let rule = self.of.verdict.rule.name;
        let related = finding.related.iter().take(MOST_RELATED).map(|(span, label)| Location {
            message: Some(Text::of(label)),
            physical_location: PhysicalLocation::new(source, *span),
        });
        let ask = finding.question.as_ref().map(|question| format!("\nAsk: {question}")).unwrap_or_default();
        let reframe = finding.reframe.as_ref().map(|reframe| format!("\nBetter: {}", reframe.why)).unwrap_or_default();
        ResultOf {
            rule_id: rule,
            rule_index: index.get(rule).copied().unwrap_or_default(),
            level: level(finding.severity),
            message: Text::of_lines(&format!("{}{ask}{reframe}", finding.message)),
            locations: [Location { message: None, physical_location: PhysicalLocation::new(source, finding.place) }],
            related_locations: related.collect(),
            partial_fingerprints: PartialFingerprints { finding: self.fingerprint.clone() },
            suppressions: self.suppressions(),
            baseline_state: finding.age.map(|age| match age {
                Age::New => "new",
                Age::Known => "unchanged",
            }),
        }
    }

    /// What a waiver of the plan accepts is shown as accepted, not as gone.
    fn suppressions(&self) -> Option<[Suppression; 1]> {
        let Status::Waived(at) = self.of.finding.status else { return None };
        let waiver = self.plan.plan().head.waivers.as_ref()?.get(at)?;
        let because = waiver.because.as_ref().map(|because| clean(&because.value).into_owned());
        Some([Suppression { kind: "inSource", status: "accepted", justification: because }])
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    }
}

/// What could not be read, and what did not fit.
fn notifications(report: &Report, left: usize) -> Vec<Notification> {
    let mut notifications: Vec<Notification> =
        report.problems().take(MOST_RESULTS).map(|(faulty, problem)| Notification::of(faulty, problem)).collect();
    if left > 0 {
        let text = format!("{left} findings less grave than these are left out: a run may hold {MOST_RESULTS}");
        notifications.push(Notification { level: "warning", message: Text { text }, locations: Vec::new() });
    }
    notifications
}

impl Notification {
    fn of(faulty: &Faulty, problem: &Problem) -> Self {
        let help = problem.help().map(|help| format!("\n{help}")).unwrap_or_default();
        let place = PhysicalLocation::new(&faulty.source, problem.span);
        Self {
            level: "error",
            message: Text::of_lines(&format!("{}{help}", problem.what)),
            locations: vec![Location { message: None, physical_location: place }],
        }
    }
}

impl ReportingDescriptor {
    fn new(rule: &'static Rule) -> Self {
        let page = rule.page();
        let words = |text: &str| Text { text: text.split_whitespace().collect::<Vec<_>>().join(" ") };
        let markdown = format!("{}\n\n{}\n\n## Why\n\n{}", page.summary, page.checks, page.why);
        Self {
            id: rule.name,
            name: rule.name,
            short_description: words(page.summary),
            full_description: words(page.checks),
            help: Help { text: format!("{}\n\n{}", page.checks, page.why), markdown },
            default_configuration: Configuration { level: level(rule.weight) },
            properties: Properties { tags: ["go-to-market", rule.area.name()] },
        }
    }
}

impl Text {
    /// A text on one line.
    fn of(text: &str) -> Self {
        Self { text: without_links(&clean(text)) }
    }

    /// A text of several lines, each of its own.
    fn of_lines(text: &str) -> Self {
        Self { text: without_links(&text.lines().map(clean).collect::<Vec<_>>().join("\n")) }
    }
}

/// A plain text may hold links as `[text](address)`: what looks like one in a plan stays text (SARIF 3.11.6).
fn without_links(text: &str) -> String {
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}

impl PhysicalLocation {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            artifact_location: ArtifactLocation { uri: uri(source.name()) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        }
    }
}

/// A file's name as a URI reference: relative names stay relative.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    let path = name.replace('\\', "/");
    // `C:/plans` and `/plans` are absolute.
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.get(1..3) == Some(":/");
    if drive {
        uri.push_str("file:///");
    } else if path.starts_with('/') {
        uri.push_str("file://");
    }
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b':' if drive && at == 1 => uri.push(':'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

// ---- the shape

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<ResultOf>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: PartialFingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Suppression; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
}

#[derive(Serialize)]
struct PartialFingerprints {
    #[serde(rename = "finding/v1")]
    finding: String,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_letters_of_any_script_is_a_uri_and_stays_relative() {
        assert_eq!(uri("plans/Q1 plán.yaml"), "plans/Q1%20pl%C3%A1n.yaml");
        assert_eq!(uri("a:b.yaml"), "a%3Ab.yaml");
        assert_eq!(uri("/plans/a.yaml"), "file:///plans/a.yaml");
        assert_eq!(uri("C:\\plans\\a.yaml"), "file:///C:/plans/a.yaml");
        assert_eq!(uri("../a.yaml"), "../a.yaml");
    }

    #[test]
    fn what_looks_like_a_link_in_a_plan_is_none() {
        assert_eq!(Text::of("[x](javascript:1)").text, "\\[x\\](javascript:1)");
        assert_eq!(Text::of("[x] stays").text, "[x] stays");
    }
}
