//! What was found across the plans, after the plans themselves.

use maud::{Markup, html};

use super::text::{heading, left_out, own, prose, severity};
use crate::report::across::{self, TITLE, is_known, place, shown};
use crate::set::{Across, SetFinding};
use crate::severity::Severity;

/// Findings that are shown.
const MOST_FINDINGS: usize = 200;

pub(super) fn section(across: &Across, least: Severity) -> Markup {
    let (found, fixed) = (shown(across, least), across::fixed(across));
    html! {
        @if !found.is_empty() || !fixed.is_empty() {
            section id="across" {
                (heading(2, "across", &html! { (TITLE) }, TITLE))
                @if !fixed.is_empty() { p class="note" { "Fixed: " (own(&fixed.join(", "))) } }
                @for (at, finding) in found.iter().take(MOST_FINDINGS).enumerate() { (article(at, finding)) }
                (left_out(found.len().saturating_sub(MOST_FINDINGS), "finding"))
            }
        }
    }
}

fn article(at: usize, finding: &SetFinding) -> Markup {
    let anchor = format!("across-{}", at + 1);
    let title = html! { (severity(finding.severity)) " " (finding.rule.name) };
    let called = format!("{} {}, {}", finding.severity.word(), finding.rule.name, place(&finding.place));
    html! {
        article class={ "finding " (finding.severity.word()) } id=(anchor) {
            (heading(3, &anchor, &title, &called))
            p class="lead" { (prose(&finding.message)) }
            p class="meta" { (own(&place(&finding.place))) @if is_known(finding) { " · known" } }
            @if !finding.related.is_empty() {
                ul class="also" {
                    @for (related, label) in &finding.related { li { (own(&place(related))) ": " (prose(label)) } }
                }
            }
            @if let Some(question) = &finding.question {
                div class="ask" { p { strong { "Ask: " } (prose(question)) } }
            }
        }
    }
}
