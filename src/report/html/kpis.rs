//! The scored table of KPIs.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{bar, left_out, own, severity};
use crate::audit::FindingRef;
use crate::plan::MetricRef;
use crate::report::kpi::{self, KpiRow, Path, Target};
use crate::wording::decimals;

/// Rows of the table.
const MOST_ROWS: usize = 1_000;
/// Steps of a path that are named.
const STEPS: usize = 4;

pub(super) fn kpis(section: &PlanSection<'_>) -> Option<Markup> {
    let mut order = kpi::worst_first(section.plan);
    let left = order.len().saturating_sub(MOST_ROWS);
    order.truncate(MOST_ROWS);
    let rows: Vec<(usize, KpiRow<'_>)> =
        order.into_iter().filter_map(|at| Some((at, KpiRow::new(section.plan, at, STEPS)?))).collect();
    if rows.is_empty() {
        return None;
    }
    let worst = kpi::worst_findings(&section.open);
    let table = html! {
        table class="cards kpis sortable" {
            caption { "Each KPI with its score, the lowest first. # is its place in the plan." }
            thead {
                tr {
                    th scope="col" data-sort="number" { "#" }
                    th scope="col" data-sort="text" { "KPI" }
                    th scope="col" data-sort="text" { "Kind" }
                    th scope="col" { "Target" }
                    th scope="col" data-sort="number" { "Path to money" }
                    th scope="col" data-sort="number" aria-sort="ascending" { "Score" }
                    th scope="col" data-sort="number" { "Worst finding" }
                }
            }
            tbody { @for (at, row) in &rows { (kpi_row(section, *at, row, worst.get(at))) } }
        }
    };
    let shown: Vec<KpiRow<'_>> = rows.into_iter().map(|(_, row)| row).collect();
    Some(html! {
        (table)
        (left_out(left, "KPI"))
        @if let Some(legend) = kpi::legend(&shown) { p class="note" { (super::text::prose(&legend)) } }
    })
}

fn kpi_row(section: &PlanSection<'_>, at: usize, row: &KpiRow<'_>, worst: Option<&FindingRef<'_>>) -> Markup {
    html! {
        tr {
            td class="num place" data-label="Place in the plan" data-value=(at + 1) { (at + 1) }
            th scope="row" data-label="KPI" {
                @if row.is_north_star { span class="star" { "★ " span class="sr" { "north star: " } } }
                (own(row.name))
            }
            td data-label="Kind" {
                @match row.kind {
                    Some(kind) => { (kind.word()) @if row.is_recognised { "*" } }
                    None => { "?" }
                }
            }
            td data-label="Target" { (target(row)) }
            td data-label="Path to money" data-value=[hops(&row.path)] { (path(section, &row.path)) }
            td class="score-cell" data-label="Score" data-value=[row.score.map(|score| decimals(score, 2))] {
                @match row.score {
                    Some(score) => { span class="num" { (decimals(score, 0)) } (bar(score)) }
                    None => { "–" }
                }
            }
            td data-label="Worst finding" data-value=[worst.map(|found| found.finding.severity as usize)] {
                @match worst {
                    Some(found) => { (severity(found.finding.severity)) " " (section.rule_link(found)) }
                    None => { "–" }
                }
            }
        }
    }
}

fn target(row: &KpiRow<'_>) -> Markup {
    html! {
        @match row.target {
            Target::None => { "–" }
            Target::At(text) => { (own(text)) }
            Target::InName(text) => { (own(text)) "*" }
            Target::Within(text) => { "± " (own(text)) }
        }
        @if let Some(actual) = row.actual {
            span class="below" { "now " (own(actual)) @if let Some(share) = &row.elapsed { ", " (share) " of time" } }
        }
    }
}

/// The length of a path, by which rows are sorted.
fn hops(path: &Path) -> Option<usize> {
    match path {
        Path::Money => Some(0),
        Path::Links { hops, .. } => Some(*hops),
        // After every path.
        Path::Speaks => Some(1_000_000),
        Path::None => Some(1_000_001),
        Path::Unknown | Path::Role(_) => None,
    }
}

fn path(section: &PlanSection<'_>, path: &Path) -> Markup {
    html! {
        @match path {
            Path::Role(role) => { (role.word()) }
            Path::Unknown => { "?" }
            Path::None => { span class="broken" { "✕ none" } }
            Path::Speaks => { "speaks of it" }
            Path::Money => { "is money" }
            Path::Links { first, end, is_founded, .. } => {
                (steps(section, first, *end))
                @if !is_founded { span class="below" { "no number behind it" } }
            }
        }
    }
}

/// The steps of a path: "SQL → New ARR", and "SQL → … → New ARR" where not all are named.
pub(super) fn steps(section: &PlanSection<'_>, first: &[MetricRef], end: Option<MetricRef>) -> Markup {
    let name = |metric: MetricRef| own(section.plan.plan().metric_name(metric));
    html! {
        @for (at, step) in first.iter().enumerate() { @if at > 0 { " → " } (name(*step)) }
        @if let Some(end) = end { " → … → " (name(end)) }
    }
}
