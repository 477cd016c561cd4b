//! `unlikely-goal`: a goal that the plan's own ranges make unlikely, or hardly a goal at all.

use std::sync::LazyLock;

use super::written;
use crate::facts::Facts;
use crate::facts::forecast::{Drawing, Drawn};
use crate::facts::funnel::Input;
use crate::plan::{Funnel, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{DRAWS, STAGE_CORRELATION, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unlikely-goal",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["goal"],
    needs: &[PlanPart::Funnels],
    // A plan without ranges says how sure it is of nothing, and is not asked to.
    applies: |_| false,
    yields_to: &[Yield::of("unlikely", "funnel-falls-short")],
    settings: &[&UNLIKELY, &HARDLY, &SURE],
    conventions: &[&DRAWS, &STAGE_CORRELATION],
    page: LazyLock::new(|| Page::parse(include_str!("unlikely_goal.md"))),
    check: Check::First(check),
};

static UNLIKELY: Setting = Setting {
    key: "unlikely",
    default: 0.5,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the chance of a goal under which it is unlikely",
    source: "a convention: more likely missed than met",
};

static HARDLY: Setting = Setting {
    key: "hardly",
    default: 0.2,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the chance under which it is high",
    source: "a convention: one period in five",
};

static SURE: Setting = Setting {
    key: "sure",
    default: 0.95,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the chance over which a goal may be too small",
    source: "a convention: missed once in twenty periods",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    // What a funnel lacks is asked for by the rule on what it yields.
    let models = (0..facts.plan.goals.len()).filter_map(|goal| match facts.goal_model(MetricRef::goal(goal)) {
        Some(Ok(model)) if model.has_ranges() && model.need > 0.0 => Some((goal, model)),
        _ => None,
    });
    let models: Vec<_> = models.collect();
    let quantities = models.iter().map(|(_, model)| model.ranges()).sum();
    let drawing = Drawing::new(&facts.settings).shared_by(quantities);
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    for (goal, model) in &models {
        let drawn = model.drawn(drawing);
        match drawn.is_clearly_between([threshold(&UNLIKELY), threshold(&SURE)]) {
            true => verdicts.pass(Subject::Goal(*goal)),
            false => judge(facts, *goal, &drawn, verdicts),
        }
    }
}

fn judge(facts: &Facts, goal: usize, drawn: &Drawn<'_>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Goal(goal);
    let chance = drawn.chance();
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    // A chance closer to a threshold than this stands on it: it is told in whole per cents, and drawn.
    const ROUNDING: f64 = 0.005;
    let metric = MetricRef::goal(goal);
    let is_low = chance < threshold(&UNLIKELY) - ROUNDING;
    // What the open pipeline brings may well be what is missing here.
    if is_low && facts.has_open_conversion(metric) {
        return verdicts.unknown(subject, [Need::new("pipeline_conversion", subject)]);
    }
    let severity = if chance < threshold(&HARDLY) - ROUNDING && !facts.is_without_a_past(metric) {
        Severity::High
    } else if is_low {
        Severity::Medium
    } else if chance > threshold(&SURE) {
        Severity::Note
    } else {
        return verdicts.pass(subject);
    };
    let Some(finding) = finding(facts, goal, drawn, severity) else { return };
    match severity {
        Severity::Note => verdicts.partial(subject, 1.0, finding),
        _ => verdicts.fail(subject, finding),
    }
}

fn finding(facts: &Facts, goal: usize, drawn: &Drawn<'_>, severity: Severity) -> Option<FindingDraft> {
    let metric = MetricRef::goal(goal);
    let reading = if severity == Severity::Note { "sure" } else { "unlikely" };
    let is_money = drawn.model.funnels.iter().any(|funnel| funnel.value.is_some());
    let amount = |value| if is_money { Figure::Money(value) } else { Figure::Count(value) };
    let target = facts.plan.goals.get(goal).and_then(|goal| goal.target.as_ref());
    let place = target.map_or_else(|| facts.plan.place_of(Subject::Goal(goal)), |target| target.whole());
    let [low, middle, high] = drawn.p10_p50_p90()?;
    let draft = FindingDraft::at(place, reading, severity)
        .with("goal", Figure::Text(facts.plan.name_of(Subject::Goal(goal)).to_owned()))
        .with("need", amount(drawn.model.need))
        .with("chance", Figure::Chance(drawn.chance()))
        .with("middle", amount(significant(middle)))
        .with("low", amount(significant(low)))
        .with("high", amount(significant(high)))
        .with("driver", Figure::Text(driver(facts, metric, drawn)));
    // Where the middle falls short as well, the funnel tells it, with what each stage would take.
    let draft = facts.funnels_of(metric).take(1).fold(draft, |draft, funnel| draft.told_on(Subject::Funnel(funnel)));
    let reframe = || {
        let reached = facts.level_reached(metric, significant(middle)).filter(|_| reading == "unlikely")?;
        written::with_target(&facts.plan, metric, written::number(written::rounded_down(reached)))
    };
    Some(draft.reframe(reframe(), false))
}

/// To three digits: more would be drawn by chance.
fn significant(value: f64) -> f64 {
    const DIGITS: i32 = 3;
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let step = 10_f64.powi(value.log10().floor() as i32 + 1 - DIGITS);
    (value / step).round() * step
}

/// What moves the result most, in the plan's own words.
fn driver(facts: &Facts, goal: MetricRef, drawn: &Drawn<'_>) -> String {
    let Some(driver) = drawn.driver() else { return String::new() };
    let at = facts.funnels_of(goal).nth(driver.funnel);
    let funnel: Option<&Funnel> = at.and_then(|at| facts.plan.funnels.get(at)).map(|funnel| &**funnel);
    let stage = |number: usize| {
        let stage = funnel.and_then(|funnel| funnel.stages.get(number));
        Figure::Text(stage.map(|stage| stage.name.value.clone()).unwrap_or_default().to_string())
    };
    let (phrase, number) = match driver.input {
        Input::Volume => ("driver.volume", 0),
        Input::Rate(number) => ("driver.rate", number),
        Input::AlsoFrom(number) => ("driver.also-from", number),
        Input::Value => ("driver.value", 0),
        Input::Pipeline => ("driver.pipeline", 0),
        Input::Conversion => ("driver.conversion", 0),
    };
    Template(RULE.page().phrase(phrase)).fill(&[("stage", stage(number))])
}
