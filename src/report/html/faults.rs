//! Files that could not be read as plans: what is wrong, the line itself, and what to do.

use maud::{Markup, html};

use super::findings::lines;
use super::text::{heading, left_out, own, prose};
use crate::audit::{Faulty, Report};
use crate::report::fault::message;
use crate::report::snippet::Mark;

/// Files that are shown.
const MOST_FILES: usize = 50;
/// Problems of one file that are shown.
const MOST_PROBLEMS: usize = 20;

pub(super) fn faults(report: &Report) -> Markup {
    html! {
        @if !report.faults.is_empty() {
            section id="errors" class="errors" {
                (heading(2, "errors", &html! { "Files that could not be read" }, "Files that could not be read"))
                p { "These are not in the report above. Each error names its place and what to do." }
                @for (at, faulty) in report.faults.iter().take(MOST_FILES).enumerate() {
                    @let anchor = format!("error-{at}");
                    div id=(anchor) { (heading(3, &anchor, &own(faulty.source.name()), &format!("errors of {}", faulty.source.name()))) }
                    (problems(faulty))
                }
                (left_out(report.faults.len().saturating_sub(MOST_FILES), "file"))
            }
        }
    }
}

fn problems(faulty: &Faulty) -> Markup {
    html! {
        @for problem in faulty.problems.iter().take(MOST_PROBLEMS) {
            div class="problem" {
                p class="lead" { (prose(&message(faulty, problem))) }
                @if !faulty.source.text().is_empty() { (lines(&faulty.source, &Mark::of_problem(problem))) }
                @if let Some(help) = problem.help() { p { strong { "Help: " } (prose(&help)) } }
            }
        }
        (left_out(faulty.problems.len().saturating_sub(MOST_PROBLEMS), "problem"))
    }
}
