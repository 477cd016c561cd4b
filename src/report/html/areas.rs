//! The score by area, with what it rests on.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{bar, number, scrolling};
use crate::rules::{self, Area};
use crate::score::AreaScore;
use crate::wording::{Figure, decimals, list};

pub(super) fn areas(section: &PlanSection<'_>) -> Option<Markup> {
    if !section.plan.is_whole {
        return None;
    }
    let is_ruled = |area: Area| rules::all().any(|rule| rule.area == area);
    let areas = &section.plan.score.areas;
    let unruled = areas.iter().map(|area| area.area).filter(|area| !is_ruled(*area));
    let unruled: Vec<String> = unruled.map(|area| area.name().to_owned()).collect();
    let table = html! {
        table {
            caption { "Each area with its score of 100, its weight in the plan's score, and how much of it could be judged." }
            thead {
                tr {
                    th scope="col" { "Area" }
                    th scope="col" class="num" { "Score" }
                    th scope="col" class="wide" { span class="sr" { "Score as a bar" } }
                    th scope="col" class="num" { "Weight" }
                    th scope="col" class="num" { "Evidence" }
                    th scope="col" class="num" { "Rules" }
                }
            }
            tbody { @for area in areas.iter().filter(|area| is_ruled(area.area)) { (row(area)) } }
        }
    };
    Some(html! {
        (scrolling("Score by area", &table))
        @if !unruled.is_empty() { p class="note" { "Not judged by this version: " (list(&unruled)) "." } }
    })
}

fn row(area: &AreaScore) -> Markup {
    let judged = area.rules.iter().filter(|rule| rule.score.is_some()).count();
    html! {
        tr {
            th scope="row" { (area.area.name()) span class="below" { (area.area.question()) } }
            (number(area.score.map(|score| decimals(score, 0))))
            td class="wide" { @if let Some(score) = area.score { (bar(score)) } @else { span class="below" { "not judged" } } }
            (number(Some(decimals(area.weight, 0))))
            (number(area.applies.then(|| Figure::Share(area.evidence).to_string())))
            (number(Some(judged.to_string())))
        }
    }
}
