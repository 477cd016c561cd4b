//! SARIF 2.1.0: findings for code scanning, each with its place, and its rule's page as help.
//!
//! The format is OASIS's: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>. What GitHub takes of it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::output::{Ask, End, Maker, Output, Piece, Spool};
use super::text::clean;
use crate::audit::{Faulty, FindingRef, PlanReport, Report};
use crate::edit::{self, Editor};
use crate::fingerprint::Fingerprints;
use crate::plan::problem::Problem;
use crate::rules::verdict::{Age, Finding, Status};
use crate::rules::{self, Rule};
use crate::severity::Severity;
use crate::source::{Source, Span};

mod across;

/// Results that a run may hold for GitHub to take it.
const MOST_RESULTS: usize = 25_000;
/// Further places of one result that are worth showing; GitHub shows a hundred.
const MOST_RELATED: usize = 100;

/// The report as SARIF: a line for each result, the gravest first. Where there are more than a run may hold, the least grave are left
/// out.
#[derive(Debug)]
pub struct Sarif {
    least: Severity,
    /// The results so far, by their severity.
    results: BTreeMap<Reverse<Severity>, OfSeverity>,
    /// The rules that found something.
    found_by: BTreeSet<&'static str>,
    /// What could not be read.
    notifications: Vec<Notification>,
    is_successful: bool,
}

/// The results of one severity, as many as a run may hold, and how many there were.
#[derive(Debug, Default)]
struct OfSeverity {
    lines: Spool,
    seen: usize,
}

/// The results of a file.
#[derive(Debug)]
pub struct Results(Vec<OneResult>);

/// A result: its severity, its rule and its line.
type OneResult = (Severity, &'static str, String);

impl Sarif {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        let (results, found_by) = (BTreeMap::new(), BTreeSet::new());
        Self { least: ask.least, results, found_by, notifications: Vec::new(), is_successful: true }
    }

    fn push(&mut self, results: impl IntoIterator<Item = OneResult>) -> io::Result<()> {
        for (severity, rule, line) in results {
            let of_severity = self.results.entry(Reverse(severity)).or_default();
            of_severity.seen += 1;
            if of_severity.seen <= MOST_RESULTS {
                self.found_by.insert(rule);
                of_severity.lines.push(&line)?;
            }
        }
        Ok(())
    }

    fn run(&mut self, left: usize) -> Run {
        if left > 0 {
            let text = format!("{left} findings less grave than these are left out: a run may hold {MOST_RESULTS}");
            let notification = Notification { level: "warning", message: Text { text }, locations: Vec::new() };
            self.notifications.push(notification);
        }
        let rules = rules::all().filter(|rule| self.found_by.contains(rule.name));
        Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.map(ReportingDescriptor::new).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: self.is_successful,
                tool_execution_notifications: std::mem::take(&mut self.notifications),
            }],
            column_kind: "unicodeCodePoints",
        }
    }
}

impl Output for Sarif {
    fn maker(&self) -> Maker {
        let least = self.least;
        Box::new(move |file| {
            let bytes = file.plans.first().map(|plan| plan.plan().source.text());
            let fixes_left = Cell::new(bytes.map_or(0, edit::most_reframes));
            Piece::Results(Results(file.plans.iter().flat_map(|plan| of_plan(plan, least, &fixes_left)).collect()))
        })
    }

    fn begin(&mut self, to: &mut dyn Write) -> io::Result<()> {
        let schema = "https://json.schemastore.org/sarif-2.1.0.json";
        to.write_all(format!("{{\"$schema\":\"{schema}\",\"version\":\"2.1.0\",\"runs\":[{{\"results\":[").as_bytes())
    }

    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece, _: &mut dyn Write) -> io::Result<()> {
        self.is_successful &= file.faults.is_empty();
        let room = MOST_RESULTS - self.notifications.len();
        let problems = file.problems().take(room);
        self.notifications.extend(problems.map(|(faulty, problem)| Notification::of(faulty, problem)));
        let Piece::Results(Results(results)) = std::mem::take(piece) else { return Ok(()) };
        self.push(results)
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        self.push(across::results(end.across, self.least))?;
        let (mut room, mut left, mut comma) = (MOST_RESULTS, 0, "");
        for of_severity in self.results.values_mut() {
            let shown = of_severity.seen.min(room);
            room -= shown;
            left += of_severity.seen - shown;
            of_severity.lines.each_line(shown, &mut |line| {
                to.write_all(comma.as_bytes())?;
                comma = ",";
                to.write_all(b"\n")?;
                to.write_all(line)
            })?;
        }
        // Writing to memory fails for keys that are no text, and all keys here are.
        let run = serde_json::to_string(&self.run(left)).unwrap_or_default();
        writeln!(to, "],\n{}]}}", run.trim_start_matches('{'))
    }
}

/// A finding on its way out.
struct Found<'r> {
    plan: &'r PlanReport,
    of: FindingRef<'r>,
    fingerprint: &'r str,
    fix: Option<Fix>,
}

/// The findings of a plan. One that another finding tells is left to that one.
fn of_plan(plan: &PlanReport, least: Severity, fixes_left: &Cell<usize>) -> Vec<OneResult> {
    let fingerprints = Fingerprints::of(plan);
    let all = plan.all_findings().into_iter();
    let shown = all.filter(|found| found.finding.severity >= least && !matches!(found.finding.status, Status::Told(_)));
    let shown: Vec<FindingRef<'_>> = shown.collect();
    let is_fixable = |found: &FindingRef<'_>| found.finding.reframe.as_ref().is_some_and(|reframe| reframe.safe);
    let editor = (fixes_left.get() > 0 && shown.iter().any(is_fixable)).then(|| Editor::new(plan.plan())).flatten();
    let lines = shown.into_iter().map(|of| {
        let reframe = of.finding.reframe.as_ref().filter(|reframe| reframe.safe);
        let fix = editor.as_ref().zip(reframe).and_then(|(editor, _)| {
            fixes_left.set(fixes_left.get().checked_sub(1)?);
            Fix::new(&plan.plan().source, editor, of.finding)
        });
        let result = Found { plan, of, fingerprint: fingerprints.get(of.finding), fix }.result();
        (of.finding.severity, of.verdict.rule.name, result.line())
    });
    lines.collect()
}

impl ResultOf {
    /// On one line: line ends within it are escaped.
    fn line(&self) -> String {
        // Writing to memory fails for keys that are no text, and all keys here are.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

impl Found<'_> {
    fn result(self) -> ResultOf {
        let (finding, source) = (self.of.finding, &self.plan.plan().source);
        let rule = self.of.verdict.rule.name;
        let related = finding.related.iter().take(MOST_RELATED).map(|(span, label)| Location {
            message: Some(Text::of(label)),
            physical_location: PhysicalLocation::new(source, *span),
        });
        let ask = finding.question().map(|question| format!("\nAsk: {question}")).unwrap_or_default();
        let reframe = finding.reframe.as_ref().map(|_| format!("\nBetter: {}", finding.why())).unwrap_or_default();
        ResultOf {
            rule_id: rule,
            level: level(finding.severity),
            message: Text::of_lines(&format!("{}{ask}{reframe}", finding.message())),
            locations: [Location { message: None, physical_location: PhysicalLocation::new(source, finding.place) }],
            related_locations: related.collect(),
            partial_fingerprints: PartialFingerprints { finding: self.fingerprint.to_owned() },
            suppressions: self.suppressions(),
            baseline_state: finding.age.map(state_of),
            fixes: self.fix.into_iter().collect(),
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

fn state_of(age: Age) -> &'static str {
    match age {
        Age::New => "new",
        Age::Known => "unchanged",
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    }
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
        Self { artifact_location: ArtifactLocation { uri: uri(source.name()) }, region: Region::new(source, span) }
    }
}

impl Region {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

impl Fix {
    /// What a reframe changes in a plan's text, where it can be written by itself. The text that is inserted stays as it is: who
    /// applies it writes it to a file.
    fn new(source: &Source, editor: &Editor<'_>, finding: &Finding) -> Option<Self> {
        let edits = editor.edits(&finding.reframe.as_ref()?.yaml).ok()?.list.into_iter();
        let replacements = edits.map(|edit| Replacement {
            deleted_region: Region::new(source, edit.span),
            inserted_content: InsertedContent { text: edit.text },
        });
        let artifact_location = ArtifactLocation { uri: uri(source.name()) };
        let change = ArtifactChange { artifact_location, replacements: replacements.collect() };
        Some(Self { description: Text::of(&finding.why()), artifact_changes: [change] })
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
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
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

#[derive(Debug, Serialize)]
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: InsertedContent,
}

#[derive(Serialize)]
struct InsertedContent {
    text: String,
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

#[derive(Debug, Serialize)]
struct Text {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Serialize)]
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
