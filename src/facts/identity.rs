//! What each goal and KPI is: the metric and kind that the plan declares, or that its name gives away.

use super::Facts;
use super::links::Nature;
use crate::metrics::{Certainty, Dictionary, Kind, Metric, Vanity, sets};
use crate::plan::quantity::Unit;
use crate::plan::{BusinessModel, Goal, GoalOrKpi, Kpi, MetricRef, Plan};

/// What a goal or KPI is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Identity {
    /// The metric of the dictionary, where it is one.
    pub metric: Option<&'static Metric>,
    /// The kind of metric.
    pub kind: Option<Kind>,
    /// Whether it is vanity when it stands alone.
    pub vanity: Option<Vanity>,
    /// How it is known.
    pub basis: Basis,
    /// The metric that the name of a goal gives away, where its `outcome` says the kind alone.
    pub(super) named: Option<&'static Metric>,
}

/// How a kind is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// The plan says so, or the name is, word for word, one of the dictionary's.
    Declared,
    /// It was recognised from the name.
    Recognised,
    /// It cannot be told.
    #[default]
    Unknown,
}

impl Identity {
    /// Whether the kind was only recognised, which never makes a finding critical.
    pub fn is_recognised(self) -> bool {
        self.basis == Basis::Recognised
    }

    /// Whether it is money, or a figure of customers that a path to money would lead to: LTV, CAC, payback, repeat purchase.
    pub fn is_money(self) -> bool {
        self.kind.is_some_and(Kind::is_money) || self.metric.is_some_and(|metric| metric.family.is_of_customers())
    }

    /// Whether it counts attention that says nothing by itself: reach or engagement, and no means of its own.
    pub fn is_attention(self) -> bool {
        self.kind.is_some_and(Kind::is_attention) && self.vanity != Some(Vanity::No)
    }

    /// The metric that it is, or that the name of a goal gives away, whatever kind its `outcome` says.
    pub fn metric_or_named(self) -> Option<&'static Metric> {
        self.metric.or(self.named)
    }

    fn of_metric(metric: &'static Metric) -> Self {
        Self {
            metric: Some(metric),
            kind: Some(metric.kind),
            vanity: Some(metric.vanity),
            basis: Basis::Declared,
            named: None,
        }
    }

    fn of_name(name: &str, dictionary: &'static Dictionary) -> Self {
        dictionary.recognise(name).map_or_else(Self::default, |recognition| Self {
            metric: recognition.metric,
            kind: Some(recognition.kind),
            vanity: Some(recognition.vanity),
            basis: if recognition.certainty == Certainty::Exact { Basis::Declared } else { Basis::Recognised },
            named: None,
        })
    }
}

impl Facts {
    /// An ad-funded business sells its audience: who comes, what they look at and for how long is what it has to sell.
    pub fn is_inventory(&self, metric: MetricRef) -> bool {
        let metric = self.identity(metric).metric;
        self.business_model() == Some(BusinessModel::AdFunded)
            && metric.is_some_and(|metric| sets::INVENTORY.has(&metric.name))
    }

    /// Whether one of the plan's own KPIs counts new customers.
    pub fn is_new_customers(&self, kpi: usize) -> bool {
        self.kpi(kpi).metric.is_some_and(|metric| metric.name == "new-customers")
    }

    /// The metric that a goal is: where its `outcome` says the kind alone, its name tells which metric of that kind.
    pub fn metric_of_goal(&self, goal: MetricRef) -> Option<&'static Metric> {
        let identity = self.identity(goal);
        identity.metric.or(identity.named.filter(|metric| Some(metric.kind) == identity.kind))
    }
}

/// The identities of a plan's own goals and KPIs, by index.
#[derive(Debug)]
pub(super) struct OfPlan {
    goals: Vec<Identity>,
    kpis: Vec<Identity>,
}

impl OfPlan {
    pub(super) fn get(&self, which: GoalOrKpi) -> Option<Identity> {
        match which {
            GoalOrKpi::Goal(at) => self.goals.get(at).copied(),
            GoalOrKpi::Kpi(at) => self.kpis.get(at).copied(),
        }
    }
}

/// The identities of everything in a plan and those that it extends.
pub(super) fn of_all(plan: &Plan, dictionary: &'static Dictionary) -> Vec<OfPlan> {
    let plans = (0..=plan.extended.len()).filter_map(|number| plan.numbered(number));
    plans
        .map(|of| OfPlan {
            goals: of.goals.iter().map(|goal| identify_goal(goal, dictionary)).collect(),
            kpis: of.kpis.iter().map(|kpi| identify_kpi(kpi, dictionary)).collect(),
        })
        .collect()
}

fn identify_kpi(kpi: &Kpi, dictionary: &'static Dictionary) -> Identity {
    let declared = kpi.metric.as_ref().and_then(|metric| dictionary.metric(metric));
    declared.map_or_else(|| Identity::of_name(&kpi.name, dictionary), Identity::of_metric)
}

fn identify_goal(goal: &Goal, dictionary: &'static Dictionary) -> Identity {
    let Some(kind) = &goal.outcome else { return Identity::of_name(&goal.name, dictionary) };
    let named = dictionary.recognise(&goal.name).and_then(|recognition| recognition.metric);
    Identity { kind: Some(kind.value), basis: Basis::Declared, named, ..Identity::default() }
}

/// What the graph needs to know of a goal or KPI.
pub(super) fn nature(facts: &Facts, metric: MetricRef) -> Nature {
    let identity = facts.identity(metric);
    let goal = match (facts.plan.numbered(metric.plan), metric.which) {
        (Some(plan), GoalOrKpi::Goal(at)) => plan.goals.get(at),
        _ => None,
    };
    let speaks_of_money = identity.kind.is_some()
        && !identity.is_money()
        && goal.is_some_and(|goal| {
            let target = goal.target.as_ref().and_then(|target| target.quantity());
            let amount = target.is_some_and(|quantity| matches!(quantity.unit, Unit::Money(_)));
            amount || names_money(&goal.name, facts.dictionary)
        });
    Nature { is_money: identity.is_money(), is_clear: identity.kind.is_some(), speaks_of_money }
}

/// Whether a word of a name is, by itself, the name of a metric of money.
fn names_money(name: &str, dictionary: &Dictionary) -> bool {
    name.split_whitespace()
        .filter_map(|word| dictionary.recognise(word))
        .any(|word| word.certainty == Certainty::Exact && word.kind.is_money())
}
