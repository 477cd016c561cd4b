//! The plans of a page as a list, with a link to each.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{bar, counted, own, severity};
use crate::audit::{PlanReport, Report};
use crate::report::money;
use crate::severity::Severity;
use crate::wording::{Figure, money as amount};

/// Plans that are listed without being shown.
const MOST_LISTED: usize = 1_000;

/// All plans; those in `left` are too many to be shown in full.
pub(super) fn index(report: &Report, title: &str, sections: &[PlanSection<'_>], left: &[&PlanReport]) -> Markup {
    html! {
        header class="head" { h1 id="plans" { (title) } }
        @if !sections.is_empty() {
            table class="cards sortable" {
                caption { "Each plan with its score, the lowest first." }
                thead {
                    tr {
                        th scope="col" data-sort="text" { "Plan" }
                        th scope="col" data-sort="text" { "File" }
                        th scope="col" data-sort="number" aria-sort="ascending" { "Score" }
                        th scope="col" data-sort="text" { "Grade" }
                        th scope="col" class="num" data-sort="number" { "Evidence" }
                        th scope="col" class="num" data-sort="number" { "Money in question" }
                        th scope="col" { "Findings" }
                    }
                }
                tbody {
                    @for section in sections { (row(report, section.plan, Some(&section.anchor))) }
                    @for plan in left.iter().take(MOST_LISTED) { (row(report, plan, None)) }
                }
            }
        }
        @if !left.is_empty() {
            p class="note" {
                "The " (sections.len()) " plans that score worst are shown in full; name one of the others to see it so."
                @if left.len() > MOST_LISTED { " " (counted(left.len() - MOST_LISTED, "plan")) " are not even listed." }
            }
        }
    }
}

fn row(report: &Report, plan: &PlanReport, anchor: Option<&str>) -> Markup {
    let is_scored = report.is_scored(plan);
    let points = plan.score.whole().filter(|_| is_scored);
    let grade = plan.score.grade().filter(|_| is_scored);
    let question = money::in_question(plan);
    let name = plan.plan().name();
    let counts = plan.counts();
    html! {
        tr {
            th scope="row" data-label="Plan" {
                @match anchor { Some(anchor) => { a href={ "#" (anchor) } { (own(name)) } } None => { (own(name)) } }
            }
            td class="file" data-label="File" { (own(plan.plan().source.name())) }
            td class="score-cell" data-label="Score" data-value=[points] {
                @match points {
                    Some(points) => { span class="num" { (points) } (bar(f64::from(points))) }
                    None => { "–" }
                }
            }
            td data-label="Grade" { (grade.map_or("–", |grade| grade.letter())) }
            td class="num" data-label="Evidence" data-value=(plan.score.evidence) { (Figure::Share(plan.score.evidence)) }
            td class="num" data-label="Money in question" data-value=(question.total) {
                @if question.total > 0.0 { (amount(question.total)) } @else { "–" }
            }
            td data-label="Findings" {
                @for (grave, count) in counts.iter().rev().filter(|(grave, _)| **grave > Severity::Note) {
                    span class="count" { (count) " " (severity(*grave)) } " "
                }
                @if counts.is_empty() { "none" }
            }
        }
    }
}
