//! The end of the table: what was found across the plans, in short.

use owo_colors::Style;

use super::MOST_FIXED;
use crate::report::across::{self, TITLE, is_known, place, shown};
use crate::report::text::{View, clip};
use crate::set::Across;
use crate::severity::Severity;
use crate::wording::list_whole;

/// Findings that are shown before the rest is counted.
const MOST_FINDINGS: usize = 7;
/// Further places of one finding that are shown before the rest is counted.
const MOST_PLACES: usize = 3;

/// What was found across the plans; empty where there is nothing to say.
pub(in crate::report) fn across(across: &Across, least: Severity, view: &View) -> String {
    let found = shown(across, least);
    let mut fixed = across::fixed(across);
    if found.is_empty() && fixed.is_empty() {
        return String::new();
    }
    let dim = |text: &str| view.paint(text, Style::new().dimmed());
    let mut text = format!("{}\n", view.paint(TITLE, Style::new().bold()));
    if !fixed.is_empty() {
        let left = if view.all { 0 } else { fixed.len().saturating_sub(MOST_FIXED) };
        fixed.truncate(fixed.len() - left);
        let mut fixed: Vec<String> = fixed.iter().map(|name| clip(name, 80)).collect();
        if left > 0 {
            fixed.push(format!("{left} more"));
        }
        text.push_str(&view.wrap("Fixed: ", &list_whole(&fixed)));
    }
    let most = if view.all { found.len() } else { MOST_FINDINGS };
    for finding in found.iter().take(most) {
        let severity = view.paint(finding.severity.word(), View::severity(finding.severity));
        let known = if is_known(finding) { dim("  known") } else { String::new() };
        let rule = view.paint(finding.rule.name, Style::new().bold());
        text.push_str(&format!("{severity} {rule}{known}\n"));
        text.push_str(&view.wrap("", &finding.message));
        text.push_str(&dim(&format!("  ╰▸ {}\n", place(&finding.place))));
        let places = if view.all { finding.related.len() } else { MOST_PLACES };
        for (related, label) in finding.related.iter().take(places) {
            text.push_str(&dim(&format!("     {}  {}\n", place(related), clip(label, 60))));
        }
        let left = finding.related.len().saturating_sub(places);
        if left > 0 {
            text.push_str(&dim(&format!("     … and {left} more places: --all shows them\n")));
        }
        if let Some(question) = &finding.question {
            text.push_str(&view.wrap("ask: ", question).replacen("ask:", &view.paint("ask:", Style::new().bold()), 1));
        }
        text.push('\n');
    }
    let left = found.len().saturating_sub(most);
    if left > 0 {
        text.push_str(&dim(&format!("… and {left} more across the plans: --all shows them\n")));
    }
    text.trim_end().to_owned() + "\n"
}
