//! The funnels: what each goal needs, stage by stage, against what is planned.

use super::{Block, Section, Table, more, name, say, say_on, word};
use crate::facts::Facts;
use crate::plan::quantity::Amount;
use crate::wording::Figure;

/// Funnels that are shown; more are no longer one page.
const MOST_FUNNELS: usize = 2;

/// Stages that are shown of a funnel.
const MOST_STAGES: usize = 8;

pub(super) fn section(facts: &Facts) -> Option<Section> {
    let mut funnels = (0..facts.plan.funnels.len()).filter_map(|at| funnel(facts, at));
    let shown: Vec<Block> = funnels.by_ref().take(MOST_FUNNELS).flatten().collect();
    let more = more(funnels.count()).map(Block::Text);
    Section::of("funnel", shown.into_iter().chain(more).collect())
}

/// A funnel that can be worked out.
fn funnel(facts: &Facts, at: usize) -> Option<Vec<Block>> {
    let funnel = facts.plan.funnels.get(at)?;
    let model = facts.funnel(at)?.as_ref().ok()?;
    let figures = facts.funnel_figures(at)?;
    let goal = facts.plan.metric(&funnel.goal)?;
    let of_goal = |value: f64| if model.value.is_some() { Figure::Money(value) } else { Figure::Count(value) };
    let besides = |sentence: &str, amount: f64| {
        let said = (amount > 0.0).then(|| say(sentence, &[("amount", of_goal(amount))]));
        Figure::All(said.into_iter().collect())
    };
    let is_all = figures.elsewhere <= 0.0 && figures.yields <= figures.from_pipeline;
    let pipeline = if is_all { "funnel.all-pipeline" } else { "funnel.pipeline" };
    let mut text = say(
        "funnel",
        &[
            ("goal", name(facts.plan.metric_name(goal))),
            ("yields", of_goal(figures.yields + figures.elsewhere)),
            ("need", of_goal(model.need)),
            ("pipeline", besides(pipeline, figures.from_pipeline)),
            ("elsewhere", besides("funnel.elsewhere", figures.elsewhere)),
        ],
    );
    if let Some(cycle) = funnel.cycle.as_ref().filter(|_| model.in_time < 1.0) {
        let figures = [("cycle", name(&cycle.quantity().text)), ("share", Figure::Share(model.in_time))];
        text.push_str(&say_on("funnel.in-time", &figures));
    }
    let is_range = |amount: Amount| amount.bounds().is_some_and(|(low, high)| low < high);
    let has_a_range = funnel.stages.iter().any(|stage| {
        let volumes = [&stage.volume, &stage.also_from].into_iter().flatten();
        let rates = stage.to_next.iter().map(|rate| rate.quantity().amount);
        let values = stage.value.value.iter().map(|value| value.quantity().amount);
        volumes.map(|volume| volume.quantity().amount).chain(rates).chain(values).any(is_range)
    });
    if has_a_range {
        text.push_str(&say_on("funnel.middle", &[]));
    }
    if model.value.is_some() && facts.has_open_conversion(goal) {
        text.push_str(&say_on("funnel.open", &[]));
    }
    // With nothing more to win, a stage would be held against nothing.
    if figures.needed.iter().all(|needed| *needed == Some(0.0)) {
        text.push_str(&say_on("funnel.covered", &[]));
        return Some(vec![Block::Text(text)]);
    }
    let numbers = figures.planned.iter().zip(&figures.needed);
    let rows = funnel.stages.iter().zip(numbers).take(MOST_STAGES).map(|(stage, (planned, needed))| {
        let needed = needed.map(|needed| Figure::Count(needed).to_string());
        let cells = [stage.name.to_string(), Figure::Count(*planned).to_string(), needed.unwrap_or_default()];
        cells.map(|cell| vec![cell]).to_vec()
    });
    let planned = if model.in_time < 1.0 { "funnel.planned-in-time" } else { "funnel.planned" };
    let header = ["funnel.stage", planned, "funnel.needed"].map(word).to_vec();
    Some(vec![Block::Text(text), Block::Table(Table { header, numbers: vec![1, 2], rows: rows.collect() })])
}
