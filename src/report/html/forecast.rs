//! How likely each goal is, where the plan gives ranges: the chance, the percentiles, the histogram, and what moves it most.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{bar, heading, own, prose, scrolling};
use crate::facts::forecast::{Drawing, Forecast, GoalModel};
use crate::report::forecast::{GoalForecast, Said, method, steps};

/// Goals that are drawn: each takes a while.
const MOST_GOALS: usize = 12;

pub(super) fn forecast(section: &PlanSection<'_>) -> Option<Markup> {
    let drawing = Drawing::new(&section.plan.facts.settings);
    let mut goals = GoalForecast::all(section.plan, drawing);
    let drawn: Vec<Markup> =
        goals.by_ref().take(MOST_GOALS).enumerate().filter_map(|(at, goal)| one(section, at, &goal)).collect();
    if drawn.is_empty() {
        return None;
    }
    let has_more = goals.next().is_some();
    Some(html! {
        @for goal in &drawn { (goal) }
        @if has_more {
            p class="note" { "The first " (MOST_GOALS) " goals are drawn here: " code { "kpi-audit forecast" } " has them all." }
        }
        p class="note" { (method(drawing)) }
    })
}

/// A goal whose odds can be told. What the others lack is said with their funnels.
fn one(section: &PlanSection<'_>, at: usize, goal: &GoalForecast<'_>) -> Option<Markup> {
    let Said::Likely(model, forecast) = &goal.said else { return None };
    let anchor = section.anchor_of(&format!("forecast.{at}"));
    let called = section.called(&format!("forecast {}: {}", at + 1, goal.name()));
    let [low, middle, high] = forecast.p10_p50_p90.map(|value| GoalForecast::amount(model, value));
    Some(html! {
        div id=(anchor) { (heading(section.inner_level(), &anchor, &own(goal.name()), &called)) }
        p class="lead" { (prose(&goal.chance(model, forecast))) "." }
        p {
            "In nine of ten cases it brings at least " strong { (low) } " (P10), in one of two at least " strong { (middle) }
            " (P50), in one of ten at least " strong { (high) } " (P90)."
        }
        @if let Some(sentence) = goal.lacks_pipeline() { p { (prose(sentence)) } }
        (histogram(model, forecast))
        (movers(goal, model, forecast))
    })
}

fn histogram(model: &GoalModel, forecast: &Forecast) -> Markup {
    let steps = steps(model, forecast);
    let most = steps.iter().map(|step| step.draws).max().unwrap_or_default().max(1);
    let table = html! {
        table class="histogram" {
            caption { "How often each result comes up. Each row begins at its result and ends where the next begins." }
            thead {
                tr {
                    th scope="col" class="num" { "Result from" }
                    th scope="col" class="wide" { span class="sr" { "As a bar" } }
                    th scope="col" class="num" { "Of all draws" }
                    th scope="col" { span class="sr" { "The goal" } }
                }
            }
            tbody {
                @for step in &steps {
                    tr class=[step.goal.as_ref().map(|_| "goal")] {
                        th scope="row" class="num" { (step.from) }
                        td class="wide" { (bar(step.draws as f64 / most as f64 * 100.0)) }
                        td class="num" { (step.share) }
                        td { @if let Some(goal) = &step.goal { "◄ " (goal) } }
                    }
                }
            }
        }
    };
    scrolling("The forecast as a histogram", &table)
}

fn movers(goal: &GoalForecast<'_>, model: &GoalModel, forecast: &Forecast) -> Markup {
    let (movers, rest) = goal.moves_it_most(model, forecast);
    let table = html! {
        table {
            caption { "What moves it most: the surer this number, the surer the goal." }
            thead {
                tr {
                    th scope="col" { "Quantity" }
                    th scope="col" class="num" { "Range" }
                    th scope="col" class="num" { "Correlation" }
                    th scope="col" class="wide" { span class="sr" { "As a bar" } }
                }
            }
            tbody {
                @for mover in &movers {
                    tr {
                        th scope="row" { (own(&mover.quantity)) }
                        td class="num" { (mover.given) }
                        td class="num" { (format!("{:.2}", mover.correlation)) }
                        td class="wide" { (bar(mover.correlation.abs() * 100.0)) }
                    }
                }
            }
        }
    };
    html! {
        @if !movers.is_empty() { (scrolling("What moves it most", &table)) }
        @if rest > 0 { p class="note" { "and " (rest) " that move it less" } }
    }
}
