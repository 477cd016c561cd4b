//! `thin-pipeline`: an open pipeline that does not hold what a goal needs, at the rate at which pipeline becomes revenue.

use std::sync::LazyLock;

use crate::facts::funnel::fractions;
use crate::facts::interval::Interval;
use crate::facts::{Department, Facts};
use crate::metrics::{Kind, MetricUnit};
use crate::plan::quantity::{Change, Unit};
use crate::plan::{MetricRef, Motion, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "thin-pipeline",
    area: Area::Feasibility,
    weight: Severity::Medium,
    since: 1,
    on: &["goal"],
    needs: &[PlanPart::Goals],
    applies: sells_through_a_pipeline,
    yields_to: &[Yield::to("funnel-falls-short")],
    settings: &[&USUAL],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("thin_pipeline.md"))),
    check: Check::First(check),
};

static USUAL: Setting = Setting {
    key: "usual_coverage",
    default: 3.0,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "how many times its goal a pipeline should hold, where the plan does not say what share of it becomes revenue",
    source: "a convention of sales teams, with no study behind it; a plan's own `pipeline_conversion` replaces it",
};

/// A little under the mark is the rounding of a rate to whole per cents.
const ROUNDING: f64 = 0.005;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let expected = sells_through_a_pipeline(facts);
    for (at, goal) in facts.plan.goals.iter().enumerate() {
        let metric = MetricRef::goal(at);
        let subject = Subject::Goal(at);
        let Some(pipeline) = &goal.pipeline else {
            if expected && is_new_money(facts, at) {
                verdicts.unknown(subject, [Need::new("pipeline", subject)]);
            }
            continue;
        };
        if !is_in_money(facts, at) {
            continue;
        }
        let conversion = fractions(goal.pipeline_conversion.as_ref()).map(Interval::middle);
        if goal.pipeline_conversion.is_some() && conversion.is_none_or(|conversion| conversion <= 0.0) {
            verdicts.unknown(subject, [Need::new("pipeline_conversion", subject)]);
            continue;
        }
        match (pipeline.point(), facts.need_of(metric)) {
            (Some(pipeline), Some(need)) => judge(facts, at, pipeline, conversion, need, verdicts),
            (None, _) => verdicts.unknown(subject, [Need::new("pipeline", subject)]),
            (_, None) => verdicts.unknown(subject, [Need::new("target", subject)]),
        }
    }
}

/// Whether people sell: without them there is no pipeline to ask for.
fn sells_through_a_pipeline(facts: &Facts) -> bool {
    match facts.plan.head.motion.as_ref().map(|motion| motion.value) {
        Some(Motion::SalesLed) => true,
        Some(Motion::SelfServe) => false,
        None => !facts.is_usually_sold_directly() && facts.teams().has(Department::Sales),
    }
}

/// Whether a goal is an amount of new revenue. Customers who stay, averages, and pipeline itself do not come out of a pipeline.
fn is_new_money(facts: &Facts, goal: usize) -> bool {
    let metric = facts.metric_of_goal(MetricRef::goal(goal));
    let adds_up = metric.is_none_or(|metric| metric.amount && !metric.name.contains("pipeline"));
    facts.goal(goal).kind == Some(Kind::Revenue) && adds_up && is_in_money(facts, goal)
}

/// Whether a goal is counted in money: only that can be held against a pipeline.
fn is_in_money(facts: &Facts, goal: usize) -> bool {
    let target = facts.plan.goals.get(goal).and_then(|goal| goal.target.as_ref()?.quantity());
    let metric = facts.metric_of_goal(MetricRef::goal(goal));
    target.is_none_or(|target| match (&target.unit, target.change) {
        (Unit::Money(_), _) => true,
        (Unit::None, _) | (_, Some(Change::Relative)) => metric.is_none_or(|metric| metric.unit == MetricUnit::Money),
        _ => false,
    })
}

fn judge(facts: &Facts, at: usize, pipeline: f64, conversion: Option<f64>, need: f64, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Goal(at);
    let wanted = conversion.map_or_else(|| facts.settings.threshold(RULE.name, &USUAL), |conversion| 1.0 / conversion);
    if need <= 0.0 || pipeline / need >= wanted * (1.0 - ROUNDING) {
        return verdicts.pass(subject);
    }
    let metric = MetricRef::goal(at);
    match rest_by_funnels(facts, metric, need) {
        Rest::Comes => return verdicts.pass(subject),
        Rest::Depends(need) => return verdicts.unknown(subject, [need]),
        Rest::Lacks => {}
    }
    let goal = facts.plan.goals.get(at);
    let place = goal.and_then(|goal| goal.pipeline.as_ref()).map(|pipeline| pipeline.whole());
    let multiple = |value| Figure::Multiple(Interval::point(value).unwrap_or_default());
    let reading = if conversion.is_some() { "thin" } else { "thin.assumed" };
    let draft = FindingDraft::at(place.unwrap_or_else(|| facts.plan.place_of(subject)), reading, Severity::Medium)
        .with("goal", Figure::Text(facts.plan.name_of(subject).to_owned()))
        .with("pipeline", Figure::Money(pipeline))
        .with("need", Figure::Money(need))
        .with("coverage", multiple(pipeline / need))
        .with("wanted", multiple(wanted))
        .with("wanted_money", Figure::Money(need * wanted))
        .with("conversion", Figure::Gain(conversion.unwrap_or_default()))
        .with("brings", Figure::Money(pipeline / wanted));
    // What a funnel lacks with its pipeline counted is the same shortfall.
    let funnels = facts.funnels_of(metric).take(1);
    verdicts.fail(subject, funnels.fold(draft, |draft, funnel| draft.told_on(Subject::Funnel(funnel))));
}

/// What new leads do about the part of a goal that its pipeline does not hold.
enum Rest {
    /// Funnels that say how long they take bring it in time.
    Comes,
    /// This key would tell: nobody opens all deals of a year on its first day, and without a cycle nobody knows whether new
    /// leads become money in this period.
    Depends(Need),
    /// The pipeline has to hold the goal by itself.
    Lacks,
}

fn rest_by_funnels(facts: &Facts, goal: MetricRef, need: f64) -> Rest {
    const LONGEST_DAYS: i32 = 130;
    let mut funnels = facts.funnels_of(goal).filter_map(|at| Some((at, facts.plan.funnels.get(at)?)));
    let without_cycle = funnels.find(|(_, funnel)| funnel.cycle.is_none());
    let cycle = without_cycle.map(|(at, _)| Need::new("cycle", Subject::Funnel(at)));
    let first = facts.funnels_of(goal).next();
    let share = first.and_then(|at| facts.funnel_figures(at)?.share_of(need));
    if share.is_some_and(|share| share >= 1.0) {
        return cycle.map_or(Rest::Comes, Rest::Depends);
    }
    let is_far = facts.plan.head.period.as_ref().is_some_and(|period| {
        let deadline = facts.plan.deadline_of(goal).unwrap_or(period.end);
        period.start.until(deadline).map_or(0, |span| span.get_days()) > LONGEST_DAYS
    });
    let would_tell = if first.is_some() { cycle } else { Some(Need::new("funnels", Subject::Plan)) };
    would_tell.filter(|_| is_far).map_or(Rest::Lacks, Rest::Depends)
}
