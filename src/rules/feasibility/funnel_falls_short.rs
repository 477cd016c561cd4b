//! `funnel-falls-short`: a funnel whose planned volume and rates do not add up to the goal that it fills.

use std::sync::LazyLock;

use super::written;
use crate::facts::Facts;
use crate::facts::funnel::{FunnelFigures, FunnelModel};
use crate::facts::interval::Interval;
use crate::plan::{Entity, Funnel, GoalOrKpi, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, StageRow, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, count};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "funnel-falls-short",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["funnel"],
    needs: &[PlanPart::Funnels],
    applies: |_| true,
    yields_to: &[],
    settings: &[&FAR, &SHORT],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("funnel_falls_short.md"))),
    check: Check::First(check),
};

static FAR: Setting = Setting {
    key: "far",
    default: 0.90,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the goal under which it falls far short, which is high",
    source: "a convention: a tenth is what a good quarter can still make up",
};

static SHORT: Setting = Setting {
    key: "short",
    default: 0.99,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the goal under which it falls short at all",
    source: "a convention: a hundredth is within the rounding of rates to whole per cents",
};

/// A goal with several funnels is judged once, with the first of them.
fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, funnel) in facts.plan.funnels.iter().enumerate() {
        let Some(goal) = facts.plan.metric(&funnel.goal) else { continue };
        let mut filling = facts.funnels_of(goal);
        if filling.next() == Some(at) {
            judge(facts, at, funnel, goal, filling.count() + 1, verdicts);
        }
    }
}

fn judge(
    facts: &Facts,
    at: usize,
    funnel: &Entity<Funnel>,
    goal: MetricRef,
    several: usize,
    verdicts: &mut Verdicts<'_>,
) {
    let subject = Subject::Funnel(at);
    let model = match facts.goal_model(goal) {
        None => return,
        Some(Err(missing)) => {
            return verdicts.unknown(subject, missing.into_iter().map(|(key, of)| Need::new(key, of)));
        }
        Some(Ok(goal)) => goal.funnels.into_iter().next(),
    };
    let Some((model, figures)) = model.zip(facts.funnel_figures(at)) else { return };
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    // Where nothing is needed any more, nothing falls short of it.
    let Some(share) = figures.share_of(model.need).filter(|share| *share < threshold(&SHORT)) else {
        return verdicts.pass(subject);
    };
    // What the open pipeline brings may well be what is missing here.
    if facts.has_open_conversion(goal) {
        return verdicts.unknown(subject, [Need::of_metric("pipeline_conversion", goal)]);
    }
    let case = Case { facts, at, funnel, goal, several, model, figures, share };
    let severity = if share < threshold(&FAR) && !case.is_alone() { Severity::High } else { Severity::Medium };
    verdicts.fail(subject, case.finding(severity));
}

/// A funnel that falls short.
struct Case<'f> {
    facts: &'f Facts,
    at: usize,
    funnel: &'f Entity<Funnel>,
    goal: MetricRef,
    /// How many funnels fill the goal.
    several: usize,
    model: FunnelModel,
    figures: FunnelFigures,
    share: f64,
}

impl Case<'_> {
    /// Whether nothing is said of what was under way before.
    fn is_alone(&self) -> bool {
        self.facts.is_without_a_past(self.goal)
    }

    fn reading(&self) -> &'static str {
        match (self.several, &self.funnel.cycle, &self.model.pipeline) {
            (2.., _, _) => "several",
            (_, None, None) => "short",
            (_, None, Some(_)) => "short.pipeline",
            (_, Some(_), Some(_)) => "late.pipeline",
            (_, Some(_), None) if self.is_alone() => "late.alone",
            (_, Some(_), None) => "late",
        }
    }

    fn finding(&self, severity: Severity) -> FindingDraft {
        let (facts, figures) = (self.facts, &self.figures);
        let place = self.funnel.stages.first().and_then(|top| match (&top.volume, &top.kpi) {
            (Some(volume), _) => Some(volume.whole()),
            (None, kpi) => kpi.as_ref().map(|kpi| kpi.whole()),
        });
        let place = place.unwrap_or_else(|| facts.plan.place_of(Subject::Funnel(self.at)));
        let top_needed = figures.needed.first().copied().flatten();
        let yields = figures.yields + figures.elsewhere;
        let mut funnels = facts.funnels_of(self.goal).filter_map(|at| facts.plan.funnels.get(at));
        let has_cycle = funnels.any(|funnel| funnel.cycle.is_some());
        let said = |phrase: &str, is: bool| {
            let text = if is { format!(" {}", RULE.page().phrase(phrase).trim()) } else { String::new() };
            Figure::Text(text)
        };
        let draft = FindingDraft::at(place, self.reading(), severity)
            .with("goal", Figure::Text(facts.plan.metric_name(self.goal).to_owned()))
            .with("top", Figure::Text(self.names().next().unwrap_or_default().to_owned()))
            .with("volume", Figure::Count(self.model.volume.middle()))
            .with("yields", self.of_goal(yields))
            .with("need", self.of_goal(self.model.need))
            .with("carries", self.of_goal(facts.level_reached(self.goal, yields).unwrap_or(yields)))
            .with("share", Figure::Share(self.share))
            .with("takes", Figure::Text(self.takes()))
            .with("entering", self.of_goal(figures.yields - figures.from_pipeline))
            .with("pipeline", self.of_goal(figures.from_pipeline))
            .with("in_time", Figure::Share(self.model.in_time))
            .with("cycle", Figure::Text(self.cycle()))
            .with("funnels", Figure::Count(self.several as f64))
            .with("and_pipeline", said("and-pipeline", self.model.pipeline.is_some()))
            .with("in_time_only", said("in-time-only", has_cycle))
            .stages(self.rows());
        let draft = match top_needed.and_then(|needed| self.in_the_period(needed)) {
            Some(volume) => draft.with("wanted", Figure::Count(volume)).reframe(self.reframe(volume), false),
            None => draft,
        };
        match (self.goal.plan, self.goal.which) {
            (0, GoalOrKpi::Goal(goal)) => match facts.plan.goals.get(goal).and_then(|goal| goal.target.as_ref()) {
                Some(target) => draft.beside(target.whole(), RULE.page().phrase("the-goal")),
                None => draft,
            },
            _ => draft,
        }
    }

    /// An amount in the goal's unit.
    fn of_goal(&self, value: f64) -> Figure {
        if self.model.value.is_some() { Figure::Money(value) } else { Figure::Count(value) }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.funnel.stages.iter().map(|stage| stage.name.as_str())
    }

    fn rows(&self) -> Vec<StageRow> {
        let numbers = self.figures.planned.iter().zip(&self.figures.needed);
        let rows = self.names().zip(numbers);
        rows.map(|(name, (planned, needed))| StageRow { name: name.to_owned(), planned: *planned, needed: *needed })
            .collect()
    }

    /// The needed counts, stage by stage.
    fn takes(&self) -> String {
        let none = RULE.page().phrase("no-number");
        let stages = self.names().zip(&self.figures.needed).map(|(name, needed)| match needed {
            Some(needed) => format!("{name} {}", count(*needed)),
            None => format!("{name} {none}"),
        });
        stages.collect::<Vec<_>>().join(", ")
    }

    fn cycle(&self) -> String {
        self.funnel.cycle.as_ref().map(|cycle| cycle.quantity().text.clone()).unwrap_or_default().to_string()
    }

    /// How many must enter in the whole period, for so many to enter early enough.
    fn in_the_period(&self, needed: f64) -> Option<f64> {
        const ROUNDING: f64 = 1e-9;
        let outside = self.model.stages.first().and_then(|top| top.also_from).map_or(0.0, Interval::middle);
        let volume = ((needed - outside) / self.model.in_time * (1.0 - ROUNDING)).ceil();
        (volume.is_finite() && volume > 0.0).then_some(volume)
    }

    /// The volume that the goal takes at these rates: where the funnel has its own, there; else as its KPI's target.
    fn reframe(&self, volume: f64) -> Option<String> {
        let text = format!("{volume:.0}");
        let top = self.funnel.stages.first()?;
        if top.volume.is_some() {
            let change = |stage: usize, key: &str| (stage == 0 && key == "volume").then(|| text.clone());
            return written::funnel(self.facts, self.at, change);
        }
        written::with_target(&self.facts.plan, self.facts.plan.metric(top.kpi.as_ref()?)?, text)
    }
}
