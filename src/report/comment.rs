//! The report as Markdown for a comment on a pull request: the score and what changed, a table, and the rest folded away.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::arithmetic;
use super::markdown::escape;
use super::output::{Ask, End, Output, Piece};
use super::remark::{Remark, remarks};
use crate::audit::{Faulty, PlanReport, Report};
use crate::severity::Severity;
use crate::wording::decimals;

mod across;

/// Letters after which the rest is counted: GitHub takes 65,536 in a comment.
const MOST_LETTERS: usize = 55_000;
/// Rows of a plan's table that are shown before the rest is counted.
const MOST_ROWS: usize = 30;
/// What was fixed, by name, before the rest is counted.
const MOST_FIXED: usize = 10;

/// The report: the files that could not be read, then the plans, the gates that failed last.
#[derive(Debug)]
pub struct Comment {
    least: Severity,
    errors: Cut,
    plans: Cut,
}

/// Texts of a comment, as far as there is room, and how many there is none for.
#[derive(Debug, Default)]
struct Cut {
    text: String,
    left: usize,
}

impl Cut {
    fn push(&mut self, room: usize, text: &str) {
        if self.left == 0 && text.len() <= room { self.text.push_str(text) } else { self.left += 1 }
    }
}

impl Comment {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        Self { least: ask.least, errors: Cut::default(), plans: Cut::default() }
    }

    fn room(&self) -> usize {
        MOST_LETTERS.saturating_sub(self.errors.text.len() + self.plans.text.len())
    }
}

impl Output for Comment {
    fn add(&mut self, file: &Arc<Report>, _: &mut Piece, _: &mut dyn Write) -> io::Result<()> {
        for faulty in &file.faults {
            self.errors.push(self.room(), &errors(faulty));
        }
        for plan in &file.plans {
            // What there is no room for need not be made.
            let text = if self.plans.left > 0 {
                String::new()
            } else {
                Section { plan, remarks: told(plan, self.least) }.text()
            };
            self.plans.push(self.room(), &text);
        }
        Ok(())
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(self.errors.text.as_bytes())?;
        match self.errors.left {
            0 => {}
            1 => writeln!(to, "1 more file could not be read.\n")?,
            left => writeln!(to, "{left} more files could not be read.\n")?,
        }
        to.write_all(self.plans.text.as_bytes())?;
        match self.plans.left {
            0 => {}
            1 => writeln!(to, "1 more plan is not shown here: a comment can be only so long.\n")?,
            left => writeln!(to, "{left} more plans are not shown here: a comment can be only so long.\n")?,
        }
        to.write_all(across::section(end.across, self.least).as_bytes())?;
        match end.gates.why() {
            why if why.is_empty() => Ok(()),
            why => writeln!(to, "**Failed:** {why}"),
        }
    }
}

fn told(plan: &PlanReport, least: Severity) -> Vec<Remark<'_>> {
    remarks(plan.findings().filter(|found| found.finding.severity >= least))
}

fn errors(faulty: &Faulty) -> String {
    let mut text = format!("### {} could not be read\n\n", line(faulty.source.name()));
    for problem in faulty.problems.iter().take(MOST_ROWS) {
        let position = faulty.source.position(problem.span.start);
        let help = problem.help().map(|help| format!(" ({})", line(&help))).unwrap_or_default();
        let what = line(&problem.what.to_string());
        let _ = writeln!(text, "- line {}, column {}: {what}{help}", position.line, position.column);
    }
    let left = faulty.problems.len().saturating_sub(MOST_ROWS);
    if left > 0 {
        let _ = writeln!(text, "- and {left} more");
    }
    text + "\n"
}

struct Section<'r> {
    plan: &'r PlanReport,
    remarks: Vec<Remark<'r>>,
}

impl Section<'_> {
    fn text(&self) -> String {
        let plan = self.plan.plan();
        let title = format!("### {}: {}\n\n", line(plan.name()), self.score());
        let summary = [self.counts(), self.fixed(), Some(line(plan.source.name()))];
        let summary: Vec<String> = summary.into_iter().flatten().collect();
        format!("{title}{}\n\n{}{}", summary.join(" · "), self.table(), self.details())
    }

    fn score(&self) -> String {
        let score = &self.plan.score;
        let before = arithmetic::before(self.plan);
        match (score.whole(), score.grade()) {
            (Some(points), Some(grade)) if self.plan.is_whole => {
                let cap = arithmetic::cap(score).map(|cap| format!(", {cap}")).unwrap_or_default();
                format!("{points} of 100{before}, grade {}{cap}", grade.letter())
            }
            _ => "no score".to_owned(),
        }
    }

    fn counts(&self) -> Option<String> {
        let counts = self.plan.counts();
        let counts: Vec<String> =
            counts.iter().rev().map(|(severity, count)| format!("{count} {}", severity.counted(*count))).collect();
        let known = self.remarks.iter().filter(|remark| remark.is_known()).map(|remark| remark.findings.len());
        let known: usize = known.sum();
        let known = if known > 0 { format!(", {known} of them known") } else { String::new() };
        match counts.is_empty() {
            true => Some("nothing found".to_owned()),
            false => Some(format!("**{}**{known}", counts.join(", "))),
        }
    }

    fn fixed(&self) -> Option<String> {
        let fixed = &self.plan.before.as_ref()?.fixed;
        let names = fixed.iter().take(MOST_FIXED).map(|gone| format!("{} on {}", line(&gone.rule), line(&gone.id)));
        let names: Vec<String> = names.collect();
        let left = fixed.len().saturating_sub(MOST_FIXED);
        let left = if left > 0 { format!(" and {left} more") } else { String::new() };
        (!names.is_empty()).then(|| format!("{} fixed: {}{left}", fixed.len(), names.join(", ")))
    }

    fn table(&self) -> String {
        if self.remarks.is_empty() {
            return String::new();
        }
        let mut text = "| | Finding | Line | Points |\n| --- | --- | --: | --: |\n".to_owned();
        for remark in self.remarks.iter().take(MOST_ROWS) {
            let Some(first) = remark.findings.first() else { continue };
            let known = if remark.is_known() { " (known)" } else { "" };
            let points = if self.plan.is_whole { decimals(remark.points(), 1) } else { String::new() };
            let _ = writeln!(
                text,
                "| {}{known} | {} | {} | {points} |",
                remark.severity().word(),
                line(&remark.message(self.plan.plan())),
                self.plan.position(first.finding).line,
            );
        }
        let left = self.remarks.len().saturating_sub(MOST_ROWS);
        if left > 0 {
            let _ = writeln!(text, "\nand {left} more");
        }
        text + "\n"
    }

    /// What to ask and what to put in place, folded away.
    fn details(&self) -> String {
        if self.remarks.is_empty() {
            return String::new();
        }
        let mut text = "<details><summary>What to ask, and what would be better</summary>\n\n".to_owned();
        for remark in self.remarks.iter().take(MOST_ROWS) {
            let Some(first) = remark.findings.first() else { continue };
            let _ = writeln!(text, "**{}**\n\n{}\n", first.verdict.rule.name, line(&remark.message(self.plan.plan())));
            if let Some(question) = remark.question(self.plan.plan()) {
                let _ = writeln!(text, "Ask: {}\n", line(&question));
            }
            if let Some(reframe) = &first.finding.reframe {
                let fence = fence(&reframe.yaml);
                let _ = writeln!(
                    text,
                    "{}\n\n{fence}yaml\n{}\n{fence}\n",
                    line(&first.finding.why()),
                    reframe.yaml.trim_end()
                );
            }
        }
        text + "</details>\n\n"
    }
}

/// A text that shows as it is on one line, calls nobody and refers to no other issue.
fn line(text: &str) -> String {
    escape(text).replace('@', "@<!-- -->").replace("\\#", "#<!-- -->")
}

/// A fence that no line of a text closes.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat((longest + 1).max(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_calls_nobody_and_refers_to_no_issue() {
        assert_eq!(line("@everyone fixes #12"), "@<!-- -->everyone fixes #<!-- -->12");
    }

    #[test]
    fn no_text_closes_its_fence() {
        assert_eq!(fence("a: b"), "```");
        assert_eq!(fence("a: '```'"), "````");
    }
}
