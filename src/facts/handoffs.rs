//! What handoffs promise: how many leads in the period, into which funnel, and what comes of them.
//!
//! A weekday rhythm falls as often as that weekday does in the period. The share that must fit multiplies, unless a KPI measures
//! the handoff: then the rate of the stage that it fills says it already. A `cycle` is left aside: a handoff is a promise of
//! how many, not of when they pay.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::funnel::{FunnelModel, Missing};
use super::interval::Interval;
use super::{Department, Facts};
use crate::plan::{Entity, Handoff, Motion, Plan, Subject};

/// What one handoff brings in the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delivery {
    /// The handoff.
    pub handoff: usize,
    /// The stage that it fills.
    pub stage: usize,
    /// How many each time.
    pub volume: f64,
    /// How many in the period.
    pub entered: f64,
    /// How many of those fit; all of them where a KPI measures the handoff, or nothing says what share must fit.
    pub fitting: f64,
}

/// A funnel that handoffs fill, with what comes of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The funnel.
    pub funnel: usize,
    /// The handoffs into it, the largest first.
    pub deliveries: Vec<Delivery>,
    /// The stages from the first that is filled, with their counts.
    pub stages: Vec<(usize, f64)>,
    /// What the handoffs bring, in the goal's unit, with what comes to those stages from outside the plan.
    pub worth: f64,
    /// What the open pipeline and other funnels bring for the same goal.
    pub besides: f64,
    /// What the goal needs.
    pub need: f64,
    /// Whether the goal is money.
    pub is_money: bool,
    /// How many each time would meet the goal, where a single handoff fills the funnel.
    pub needed: Option<f64>,
    /// The handoffs of which nothing says what share must fit: the worth is the most that can come.
    pub without_fit: Vec<usize>,
}

/// Why it cannot be told what handoffs bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfilled {
    /// The handoffs.
    pub handoffs: Vec<usize>,
    /// What is missing.
    pub missing: Missing,
}

/// Whether a plan like this hands leads over, or would where it said more: not where customers buy by themselves, and not
/// where nobody sells and the business is one in which usually nobody does.
pub fn may_be_called_for(facts: &Facts) -> bool {
    let head = &facts.plan.head;
    if !facts.plan.handoffs.is_empty() {
        return true;
    }
    let self_serve = head.motion.as_ref().is_some_and(|motion| motion.value == Motion::SelfServe);
    !self_serve && (!facts.is_usually_sold_directly() || facts.teams().has(Department::Sales))
}

/// Every funnel that handoffs fill, or what is missing to work it out. Handoffs that fill no funnel are in neither.
pub fn filled(facts: &Facts) -> Vec<Result<Filled, Unfilled>> {
    let mut into: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    let mut results = Vec::new();
    let stages = stages_by_name(&facts.plan);
    for (at, handoff) in facts.plan.handoffs.iter().enumerate() {
        match stage_of(facts, handoff, &stages) {
            Some(Some((funnel, stage))) => into.entry(funnel).or_default().push((at, stage)),
            Some(None) => {
                let missing = vec![("stage", Subject::Handoff(at))];
                results.push(Err(Unfilled { handoffs: vec![at], missing }));
            }
            None => {}
        }
    }
    results.extend(into.into_iter().map(|(funnel, handoffs)| {
        work_out(facts, funnel, &handoffs)
            .map_err(|missing| Unfilled { handoffs: handoffs.iter().map(|(at, _)| *at).collect(), missing })
    }));
    results
}

/// The funnel and the stage of each stage's folded name.
fn stages_by_name(plan: &Plan) -> HashMap<String, Vec<(usize, usize)>> {
    let mut stages: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (at, funnel) in plan.funnels.iter().enumerate() {
        for (number, stage) in funnel.stages.iter().enumerate() {
            stages.entry(Plan::id_from(&stage.name).into_owned()).or_default().push((at, number));
        }
    }
    stages
}

/// The stage that a handoff fills: the one that it names, else the first one of the only funnel. `None` where it fills none;
/// `Some(None)` where it cannot be told which.
fn stage_of(
    facts: &Facts,
    handoff: &Entity<Handoff>,
    stages: &HashMap<String, Vec<(usize, usize)>>,
) -> Option<Option<(usize, usize)>> {
    if facts.plan.funnels.is_empty() {
        return None;
    }
    if let Some(stage) = &handoff.stage {
        return Some(match stages.get(&*Plan::id_from(stage)).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        });
    }
    // What sales hands on, and what others than sales receive, has come through the funnel already.
    let receives = facts.teams().department(&handoff.to).is_none_or(|to| to == Department::Sales);
    let gives = facts.teams().department(&handoff.from) != Some(Department::Sales);
    let only = facts.plan.funnels.len() == 1;
    (receives && gives).then_some(only.then_some((0, 0)))
}

fn work_out(facts: &Facts, funnel: usize, handoffs: &[(usize, usize)]) -> Result<Filled, Missing> {
    let mut missing = Missing::new();
    let mut deliveries: Vec<Delivery> = Vec::new();
    let mut without_fit = Vec::new();
    for (at, stage) in handoffs {
        match delivery(facts, *at, *stage) {
            Ok((delivery, fit_known)) => {
                deliveries.push(delivery);
                without_fit.extend((!fit_known).then_some(*at));
            }
            Err(keys) => missing.extend(keys),
        }
    }
    let entered = deliveries.iter().map(|delivery| delivery.entered).sum();
    let model = FunnelModel::entered_by(facts, funnel, Interval::point(entered).unwrap_or_default());
    let elsewhere = elsewhere(facts, funnel);
    let (model, elsewhere) = match (model, elsewhere) {
        (Ok(model), Ok(elsewhere)) if missing.is_empty() => (model, elsewhere),
        (model, elsewhere) => {
            missing.extend(model.err().into_iter().chain(elsewhere.err()).flatten());
            return Err(missing);
        }
    };
    deliveries.sort_by(|one, other| other.entered.total_cmp(&one.entered));
    let entering = |share: f64| {
        let mut entering: BTreeMap<usize, f64> = BTreeMap::new();
        for delivery in &deliveries {
            *entering.entry(delivery.stage).or_default() += delivery.fitting * share;
        }
        entering
    };
    let mut stages = Vec::new();
    let worth = model.yielded_by(&entering(1.0), |stage, count| stages.push((stage, count)));
    let from_outside = model.yielded_by(&entering(0.0), |_, _| {});
    let pipeline = model.pipeline.map_or(0.0, |(pipeline, conversion)| pipeline.middle() * conversion.middle());
    let besides = pipeline + elsewhere;
    let needed = match deliveries.as_slice() {
        [only] => {
            let of_one = (worth - from_outside) / only.volume;
            let needed = (model.need - besides - from_outside) / of_one;
            needed.is_finite().then(|| needed.max(0.0).ceil())
        }
        _ => None,
    };
    let is_money = model.value.is_some();
    Ok(Filled { funnel, deliveries, stages, worth, besides, need: model.need, is_money, needed, without_fit })
}

/// What a handoff brings into a stage, and whether it is known how much of it fits.
fn delivery(facts: &Facts, at: usize, stage: usize) -> Result<(Delivery, bool), Missing> {
    let Some(handoff) = facts.plan.handoffs.get(at) else { return Err(Missing::new()) };
    let volume = handoff.volume.as_ref().and_then(|volume| volume.point());
    let fit = handoff.fit.as_ref().map(|fit| fit.point());
    let measured = handoff.measured_by.is_some();
    match (volume, &handoff.every, &facts.plan.head.period, fit) {
        (Some(volume), Some(every), Some(period), Some(Some(_)) | None) => {
            let entered = volume * every.times_in(period, &facts.settings.calendar());
            let fit = fit.flatten().filter(|_| !measured);
            let fitting = entered * fit.unwrap_or(1.0);
            Ok((Delivery { handoff: at, stage, volume, entered, fitting }, measured || fit.is_some()))
        }
        _ => {
            let of = Subject::Handoff(at);
            let lacks = [
                ("volume", of, volume.is_none()),
                ("every", of, handoff.every.is_none()),
                ("fit", of, fit == Some(None)),
                ("period", Subject::Plan, facts.plan.head.period.is_none()),
            ];
            Err(lacks.into_iter().filter(|(.., lacks)| *lacks).map(|(key, of, _)| (key, of)).collect())
        }
    }
}

/// What other funnels bring for the same goal, without the open pipeline.
fn elsewhere(facts: &Facts, funnel: usize) -> Result<f64, Missing> {
    let Some(goal) = facts.plan.funnels.get(funnel).and_then(|funnel| facts.plan.metric(&funnel.goal)) else {
        return Ok(0.0);
    };
    let others = facts.funnels_of(goal).filter(|other| *other != funnel).filter_map(|other| facts.funnel(other));
    let brought = others.map(|model| {
        let figures = model.as_ref().map_err(Clone::clone)?.figures(0.0);
        Ok(figures.yields - figures.from_pipeline)
    });
    brought.sum()
}
