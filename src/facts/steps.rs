//! The usual way from attention to money, and the next step on it that a plan already measures.

use super::Facts;
use super::links::Way;
use crate::metrics::Kind;
use crate::plan::{GoalOrKpi, MetricRef};

impl Facts {
    /// The plan's KPI that comes next on the usual way from attention to money, and that itself leads there.
    pub fn next_step(&self, kpi: usize) -> Option<MetricRef> {
        let own = place_on_the_way(self.kpi(kpi).kind?)?;
        let others = self.judged_kpis().filter(|&other| other != kpi);
        let ahead = others.filter_map(|other| {
            let kind = self.kpi(other).kind.filter(|kind| carries_a_target(*kind))?;
            let step = place_on_the_way(kind)?;
            let leads = self.way(other).is_some_and(Way::reaches_money);
            (step > own && leads).then_some((step, other))
        });
        ahead.min().map(|(_, other)| MetricRef::kpi(other))
    }

    /// The goal of money that a KPI could be linked to: the plan's own before that of an extended one.
    pub fn money_goal(&self) -> Option<MetricRef> {
        let plans = 0..=self.plan.extended.len();
        let mut goals = plans.flat_map(|plan| {
            let goals = self.plan.numbered(plan).map_or(0, |of| of.goals.len());
            (0..goals).map(move |at| MetricRef { plan, which: GoalOrKpi::Goal(at) })
        });
        goals.find(|goal| self.identity(*goal).kind.is_some_and(Kind::is_money))
    }
}

/// Whether a kind is a step that people take; attention, cost and contentment run beside them.
fn carries_a_target(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Reach | Kind::Engagement | Kind::Activity | Kind::Brand | Kind::CostEfficiency | Kind::Satisfaction
    )
}

/// Where a kind stands on the usual way from attention to money; nowhere for what runs beside it.
fn place_on_the_way(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Brand | Kind::Activity => Some(0),
        Kind::Reach => Some(1),
        Kind::Engagement => Some(2),
        Kind::LeadVolume | Kind::CostEfficiency => Some(3),
        Kind::LeadQuality | Kind::ProductUsage | Kind::Satisfaction => Some(4),
        Kind::Revenue | Kind::Retention | Kind::Profitability => Some(5),
        Kind::Operations | Kind::People => None,
    }
}
