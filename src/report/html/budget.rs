//! The money of each product, region or segment today, and beside it the split that a finding proposes.

use hashbrown::HashMap;
use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{left_out, number, own, prose, rect, scrolling};
use crate::audit::FindingRef;
use crate::facts::allocation::Line;
use crate::plan::Subject;
use crate::report::brief;
use crate::rules::verdict::NewBudgets;
use crate::wording::{Figure, money};

/// Rows of the table.
const MOST_ROWS: usize = 500;

/// One product's money.
struct Row<'r> {
    product: usize,
    name: &'r str,
    today: f64,
    line: Option<Line>,
}

/// The part's title, and what it holds.
pub(super) fn budget(section: &PlanSection<'_>) -> Option<(String, Markup)> {
    let plan = section.plan.plan();
    let proposed = section.open.iter().find_map(|found| Some((found, found.finding.new_budgets.as_ref()?)));
    let lines: HashMap<usize, Line> = proposed
        .iter()
        .flat_map(|(_, new)| new.products.iter().copied().zip(new.proposal.lines.iter().copied()))
        .collect();
    let rows = (0..plan.products.len()).filter_map(|at| {
        let today = plan.money_of(Subject::Product(at)).filter(|money| *money > 0.0)?;
        Some(Row { product: at, name: plan.name_of(Subject::Product(at)), today, line: lines.get(&at).copied() })
    });
    let rows: Vec<Row<'_>> = rows.collect();
    if rows.len() < 2 {
        return None;
    }
    let kind = brief::kind(plan, rows.iter().map(|row| row.product));
    let title = format!("Budget by {}", kind.to_lowercase());
    let table = table(&rows, &kind, proposed.is_some());
    let body = html! {
        (scrolling(&title, &table))
        (left_out(rows.len().saturating_sub(MOST_ROWS), &kind.to_lowercase()))
        @if let Some((found, new)) = proposed { (basis(section, found, new)) }
    };
    Some((title, body))
}

fn table(rows: &[Row<'_>], kind: &str, is_proposed: bool) -> Markup {
    let after = |row: &Row<'_>| row.line.map_or(row.today, |line| line.proposed);
    let most = rows.iter().flat_map(|row| [row.today, after(row)]).fold(0.0, f64::max);
    let (today, proposed): (f64, f64) = rows.iter().map(|row| (row.today, after(row))).fold((0.0, 0.0), add);
    let share = |amount: f64| if most > 0.0 { amount / most * 100.0 } else { 0.0 };
    html! {
        table class="budget" {
            caption {
                "What each " (kind.to_lowercase()) " gets "
                @if is_proposed { "today (the upper bar) and in the proposal (the lower bar)." } @else { "in the plan." }
            }
            thead {
                tr {
                    th scope="col" { (kind) }
                    th scope="col" class="num" { "Today" }
                    th scope="col" class="num" { "Share" }
                    th scope="col" class="wide" { span class="sr" { "As bars" } }
                    @if is_proposed { th scope="col" class="num" { "Proposed" } th scope="col" { "What for" } }
                }
            }
            tbody {
                @for row in rows.iter().take(MOST_ROWS) {
                    tr {
                        th scope="row" { (own(row.name)) }
                        (number(Some(money(row.today))))
                        (number(Some(Figure::Share(row.today / today).to_string())))
                        td class="wide" { (bars(share(row.today), is_proposed.then(|| share(after(row))))) }
                        @if is_proposed {
                            (number(Some(money(after(row)))))
                            td { (brief::role(row.line.as_ref())) }
                        }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" { "Together" }
                    (number(Some(money(today))))
                    (number(Some("100%".to_owned())))
                    td {}
                    @if is_proposed { (number(Some(money(proposed)))) td {} }
                }
            }
        }
    }
}

fn add(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0 + other.0, one.1 + other.1)
}

fn bars(today: f64, proposed: Option<f64>) -> Markup {
    html! {
        svg class="bar pair" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            @match proposed {
                None => { (rect("today", today, 0.0, 10.0)) }
                Some(proposed) => { (rect("today", today, 0.0, 4.5)) (rect("fill", proposed, 5.5, 4.5)) }
            }
        }
    }
}

/// That it is a proposal, what decided it, and by which conventions.
fn basis(section: &PlanSection<'_>, found: &FindingRef<'_>, new: &NewBudgets) -> Markup {
    let settings = &section.plan.facts.settings;
    html! {
        p {
            strong { "This is a proposal, for people to decide. " } (brief::basis(&section.plan.facts, &new.proposal))
            " It comes with " (section.rule_link(found))
            "."
        }
        details {
            summary { "The conventions behind the proposal" }
            ul {
                @for setting in found.verdict.rule.conventions {
                    li {
                        code { (setting.key) } " " (setting.unit.show(settings.convention(setting))) ": " (prose(setting.words))
                        " (" (prose(setting.source)) ")"
                    }
                }
            }
        }
    }
}
