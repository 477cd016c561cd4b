//! The shares that a plan states: which are parts of a whole, and which are written in another way than those beside them.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::Facts;
use crate::metrics::{MetricUnit, sets};
use crate::phrases::{Phrases, phrases};
use crate::plan::quantity::{Quantity, Unit};
use crate::plan::{EconomicKeys, Placed, Plan, Share, Subject};
use crate::source::Span;

/// A number of the plan with the key that it stands at.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'p> {
    /// What it belongs to.
    pub subject: Subject,
    /// The key.
    pub key: &'static str,
    /// The name of what has the key: the subject's, or that of a stage of a funnel or a mark of an initiative.
    pub name: &'p str,
    /// Key and value.
    pub place: Span,
    /// The number.
    pub quantity: &'p Quantity,
}

/// Words by which a name compares a rate with another, so that 110% makes sense, in the dictionary's languages.
const COMPARING: Phrases = phrases!(
    "vs versus yoy yty qoq mom index indexed relative compared against plan planned budget target goal previous prior \
    last growth increase uplift lift improvement change attainment benchmark average baseline indice comparado comparada face \
    crescimento crecimiento crecemento aumento subida variacao variacion meta objetivo obxectivo anterior previo media orcamento \
    presupuesto orzamento wobec wzgledem wzrost zmiana cel celu plan planu poprzedni poprzedniego ubiegly sredniej gegenuber \
    vergleich wachstum steigerung veranderung ziel vorjahr vorquartal durchschnitt rapport croissance hausse evolution objectif \
    precedent precedente moyenne"
);

impl<'p> Stated<'p> {
    fn is_percentage(&self) -> bool {
        self.quantity.is_percentage()
    }

    /// The number, where it is a level written without a unit.
    pub fn bare(&self) -> Option<f64> {
        let is_bare = self.quantity.unit == Unit::None && self.quantity.change.is_none() && self.quantity.per.is_none();
        self.quantity.amount.middle().filter(|amount| is_bare && *amount > 0.0)
    }

    /// Whether it says that more than the whole is meant.
    fn is_over_the_whole(&self) -> bool {
        self.is_percentage() && self.quantity.amount.bounds().is_some_and(|(_, high)| high > 1.0)
    }
}

/// What a KPI should reach, where it stood, and where it stands.
pub fn levels(plan: &Plan, at: usize) -> Vec<Stated<'_>> {
    let Some(kpi) = plan.kpis.get(at) else { return Vec::new() };
    let state = |key, place, quantity| Stated { subject: Subject::Kpi(at), key, name: &kpi.name, place, quantity };
    let target = kpi.target.as_ref().and_then(|target| Some(state("target", target.whole(), target.quantity()?)));
    let standings = [("baseline", kpi.baseline.as_ref()), ("actual", kpi.actual.as_deref())].into_iter();
    let standings = standings.filter_map(|(key, standing)| Some((key, standing?)));
    let standings = standings.map(|(key, standing)| state(key, standing.whole(), standing.quantity()));
    target.into_iter().chain(standings).collect()
}

/// Shares that are over 100% and cannot be.
pub fn over_the_whole(facts: &Facts) -> Vec<Stated<'_>> {
    let kpis = (0..facts.plan.kpis.len()).filter(|at| is_part_of_a_whole(facts, *at));
    let of_kpis = kpis.flat_map(|at| levels(&facts.plan, at));
    of_kpis.chain(format_shares(&facts.plan)).filter(Stated::is_over_the_whole).collect()
}

fn is_part_of_a_whole(facts: &Facts, at: usize) -> bool {
    let name = facts.plan.name_of(Subject::Kpi(at));
    let compares = || COMPARING.are_in(&Plan::id_from(name));
    facts.kpi(at).metric.is_some_and(|metric| sets::PARTS_OF_A_WHOLE.has(&metric.name)) && !compares()
}

/// Shares written without `%`, each with one of its like that has it: `0.25` beside `30%`. Only where the bare number could
/// mean per cent.
pub fn mixed_forms(facts: &Facts) -> Vec<(Stated<'_>, Stated<'_>)> {
    let mut mixed = mixed_in_kpis(facts);
    for group in groups(&facts.plan) {
        mixed.extend(mixed_in_group(&group));
    }
    mixed
}

/// In one KPI, and over KPIs of one metric that is a share. A larger bare number of another KPI may well be a count.
fn mixed_in_kpis(facts: &Facts) -> Vec<(Stated<'_>, Stated<'_>)> {
    let of_share = |at: usize| facts.kpi(at).metric.filter(|metric| metric.unit == MetricUnit::Share);
    let kpis: Vec<Vec<Stated<'_>>> = (0..facts.plan.kpis.len()).map(|at| levels(&facts.plan, at)).collect();
    let percent = |levels: &[Stated<'_>]| levels.iter().position(Stated::is_percentage);
    let mut first_of: HashMap<&str, Stated<'_>> = HashMap::new();
    for (at, levels) in kpis.iter().enumerate() {
        let stated = percent(levels).and_then(|position| levels.get(position));
        if let (Some(metric), Some(stated)) = (of_share(at), stated) {
            first_of.entry(&metric.name).or_insert(*stated);
        }
    }
    let mut mixed = Vec::new();
    for (at, levels) in kpis.iter().enumerate() {
        let own = percent(levels).and_then(|position| levels.get(position)).copied();
        let unclear = facts.kpi(at).metric.is_none();
        let like = of_share(at).and_then(|metric| first_of.get(metric.name.as_ref())).copied();
        for stated in levels {
            let Some(bare) = stated.bare() else { continue };
            let beside = match own {
                Some(own) if of_share(at).is_some() || (unclear && bare <= 1.0) => Some(own),
                None if bare <= 1.0 => like,
                _ => None,
            };
            mixed.extend(beside.map(|beside| (*stated, beside)));
        }
    }
    mixed
}

/// Shares of the format take a bare fraction. It is in doubt only where it would be over ten times what the others are: then
/// it is nearer to them as a per cent than as a fraction (0.5 beside 2%), by the mean of their logarithms.
fn mixed_in_group<'p>(group: &[Stated<'p>]) -> Vec<(Stated<'p>, Stated<'p>)> {
    let percents: Vec<(Stated<'p>, f64)> = group
        .iter()
        .filter(|stated| stated.is_percentage())
        .filter_map(|stated| Some((*stated, stated.quantity.amount.middle().filter(|share| *share > 0.0)?)))
        .collect();
    let Some((first, _)) = percents.first().copied() else { return Vec::new() };
    let mean = percents.iter().map(|(_, share)| share.log10()).sum::<f64>() / percents.len() as f64;
    let doubtful = group.iter().filter(|stated| stated.bare().is_some_and(|bare| bare.log10() > mean + 1.0));
    doubtful.map(|stated| (*stated, first)).collect()
}

/// Shares that are alike: one key over all products and the plan's economics; a stage's rate now and then.
fn groups(plan: &Plan) -> Vec<Vec<Stated<'_>>> {
    let mut by_key: BTreeMap<&str, Vec<Stated<'_>>> = BTreeMap::new();
    let economics = economic_shares(plan);
    for stated in &economics {
        by_key.entry(stated.key).or_default().push(*stated);
    }
    let mut groups: Vec<Vec<Stated<'_>>> = by_key.into_values().collect();
    groups.extend(stages(plan));
    groups
}

/// The shares of the format, each at its key.
fn format_shares(plan: &Plan) -> Vec<Stated<'_>> {
    let goals = plan.goals.iter().enumerate();
    let goals = goals.filter_map(|(at, goal)| {
        share(Subject::Goal(at), "pipeline_conversion", &goal.name, goal.pipeline_conversion.as_ref())
    });
    let handoffs = plan.handoffs.iter().enumerate();
    let handoffs =
        handoffs.filter_map(|(at, handoff)| share(Subject::Handoff(at), "fit", &handoff.id, handoff.fit.as_ref()));
    let initiatives = plan.initiatives.iter().enumerate().flat_map(|(at, initiative)| {
        let marks = initiative.success.iter().flat_map(|marks| marks.iter());
        marks.filter_map(move |mark| share(Subject::Initiative(at), "hope", &mark.measure, mark.hope.as_ref()))
    });
    let stages = stages(plan).into_iter().flatten();
    economic_shares(plan).into_iter().chain(goals).chain(handoffs).chain(initiatives).chain(stages).collect()
}

fn economic_shares(plan: &Plan) -> Vec<Stated<'_>> {
    let products = plan.products.iter().enumerate();
    let products = products.map(|(at, product)| (Subject::Product(at), product.name.as_str(), &product.economics));
    let own = plan.head.economics.iter().map(|economics| (Subject::Plan, plan.name(), &economics.keys));
    own.chain(products).flat_map(|(subject, name, keys)| shares_of(subject, name, keys)).collect()
}

fn shares_of<'p>(subject: Subject, name: &'p str, keys: &'p EconomicKeys) -> impl Iterator<Item = Stated<'p>> {
    let shares = [
        ("gross_margin", keys.gross_margin.as_ref()),
        ("monthly_churn", keys.monthly_churn.as_ref()),
        ("new_share", keys.new_share.as_deref()),
        ("conversion", keys.conversion.as_deref()),
    ];
    shares.into_iter().filter_map(move |(key, value)| share(subject, key, name, value))
}

fn stages(plan: &Plan) -> Vec<Vec<Stated<'_>>> {
    let funnels = plan.funnels.iter().enumerate();
    let stages = funnels.flat_map(|(at, funnel)| funnel.stages.iter().map(move |stage| (Subject::Funnel(at), stage)));
    stages
        .map(|(subject, stage)| {
            let rates = [("to_next", stage.to_next.as_ref()), ("was", stage.was.as_ref())].into_iter();
            rates.filter_map(|(key, rate)| share(subject, key, &stage.name, rate)).collect()
        })
        .collect()
}

fn share<'p>(
    subject: Subject,
    key: &'static str,
    name: &'p str,
    value: Option<&'p Placed<Share>>,
) -> Option<Stated<'p>> {
    let value = value?;
    Some(Stated { subject, key, name, place: value.whole(), quantity: value.quantity() })
}
