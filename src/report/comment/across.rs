//! The part of a comment that is about several plans.

use std::fmt::Write;

use super::{Cut, MOST_FIXED, MOST_ROWS, line};
use crate::report::across::{self, TITLE, is_known, place, shown};
use crate::set::{Across, SetFinding};
use crate::severity::Severity;

/// Letters of all rows, and of all questions, after which the rest is counted: with the plans, a comment stays one that GitHub takes.
const MOST_LETTERS: usize = 4_000;

/// A table of what was found across the plans, and the questions folded away; empty where there is nothing to say.
pub(super) fn section(across: &Across, least: Severity) -> String {
    let (found, fixed) = (shown(across, least), across::fixed(across));
    if found.is_empty() && fixed.is_empty() {
        return String::new();
    }
    let mut text = format!("### {TITLE}\n\n");
    if !fixed.is_empty() {
        let names: Vec<String> = fixed.iter().take(MOST_FIXED).map(|name| line(name)).collect();
        let left = fixed.len().saturating_sub(MOST_FIXED);
        let left = if left > 0 { format!(" and {left} more") } else { String::new() };
        let _ = writeln!(text, "{} fixed: {}{left}\n", fixed.len(), names.join(", "));
    }
    if found.is_empty() {
        return text;
    }
    let (rows, questions) = (cut(&found, row), cut(&found, question));
    let _ = write!(text, "| | Finding | Place |\n| --- | --- | --- |\n{}", rows.text);
    if rows.left > 0 {
        let _ = writeln!(text, "\nand {} more", rows.left);
    }
    let _ = write!(text, "\n<details><summary>What to ask across the plans</summary>\n\n{}", questions.text);
    text + "</details>\n\n"
}

/// As many texts of findings as there is room for.
fn cut(found: &[&SetFinding], text: impl Fn(&SetFinding) -> String) -> Cut {
    let mut cut = Cut::default();
    for finding in found.iter().take(MOST_ROWS) {
        cut.push(MOST_LETTERS.saturating_sub(cut.text.len()), &text(finding));
    }
    Cut { left: cut.left + found.len().saturating_sub(MOST_ROWS), ..cut }
}

fn row(finding: &SetFinding) -> String {
    let known = if is_known(finding) { " (known)" } else { "" };
    let (message, place) = (line(&finding.message), line(&place(&finding.place)));
    format!("| {}{known} | {message} | {place} |\n", finding.severity.word())
}

fn question(finding: &SetFinding) -> String {
    let Some(question) = &finding.question else { return String::new() };
    format!("**{}**\n\n{}\n\nAsk: {}\n\n", finding.rule.name, line(&finding.message), line(question))
}
