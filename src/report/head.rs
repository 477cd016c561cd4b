//! What stands above a plan in a terminal and in the brief.

use owo_colors::Style;

use super::text::{View, clean, clip};
use crate::plan::Plan;

/// A plan's name, and below it its period, currency and file.
pub(super) fn plan_head(plan: &Plan, view: &View) -> String {
    let name = view.paint(&clip(plan.name(), view.width.saturating_sub(2)), Style::new().bold());
    let details = details(plan).join(" · ");
    format!("{name}\n{}\n", view.paint(&clean(&details), Style::new().dimmed()))
}

/// A plan's period, currency and file, as far as it has them.
pub(super) fn details(plan: &Plan) -> Vec<String> {
    let period = plan.head.period.as_ref().map(|period| period.text.clone());
    let currency = plan.head.currency.as_ref().map(|currency| currency.to_string());
    [period, currency, Some(plan.source.name().to_owned())].into_iter().flatten().collect()
}
