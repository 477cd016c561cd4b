//! The part of a comment that is about several plans.

use std::fmt::Write;

use super::{MOST_FIXED, MOST_ROWS, line};
use crate::report::across::{self, TITLE, is_known, place, shown};
use crate::set::Across;
use crate::severity::Severity;

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
    text.push_str("| | Finding | Place |\n| --- | --- | --- |\n");
    for finding in found.iter().take(MOST_ROWS) {
        let known = if is_known(finding) { " (known)" } else { "" };
        let (message, place) = (line(&finding.message), line(&place(&finding.place)));
        let _ = writeln!(text, "| {}{known} | {message} | {place} |", finding.severity.word());
    }
    let left = found.len().saturating_sub(MOST_ROWS);
    if left > 0 {
        let _ = writeln!(text, "\nand {left} more");
    }
    text.push_str("\n<details><summary>What to ask across the plans</summary>\n\n");
    for finding in found.iter().take(MOST_ROWS) {
        if let Some(question) = &finding.question {
            let _ =
                writeln!(text, "**{}**\n\n{}\n\nAsk: {}\n", finding.rule.name, line(&finding.message), line(question));
        }
    }
    text + "</details>\n\n"
}
