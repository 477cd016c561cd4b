//! The results in money that a plan is for: those that somebody is to reach, those that are only kept an eye on, and what
//! could be one of them.

use super::Facts;
use crate::metrics::{Kind, sets};
use crate::plan::{GoalOrKpi, MetricRef, Plan, Role};

/// The goals and KPIs of a plan and of those that it extends, by what they have to do with money. The plan's own stand first,
/// goals before KPIs.
#[derive(Debug, Default)]
pub struct Results {
    /// Money that somebody is to reach: goals, and KPIs that are judged.
    pub sought: Vec<MetricRef>,
    /// Money that a guardrail holds.
    pub held: Vec<MetricRef>,
    /// Money that a diagnostic looks at.
    pub watched: Vec<MetricRef>,
    /// Goals that are not money, though their name or target speaks of it.
    pub spoken_of: Vec<MetricRef>,
    /// Those of whose kind it cannot be told.
    pub unclear: Vec<MetricRef>,
    /// Everything else.
    pub other: Vec<MetricRef>,
}

impl Results {
    fn new(facts: &Facts) -> Self {
        let mut results = Self::default();
        for metric in facts.metrics() {
            let nature = facts.nature(metric);
            let list = match facts.role_of(metric) {
                _ if !nature.is_clear => &mut results.unclear,
                _ if nature.speaks_of_money => &mut results.spoken_of,
                _ if !nature.is_money => &mut results.other,
                Some(Role::Guardrail) => &mut results.held,
                Some(Role::Diagnostic) => &mut results.watched,
                _ => &mut results.sought,
            };
            list.push(metric);
        }
        results
    }

    /// What could be money for all that can be told.
    pub fn doubtful(&self) -> impl Iterator<Item = MetricRef> {
        self.unclear.iter().chain(&self.spoken_of).copied()
    }

    /// Whether it can be told that no money is to be reached.
    pub fn seeks_none(&self) -> bool {
        self.sought.is_empty() && self.doubtful().next().is_none()
    }

    /// Whether it can be told that no goal and no KPI is money, nor speaks of it.
    pub fn has_none(&self) -> bool {
        self.seeks_none() && self.held.is_empty() && self.watched.is_empty()
    }
}

impl Facts {
    /// What the goals and KPIs have to do with money.
    pub fn results(&self) -> &Results {
        self.results.get_or_init(|| Results::new(self))
    }

    /// All goals and KPIs: the plan's own first, then those of the plans that it extends.
    pub fn metrics(&self) -> impl Iterator<Item = MetricRef> {
        (0..=self.plan.extended.len()).flat_map(|plan| {
            let of = self.plan.numbered(plan);
            let goals = (0..of.map_or(0, |of| of.goals.len())).map(GoalOrKpi::Goal);
            let kpis = (0..of.map_or(0, |of| of.kpis.len())).map(GoalOrKpi::Kpi);
            goals.chain(kpis).map(move |which| MetricRef { plan, which })
        })
    }

    /// What a KPI is there for; nothing for a goal.
    pub fn role_of(&self, metric: MetricRef) -> Option<Role> {
        let GoalOrKpi::Kpi(at) = metric.which else { return None };
        self.plan.numbered(metric.plan)?.kpis.get(at).map(|kpi| Plan::role(kpi))
    }

    /// Whether it counts money that may still be lost: open offers, by their value or number.
    pub fn is_pipeline(&self, metric: MetricRef) -> bool {
        // A goal may say `outcome: revenue`, and its name which.
        self.identity(metric).metric_or_named().is_some_and(|known| sets::PIPELINE.has(&known.name))
    }

    /// The goal of money that a KPI could be linked to, else the KPI of money: the plan's own before that of an extended one.
    pub fn money_to_reach(&self) -> Option<MetricRef> {
        self.money_goal().or_else(|| self.results().sought.first().copied())
    }

    /// Names of goals and KPIs, as a sentence lists them.
    pub fn names_of<'m>(&self, metrics: impl IntoIterator<Item = &'m MetricRef>) -> Vec<String> {
        metrics.into_iter().map(|metric| self.plan.metric_name(*metric).to_owned()).collect()
    }

    /// The kinds of goals and KPIs, as a sentence lists them, the commonest first.
    pub fn kinds_of<'m>(&self, metrics: impl IntoIterator<Item = &'m MetricRef>) -> Vec<String> {
        let mut kinds: Vec<(Kind, usize)> = Vec::new();
        for kind in metrics.into_iter().filter_map(|metric| self.identity(*metric).kind) {
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((kind, 1)),
            }
        }
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        kinds.into_iter().map(|(kind, _)| kind.title().to_owned()).collect()
    }
}
