//! Workflow commands, by which GitHub shows findings on the lines that they are about.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>: of each kind a step shows ten.

use super::text::clean;
use crate::audit::{PlanReport, Report};
use crate::rules::verdict::{Age, Finding};
use crate::severity::Severity;
use crate::source::{Source, Span};

/// Annotations of one kind that a step shows.
const MOST_OF_A_KIND: usize = 10;

/// The gravest findings, ten of each kind at most, after the files that could not be read; then how many more there are.
pub fn github(report: &Report, least: Severity) -> String {
    let errors = report.problems().map(|(faulty, problem)| {
        let help = problem.help().map(|help| format!("\n{help}")).unwrap_or_default();
        Annotation::at(&faulty.source, problem.span, Level::Error, "not a plan", &format!("{}{help}", problem.what))
    });
    let mut annotations: Vec<Annotation> = errors.collect();
    let found = report.plans.iter().flat_map(|plan| plan.findings().map(move |found| (plan, found)));
    let found = found.filter(|(_, found)| found.finding.severity >= least);
    // What is known is no news to who reviews a change.
    let (known, mut found): (Vec<_>, Vec<_>) = found.partition(|(_, found)| found.finding.age == Some(Age::Known));
    // Each plan's own order stays: it is the gravest first, then those that cost most.
    found.sort_by_key(|(_, found)| std::cmp::Reverse(found.finding.severity));
    annotations.extend(found.iter().map(|(plan, found)| of_finding(plan, found.verdict.rule.name, found.finding)));
    let mut text = String::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        let of_level = annotations.iter().filter(|annotation| annotation.level == level);
        of_level.take(MOST_OF_A_KIND).for_each(|annotation| text.push_str(&annotation.line));
    }
    let shown = text.lines().count();
    let left = annotations.len() - shown + known.len();
    match known.len() {
        _ if left == 0 => {}
        0 => text.push_str(&format!("{left} more are not shown as annotations\n")),
        known => text.push_str(&format!("{left} more, {known} of them known, are not shown as annotations\n")),
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

struct Annotation {
    level: Level,
    line: String,
}

fn of_finding(plan: &PlanReport, rule: &str, finding: &Finding) -> Annotation {
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Note => Level::Notice,
    };
    let ask = finding.question.as_ref().map(|question| format!("\nAsk: {question}")).unwrap_or_default();
    let title = format!("{} {rule}", finding.severity.word());
    Annotation::at(&plan.plan().source, finding.place, level, &title, &format!("{}{ask}", finding.message))
}

impl Annotation {
    fn at(source: &Source, span: Span, level: Level, title: &str, message: &str) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        let word = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        // Columns are shown within one line only, and include the last.
        let columns = match start.line == end.line && end.column > start.column {
            true => format!(",col={},endColumn={}", start.column, end.column - 1),
            false => format!(",col={}", start.column),
        };
        let lines: Vec<_> = message.lines().map(clean).collect();
        let line = format!(
            "::{word} file={},line={},endLine={}{columns},title={}::{}\n",
            property(source.name()),
            start.line,
            end.line,
            property(title),
            data(&lines.join("\n")),
        );
        Self { level, line }
    }
}

/// The text of a command: nothing in it ends the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property: nothing in it ends the value.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_begins_a_command_or_ends_a_property() {
        let source = Source::new("a,b:c%\nd.yaml", "plan: x");
        let annotation =
            Annotation::at(&source, Span::new(0, 4), Level::Error, "t::x,y", "one\r\n::error::two\u{1b}[31m 100%");
        assert_eq!(
            annotation.line,
            "::error file=a%2Cb%3Ac%25%0Ad.yaml,line=1,endLine=1,col=1,endColumn=4,title=t%3A%3Ax%2Cy\
             ::one%0A::error::two␛[31m 100%25\n"
        );
    }
}
