//! How likely a goal is: its funnels with every range drawn instead of taken for its middle.
//!
//! # The model
//! A quantity that the plan gives as a range is one of which people are 90% sure: its ends are the 5th and the 95th
//! percentile. Volumes and values are log-normal (they multiply, and never fall below nothing), rates logit-normal (they stay
//! between none and all; one that may be over all, where one brings several, is log-normal too). What the plan gives as one
//! number is that number. Each quantity of a funnel is independent of the others, unless a correlation between neighbouring
//! stages is set: then what enters and the rates, in order, are each correlated so much with the one before (on the normal
//! scale, as a first-order autoregression).
//!
//! Where nothing is added up and the quantities are independent, the chance of the product is worked out: in closed form where all of
//! it is log-normal, by integration where a rate or two are drawn as well. Elsewhere it is counted over draws.

use std::cell::OnceCell;

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use statrs::distribution::{ContinuousCDF, Normal};

use super::funnel::{FunnelModel, Input};
use super::interval::Interval;
use crate::settings::{DRAWS, STAGE_CORRELATION, Settings};

/// How far the ends of a 90% interval lie from its middle, in standard deviations: the 95th percentile of the normal distribution.
const Z_95: f64 = 1.644_853_626_951_472_2;

/// A rate's ends are kept this far from none and all, where the logit has no value; nearer only where the whole range lies
/// nearer, as a rate of clicks may.
const RATE_MARGIN: f64 = 1e-3;

/// That distance is at most this share of the range's other end's.
const LEAST_OF_RATE: f64 = 1e-2;

/// An amount's lower end is at least this share of the upper one: nothing has no logarithm.
const LEAST_OF_AMOUNT: f64 = 1e-3;

/// Draws that rank correlations are computed on: more would not show in their two digits.
const RANKED: usize = 10_000;

/// Numbers that are kept at once for that: a plan of thousands of funnels is ranked on fewer draws.
const MOST_KEPT: usize = 4_000_000;

/// Quantities of one plan that are drawn as often as the settings say.
const DRAWN_IN_FULL: usize = 200;

/// Draws on which ranks still tell something.
const LEAST_RANKED: usize = 100;

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawing {
    /// How many times.
    pub draws: usize,
    /// Where the random numbers begin: the same seed gives the same forecast.
    pub seed: u64,
    /// How much each stage goes with the one before, from -1 to 1.
    pub correlation: f64,
}

/// Where the random numbers of every forecast begin, so that the same plan always has the same one.
pub const SEED: u64 = 1;

impl Drawing {
    /// As the settings have it.
    pub fn new(settings: &Settings) -> Self {
        let draws = settings.convention(&DRAWS) as usize;
        Self { draws, seed: SEED, correlation: settings.convention(&STAGE_CORRELATION) }
    }

    /// With fewer draws where a plan has so many quantities to draw that it would take seconds.
    #[must_use]
    pub fn shared_by(self, quantities: usize) -> Self {
        let fewer = self.draws.saturating_mul(DRAWN_IN_FULL) / quantities.max(1);
        Self { draws: fewer.max(LEAST_RANKED).min(self.draws), ..self }
    }
}

/// What a goal's funnels are likely to bring.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The chance of reaching the goal, 0 to 1.
    pub chance: f64,
    /// What is reached in nine of ten cases, in one of two, and in one of ten.
    pub p10_p50_p90: [f64; 3],
    /// How many draws end in each of equal steps, about from the 1st to the 99th percentile; those beyond are in the outermost.
    pub histogram: Histogram,
    /// What moves the result most: by rank correlation with it, the strongest first.
    pub drivers: Vec<Driver>,
}

/// Counts by equal steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Where the first step begins.
    pub from: f64,
    /// How wide each is.
    pub step: f64,
    /// Draws in each.
    pub counts: Vec<usize>,
}

/// A quantity that is drawn, and how much it moves the result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driver {
    /// The funnel, by its place among the goal's.
    pub funnel: usize,
    /// Which of its quantities.
    pub input: Input,
    /// Spearman's rank correlation with the result, -1 to 1.
    pub correlation: f64,
}

/// A goal with the funnels that fill it.
#[derive(Debug, Clone, PartialEq)]
pub struct GoalModel {
    /// The funnels. The goal's open pipeline is in the first alone.
    pub funnels: Vec<FunnelModel>,
    /// What the goal needs.
    pub need: f64,
}

/// A quantity as it is drawn.
#[derive(Debug, Clone, Copy)]
enum Draw {
    Fixed(f64),
    LogNormal { mu: f64, sigma: f64 },
    LogitNormal { mu: f64, sigma: f64 },
}

impl Draw {
    fn new(input: Input, range: Interval) -> Self {
        if range.is_point() {
            return Self::Fixed(range.low());
        }
        if input.is_rate() && range.high() <= 1.0 {
            let margin = |other_end: f64| RATE_MARGIN.min(other_end * LEAST_OF_RATE);
            let low = range.low().max(margin(range.high()));
            let high = range.high().min(1.0 - margin(1.0 - range.low()));
            let logit = |rate: f64| (rate / (1.0 - rate)).ln();
            let (mu, sigma) = normal(logit(low), logit(high));
            Self::LogitNormal { mu, sigma }
        } else {
            let (mu, sigma) = normal(range.low().max(range.high() * LEAST_OF_AMOUNT).ln(), range.high().ln());
            Self::LogNormal { mu, sigma }
        }
    }

    fn at(self, deviation: f64) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::LogNormal { mu, sigma } => (mu + sigma * deviation).exp(),
            Self::LogitNormal { mu, sigma } => 1.0 / (1.0 + (-mu - sigma * deviation).exp()),
        }
    }

    fn is_fixed(self) -> bool {
        matches!(self, Self::Fixed(_))
    }
}

/// Mean and standard deviation of the normal distribution whose 90% interval lies between these ends.
fn normal(low: f64, high: f64) -> (f64, f64) {
    (low / 2.0 + high / 2.0, (high - low) / (2.0 * Z_95))
}

/// One funnel, ready to be drawn.
struct DrawnFunnel<'m> {
    model: &'m FunnelModel,
    /// Every quantity, in the order of the inputs; those that are drawn as the last draw had them.
    values: Vec<f64>,
    drawn: Vec<DrawnInput>,
}

/// A quantity that is drawn.
struct DrawnInput {
    input: Input,
    draw: Draw,
    /// Where it stands among the inputs.
    at: usize,
    /// What the first draws gave.
    kept: Vec<f64>,
}

impl<'m> DrawnFunnel<'m> {
    fn new(model: &'m FunnelModel) -> Self {
        let inputs = model.inputs().into_iter().map(|(input, range)| (input, Draw::new(input, range)));
        let inputs: Vec<(Input, Draw)> = inputs.collect();
        let values = inputs.iter().map(|(_, draw)| draw.at(0.0)).collect();
        let drawn = inputs.into_iter().enumerate().filter(|(_, (_, draw))| !draw.is_fixed());
        let drawn = drawn.map(|(at, (input, draw))| DrawnInput { input, draw, at, kept: Vec::new() }).collect();
        Self { model, values, drawn }
    }

    /// Draws every quantity, and says what the funnel yields with them.
    fn draw(&mut self, random: &mut Xoshiro256PlusPlus, correlation: Correlation, is_kept: bool) -> f64 {
        let mut before: Option<f64> = None;
        for drawn in &mut self.drawn {
            let fresh: f64 = StandardNormal.sample(random);
            let deviation = match before.filter(|_| drawn.input.is_stage()) {
                Some(before) => correlation.with_before * before + correlation.own * fresh,
                None => fresh,
            };
            if drawn.input.is_stage() {
                before = Some(deviation);
            }
            let value = drawn.draw.at(deviation);
            if let Some(slot) = self.values.get_mut(drawn.at) {
                *slot = value;
            }
            if is_kept {
                drawn.kept.push(value);
            }
        }
        self.yielded()
    }

    fn yielded(&self) -> f64 {
        // The model asks for its quantities in the order in which it lists them.
        let next = std::cell::Cell::new(0);
        let pick = |_: Input, _: Interval| {
            let at = next.get();
            next.set(at + 1);
            self.values.get(at).copied().unwrap_or_default()
        };
        self.model.yielded(pick, |_| {})
    }
}

/// How much of a stage's deviation goes with the one before, and how much is its own.
#[derive(Clone, Copy)]
struct Correlation {
    with_before: f64,
    own: f64,
}

impl Correlation {
    fn new(with_before: f64) -> Self {
        Self { with_before, own: (1.0 - with_before * with_before).max(0.0).sqrt() }
    }
}

impl GoalModel {
    /// Whether anything of it is a range.
    pub fn has_ranges(&self) -> bool {
        self.funnels.iter().any(|funnel| funnel.inputs().iter().any(|(_, range)| !range.is_point()))
    }

    /// How many quantities of it are ranges.
    pub fn ranges(&self) -> usize {
        let ranges = |funnel: &FunnelModel| funnel.inputs().iter().filter(|(_, range)| !range.is_point()).count();
        self.funnels.iter().map(ranges).sum()
    }

    /// The whole forecast, its histogram in about so many steps; `None` without a single draw.
    pub fn forecast(&self, drawing: Drawing, steps: usize) -> Option<Forecast> {
        self.drawn(drawing).forecast(steps)
    }

    /// The goal, to be drawn when that is needed, and once.
    pub fn drawn(&self, drawing: Drawing) -> Drawn<'_> {
        Drawn { model: self, drawing, worked_out: OnceCell::new(), draws: OnceCell::new() }
    }

    /// The chance without drawing, where what is drawn is independent and only multiplied, and the product can be integrated well.
    fn worked_out(&self, drawing: Drawing) -> Option<f64> {
        let [model] = self.funnels.as_slice() else { return None };
        let adds = model.pipeline.is_some() || model.stages.iter().any(|stage| stage.also_from.is_some());
        let draws = || model.inputs().into_iter().map(|(input, range)| (input, Draw::new(input, range)));
        // With one stage that is drawn there is nothing for it to be correlated with.
        let drawn_stages = || draws().filter(|(input, draw)| input.is_stage() && !draw.is_fixed()).count();
        if adds || (drawing.correlation != 0.0 && drawn_stages() > 1) {
            return None;
        }
        let mut product = Product { log: model.in_time.ln(), variance: 0.0, rates: Vec::new() };
        for (_, draw) in draws() {
            match draw {
                Draw::Fixed(value) => product.log += value.ln(),
                Draw::LogNormal { mu, sigma } => {
                    product.log += mu;
                    product.variance += sigma * sigma;
                }
                Draw::LogitNormal { mu, sigma } => product.rates.push(Factor::Rate { mu, sigma }),
            }
        }
        product.chance_of(self.need.ln(), drawing.draws)
    }

    /// Draws the goal's result so many times.
    fn draws(&self, drawing: Drawing) -> Draws {
        let mut funnels: Vec<DrawnFunnel<'_>> = self.funnels.iter().map(DrawnFunnel::new).collect();
        let inputs: usize = funnels.iter().map(|funnel| funnel.values.len()).sum();
        let ranked = RANKED.min((MOST_KEPT / inputs.max(1)).max(LEAST_RANKED)).min(drawing.draws);
        for drawn in funnels.iter_mut().flat_map(|funnel| &mut funnel.drawn) {
            drawn.kept.reserve_exact(ranked);
        }
        let correlation = Correlation::new(drawing.correlation);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(drawing.seed);
        let mut draw =
            |at| -> f64 { funnels.iter_mut().map(|funnel| funnel.draw(&mut random, correlation, at < ranked)).sum() };
        let results = (0..drawing.draws).map(&mut draw).collect();
        let columns = funnels.into_iter().enumerate().flat_map(|(funnel, drawn)| {
            let column = move |DrawnInput { input, kept: values, .. }| Column { funnel, input, values };
            drawn.drawn.into_iter().map(column)
        });
        Draws { results, columns: columns.collect() }
    }
}

/// A product of independent factors.
struct Product {
    /// The logarithm of all that is fixed, with the middles of what is log-normal.
    log: f64,
    /// How far what is log-normal spreads, all together: the variance of its logarithm.
    variance: f64,
    /// What lies between none and all.
    rates: Vec<Factor>,
}

/// A factor of a product, by the distribution of its logarithm.
#[derive(Debug, Clone, Copy)]
enum Factor {
    /// Log-normal around 1.
    Amount { sigma: f64 },
    /// Logit-normal.
    Rate { mu: f64, sigma: f64 },
}

impl Factor {
    /// The logarithm, so many standard deviations from the middle.
    fn log_at(self, deviation: f64) -> f64 {
        match self {
            Self::Amount { sigma } => sigma * deviation,
            Self::Rate { mu, sigma } => -(-mu - sigma * deviation).exp().ln_1p(),
        }
    }

    /// How likely its logarithm is at least so much.
    fn chance_of(self, log: f64, standard: &Normal) -> f64 {
        match self {
            Self::Amount { sigma } => standard.sf(log / sigma),
            Self::Rate { .. } if log >= 0.0 => 0.0,
            // The logit of a rate, from its logarithm.
            Self::Rate { mu, sigma } => standard.sf((log - (-log.exp_m1()).ln() - mu) / sigma),
        }
    }

    /// How far its logarithm goes within a standard deviation, at such a place.
    fn spread_at(self, deviation: f64) -> f64 {
        match self {
            Self::Amount { sigma } => sigma,
            Self::Rate { mu, sigma } => sigma / (1.0 + (mu + sigma * deviation).exp()),
        }
    }

    /// The least that it goes within a standard deviation, and the most: a rate near all hardly changes any more.
    fn least_and_most_spread(self) -> (f64, f64) {
        (self.spread_at(FAR), self.spread_at(-FAR))
    }
}

/// So many standard deviations from the middle nothing is left that would be seen.
const FAR: f64 = 5.0;

impl Product {
    /// How likely the product's logarithm is at least so much. One factor is integrated in closed form, over the others runs the
    /// trapezoidal rule, which for something as smooth as a normal density is exact to many digits: as long as no step of theirs is longer
    /// than the closed form is wide anywhere. `None` where that takes more steps than drawing would take draws, and where something is
    /// not finite.
    fn chance_of(self, log: f64, draws: usize) -> Option<f64> {
        const LONGEST_STEP: f64 = 0.5;
        const MOST_STEPS: usize = 2_000;
        let Self { log: fixed, variance, rates: mut factors } = self;
        if variance > 0.0 {
            factors.push(Factor::Amount { sigma: variance.sqrt() });
        }
        let least = |factor: &Factor| factor.least_and_most_spread().0;
        let widest = (0..factors.len()).max_by(|one, other| {
            let least = |at: &usize| factors.get(*at).map_or(0.0, least);
            least(one).total_cmp(&least(other))
        })?;
        let widest = factors.swap_remove(widest);
        let steps = factors.iter().map(|factor| {
            let step = (least(&widest) / factor.least_and_most_spread().1).min(LONGEST_STEP);
            (*factor, (FAR / step).ceil())
        });
        let steps: Vec<(Factor, f64)> = steps.collect();
        let evaluations: f64 = steps.iter().map(|(_, steps)| 2.0 * steps + 1.0).product();
        if evaluations.is_nan() || evaluations > MOST_STEPS.min(draws) as f64 {
            return None;
        }
        let chance = Self::integrated(&steps, widest, log - fixed, &Normal::standard());
        Some(chance).filter(|chance| (0.0..=1.0).contains(chance) && (log - fixed).is_finite())
    }

    fn integrated(factors: &[(Factor, f64)], widest: Factor, left: f64, standard: &Normal) -> f64 {
        let Some(((factor, steps), others)) = factors.split_first() else { return widest.chance_of(left, standard) };
        let at = |step: i32| {
            let deviation = f64::from(step) * FAR / steps;
            let density = (-deviation * deviation / 2.0).exp();
            (density, density * Self::integrated(others, widest, left - factor.log_at(deviation), standard))
        };
        let most = *steps as i32;
        let (all, reached) = (-most..=most).map(at).fold((0.0, 0.0), |sums, next| (sums.0 + next.0, sums.1 + next.1));
        reached / all
    }
}

/// A goal that is drawn when that is needed, and once.
#[derive(Debug)]
pub struct Drawn<'m> {
    /// The goal with its funnels.
    pub model: &'m GoalModel,
    drawing: Drawing,
    worked_out: OnceCell<Option<f64>>,
    draws: OnceCell<Draws>,
}

/// What was drawn.
#[derive(Debug)]
struct Draws {
    /// What the goal reached in each draw.
    results: Vec<f64>,
    /// What each quantity was in the first of them.
    columns: Vec<Column>,
}

/// A quantity that is drawn.
#[derive(Debug)]
struct Column {
    /// The funnel, by its place among the goal's.
    funnel: usize,
    input: Input,
    values: Vec<f64>,
}

impl Drawn<'_> {
    /// The chance of reaching the goal: worked out where that can be done well, else counted.
    pub fn chance(&self) -> f64 {
        self.worked_out().unwrap_or_else(|| self.counted())
    }

    /// Whether the chance lies between two bounds beyond doubt, so that it need not be counted closely: a twentieth or a fifth of the
    /// draws tells it where it is five standard errors away from both. Not where it can be worked out.
    pub(crate) fn is_clearly_between(&self, [low, high]: [f64; 2]) -> bool {
        const ERRORS: f64 = 5.0;
        const PARTS: [usize; 2] = [20, 5];
        let is_clear = |part: usize| {
            let few = Drawing { draws: self.drawing.draws / part, ..self.drawing };
            let chance = self.model.drawn(few).counted();
            let margin = ERRORS * (chance * (1.0 - chance) / few.draws.max(1) as f64).sqrt();
            chance - margin > low && chance + margin < high
        };
        self.worked_out().is_none() && PARTS.into_iter().any(is_clear)
    }

    fn worked_out(&self) -> Option<f64> {
        *self.worked_out.get_or_init(|| self.model.worked_out(self.drawing))
    }

    /// What is reached in nine of ten cases, in one of two, and in one of ten; `None` without a single draw.
    pub fn p10_p50_p90(&self) -> Option<[f64; 3]> {
        let mut results = self.draws().results.clone();
        let [low, middle, high] = [0.10, 0.50, 0.90].map(|share| percentile(&mut results, share));
        Some([low?, middle?, high?])
    }

    /// What moves the result most.
    pub fn driver(&self) -> Option<Driver> {
        let Draws { results, columns } = self.draws();
        drivers(results, columns).first().copied()
    }

    /// The whole forecast, its histogram in about so many steps; `None` without a single draw.
    pub fn forecast(&self, steps: usize) -> Option<Forecast> {
        let Draws { results, columns } = self.draws();
        let mut ordered = results.clone();
        let [first, last] = [0.01, 0.99].map(|share| percentile(&mut ordered, share));
        Some(Forecast {
            chance: self.counted(),
            p10_p50_p90: self.p10_p50_p90()?,
            histogram: Histogram::new(results, first?, last?, steps),
            drivers: drivers(results, columns),
        })
    }

    /// The share of the draws that reach the goal.
    fn counted(&self) -> f64 {
        let results = &self.draws().results;
        let reached = results.iter().filter(|result| **result >= self.model.need).count();
        reached as f64 / results.len().max(1) as f64
    }

    fn draws(&self) -> &Draws {
        self.draws.get_or_init(|| self.model.draws(self.drawing))
    }
}

/// How each quantity that is drawn goes with the result, in the first draws.
fn drivers(results: &[f64], columns: &[Column]) -> Vec<Driver> {
    let ranked = columns.first().map_or(0, |column| column.values.len());
    let of_result = ranks(results.get(..ranked).unwrap_or_default());
    let driver = |column: &Column| Driver {
        funnel: column.funnel,
        input: column.input,
        correlation: pearson(&ranks(&column.values), &of_result),
    };
    let mut drivers: Vec<Driver> = columns.iter().map(driver).collect();
    drivers.sort_by(|one, other| other.correlation.abs().total_cmp(&one.correlation.abs()));
    drivers
}

impl Histogram {
    /// Round steps, about so many of them between these ends.
    fn new(results: &[f64], from: f64, to: f64, steps: usize) -> Self {
        let step = round_step((to - from) / steps.max(1) as f64);
        let from = (from / step).floor() * step;
        let steps = ((to - from) / step).ceil().max(1.0) as usize;
        let mut counts = vec![0; steps];
        for result in results {
            let at = (((result - from) / step).max(0.0) as usize).min(steps - 1);
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        Self { from, step, counts }
    }
}

/// A step that people count in, 1, 2, 2.5 or 5 times a power of ten, about as wide or wider.
fn round_step(step: f64) -> f64 {
    const NARROWER: f64 = 0.85;
    if !(step.is_finite() && step > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(step.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    steps.into_iter().find(|round| *round >= step * NARROWER).unwrap_or(step)
}

/// The value below which a share of the results lies. It reorders them.
fn percentile(results: &mut [f64], share: f64) -> Option<f64> {
    let last = results.len().checked_sub(1)?;
    let at = (share * last as f64).round() as usize;
    let (_, value, _) = results.select_nth_unstable_by(at, f64::total_cmp);
    Some(*value)
}

/// The rank of each value. Those that are alike, as where a cycle lets nothing through, have the same.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
    radsort::sort_by_key(&mut order, |(value, _)| *value);
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for alike in order.chunk_by(|(one, _), (other, _)| one == other) {
        let rank = below as f64 + (alike.len() - 1) as f64 / 2.0;
        for (_, at) in alike {
            if let Some(slot) = ranks.get_mut(*at as usize) {
                *slot = rank;
            }
        }
        below += alike.len();
    }
    ranks
}

/// Pearson's correlation; of ranks it is Spearman's.
fn pearson(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (of_one, of_other) = (mean(one), mean(other));
    let pairs = one.iter().zip(other).map(|(one, other)| (one - of_one, other - of_other));
    let (both, own, others) = pairs.fold((0.0, 0.0, 0.0), |(both, own, others), (one, other)| {
        (both + one * other, own + one * one, others + other * other)
    });
    let spread = (own * others).sqrt();
    if spread > 0.0 { both / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::funnel::StageModel;

    const USUAL: Drawing = Drawing { draws: 200_000, seed: 7, correlation: 0.0 };

    fn range(low: f64, high: f64) -> Interval {
        Interval::new(low, high).unwrap()
    }

    fn model(volume: Interval, rates: &[Interval], value: Interval) -> FunnelModel {
        let stage = |rate: Option<Interval>| StageModel { to_next: rate, also_from: None };
        FunnelModel {
            volume,
            stages: rates.iter().copied().map(Some).chain([None]).map(stage).collect(),
            value: Some(value),
            in_time: 1.0,
            pipeline: None,
            need: 600_000.0,
        }
    }

    fn goal(funnel: FunnelModel) -> GoalModel {
        GoalModel { need: funnel.need, funnels: vec![funnel] }
    }

    /// The ranges look fine as points: the middles of all of them yield 605k.
    fn fine_as_points() -> GoalModel {
        let rates = [range(0.17, 0.33), range(0.42, 0.68), range(0.15, 0.29)];
        goal(model(range(850.0, 1_100.0), &rates, range(17_000.0, 24_000.0)))
    }

    #[test]
    fn a_goal_that_looks_fine_as_points_has_well_under_an_even_chance() {
        let goal = fine_as_points();
        let as_points = goal.funnels[0].figures(0.0).yields;
        assert_eq!((as_points / 1e3).round(), 605.0);
        let forecast = goal.forecast(USUAL, 20).unwrap();
        // By the same distributions in another language, with another generator and two million draws. The tolerance is three
        // standard errors of the difference.
        const REFERENCE: f64 = 0.3825;
        let error = (REFERENCE * (1.0 - REFERENCE) * (1.0 / USUAL.draws as f64 + 1.0 / 2e6)).sqrt();
        assert!((forecast.chance - REFERENCE).abs() < 3.0 * error, "{}", forecast.chance);
        assert!(forecast.p10_p50_p90[1] < 600_000.0);
    }

    #[test]
    fn what_is_drawn_matches_the_exact_chance_of_a_product_of_log_normals() {
        let fixed = [range(0.25, 0.25), range(0.55, 0.55), range(0.22, 0.22)];
        let goal = goal(model(range(850.0, 1_100.0), &fixed, range(15_000.0, 24_000.0)));
        let exact = goal.worked_out(USUAL).unwrap();
        // Three standard errors of a share over 200,000 draws.
        let tolerance = 3.0 * (0.25 / USUAL.draws as f64).sqrt();
        let drawn = goal.forecast(USUAL, 20).unwrap().chance;
        assert!((drawn - exact).abs() < tolerance, "{drawn} and {exact}");
        // ln(volume · value · rates) is normal: by hand.
        let mu =
            (850.0_f64 * 1_100.0).ln() / 2.0 + (15_000.0_f64 * 24_000.0).ln() / 2.0 + (0.25_f64 * 0.55 * 0.22).ln();
        let sigma = ((1_100.0_f64 / 850.0).ln().powi(2) + (24.0_f64 / 15.0).ln().powi(2)).sqrt() / (2.0 * Z_95);
        assert_eq!(format!("{exact:.6}"), format!("{:.6}", Normal::new(mu, sigma).unwrap().sf(600_000.0_f64.ln())));
    }

    #[test]
    fn what_is_drawn_matches_the_exact_chance_of_rates_and_amounts() {
        let point = |value| range(value, value);
        for (volume, rates, value) in [
            (range(850.0, 1_100.0), vec![range(0.20, 0.28), range(0.42, 0.58)], point(5_000.0)),
            (point(1_000.0), vec![range(0.24, 0.26), range(0.05, 0.9)], point(20_000.0)),
            (point(1_000.0), vec![range(0.25, 0.95)], point(1_300.0)),
            (range(10.0, 3_000.0), vec![range(0.24, 0.26)], point(3_000.0)),
            (range(900.0, 1_115.0), vec![range(0.4, 0.7)], point(1_100.0)),
            (point(1_000.0), vec![range(0.9995, 0.9999), range(0.55, 0.65)], point(1_000.0)),
        ] {
            let goal = goal(model(volume, &rates, value));
            let exact = goal.worked_out(USUAL).unwrap();
            let drawn = goal.forecast(USUAL, 20).unwrap().chance;
            let error = (exact * (1.0 - exact) / USUAL.draws as f64).sqrt();
            assert!((drawn - exact).abs() < 3.5 * error, "{drawn} and {exact}");
        }
    }

    #[test]
    fn what_cannot_be_integrated_well_is_drawn() {
        let point = |value| range(value, value);
        for (volume, rates, value, need) in [
            // Near all, a rate changes by more than the volume is wide.
            (range(999.0, 1_001.0), vec![range(0.1, 0.99)], point(1_000.0), 600_000.0),
            (point(1_000.0), vec![range(0.9, 1.0), range(0.0, 1.0)], point(1_200.0), 600_000.0),
            (point(1_000.0), vec![range(0.1, 0.3); 5], point(1_200.0), 600_000.0),
            (range(900.0, 1_100.0), vec![range(0.1, 0.3)], point(1_000.0), 0.0),
            (range(900.0, 1_100.0), vec![range(0.1, 0.3)], point(0.0), 1.0),
            (point(1_000.0), vec![range(0.999_999_999_999_999, 1.0)], point(1_000.0), 600_000.0),
        ] {
            let goal = GoalModel { need, ..goal(model(volume, &rates, value)) };
            assert_eq!(goal.worked_out(USUAL), None, "{goal:?}");
            let drawn = Drawing { draws: 1_000, ..USUAL };
            assert!((0.0..=1.0).contains(&goal.drawn(drawn).chance()));
        }
        let goal = goal(model(point(1_000.0), &[range(0.5, 0.9), range(0.5, 0.9)], point(1_000.0)));
        assert!(goal.worked_out(USUAL).is_some());
        assert_eq!(goal.worked_out(Drawing { draws: 100, ..USUAL }), None);
    }

    #[test]
    fn integration_gives_what_the_closed_form_gives() {
        let standard = Normal::standard();
        for (own, other, left) in [(0.3, 0.1, 0.2), (0.3, 0.3, -0.4), (1.5, 1.4, 0.9)] {
            let both = Factor::Amount { sigma: f64::hypot(own, other) }.chance_of(left, &standard);
            let factors = [(Factor::Amount { sigma: other }, 10.0)];
            let integrated = Product::integrated(&factors, Factor::Amount { sigma: own }, left, &standard);
            assert!((both - integrated).abs() < 1e-6, "{both} and {integrated}");
        }
    }

    #[test]
    fn a_finer_integration_gives_the_same() {
        let standard = Normal::standard();
        let rates = [(-1.0, 0.4), (0.0, 0.2), (2.0, 0.7)].map(|(mu, sigma)| Factor::Rate { mu, sigma });
        for rate in rates {
            for left in [-2.0, -1.0, -0.5, -0.2, -0.1] {
                let chance =
                    |log: f64, variance: f64| Product { log, variance, rates: vec![rate] }.chance_of(left, 10_000);
                let Some(coarse) = chance(0.0, 0.04) else { continue };
                let fine = Product::integrated(&[(rate, 2_000.0)], Factor::Amount { sigma: 0.2 }, left, &standard);
                assert!((coarse - fine).abs() < 1e-6, "{coarse} and {fine} for {rate:?} at {left}");
            }
        }
    }

    #[test]
    fn the_middle_of_a_rate_is_reached_half_the_time() {
        let standard = Normal::standard();
        let rate = Factor::Rate { mu: -1.3, sigma: 0.4 };
        assert!((rate.chance_of(rate.log_at(0.0), &standard) - 0.5).abs() < 1e-12);
        assert!((rate.chance_of(rate.log_at(1.0), &standard) - standard.sf(1.0)).abs() < 1e-12);
        assert_eq!(rate.chance_of(0.0, &standard), 0.0);
    }

    #[test]
    fn stages_that_move_together_have_no_exact_chance() {
        // A rate that may be over all is log-normal, as what enters is: together they are no longer independent factors.
        let goal = goal(model(range(850.0, 1_100.0), &[range(0.5, 1.5)], range(600.0, 600.0)));
        assert!(goal.worked_out(USUAL).is_some());
        assert_eq!(goal.worked_out(Drawing { correlation: 0.5, ..USUAL }), None);
    }

    #[test]
    fn nine_in_ten_draws_of_a_range_lie_within_it() {
        for (input, low, high) in [
            (Input::Volume, 850.0, 1_100.0),
            (Input::Rate(0), 0.10, 0.15),
            (Input::Rate(0), 0.85, 0.99),
            (Input::Rate(0), 0.0001, 0.0005),
            (Input::Rate(0), 0.9995, 0.9999),
            (Input::Rate(0), 0.5, 1.5),
        ] {
            let draw = Draw::new(input, range(low, high));
            let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
            let within =
                (0..100_000).filter(|_| (low..=high).contains(&draw.at(StandardNormal.sample(&mut random)))).count();
            assert!((89_500..90_500).contains(&within), "{within} of {low}..{high}");
        }
    }

    #[test]
    fn the_widest_range_moves_the_result_most() {
        let rates = [range(0.10, 0.40), range(0.54, 0.56), range(0.20, 0.24)];
        let forecast =
            goal(model(range(950.0, 1_050.0), &rates, range(20_000.0, 20_000.0))).forecast(USUAL, 20).unwrap();
        assert_eq!(forecast.drivers[0].input, Input::Rate(0));
        assert!(forecast.drivers[0].correlation > 0.9);
        assert_eq!(forecast.drivers.len(), 4);
    }

    #[test]
    fn stages_that_move_together_spread_the_result() {
        let spread = |correlation| {
            let [low, _, high] = fine_as_points().forecast(Drawing { correlation, ..USUAL }, 20).unwrap().p10_p50_p90;
            high - low
        };
        assert!(spread(0.5) > spread(0.0) && spread(-0.5) < spread(0.0));
    }

    #[test]
    fn the_same_seed_gives_the_same_forecast_and_every_draw_is_in_the_histogram() {
        let forecast = |seed| fine_as_points().forecast(Drawing { seed, draws: 10_000, ..USUAL }, 20).unwrap();
        assert_eq!(forecast(3), forecast(3));
        assert_ne!(forecast(3), forecast(4));
        assert_eq!(forecast(3).histogram.counts.iter().sum::<usize>(), 10_000);
    }

    #[test]
    fn a_plan_of_very_many_ranges_is_drawn_less_often() {
        let draws = |quantities| USUAL.shared_by(quantities).draws;
        assert_eq!([draws(0), draws(200), draws(400), draws(100_000_000)], [200_000, 200_000, 100_000, 100]);
        assert_eq!(Drawing { draws: 50, ..USUAL }.shared_by(1_000_000).draws, 50);
    }

    #[test]
    fn ends_of_none_and_all_are_drawn_as_well() {
        let rates = [range(0.0, 1.0), range(0.0, 0.5), range(0.5, 1.0)];
        let forecast = goal(model(range(0.0, 1_000.0), &rates, range(1.0, 2.0))).forecast(USUAL, 20).unwrap();
        assert!(forecast.p10_p50_p90.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn nothing_moves_a_result_that_is_always_the_same() {
        let mut funnel = model(range(100.0, 200.0), &[range(0.1, 0.3)], range(20_000.0, 20_000.0));
        funnel.in_time = 0.0;
        let forecast = goal(funnel).forecast(USUAL, 20).unwrap();
        assert!(forecast.drivers.iter().all(|driver| driver.correlation == 0.0), "{:?}", forecast.drivers);
    }

    #[test]
    fn without_ranges_the_goal_is_reached_or_is_not() {
        let fixed = [range(0.25, 0.25), range(0.55, 0.55), range(0.22, 0.22)];
        let goal = goal(model(range(1_000.0, 1_000.0), &fixed, range(20_000.0, 20_000.0)));
        assert!(!goal.has_ranges());
        assert_eq!(goal.forecast(Drawing { draws: 100, ..USUAL }, 20).map(|forecast| forecast.chance), Some(1.0));
    }
}
