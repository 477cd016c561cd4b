//! What could not be told, and the arithmetic of the score.

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{counted, left_out, number, prose, scrolling};
use crate::report::arithmetic::{self, Arithmetic};
use crate::wording::decimals;

/// Fields that are shown at once.
const MOST_TELLING: usize = 6;
/// Fields that are listed after them.
const MOST_FIELDS: usize = 100;
/// Subjects of one rule that are listed.
const MOST_SUBJECTS: usize = 12;

/// The fields without which rules could not judge, the most telling first.
pub(super) fn missing(section: &PlanSection<'_>) -> Option<Markup> {
    let fields = section.plan.would_tell_most();
    if fields.is_empty() || !section.plan.is_whole {
        return None;
    }
    let (first, rest) = fields.split_at(fields.len().min(MOST_TELLING));
    Some(html! {
        p { "What the plan does not give, nobody guessed. These would tell more, the most telling first:" }
        ol { @for field in first { li { (prose(field)) } } }
        @if !rest.is_empty() {
            details {
                summary { "And " (counted(rest.len(), "field")) " more" }
                ol class="fields" start=(MOST_TELLING + 1) {
                    @for field in rest.iter().take(MOST_FIELDS) { li { (prose(field)) } }
                }
                (left_out(rest.len().saturating_sub(MOST_FIELDS), "field"))
            }
        }
    })
}

/// Every weight and score, so that the score can be recomputed by hand.
pub(super) fn arithmetic(section: &PlanSection<'_>) -> Option<Markup> {
    if !section.plan.is_whole {
        return None;
    }
    let score = &section.plan.score;
    let arithmetic = Arithmetic::new(section.plan);
    let table = html! {
        table class="arithmetic" {
            caption { "Each rule that applies: its weight, its score from 0 to 1, and what it judged." }
            thead {
                tr {
                    th scope="col" { "Rule" }
                    th scope="col" { "Area" }
                    th scope="col" class="num" { "Weight" }
                    th scope="col" class="num" { "Score" }
                    th scope="col" { "Subjects: weight × score" }
                }
            }
            tbody {
                @for rule in score.areas.iter().flat_map(|area| &area.rules) {
                    tr {
                        th scope="row" { (rule.rule.name) }
                        td { (rule.rule.area.name()) }
                        (number(Some(decimals(rule.weight, 0))))
                        (number(rule.score.map(|score| decimals(score, 3))))
                        td class="subjects" { (prose(&arithmetic.subjects(rule, MOST_SUBJECTS))) }
                    }
                }
            }
        }
    };
    Some(html! {
        details {
            summary { "The arithmetic" }
            @if let Some(sum) = arithmetic::sum(score) { p { "score = " (sum) } }
            p { (arithmetic::METHOD) }
            (scrolling("The arithmetic", &table))
        }
    })
}
