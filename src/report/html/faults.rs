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

/// The first files that could not be read.
#[derive(Debug, Default)]
pub(super) struct FaultList {
    /// Those that are shown, as they are shown.
    shown: Vec<Markup>,
    left: usize,
}

impl FaultList {
    pub(super) fn add(&mut self, file: &Report) {
        for faulty in &file.faults {
            match self.shown.len() {
                MOST_FILES.. => self.left += 1,
                at => self.shown.push(fault(at, faulty)),
            }
        }
    }

    pub(super) fn html(&self) -> Markup {
        html! {
            @if !self.shown.is_empty() {
                section id="errors" class="errors" {
                    (heading(2, "errors", &html! { "Files that could not be read" }, "Files that could not be read"))
                    p { "These are not in the report above. Each error names its place and what to do." }
                    @for fault in &self.shown { (fault) }
                    (left_out(self.left, "file"))
                }
            }
        }
    }
}

fn fault(at: usize, faulty: &Faulty) -> Markup {
    let (anchor, name) = (format!("error-{at}"), faulty.source.name());
    html! {
        div id=(anchor) { (heading(3, &anchor, &own(name), &format!("errors of {name}"))) }
        (problems(faulty))
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
