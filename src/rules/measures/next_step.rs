//! What a target belongs on instead of attention or output: the next step that the plan measures, else the leads that
//! come of it.

use crate::facts::Facts;
use crate::plan::Subject;
use crate::rules::page::Page;
use crate::rules::reframe::Fields;
use crate::wording::{Figure, Template};

/// The next step in a sentence: by its name where the plan has it, else by the page's phrase `next`, or `next.people` where
/// nobody leaves an address first.
pub(super) fn name(page: &Page<'_>, facts: &Facts, at: usize) -> String {
    let next = facts.next_step(at).map(|next| format!("\"{}\"", facts.plan.metric_name(next)));
    next.unwrap_or_else(|| page.phrase(if facts.sells_to_leads() { "next" } else { "next.people" }).to_owned())
}

/// The leads that come of a KPI, as a KPI of its own, worded by the page's `leads` and `leads-because`.
pub(super) fn leads(page: &Page<'_>, facts: &Facts, at: usize) -> Fields {
    let subject = Subject::Kpi(at);
    let drives = facts.money_goal().map(|goal| facts.plan.metric_id(goal).to_owned());
    let of = [("name", Figure::Text(facts.plan.name_of(subject).to_owned()))];
    Fields::new()
        .text("id", facts.plan.fresh_id(&format!("leads-from-{}", facts.plan.id_of(subject))))
        .text("name", Template(page.phrase("leads")).fill(&of))
        .text("metric", "leads")
        .words("drives", drives.into_iter().collect())
        .text("because", page.phrase("leads-because"))
}
