//! The usual way from attention to money, and the next step on it that a plan already measures.

use super::{Facts, Identity};
use crate::metrics::Kind;
use crate::plan::{BusinessModel, GoalOrKpi, MetricRef, Motion};

/// For each place on the way, the nearest KPI further along that leads to money.
#[derive(Debug, Default)]
pub(super) struct NextSteps([Option<Step>; PLACES]);

#[derive(Debug)]
struct Step {
    kpi: usize,
    /// Which of the plan's KPIs it leads to: for those it comes before, not next.
    led: Vec<bool>,
}

/// Places on the way from attention to money.
const PLACES: usize = 6;

impl Facts {
    /// The plan's KPI that comes next on the usual way from attention to money, and that itself leads there: to drive it
    /// would close no circle.
    pub fn next_step(&self, kpi: usize) -> Option<MetricRef> {
        // What an effort on cost brings cannot be told from its name: it may lead anywhere.
        let kind = self.kpi(kpi).kind.filter(|kind| *kind != Kind::CostEfficiency)?;
        let place = place_on_the_way(kind)?;
        let next = self.next_steps.get_or_init(|| NextSteps::new(self));
        let step = next.0.get(place)?.as_ref()?;
        let comes_before = step.led.get(kpi).is_some_and(|led| *led);
        (!comes_before).then(|| MetricRef::kpi(step.kpi))
    }

    /// Whether the business sells to people who have left an address first, as far as the plan says: not in a shop, on a market
    /// or where customers serve themselves.
    pub fn sells_to_leads(&self) -> bool {
        let self_serve = self.plan.head.motion.as_ref().is_some_and(|motion| motion.value == Motion::SelfServe);
        !self_serve && matches!(self.business_model(), None | Some(BusinessModel::Subscription | BusinessModel::OneOff))
    }

    /// The goal of money that a KPI could be linked to: the plan's own before that of an extended one.
    pub fn money_goal(&self) -> Option<MetricRef> {
        *self.money_goal.get_or_init(|| {
            let plans = 0..=self.plan.extended.len();
            let mut goals = plans.flat_map(|plan| {
                let goals = self.plan.numbered(plan).map_or(0, |of| of.goals.len());
                (0..goals).map(move |at| MetricRef { plan, which: GoalOrKpi::Goal(at) })
            });
            goals.find(|goal| self.identity(*goal).is_money())
        })
    }
}

impl NextSteps {
    fn new(facts: &Facts) -> Self {
        let steps = facts.judged_kpis().filter_map(|at| {
            let identity = facts.kpi(at);
            let leads = facts.way(at).is_some_and(|way| way.reaches_money());
            let place = place_on_the_way(identity.kind?)?;
            (leads && is_a_step(identity)).then_some((place, at))
        });
        let mut steps: Vec<(usize, usize)> = steps.collect();
        steps.sort_unstable();
        Self(std::array::from_fn(|own| {
            let kpi = steps.iter().find(|(place, _)| *place > own).map(|(_, at)| *at)?;
            Some(Step { kpi, led: facts.links().led_from(MetricRef::kpi(kpi)) })
        }))
    }
}

/// Whether a KPI counts a step that people take: leads, or new customers. Attention, cost and contentment run beside
/// those steps, more of one step does not better the rate of the next, and other results of money have other causes too.
fn is_a_step(identity: Identity) -> bool {
    let new_customers = identity.metric.is_some_and(|metric| metric.name == "new-customers");
    new_customers || identity.kind == Some(Kind::LeadVolume)
}

/// Where a kind stands on the usual way from attention to money; nowhere for what runs beside it.
fn place_on_the_way(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Brand | Kind::Activity => Some(0),
        Kind::Reach => Some(1),
        Kind::Engagement => Some(2),
        Kind::LeadVolume | Kind::CostEfficiency => Some(3),
        Kind::LeadQuality | Kind::ProductUsage | Kind::Satisfaction => Some(4),
        Kind::Revenue | Kind::Retention | Kind::Profitability => Some(PLACES - 1),
        Kind::Operations | Kind::People => None,
    }
}
