//! Workflow commands, by which GitHub shows findings on the lines that they are about.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>: of each kind a step shows ten.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::across::shown;
use super::output::{Ask, End, Output, Piece};
use super::text::clean;
use crate::audit::{PlanReport, Report};
use crate::rules::verdict::{Age, Finding};
use crate::severity::Severity;
use crate::source::{Source, Span};

mod across;

/// Annotations of one kind that a step shows.
const MOST_OF_A_KIND: usize = 10;

/// The gravest findings, ten of each kind at most, after the files that could not be read; then how many more there are.
#[derive(Debug)]
pub struct Github {
    least: Severity,
    /// Problems of files that could not be read, ten at most.
    problems: Vec<String>,
    /// Findings, at most ten of a severity, each severity in the order of the files.
    found: BTreeMap<Reverse<Severity>, Vec<String>>,
    /// Everything that there was to say, and what of it is known.
    all: usize,
    known: usize,
}

impl Github {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        Self { least: ask.least, problems: Vec::new(), found: BTreeMap::new(), all: 0, known: 0 }
    }

    /// What is known is no news to who reviews a change.
    fn take(&mut self, severity: Severity, age: Option<Age>, annotation: impl FnOnce() -> String) {
        self.all += 1;
        if age == Some(Age::Known) {
            self.known += 1;
            return;
        }
        let of_severity = self.found.entry(Reverse(severity)).or_default();
        if of_severity.len() < MOST_OF_A_KIND {
            of_severity.push(annotation());
        }
    }

    /// The annotations that are shown, ten of a level.
    fn shown(&self) -> impl Iterator<Item = &String> {
        [Level::Error, Level::Warning, Level::Notice].into_iter().flat_map(|level| {
            let problems = self.problems.iter().filter(move |_| level == Level::Error);
            let found = self.found.iter().filter(move |(severity, _)| Level::of(severity.0) == level);
            problems.chain(found.flat_map(|(_, lines)| lines)).take(MOST_OF_A_KIND)
        })
    }
}

impl Output for Github {
    fn add(&mut self, file: &Arc<Report>, _: &mut Piece, _: &mut dyn Write) -> io::Result<()> {
        for (faulty, problem) in file.problems() {
            self.all += 1;
            if self.problems.len() < MOST_OF_A_KIND {
                let help = problem.help().map(|help| format!("\n{help}")).unwrap_or_default();
                let message = format!("{}{help}", problem.what);
                self.problems.push(annotation(&faulty.source, problem.span, Level::Error, "not a plan", &message));
            }
        }
        for plan in &file.plans {
            // Each plan's own order stays: it is the gravest first, then those that cost most.
            let least = self.least;
            for found in plan.findings().filter(|found| found.finding.severity >= least) {
                let (rule, finding) = (found.verdict.rule.name, found.finding);
                self.take(finding.severity, finding.age, || of_finding(plan, rule, finding));
            }
        }
        Ok(())
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        for finding in shown(end.across, self.least) {
            self.take(finding.severity, finding.age, || across::annotation(finding));
        }
        let mut left = self.all;
        for line in self.shown() {
            left -= 1;
            to.write_all(line.as_bytes())?;
        }
        match self.known {
            _ if left == 0 => Ok(()),
            0 => writeln!(to, "{left} more are not shown as annotations"),
            known => writeln!(to, "{left} more, {known} of them known, are not shown as annotations"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Note => Self::Notice,
        }
    }
}

fn of_finding(plan: &PlanReport, rule: &str, finding: &Finding) -> String {
    let level = Level::of(finding.severity);
    let ask = finding.question().map(|question| format!("\nAsk: {question}")).unwrap_or_default();
    let title = format!("{} {rule}", finding.severity.word());
    annotation(&plan.plan().source, finding.place, level, &title, &format!("{}{ask}", finding.message()))
}

/// A command that annotates a part of a text.
fn annotation(source: &Source, span: Span, level: Level, title: &str, message: &str) -> String {
    let ends = [span.start, span.end].map(|byte| source.position(byte)).map(|at| (at.line, at.column));
    line_of(source.name(), ends, level, title, message)
}

/// A command that annotates what stands between two places, each a line and a column.
fn line_of(file: &str, [start, end]: [(usize, usize); 2], level: Level, title: &str, message: &str) -> String {
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    // Columns are shown within one line only, and include the last.
    let columns = match start.0 == end.0 && end.1 > start.1 {
        true => format!(",col={},endColumn={}", start.1, end.1 - 1),
        false => format!(",col={}", start.1),
    };
    let lines: Vec<_> = message.lines().map(clean).collect();
    format!(
        "::{word} file={},line={},endLine={}{columns},title={}::{}\n",
        property(file),
        start.0,
        end.0,
        property(title),
        data(&lines.join("\n")),
    )
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
            annotation(&source, Span::new(0, 4), Level::Error, "t::x,y", "one\r\n::error::two\u{1b}[31m 100%");
        assert_eq!(
            annotation,
            "::error file=a%2Cb%3Ac%25%0Ad.yaml,line=1,endLine=1,col=1,endColumn=4,title=t%3A%3Ax%2Cy\
             ::one%0A::error::two␛[31m 100%25\n"
        );
    }
}
