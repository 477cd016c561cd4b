//! The plans of a page as a list, with a link to each.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{bar, counted, own, severity};
use crate::audit::PlanReport;
use crate::report::money;
use crate::report::output::Worst;
use crate::severity::Severity;
use crate::wording::{Figure, money as amount};

/// Plans that are listed without being shown.
pub(super) const MOST_LISTED: usize = 1_000;

/// A plan in the list.
#[derive(Debug)]
pub(super) struct Row {
    name: String,
    file: String,
    points: Option<u32>,
    grade: &'static str,
    evidence: f64,
    in_question: f64,
    counts: BTreeMap<Severity, usize>,
}

impl Row {
    pub(super) fn of(plan: &PlanReport) -> Self {
        let is_scored = plan.is_scored();
        Self {
            name: plan.plan().name().to_owned(),
            file: plan.plan().source.name().to_owned(),
            points: plan.score.whole().filter(|_| is_scored),
            grade: plan.score.grade().filter(|_| is_scored).map_or("–", |grade| grade.letter()),
            evidence: plan.score.evidence,
            in_question: money::in_question(plan).total,
            counts: plan.counts(),
        }
    }
}

/// All plans; those that have no section are too many to be shown in full.
pub(super) fn index(title: &str, rows: &Worst<Row>, sections: &[PlanSection<'_>]) -> Markup {
    let anchors = sections.iter().map(|section| Some(section.anchor.as_str())).chain(std::iter::repeat(None));
    let left = rows.seen - sections.len();
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
                    @for (plan, anchor) in rows.iter().zip(anchors) { (row(plan, anchor)) }
                }
            }
        }
        @if left > 0 {
            p class="note" {
                "The " (sections.len()) " plans that score worst are shown in full; name one of the others to see it so."
                @if rows.left() > 0 { " " (counted(rows.left(), "plan")) " are not even listed." }
            }
        }
    }
}

fn row(plan: &Row, anchor: Option<&str>) -> Markup {
    html! {
        tr {
            th scope="row" data-label="Plan" {
                @match anchor { Some(anchor) => { a href={ "#" (anchor) } { (own(&plan.name)) } } None => { (own(&plan.name)) } }
            }
            td class="file" data-label="File" { (own(&plan.file)) }
            td class="score-cell" data-label="Score" data-value=[plan.points] {
                @match plan.points {
                    Some(points) => { span class="num" { (points) } (bar(f64::from(points))) }
                    None => { "–" }
                }
            }
            td data-label="Grade" { (plan.grade) }
            td class="num" data-label="Evidence" data-value=(plan.evidence) { (Figure::Share(plan.evidence)) }
            td class="num" data-label="Money in question" data-value=(plan.in_question) {
                @if plan.in_question > 0.0 { (amount(plan.in_question)) } @else { "–" }
            }
            td data-label="Findings" {
                @for (grave, count) in plan.counts.iter().rev().filter(|(grave, _)| **grave > Severity::Note) {
                    span class="count" { (count) " " (severity(*grave)) } " "
                }
                @if plan.counts.is_empty() { "none" }
            }
        }
    }
}
