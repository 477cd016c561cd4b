//! Parts of a plan as its text has them, with a few keys changed, for the reframes of this area.

use crate::facts::Facts;
use crate::plan::quantity::Quantity;
use crate::plan::{GoalOrKpi, MetricRef, Placed, Plan, Subject, Text};
use crate::rules::reframe::{self, Fields};
use crate::wording::{money, trimmed};

/// A funnel, its stages whole: a list without ids is pasted as a whole. `change` gives the new text of a stage's key.
pub(super) fn funnel(facts: &Facts, at: usize, change: impl Fn(usize, &str) -> Option<String>) -> Option<String> {
    let funnel = facts.plan.funnels.get(at)?;
    let stages = funnel.stages.iter().enumerate().map(|(number, stage)| {
        let quantities = [
            ("volume", stage.volume.as_ref().map(|volume| volume.quantity())),
            ("to_next", stage.to_next.as_ref().map(|rate| rate.quantity())),
            ("was", stage.was.as_ref().map(|was| was.quantity())),
            ("also_from", stage.also_from.as_ref().map(|also| also.quantity())),
            ("value", stage.value.value.as_ref().map(|value| value.quantity())),
        ];
        let fields = Fields::new().text("name", stage.name.value.to_string()).maybe("kpi", text(stage.kpi.as_ref()));
        quantities.into_iter().fold(fields, |fields, (key, quantity)| {
            fields.maybe(
                key,
                change(number, key).or_else(|| quantity.map(|quantity: &Quantity| quantity.text.to_string())),
            )
        })
    });
    let cycle = funnel.cycle.as_ref().map(|cycle| cycle.quantity().text.to_string());
    let id = (funnel.id != funnel.goal.value).then(|| funnel.id.to_string());
    let fields = Fields::new().maybe("id", id).text("goal", funnel.goal.value.to_string());
    Some(reframe::list("funnels", vec![fields.maybe("cycle", cycle).parts("stages", stages.collect())]))
}

/// A goal or KPI of the plan itself with another target.
pub(super) fn with_target(plan: &Plan, metric: MetricRef, target: String) -> Option<String> {
    let key = match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Goal(_) } => "goals",
        MetricRef { plan: 0, which: GoalOrKpi::Kpi(_) } => "kpis",
        MetricRef { .. } => return None,
    };
    let subject: Subject = metric.which.subject();
    let fields = Fields::of(plan, subject);
    Some(reframe::list(key, vec![fields.text("target", target)]))
}

/// A count or an amount to three digits where it is large, and never more than it is.
pub(super) fn rounded_down(value: f64) -> f64 {
    const DIGITS: i32 = 3;
    let step = 10_f64.powi((value.max(1.0).log10().floor() as i32 + 1 - DIGITS).max(0));
    (value / step).floor() * step
}

/// A count or an amount as a plan writes it.
pub(super) fn number(value: f64) -> String {
    if value >= 10_000.0 { money(value) } else { trimmed(value, 0).replace(',', "") }
}

fn text(key: Option<&Placed<Text>>) -> Option<String> {
    key.map(|text| text.value.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_proposed_reads_as_a_plan_is_written() {
        let written = [1_984.0, 605_000.0, 1_066_666.0, 432.7, 8.0].map(|value| number(rounded_down(value)));
        assert_eq!(written, ["1980", "605k", "1.06M", "432", "8"]);
    }

    proptest! {
        #[test]
        fn what_is_rounded_down_is_never_more_and_at_most_a_hundredth_less(value in 100.0..1e12_f64) {
            let rounded = rounded_down(value);
            prop_assert!(rounded <= value * (1.0 + 1e-12) && rounded >= value * 0.99);
        }
    }
}
