//! A step between a KPI and money that is too far from it: the plan's own next one, else a KPI for it.

use crate::facts::Facts;
use crate::plan::MetricRef;
use crate::rules::page::Page;
use crate::rules::reframe::Fields;

/// The id of the step that comes next after the first of these KPIs that has one before money, and the step as a KPI of its own
/// where the plan measures none. The page's phrases of these names give its id and its name, `because.money` its reason.
pub(super) fn step_between(
    page: &Page<'_>,
    [id, name]: [&str; 2],
    facts: &Facts,
    kpis: impl IntoIterator<Item = usize>,
    money: MetricRef,
) -> (String, Option<Fields>) {
    let before_money = |at| facts.next_step(at).filter(|next| !facts.identity(*next).is_money());
    if let Some(known) = kpis.into_iter().find_map(before_money) {
        return (facts.plan.metric_id(known).to_owned(), None);
    }
    let id = facts.plan.fresh_id(page.phrase(id));
    let to_leads = facts.sells_to_leads();
    let name = if to_leads { format!("{name}.leads") } else { name.to_owned() };
    let step = Fields::new()
        .text("id", id.clone())
        .text("name", page.phrase(&name))
        .maybe("metric", to_leads.then_some("leads"))
        .words("drives", vec![facts.plan.metric_id(money).to_owned()])
        .text("because", page.phrase("because.money"));
    (id, Some(step))
}
