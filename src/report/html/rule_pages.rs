//! Why each rule that found something exists: once for the whole page.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::plan::PlanSection;
use super::text::{heading, paragraphs};
use crate::rules::{self, Rule};

/// The place of a rule's page; it lies within what is folded, so that a link to it unfolds it.
pub(super) fn rule_anchor(rule: &Rule) -> String {
    format!("rule-{}", rule.name)
}

pub(super) fn rule_pages(sections: &[PlanSection<'_>]) -> Markup {
    let remarks = sections.iter().flat_map(|section| &section.remarks);
    let told: BTreeSet<&str> =
        remarks.flat_map(|remark| &remark.findings).map(|found| found.verdict.rule.name).collect();
    html! {
        @if !told.is_empty() {
            section id="rules" class="rules" {
                (heading(2, "rules", &html! { "Why the rules exist" }, "Why the rules exist"))
                @for rule in rules::all().filter(|rule| told.contains(rule.name)) {
                    details {
                        summary { (rule.name) }
                        div id=(rule_anchor(rule)) {
                            p class="lead" { (rule.page().summary) }
                            (paragraphs(rule.page().why))
                        }
                    }
                }
            }
        }
    }
}
