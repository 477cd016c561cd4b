//! The unit economics of the plan and its products.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{left_out, number, own, scrolling};
use crate::report::economics::EconomicsTable;
use crate::wording::{Figure, money};

/// Rows of the table.
const MOST_ROWS: usize = 500;

pub(super) fn economics(section: &PlanSection<'_>) -> Option<Markup> {
    let economics = EconomicsTable::new(section.plan)?;
    let table = html! {
        table {
            caption { "What a customer costs and brings, as far as it is known." }
            thead {
                tr {
                    th scope="col" { "Product" }
                    th scope="col" class="num" { "Budget" }
                    @for title in &economics.titles { th scope="col" class="num" { (title) } }
                }
            }
            tbody {
                @for row in economics.rows.iter().take(MOST_ROWS) {
                    tr {
                        th scope="row" { (own(row.name)) }
                        (number(row.budget.map(money)))
                        @for figure in &row.figures { (number(figure.as_ref().map(Figure::to_string))) }
                    }
                }
            }
        }
    };
    Some(html! {
        (scrolling("Unit economics", &table))
        (left_out(economics.rows.len().saturating_sub(MOST_ROWS), "product"))
        @if let Some(note) = economics.note(section.plan, MOST_ROWS) { p class="note" { (note) } }
    })
}
