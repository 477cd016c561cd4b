//! Each funnel both ways: what the plan brings to a stage, and what the goal needs there.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{heading, left_out, number, own, prose, rect, scrolling};
use crate::facts::funnel::{FunnelFigures, FunnelModel, Input};
use crate::plan::{Entity, Funnel};
use crate::report::forecast::{lacks, written};
use crate::rules::verdict::StageRow;
use crate::wording::{Figure, count, money};

/// Funnels that are shown.
const MOST_FUNNELS: usize = 30;
/// Stages of one funnel that are shown.
const MOST_STAGES: usize = 60;

pub(super) fn funnels(section: &PlanSection<'_>) -> Option<Markup> {
    let funnels = &section.plan.plan().funnels;
    if funnels.is_empty() {
        return None;
    }
    Some(html! {
        @for (at, funnel) in funnels.iter().take(MOST_FUNNELS).enumerate() { (one(section, at, funnel)) }
        (left_out(funnels.len().saturating_sub(MOST_FUNNELS), "funnel"))
    })
}

fn one(section: &PlanSection<'_>, at: usize, funnel: &Entity<Funnel>) -> Markup {
    let goal = section.plan.plan().goal_of_funnel(at);
    let anchor = section.anchor_of(&format!("funnel.{at}"));
    let called = section.called(&format!("funnel {}: {goal}", at + 1));
    let figures = section.plan.facts.funnel_figures(at);
    html! {
        div id=(anchor) { (heading(section.inner_level(), &anchor, &own(goal), &called)) }
        @match (section.plan.facts.funnel(at), figures) {
            (Some(Ok(model)), Some(figures)) => { (worked_out(funnel, model, &figures)) }
            (Some(Err(missing)), _) => { p { (prose(&lacks(&section.plan.facts, missing))) } }
            _ => { p { "Another funnel for the same goal cannot be worked out yet, so neither can what this one needs." } }
        }
    }
}

fn worked_out(funnel: &Funnel, model: &FunnelModel, figures: &FunnelFigures) -> Markup {
    let amount = |value: f64| if model.value.is_some() { money(value) } else { count(value.round()) };
    let rates = model.stages.iter().enumerate();
    let rates: Vec<Option<String>> =
        rates.map(|(at, stage)| stage.to_next.map(|rate| written(Input::Rate(at), rate))).collect();
    let stages = funnel.stages.iter().zip(&figures.planned).zip(&figures.needed);
    let rows: Vec<StageRow> = stages
        .map(|((stage, planned), needed)| StageRow {
            name: stage.name.value.to_string(),
            planned: *planned,
            needed: *needed,
        })
        .collect();
    html! {
        p {
            "It yields " strong { (amount(figures.yields)) } " of the " strong { (amount(model.need)) } " that the goal needs."
            @if figures.from_pipeline > 0.0 { " The open pipeline brings " (amount(figures.from_pipeline)) " of it." }
            @if figures.elsewhere > 0.0 { " Other funnels bring " (amount(figures.elsewhere)) "." }
            @if model.in_time < 1.0 {
                " Of what enters in the period, " (Figure::Share(model.in_time)) " enters early enough to become money by the deadline."
            }
        }
        (stages_table(&rows, &rates))
    }
}

/// Stages both ways, each with a bar of what is planned, and a line where it would be enough.
pub(super) fn stages_table(rows: &[StageRow], rates: &[Option<String>]) -> Markup {
    let has_rates = rates.iter().any(Option::is_some);
    let table = html! {
        table class="funnel" {
            caption { "Each bar is what is planned, as a share of what is needed; the upright line is enough." }
            thead {
                tr {
                    th scope="col" { "Stage" }
                    th scope="col" class="num" { "Planned" }
                    th scope="col" class="num" { "Needed" }
                    th scope="col" class="num" { "Planned of needed" }
                    th scope="col" class="wide" { span class="sr" { "As a bar" } }
                    @if has_rates { th scope="col" class="num" { "Goes on" } }
                }
            }
            tbody {
                @for (at, row) in rows.iter().take(MOST_STAGES).enumerate() {
                    @let share = row.needed.filter(|needed| *needed > 0.0).map(|needed| row.planned / needed);
                    tr {
                        th scope="row" { (own(&row.name)) }
                        (number(Some(count(row.planned))))
                        (number(row.needed.map(count)))
                        (number(share.map(|share| Figure::Share(share).to_string())))
                        td class="wide" { @if let Some(share) = share { (enough(share)) } }
                        @if has_rates { (number(rates.get(at).cloned().flatten())) }
                    }
                }
            }
        }
    };
    html! {
        (scrolling("Stages of the funnel", &table))
        (left_out(rows.len().saturating_sub(MOST_STAGES), "stage"))
    }
}

/// A bar with a line at all of what is needed; it ends at a quarter more.
fn enough(share: f64) -> Markup {
    const WIDEST: f64 = 125.0;
    let part = |of_needed: f64| of_needed.min(WIDEST) / WIDEST * 100.0;
    html! {
        svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class="track" width="100" height="10" {}
            (rect("fill", part(share * 100.0), 0.0, 10.0))
            rect class="line" x=(super::text::tenths(part(100.0))) width="0.6" height="10" {}
        }
    }
}
