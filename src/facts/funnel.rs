//! A funnel worked both ways: what its planned top yields, and what each stage would need for the goal.
//!
//! # Conventions
//! A range stands for its middle here (the forecast draws from it). With a `cycle`, volume enters evenly over the period,
//! and only what enters a whole cycle before the deadline counts; what is in the pipeline already, and what comes from outside
//! the plan (`also_from`), counts besides. Needed counts are rounded up: nobody wins half a customer.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jiff::civil::Date;

use super::Facts;
use super::forecast::GoalModel;
use super::interval::Interval;
use crate::metrics::{Certainty, MetricUnit};
use crate::plan::quantity::{Amount, Change, Quantity, TimeUnit, Unit};
use crate::plan::{Counts, Funnel, Goal, GoalOrKpi, MetricRef, Placed, Share, Subject};

/// What a funnel is worked out from: points and ranges as the plan gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelModel {
    /// What enters the first stage in the period.
    pub volume: Interval,
    /// The stages, first to last.
    pub stages: Vec<StageModel>,
    /// What one at the last stage is worth; `None` where the goal counts them.
    pub value: Option<Interval>,
    /// The share of the volume that enters early enough to become money by the deadline; 1 without a `cycle`.
    pub in_time: f64,
    /// What the open pipeline brings besides, in money: the pipeline and the share of it that converts.
    pub pipeline: Option<(Interval, Interval)>,
    /// What the goal needs, in its own unit.
    pub need: f64,
}

/// One stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageModel {
    /// The share that goes on; `None` at the last stage.
    pub to_next: Option<Interval>,
    /// What enters it from outside the plan.
    pub also_from: Option<Interval>,
}

/// A quantity of the model, for those who draw one number for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Input {
    /// What enters the first stage.
    Volume,
    /// The rate from a stage to the next, by the stage's index.
    Rate(usize),
    /// What enters a stage from outside, by its index.
    AlsoFrom(usize),
    /// What one at the end is worth.
    Value,
    /// The open pipeline.
    Pipeline,
    /// The share of it that converts.
    Conversion,
}

impl Input {
    /// Whether it counts a stage: what enters, and what goes on from one to the next.
    pub fn is_stage(self) -> bool {
        matches!(self, Self::Volume | Self::Rate(_))
    }

    /// Whether it lies between 0 and 1.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::Rate(_) | Self::Conversion)
    }
}

/// A funnel worked out with points.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelFigures {
    /// What each stage holds as planned, of what enters early enough.
    pub planned: Vec<f64>,
    /// What each stage would need for the goal, rounded up; `None` where no number of them would do.
    pub needed: Vec<Option<f64>>,
    /// What it yields in all, in the goal's unit.
    pub yields: f64,
    /// The part of that which the open pipeline brings.
    pub from_pipeline: f64,
    /// What other funnels bring for the same goal.
    pub elsewhere: f64,
}

/// What is missing to work a funnel out: a key, and of what.
pub type Missing = Vec<(&'static str, Subject)>;

/// What reaches a stage in the whole period, whenever it becomes money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// From the stages before it; at the first stage, what enters.
    pub inside: f64,
    /// With what comes to it from outside the plan.
    pub all: f64,
}

/// The funnels of a plan, worked out once, and by the goal that they fill.
#[derive(Debug, Default)]
pub(super) struct Funnels {
    models: Vec<Result<FunnelModel, Missing>>,
    filling: HashMap<MetricRef, Filling>,
}

/// The funnels that fill one goal.
#[derive(Debug)]
struct Filling {
    funnels: Vec<usize>,
    /// What they yield together, with the open pipeline; `None` where one of them cannot be worked out.
    yields: Option<f64>,
}

impl Funnels {
    /// A goal's open pipeline counts once, with the first funnel that fills it.
    pub(super) fn new(facts: &Facts) -> Self {
        let mut filling: HashMap<MetricRef, Filling> = HashMap::new();
        let mut models = Vec::with_capacity(facts.plan.funnels.len());
        for (at, funnel) in facts.plan.funnels.iter().enumerate() {
            let mut model = FunnelModel::new(facts, at);
            if let Some(goal) = facts.plan.metric(&funnel.goal) {
                let known = filling.entry(goal).or_insert(Filling { funnels: Vec::new(), yields: Some(0.0) });
                model = model.map(|model| FunnelModel {
                    pipeline: model.pipeline.filter(|_| known.funnels.is_empty()),
                    ..model
                });
                known.funnels.push(at);
                let own = model.as_ref().ok().map(|model| model.figures(0.0).yields);
                known.yields = known.yields.zip(own).map(|(others, own)| others + own);
            }
            models.push(model);
        }
        Self { models, filling }
    }
}

impl FunnelModel {
    /// The model of one of the plan's funnels, or the keys that it lacks.
    pub fn new(facts: &Facts, at: usize) -> Result<Self, Missing> {
        Self::with(facts, at, facts.plan.funnels.get(at).and_then(|funnel| volume(facts, funnel)))
    }

    /// The model of one of the plan's funnels with so much entering its first stage, whatever the plan says of that.
    pub fn entered_by(facts: &Facts, at: usize, volume: Interval) -> Result<Self, Missing> {
        Self::with(facts, at, Some(volume))
    }

    fn with(facts: &Facts, at: usize, volume: Option<Interval>) -> Result<Self, Missing> {
        let plan = &facts.plan;
        let subject = Subject::Funnel(at);
        let Some(funnel) = plan.funnels.get(at) else { return Err(Vec::new()) };
        let goal_ref = plan.metric(&funnel.goal);
        let goal = goal_ref.and_then(|metric| match (plan.numbered(metric.plan), metric.which) {
            (Some(of), GoalOrKpi::Goal(at)) => of.goals.get(at),
            _ => None,
        });
        let (Some(goal), Some(goal_ref)) = (goal, goal_ref) else { return Err(Vec::new()) };
        let own_goal = if goal_ref.plan == 0 { goal_ref.which.subject() } else { Subject::Plan };
        let mut missing = Missing::new();
        let volume = volume.unwrap_or_else(|| missed(&mut missing, "volume", subject));
        let last = funnel.stages.len().saturating_sub(1);
        let mut stages = Vec::with_capacity(funnel.stages.len());
        for (number, stage) in funnel.stages.iter().enumerate() {
            let rate = fractions(stage.to_next.as_ref());
            if rate.is_none() && number < last {
                missed(&mut missing, "to_next", subject);
            }
            let also_from = stage.also_from.as_ref().map(|count| {
                // What is given and not settled is unknown, not nothing.
                interval(count.quantity().amount).unwrap_or_else(|| missed(&mut missing, "also_from", subject))
            });
            stages.push(StageModel { to_next: rate.filter(|_| number < last), also_from });
        }
        let value = funnel.stages.last().and_then(|stage| stage.value.value.as_ref());
        let value = value.and_then(|value| interval(value.quantity().amount));
        let value = match is_money(facts, goal, goal_ref) {
            Some(false) if value.is_some_and(|value| may_be_money(facts, goal, goal_ref, value)) => value,
            Some(false) => None,
            Some(true) if value.is_none() => Some(missed(&mut missing, "value", subject)),
            _ => value,
        };
        let need = need(facts, goal, goal_ref).unwrap_or_else(|key| {
            missed(&mut missing, key, own_goal);
            0.0
        });
        let in_time = in_time(facts, funnel, goal_ref).unwrap_or_else(|| {
            missed(&mut missing, "period", Subject::Plan);
            1.0
        });
        let pipeline = goal.pipeline.as_ref().zip(goal.pipeline_conversion.as_ref()).filter(|_| value.is_some());
        let pipeline = pipeline.and_then(|(pipeline, conversion)| {
            Some((interval(pipeline.quantity().amount)?, interval(conversion.quantity().fraction().ok()?)?))
        });
        if missing.is_empty() { Ok(Self { volume, stages, value, in_time, pipeline, need }) } else { Err(missing) }
    }

    /// The quantities that it rests on, with what the plan says of each.
    pub fn inputs(&self) -> Vec<(Input, Interval)> {
        let mut inputs = vec![(Input::Volume, self.volume)];
        for (at, stage) in self.stages.iter().enumerate() {
            inputs.extend(stage.also_from.map(|count| (Input::AlsoFrom(at), count)));
            inputs.extend(stage.to_next.map(|rate| (Input::Rate(at), rate)));
        }
        inputs.extend(self.value.map(|value| (Input::Value, value)));
        if let Some((pipeline, conversion)) = self.pipeline {
            inputs.extend([(Input::Pipeline, pipeline), (Input::Conversion, conversion)]);
        }
        inputs
    }

    /// What it yields with one number for each quantity; the stages' counts go to `each`.
    pub fn yielded(&self, pick: impl Fn(Input, Interval) -> f64, mut each: impl FnMut(f64)) -> f64 {
        let mut count = pick(Input::Volume, self.volume) * self.in_time;
        for (at, stage) in self.stages.iter().enumerate() {
            count += stage.also_from.map_or(0.0, |also| pick(Input::AlsoFrom(at), also));
            each(count);
            count *= stage.to_next.map_or(1.0, |rate| pick(Input::Rate(at), rate));
        }
        let value = self.value.map_or(1.0, |value| pick(Input::Value, value));
        count * value + self.brought_by_pipeline(pick)
    }

    /// What enters some of the stages yields in the end, with the middle of each range and without regard to a cycle: with what
    /// comes to the first of them and those after it from outside the plan, and without the open pipeline. Each stage's count goes to
    /// `each`.
    pub fn yielded_by(&self, entering: &BTreeMap<usize, f64>, mut each: impl FnMut(usize, f64)) -> f64 {
        let Some(first) = entering.keys().next().copied() else { return 0.0 };
        let mut count = 0.0;
        for (at, stage) in self.stages.iter().enumerate().skip(first) {
            count += entering.get(&at).copied().unwrap_or_default() + stage.also_from.map_or(0.0, Interval::middle);
            each(at, count);
            count *= stage.to_next.map_or(1.0, Interval::middle);
        }
        count * self.value.map_or(1.0, Interval::middle)
    }

    fn brought_by_pipeline(&self, pick: impl Fn(Input, Interval) -> f64) -> f64 {
        self.pipeline
            .map_or(0.0, |(pipeline, conversion)| pick(Input::Pipeline, pipeline) * pick(Input::Conversion, conversion))
    }

    /// Worked out with the middle of each range, beside what other funnels bring for the same goal.
    pub fn figures(&self, elsewhere: f64) -> FunnelFigures {
        let middle = |_: Input, range: Interval| range.middle();
        let mut planned = Vec::with_capacity(self.stages.len());
        let yields = self.yielded(middle, |count| planned.push(count));
        let from_pipeline = self.brought_by_pipeline(middle);
        FunnelFigures { needed: self.needed(from_pipeline + elsewhere), planned, yields, from_pipeline, elsewhere }
    }

    /// What each stage would need, from the last to the first.
    fn needed(&self, besides: f64) -> Vec<Option<f64>> {
        let value = self.value.map_or(1.0, Interval::middle);
        let mut need = finite((self.need - besides).max(0.0) / value);
        let mut needed: Vec<Option<f64>> = Vec::with_capacity(self.stages.len());
        for stage in self.stages.iter().rev() {
            // What a stage needs is what the next one needs, less what comes to that from outside, over the rate.
            need = match stage.to_next {
                Some(rate) => need.and_then(|need| finite(need / rate.middle())),
                None => need,
            };
            needed.push(need.map(round_up));
            let also = stage.also_from.map_or(0.0, Interval::middle);
            need = need.map(|need| (need - also).max(0.0));
        }
        needed.reverse();
        needed
    }
}

impl FunnelFigures {
    /// What it yields, with what other funnels bring, as a share of what the goal needs.
    pub fn share_of(&self, need: f64) -> Option<f64> {
        finite((self.yields + self.elsewhere) / need)
    }
}

impl Facts {
    fn all_funnels(&self) -> &Funnels {
        self.funnels.get_or_init(|| Funnels::new(self))
    }

    /// One of the plan's funnels as a model, or the keys that it lacks.
    pub fn funnel(&self, at: usize) -> Option<&Result<FunnelModel, Missing>> {
        self.all_funnels().models.get(at)
    }

    /// One of the plan's funnels worked out, beside the others that fill the same goal; `None` where one of them cannot be.
    pub fn funnel_figures(&self, at: usize) -> Option<FunnelFigures> {
        let model = self.funnel(at)?.as_ref().ok()?;
        let goal = self.plan.metric(&self.plan.funnels.get(at)?.goal)?;
        let all = self.all_funnels().filling.get(&goal)?;
        let elsewhere = match all.funnels.as_slice() {
            [_] => 0.0,
            _ => all.yields? - model.figures(0.0).yields,
        };
        Some(model.figures(elsewhere))
    }

    /// The funnels that fill a goal, by index.
    pub fn funnels_of(&self, goal: MetricRef) -> impl Iterator<Item = usize> {
        self.all_funnels().filling.get(&goal).into_iter().flat_map(|filling| filling.funnels.iter().copied())
    }

    /// What reaches each stage of a funnel in the whole period, or the keys that tell. A goal's target, its deadline and
    /// what one is worth do not matter here.
    pub fn flows(&self, at: usize) -> Result<Vec<Flow>, Missing> {
        let Some(funnel) = self.plan.funnels.get(at) else { return Err(Vec::new()) };
        let lacks = |key| vec![(key, Subject::Funnel(at))];
        let mut inside = volume(self, funnel).ok_or_else(|| lacks("volume"))?.middle();
        let last = funnel.stages.len().saturating_sub(1);
        let mut flows = Vec::with_capacity(funnel.stages.len());
        for (number, stage) in funnel.stages.iter().enumerate() {
            let also = stage.also_from.as_ref().map_or(Some(0.0), |also| also.point());
            let all = inside + also.ok_or_else(|| lacks("also_from"))?;
            flows.push(Flow { inside, all });
            if number < last {
                inside = all * fractions(stage.to_next.as_ref()).ok_or_else(|| lacks("to_next"))?.middle();
            }
        }
        Ok(flows)
    }

    /// What a goal needs in the period, in its own unit: its target, less the baseline where the target is the total.
    pub fn need_of(&self, goal: MetricRef) -> Option<f64> {
        let GoalOrKpi::Goal(at) = goal.which else { return None };
        need(self, self.plan.numbered(goal.plan)?.goals.get(at)?, goal).ok()
    }

    /// The level of a goal's target that so much in the period would reach: with the baseline where the target is a total.
    pub fn level_reached(&self, goal: MetricRef, brought: f64) -> Option<f64> {
        let GoalOrKpi::Goal(at) = goal.which else { return None };
        let target = self.plan.numbered(goal.plan)?.goals.get(at)?.target.as_ref()?;
        target.level().zip(self.need_of(goal)).map(|(target, need)| target - need + brought)
    }

    /// Whether a goal has an open pipeline of which nobody knows what share becomes revenue: what it brings is open then.
    pub fn has_open_conversion(&self, goal: MetricRef) -> bool {
        let GoalOrKpi::Goal(at) = goal.which else { return false };
        let goal = self.plan.numbered(goal.plan).and_then(|plan| plan.goals.get(at));
        goal.is_some_and(|goal| {
            let conversion = fractions(goal.pipeline_conversion.as_ref());
            goal.pipeline.as_ref().is_some_and(|pipeline| pipeline.point().is_none() || conversion.is_none())
        })
    }

    /// Whether a cycle holds back what enters for a goal, and the plan says of nothing that was under way before: no
    /// pipeline, and nothing from outside.
    pub fn is_without_a_past(&self, goal: MetricRef) -> bool {
        let models = || self.funnels_of(goal).filter_map(|at| self.funnel(at)?.as_ref().ok());
        let mut funnels = self.funnels_of(goal).filter_map(|at| self.plan.funnels.get(at));
        let outside = |model: &FunnelModel| model.stages.iter().any(|stage| stage.also_from.is_some());
        funnels.any(|funnel| funnel.cycle.is_some())
            && models().all(|model| model.pipeline.is_none() && !outside(model))
    }

    /// A goal with the funnels that fill it, for a forecast; `None` where it has none, an error where they lack something.
    pub fn goal_model(&self, goal: MetricRef) -> Option<Result<GoalModel, Missing>> {
        let models: Result<Vec<FunnelModel>, Missing> =
            self.funnels_of(goal).filter_map(|at| self.funnel(at)).cloned().collect();
        match models {
            Ok(funnels) => Some(Ok(GoalModel { need: funnels.first()?.need, funnels })),
            Err(missing) => Some(Err(missing)),
        }
    }
}

/// Up to a whole number; a hair over one is rounding.
pub(super) fn round_up(count: f64) -> f64 {
    const ROUNDING: f64 = 1e-9;
    (count * (1.0 - ROUNDING)).ceil()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn missed(missing: &mut Missing, key: &'static str, of: Subject) -> Interval {
    if !missing.contains(&(key, of)) {
        missing.push((key, of));
    }
    Interval::default()
}

/// A share as a range of fractions.
pub fn fractions(share: Option<&Placed<Share>>) -> Option<Interval> {
    interval(share?.quantity().fraction().ok()?)
}

fn interval(amount: Amount) -> Option<Interval> {
    let (low, high) = amount.bounds()?;
    Interval::new(low, high)
}

/// What enters the first stage: its own volume, else the target of its KPI.
fn volume(facts: &Facts, funnel: &Funnel) -> Option<Interval> {
    let first = funnel.stages.first()?;
    if let Some(volume) = &first.volume {
        return interval(volume.quantity().amount);
    }
    let MetricRef { plan, which: GoalOrKpi::Kpi(at) } = facts.plan.metric(first.kpi.as_ref()?)? else { return None };
    let kpi = facts.plan.numbered(plan)?.kpis.get(at)?;
    let target = kpi.target.as_ref()?.quantity()?;
    match target.change {
        None => interval(target.count().ok()?),
        Some(_) => Interval::point(kpi.target_level()?),
    }
}

/// Whether a goal is counted in money; `None` where it cannot be told, and a value at the last stage decides.
fn is_money(facts: &Facts, goal: &Goal, goal_ref: MetricRef) -> Option<bool> {
    let target = goal.target.as_ref().and_then(|target| target.quantity());
    match target.map(|quantity| &quantity.unit) {
        Some(Unit::Money(_)) => Some(true),
        Some(Unit::Count(_)) => Some(false),
        _ => match facts.metric_of_goal(goal_ref)?.unit {
            MetricUnit::Money => Some(true),
            MetricUnit::Count => Some(false),
            _ => None,
        },
    }
}

/// Whether a goal whose name only holds the words of a count may be an amount ("Value of new contracts"): the funnel says what
/// one is worth, and the target is no less than that.
fn may_be_money(facts: &Facts, goal: &Goal, goal_ref: MetricRef, value: Interval) -> bool {
    let Some(target) = goal.target.as_ref().and_then(|target| target.quantity()) else { return false };
    let name = facts.dictionary.recognise(facts.plan.metric_name(goal_ref));
    target.unit == Unit::None
        && name.is_none_or(|name| name.certainty != Certainty::Exact)
        && target.amount.middle().is_some_and(|amount| amount >= value.middle())
}

/// What a goal needs in the period: its target, less the baseline where the target is the total; else the key that would tell.
fn need(facts: &Facts, goal: &Goal, goal_ref: MetricRef) -> Result<f64, &'static str> {
    let target = goal.target.as_ref().and_then(|target| target.quantity()).ok_or("target")?;
    let amount = target.amount.middle().ok_or("target")?;
    let baseline = || goal.baseline.as_ref().and_then(|baseline| baseline.point()).ok_or("baseline");
    match target.change {
        Some(Change::Relative) => return Ok(amount * baseline()?),
        Some(Change::Units) => return Ok(amount),
        Some(Change::Points) => return Err("target"),
        None => {}
    }
    if !is_amount_or_count(target) {
        return Err("target");
    }
    let balance = || facts.metric_of_goal(goal_ref).is_some_and(|metric| metric.balance);
    let is_total = match goal.counts.as_ref().map(|counts| counts.value) {
        Some(counts) => counts == Counts::Total,
        None => goal.baseline.is_some() && balance(),
    };
    Ok(if is_total { (amount - baseline()?).max(0.0) } else { amount })
}

fn is_amount_or_count(target: &Quantity) -> bool {
    target.per.is_none() && matches!(target.unit, Unit::None | Unit::Money(_) | Unit::Count(_))
}

/// The share of the period's volume that enters a whole cycle before the deadline.
fn in_time(facts: &Facts, funnel: &Funnel, goal: MetricRef) -> Option<f64> {
    let Some(cycle) = &funnel.cycle else { return Some(1.0) };
    let period = facts.plan.head.period.as_ref()?;
    let cycle = cycle.hours()? / TimeUnit::Day.calendar_hours();
    let deadline = facts.plan.deadline_of(goal).unwrap_or(period.end);
    let days = f64::from(days_until(period.start, deadline)) + 1.0 - cycle;
    Some((days / f64::from(period.days())).clamp(0.0, 1.0))
}

fn days_until(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(value: f64) -> Interval {
        Interval::point(value).unwrap()
    }

    /// MQL, SQL, opportunity, won, at 20,000 a deal.
    fn sales_led(volume: f64, rates: [f64; 3], need: f64) -> FunnelModel {
        let stage = |rate: Option<f64>| StageModel { to_next: rate.map(point), also_from: None };
        FunnelModel {
            volume: point(volume),
            stages: rates.into_iter().map(Some).chain([None]).map(stage).collect(),
            value: Some(point(20_000.0)),
            in_time: 1.0,
            pipeline: None,
            need,
        }
    }

    #[test]
    fn a_thousand_mqls_give_605k_and_1_2m_needs_1984() {
        let figures = sales_led(1_000.0, [0.25, 0.55, 0.22], 1.2e6).figures(0.0);
        assert_eq!(figures.yields.round(), 605_000.0);
        let needed: Vec<f64> = figures.needed.into_iter().flatten().collect();
        assert_eq!(needed, [1_984.0, 496.0, 273.0, 60.0]);
    }

    #[test]
    fn what_is_needed_put_back_in_yields_what_the_goal_needs() {
        let needed = sales_led(1_000.0, [0.25, 0.55, 0.22], 605_000.0).figures(0.0).needed;
        assert_eq!(needed.first().copied().flatten(), Some(1_000.0));
    }

    #[test]
    fn what_comes_from_outside_is_not_needed_from_inside() {
        let mut model = sales_led(1_000.0, [0.25, 0.55, 0.22], 1.2e6);
        model.stages[1].also_from = Some(point(246.0));
        let figures = model.figures(0.0);
        // 250 and 246 SQLs are the 496 that are needed.
        assert_eq!(figures.planned[1], 496.0);
        assert_eq!(figures.needed, [Some(1_000.0), Some(496.0), Some(273.0), Some(60.0)]);
    }

    #[test]
    fn the_open_pipeline_counts_besides() {
        let mut model = sales_led(1_000.0, [0.25, 0.55, 0.22], 1.2e6);
        model.pipeline = Some((point(2.9e6), point(0.24)));
        let figures = model.figures(0.0);
        assert_eq!((figures.from_pipeline.round(), figures.yields.round()), (696_000.0, 1_301_000.0));
        assert_eq!(figures.needed[3], Some(26.0));
    }

    #[test]
    fn half_of_a_funnel_yields_what_it_does_within_the_whole() {
        let model = sales_led(1_000.0, [0.25, 0.55, 0.22], 1.2e6);
        let mut counts = Vec::new();
        let yields = model.yielded_by(&BTreeMap::from([(1, 250.0)]), |at, count| counts.push((at, count.round())));
        assert_eq!(yields.round(), 605_000.0);
        assert_eq!(counts, [(1, 250.0), (2, 138.0), (3, 30.0)]);
        assert_eq!(model.yielded_by(&BTreeMap::new(), |_, _| {}), 0.0);
    }

    proptest! {
        /// What enters a stage in two parts yields what both yield alone.
        #[test]
        fn handoffs_add_up(first in 0.0..1e4_f64, second in 0.0..1e4_f64, rate in 0.0..1.0_f64) {
            let model = sales_led(1.0, [rate, 0.5, 0.2], 1e6);
            let alone = |at, count| model.yielded_by(&BTreeMap::from([(at, count)]), |_, _| {});
            let together = model.yielded_by(&BTreeMap::from([(0, first), (2, second)]), |_, _| {});
            let sum = alone(0, first) + alone(2, second);
            prop_assert!((together - sum).abs() <= 1e-9 * sum.max(1.0));
        }
    }

    #[test]
    fn a_rate_of_nothing_needs_more_than_any_number() {
        let figures = sales_led(1_000.0, [0.25, 0.0, 0.22], 1.2e6).figures(0.0);
        assert_eq!(figures.needed, [None, None, Some(273.0), Some(60.0)]);
    }
}
