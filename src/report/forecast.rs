//! The forecast of a plan's goals: for people, and as JSON.

use comfy_table::{Cell, CellAlignment};
use owo_colors::Style;
use schemars::JsonSchema;
use serde::Serialize;

use super::columns::{bar, lines, new_table};
use super::head::plan_head;
use super::text::{View, clean, clip};
use crate::audit::{PlanReport, Report};
use crate::facts::Facts;
use crate::facts::forecast::{Drawing, Forecast, GoalModel};
use crate::facts::funnel::{Input, Missing};
use crate::facts::interval::Interval;
use crate::plan::{MetricRef, Plan, Subject};
use crate::wording::{Figure, count, list, money, odds};

/// Rows of the histogram.
const STEPS: usize = 12;

/// Quantities that are listed as moving the result; those after them move it little.
const MOST_DRIVERS: usize = 8;

/// Columns below which bars beside a table leave no room for its words.
const NARROW: usize = 60;

/// Columns of a quantity's name.
const LONGEST_QUANTITY: usize = 48;

/// Columns of the longest bar.
const BAR: usize = 30;

/// One goal of a plan, with what can be said of its odds.
pub(super) struct GoalForecast<'p> {
    facts: &'p Facts,
    goal: MetricRef,
    pub(super) said: Said,
}

/// What can be said of a goal's odds.
pub(super) enum Said {
    /// It has no funnel.
    NoFunnel,
    /// Its funnels lack something.
    Lacks(Missing),
    /// Its funnels hold one number for each quantity: what they yield.
    OneNumber(GoalModel, f64),
    /// What they are likely to bring.
    Likely(GoalModel, Forecast),
}

impl<'p> GoalForecast<'p> {
    /// The plan's goals, last those of plans that it extends. Each is drawn when it is asked for.
    pub(super) fn all(plan: &'p PlanReport, drawing: Drawing) -> impl Iterator<Item = Self> {
        let facts = &plan.facts;
        let goals = (0..facts.plan.goals.len()).map(MetricRef::goal);
        // A funnel may fill a goal of a plan that this one extends.
        let filled = facts.plan.funnels.iter().filter_map(|funnel| facts.plan.metric(&funnel.goal));
        let mut all: Vec<MetricRef> = goals.collect();
        for goal in filled {
            if !all.contains(&goal) {
                all.push(goal);
            }
        }
        all.into_iter().map(move |goal| Self { facts, goal, said: Self::say(facts, goal, drawing) })
    }

    fn say(facts: &Facts, goal: MetricRef, drawing: Drawing) -> Said {
        match facts.goal_model(goal) {
            None => Said::NoFunnel,
            Some(Err(missing)) => Said::Lacks(missing),
            Some(Ok(model)) if !model.has_ranges() => {
                let yields = model.funnels.iter().map(|funnel| funnel.figures(0.0).yields).sum();
                Said::OneNumber(model, yields)
            }
            Some(Ok(model)) => match model.forecast(drawing, STEPS) {
                Some(forecast) => Said::Likely(model, forecast),
                None => Said::Lacks(Missing::new()),
            },
        }
    }

    /// The goal's name.
    pub(super) fn name(&self) -> &'p str {
        self.facts.plan.metric_name(self.goal)
    }

    /// A result in the goal's unit.
    pub(super) fn amount(model: &GoalModel, value: f64) -> String {
        let counts = model.funnels.iter().all(|funnel| funnel.value.is_none());
        if counts { count(value.round()) } else { money(value) }
    }

    /// The funnel among the goal's, as the plan has it.
    fn funnel(&self, number: usize) -> Option<&crate::plan::Funnel> {
        let at = self.facts.funnels_of(self.goal).nth(number)?;
        self.facts.plan.funnels.get(at).map(|funnel| &**funnel)
    }

    /// A quantity by its name: "SQL → Opportunity".
    fn quantity(&self, funnel: usize, input: Input) -> String {
        let stage = |at: usize| {
            let stages = self.funnel(funnel).map(|funnel| &funnel.stages);
            stages.and_then(|stages| stages.get(at)).map_or("", |stage| stage.value.name.as_str())
        };
        match input {
            Input::Volume => stage(0).to_owned(),
            Input::Rate(at) => format!("{} → {}", stage(at), stage(at + 1)),
            Input::AlsoFrom(at) => format!("{} from elsewhere", stage(at)),
            Input::Value => {
                let last = self.funnel(funnel).map_or(0, |funnel| funnel.stages.len().saturating_sub(1));
                format!("value of one {}", stage(last))
            }
            Input::Pipeline => "open pipeline".to_owned(),
            Input::Conversion => "pipeline conversion".to_owned(),
        }
    }

    /// The key of the plan that holds a quantity.
    fn key(input: Input) -> &'static str {
        match input {
            Input::Volume => "volume",
            Input::Rate(_) => "to_next",
            Input::AlsoFrom(_) => "also_from",
            Input::Value => "value",
            Input::Pipeline => "pipeline",
            Input::Conversion => "pipeline_conversion",
        }
    }

    /// The quantities that move the result most, and how many move it less.
    pub(super) fn moves_it_most(&self, model: &GoalModel, forecast: &Forecast) -> (Vec<Mover>, usize) {
        let (shown, rest) = forecast.drivers.split_at(forecast.drivers.len().min(MOST_DRIVERS));
        let movers = shown.iter().map(|driver| Mover {
            quantity: self.quantity(driver.funnel, driver.input),
            given: Self::range(model, driver.funnel, driver.input)
                .map(|range| written(driver.input, range))
                .unwrap_or_default(),
            correlation: driver.correlation,
        });
        (movers.collect(), rest.len())
    }

    fn range(model: &GoalModel, funnel: usize, input: Input) -> Option<Interval> {
        let inputs = model.funnels.get(funnel)?.inputs();
        inputs.into_iter().find(|(own, _)| *own == input).map(|(_, range)| range)
    }

    /// Whether the goal, one of money, has an open pipeline that could not be counted.
    fn leaves_out_the_pipeline(&self) -> bool {
        let (Said::OneNumber(model, _) | Said::Likely(model, _)) = &self.said else { return false };
        let counts_money = model.funnels.iter().any(|funnel| funnel.value.is_some());
        counts_money && self.facts.has_open_conversion(self.goal)
    }

    /// What is said where it could not.
    fn left_out(&self, view: &View) -> String {
        self.lacks_pipeline().map(|sentence| view.wrap("  ", sentence)).unwrap_or_default()
    }

    /// The same as a sentence.
    pub(super) fn lacks_pipeline(&self) -> Option<&'static str> {
        const SENTENCE: &str =
            "What the open pipeline brings is not in it: for that, the goal needs its `pipeline_conversion`.";
        self.leaves_out_the_pipeline().then_some(SENTENCE)
    }

    fn text(&self, view: &View) -> String {
        let name = clip(self.name(), view.width.saturating_sub(2));
        let title = |rest: &str| format!("{}{rest}\n", view.paint(&name, Style::new().bold()));
        match &self.said {
            Said::NoFunnel => title("") + &view.wrap("  ", "No funnel fills it, so there is nothing to forecast."),
            Said::Lacks(missing) => title("") + &view.wrap("  ", &lacks(self.facts, missing)),
            Said::OneNumber(model, yields) => title("") + &self.one_number(model, *yields, view),
            Said::Likely(model, forecast) => self.likely(model, forecast, view),
        }
    }

    /// How likely the goal is, as a sentence.
    pub(super) fn chance(&self, model: &GoalModel, forecast: &Forecast) -> String {
        format!("{}: {} likely to reach {}", self.name(), odds(forecast.chance), Self::amount(model, model.need))
    }

    /// Which ranges to add, where there are none.
    fn one_number(&self, model: &GoalModel, yields: f64, view: &View) -> String {
        let text = format!(
            "Every quantity is one number, so there is one answer: {} of the {} that it needs. A forecast needs to know how sure those \
             numbers are. Write the least sure of them as ranges in which you are 90% sure that they will lie, such as `to_next: 20%..30%`:",
            Self::amount(model, yields),
            Self::amount(model, model.need),
        );
        let mut text = view.wrap("  ", &text);
        for (number, funnel) in model.funnels.iter().enumerate() {
            for (input, range) in funnel.inputs() {
                let given = written(input, range);
                let line = format!("{}, now {given}: `{}`", self.quantity(number, input), Self::key(input));
                text.push_str(&view.wrap("  - ", &line));
            }
        }
        text.push_str(&self.left_out(view));
        text
    }

    fn likely(&self, model: &GoalModel, forecast: &Forecast, view: &View) -> String {
        let mut text = view.wrap_styled("", &self.chance(model, forecast), Style::new().bold());
        let [low, middle, high] = forecast.p10_p50_p90.map(|value| Self::amount(model, value));
        text.push_str(&view.wrap("  ", &format!("P10 {low} · P50 {middle} · P90 {high}")));
        text.push_str(&self.left_out(view));
        text.push('\n');
        text.push_str(&histogram(model, forecast));
        let (movers, rest) = self.moves_it_most(model, forecast);
        text.push('\n');
        let has_bars = view.width >= NARROW;
        const WITHOUT_BARS: &[&str] = &["What moves it most", "Range", "Correlation"];
        let header = ["What moves it most", "Range", "Correlation", ""];
        let mut table = new_table(view, if has_bars { &header } else { WITHOUT_BARS }, &[1, 2]);
        for mover in movers {
            let mut row = vec![
                Cell::new(clip(&mover.quantity, LONGEST_QUANTITY)),
                Cell::new(mover.given).set_alignment(CellAlignment::Right),
                Cell::new(format!("{:.2}", mover.correlation)).set_alignment(CellAlignment::Right),
            ];
            if has_bars {
                row.push(Cell::new(bar(mover.correlation.abs() * 100.0)));
            }
            table.add_row(row);
        }
        text.push_str(&lines(&table));
        if rest > 0 {
            text.push_str(&view.wrap("", &format!("and {rest} that move it less")));
        }
        text
    }
}

/// What a funnel lacks to be worked out, as a sentence.
pub(super) fn lacks(facts: &Facts, missing: &Missing) -> String {
    let need = |(key, of): &(&str, Subject)| match of {
        Subject::Funnel(_) => format!("`{key}` in its stages"),
        of => format!("`{key}` of {}", facts.plan.name_of(*of)),
    };
    let needs: Vec<String> = missing.iter().map(need).collect();
    format!("Its funnel cannot be worked out yet. It needs {}.", list(&needs))
}

/// A quantity that moves a goal's result.
pub(super) struct Mover {
    /// Its name.
    pub(super) quantity: String,
    /// What the plan says of it.
    pub(super) given: String,
    /// Its rank correlation with the result.
    pub(super) correlation: f64,
}

/// Decimals in which a rate of few in a thousand does not become one of none.
fn places(per_cent: f64) -> usize {
    const MOST: f64 = 9.0;
    if per_cent > 0.0 && per_cent < 1.0 { (1.0 - per_cent.log10().floor()).min(MOST) as usize } else { 1 }
}

/// A quantity as a plan writes it.
pub(super) fn written(input: Input, range: Interval) -> String {
    let one = |value: f64| match input {
        _ if input.is_rate() => format!("{}%", crate::wording::trimmed(value * 100.0, places(value * 100.0))),
        Input::Value | Input::Pipeline => money(value),
        _ => count(value),
    };
    if range.is_point() { one(range.low()) } else { format!("{}..{}", one(range.low()), one(range.high())) }
}

/// One step of the results.
pub(super) struct Step {
    /// Where it begins, in the goal's unit.
    pub(super) from: String,
    /// The draws that end in it.
    pub(super) draws: usize,
    /// The share of all draws.
    pub(super) share: Figure,
    /// That the goal lies here, or beyond the outermost step.
    pub(super) goal: Option<String>,
}

/// The results in steps from the lowest to the highest, with the goal at the step in which it lies.
pub(super) fn steps(model: &GoalModel, forecast: &Forecast) -> Vec<Step> {
    let histogram = &forecast.histogram;
    let all: usize = histogram.counts.iter().sum();
    let from = |row: usize| histogram.from + histogram.step * row as f64;
    // Where a few are won, a step is less than one of them.
    let amount = |row: usize| {
        if histogram.step < 1.0 { count(from(row)) } else { GoalForecast::amount(model, from(row)) }
    };
    // A goal beyond either end is told at the outermost row.
    let of_goal = ((model.need - histogram.from) / histogram.step).floor();
    let last = histogram.counts.len().saturating_sub(1);
    let beyond = match of_goal {
        below if below < 0.0 => ", lies below",
        above if above > last as f64 => ", lies above",
        _ => "",
    };
    let of_goal = (of_goal.max(0.0) as usize).min(last);
    let goal = || format!("the goal, {}{beyond}", GoalForecast::amount(model, model.need));
    let rows = histogram.counts.iter().enumerate().map(|(row, draws)| Step {
        from: amount(row),
        draws: *draws,
        share: Figure::Share(*draws as f64 / all.max(1) as f64),
        goal: (row == of_goal).then(goal),
    });
    rows.collect()
}

/// The steps with a bar each.
fn histogram(model: &GoalModel, forecast: &Forecast) -> String {
    let steps = steps(model, forecast);
    let most = steps.iter().map(|step| step.draws).max().unwrap_or_default().max(1);
    let widest = steps.iter().map(|step| step.from.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for step in &steps {
        let columns = (step.draws as f64 / most as f64 * BAR as f64).round() as usize;
        let block = if step.draws > 0 && columns == 0 { "▏".to_owned() } else { "█".repeat(columns) };
        let goal = step.goal.as_ref().map(|goal| format!("  ◄ {goal}")).unwrap_or_default();
        text.push_str(&format!("  {:>widest$} {block} {}{goal}\n", step.from, step.share));
    }
    text
}

/// The forecasts of all plans, for people, each drawn as is said for it.
pub fn text(report: &Report, drawing: impl Fn(&PlanReport) -> Drawing, view: &View) -> String {
    let mut parts: Vec<String> = report
        .plans
        .iter()
        .map(|plan| {
            let drawing = drawing(plan);
            let goals: Vec<_> = GoalForecast::all(plan, drawing).collect();
            let mut text = plan_head(plan.plan(), view);
            if goals.is_empty() {
                text.push_str(&view.wrap("", "The plan has no goals, so there is nothing to forecast."));
            }
            for goal in &goals {
                text.push('\n');
                text.push_str(&goal.text(view));
            }
            if goals.iter().any(|goal| matches!(goal.said, Said::Likely(..))) {
                text.push('\n');
                text.push_str(&view.wrap_styled("", &method(drawing), Style::new().dimmed()));
            }
            text
        })
        .collect();
    let last = parts.pop().unwrap_or_default();
    parts.into_iter().map(|part| part + "\n").chain([last]).collect()
}

/// How it was drawn, so that it can be drawn again.
pub(super) fn method(drawing: Drawing) -> String {
    let correlated = if drawing.correlation == 0.0 {
        "independent of each other".to_owned()
    } else {
        format!("each stage correlated by {} with the one before", drawing.correlation)
    };
    format!(
        "{} draws, seed {}; {correlated}. A range is read as 90% sure: volumes and values are drawn log-normal, rates logit-normal. \
         In one of ten cases the result is below P10, in one of ten above P90. Correlation is by rank, with the result.",
        count(drawing.draws as f64),
        drawing.seed,
    )
}

/// The forecasts of all plans as one JSON object, each drawn as is said for it.
pub fn json(report: &Report, drawing: impl Fn(&PlanReport) -> Drawing) -> String {
    let plans = report.plans.iter().map(|plan| shaped(plan, drawing(plan))).collect();
    let document = Document { version: 1, plans };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default()
}

fn shaped(plan: &PlanReport, drawing: Drawing) -> PlanShape {
    let of = plan.plan();
    PlanShape {
        file: of.source.name().to_owned(),
        document: of.document,
        plan: of.name().to_owned(),
        draws: drawing.draws,
        seed: drawing.seed,
        correlation: drawing.correlation,
        goals: GoalForecast::all(plan, drawing).map(|goal| shaped_goal(of, &goal)).collect(),
    }
}

fn shaped_goal(plan: &Plan, goal: &GoalForecast<'_>) -> GoalShape {
    let mut shape = GoalShape { goal: plan.metric_id(goal.goal).to_owned(), ..GoalShape::default() };
    match &goal.said {
        Said::NoFunnel => shape.needs.push("funnels".to_owned()),
        Said::Lacks(missing) => shape.needs.extend(missing.iter().map(|(key, _)| (*key).to_owned())),
        Said::OneNumber(model, yields) => {
            shape.needed = Some(model.need);
            shape.yields = Some(*yields);
        }
        Said::Likely(model, forecast) => {
            let [p10, p50, p90] = forecast.p10_p50_p90;
            shape.needed = Some(model.need);
            shape.chance = Some(forecast.chance);
            shape.percentiles = Some(Percentiles { p10, p50, p90 });
            let histogram = &forecast.histogram;
            shape.histogram =
                Some(HistogramShape { from: histogram.from, step: histogram.step, counts: histogram.counts.clone() });
            shape.drivers = forecast.drivers.iter().map(|driver| shaped_driver(goal, model, driver)).collect();
        }
    }
    if goal.leaves_out_the_pipeline() {
        shape.needs.push("pipeline_conversion".to_owned());
    }
    shape
}

fn shaped_driver(goal: &GoalForecast<'_>, model: &GoalModel, driver: &crate::facts::forecast::Driver) -> DriverShape {
    let range = GoalForecast::range(model, driver.funnel, driver.input).unwrap_or_default();
    DriverShape {
        quantity: clean(&goal.quantity(driver.funnel, driver.input)).into_owned(),
        key: GoalForecast::key(driver.input).to_owned(),
        low: range.low(),
        high: range.high(),
        correlation: driver.correlation,
    }
}

/// The forecast as JSON.
#[derive(Debug, Serialize, JsonSchema)]
struct Document {
    /// Of this format: 1.
    version: u32,
    /// The plans, in the order of their files.
    plans: Vec<PlanShape>,
}

/// One plan.
#[derive(Debug, Serialize, JsonSchema)]
struct PlanShape {
    /// The file.
    file: String,
    /// Which document of the file, from 0.
    document: usize,
    /// The plan's name.
    plan: String,
    /// How often each goal was drawn.
    draws: usize,
    /// Where the random numbers began.
    seed: u64,
    /// How much each stage goes with the one before, from -1 to 1.
    correlation: f64,
    /// Its goals, in its order; last those of plans that it extends.
    goals: Vec<GoalShape>,
}

/// One goal: its odds, or what they lack.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct GoalShape {
    /// The goal's id.
    goal: String,
    /// What it needs in the period, in its own unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<f64>,
    /// What its funnels yield, where every quantity is one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    yields: Option<f64>,
    /// The chance of reaching it, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    chance: Option<f64>,
    /// The results below which a tenth, half and nine tenths of the draws lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    percentiles: Option<Percentiles>,
    /// How many draws lie in each of equal steps; those beyond either end are in the outermost.
    #[serde(skip_serializing_if = "Option::is_none")]
    histogram: Option<HistogramShape>,
    /// The quantities that were drawn, by rank correlation with the result, the strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drivers: Vec<DriverShape>,
    /// The keys without which nothing can be said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
}

/// Percentiles of the result.
#[derive(Debug, Serialize, JsonSchema)]
struct Percentiles {
    /// A tenth of the draws lies below.
    p10: f64,
    /// Half of them.
    p50: f64,
    /// Nine tenths.
    p90: f64,
}

/// Counts by equal steps.
#[derive(Debug, Serialize, JsonSchema)]
struct HistogramShape {
    /// Where the first step begins.
    from: f64,
    /// How wide each is.
    step: f64,
    /// Draws in each.
    counts: Vec<usize>,
}

/// A quantity that was drawn.
#[derive(Debug, Serialize, JsonSchema)]
struct DriverShape {
    /// Its name: a stage, or two with an arrow.
    quantity: String,
    /// The key of the plan that holds it.
    key: String,
    /// The lower end of its range; a rate as a fraction.
    low: f64,
    /// The upper end.
    high: f64,
    /// Spearman's rank correlation with the result, -1 to 1.
    correlation: f64,
}
