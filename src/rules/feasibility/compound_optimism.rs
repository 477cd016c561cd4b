//! `compound-optimism`: rates that are each planned a little better, and multiply to a lot.

use std::sync::LazyLock;

use super::written;
use crate::facts::Facts;
use crate::facts::funnel::fractions;
use crate::facts::interval::Interval;
use crate::plan::{Entity, Funnel, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, trimmed};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "compound-optimism",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["funnel"],
    needs: &[PlanPart::Funnels],
    applies: |_| true,
    yields_to: &[],
    settings: &[&HOPEFUL, &FAR],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("compound_optimism.md"))),
    check: Check::First(check),
};

static HOPEFUL: Setting = Setting {
    key: "hopeful",
    default: 1.25,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "the multiple of the last period's rates together over which a funnel is hopeful",
    source: "a convention: a quarter more from the same volume needs a reason that can be named",
};

static FAR: Setting = Setting {
    key: "far",
    default: 1.5,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "the multiple over which it is high",
    source: "a convention",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, funnel) in facts.plan.funnels.iter().enumerate() {
        let subject = Subject::Funnel(at);
        match steps(funnel) {
            Ok(steps) if steps.is_empty() => {}
            Ok(steps) => judge(facts, at, &steps, verdicts),
            Err(missing) => verdicts.unknown(subject, missing.into_iter().map(|key| Need::new(key, subject))),
        }
    }
}

/// One step of a funnel, in the last period and as planned.
struct Step<'f> {
    stage: &'f str,
    was: f64,
    planned: f64,
}

impl Step<'_> {
    fn is_raised(&self) -> bool {
        self.planned > self.was
    }

    fn text(&self) -> String {
        let percent = |rate: f64| trimmed(rate * 100.0, 1);
        format!("{} {} → {}%", self.stage, percent(self.was), percent(self.planned))
    }
}

/// The steps between the stages, or the keys that some of them lack. What was nothing gives no ratio.
fn steps(funnel: &Entity<Funnel>) -> Result<Vec<Step<'_>>, Vec<&'static str>> {
    let before_last = funnel.stages.len().saturating_sub(1);
    let mut steps = Vec::with_capacity(before_last);
    let mut missing = Vec::new();
    for stage in funnel.stages.iter().take(before_last) {
        let planned = fractions(stage.to_next.as_ref()).map(Interval::middle);
        let was = fractions(stage.was.as_ref()).map(Interval::middle).filter(|was| *was > 0.0);
        match (planned, was) {
            (Some(planned), Some(was)) => steps.push(Step { stage: &stage.name, was, planned }),
            (planned, was) => {
                missing.extend(planned.is_none().then_some("to_next"));
                missing.extend(was.is_none().then_some("was"));
            }
        }
    }
    if missing.is_empty() { Ok(steps) } else { Err(missing) }
}

fn judge(facts: &Facts, at: usize, steps: &[Step<'_>], verdicts: &mut Verdicts<'_>) {
    let times: f64 = steps.iter().map(|step| step.planned / step.was).product();
    let over = |setting| times > facts.settings.threshold(RULE.name, setting) * (1.0 + ROUNDING);
    let severity = match (over(&HOPEFUL), over(&FAR)) {
        (false, _) => return verdicts.pass(Subject::Funnel(at)),
        (true, false) => Severity::Medium,
        (true, true) => Severity::High,
    };
    verdicts.fail(Subject::Funnel(at), finding(facts, at, steps, times, severity));
}

/// What is left of a difference this small is the rounding of products.
const ROUNDING: f64 = 1e-9;

fn finding(facts: &Facts, at: usize, steps: &[Step<'_>], times: f64, severity: Severity) -> FindingDraft {
    let raised: Vec<&Step<'_>> = steps.iter().filter(|step| step.is_raised()).collect();
    // What is lowered belongs to the product; what stays as it was says nothing.
    let moved = steps.iter().filter(|step| (step.planned - step.was).abs() > ROUNDING);
    let reading = if raised.len() > 1 { "together" } else { "one" };
    let most = raised.iter().max_by(|one, other| (one.planned / one.was).total_cmp(&(other.planned / other.was)));
    let stages = facts.plan.funnels.get(at).map(|funnel| &funnel.stages);
    let first = stages.and_then(|stages| {
        let raised = |stage: &&crate::plan::Item<Box<crate::plan::Stage>>| {
            raised.iter().any(|step| std::ptr::eq(step.stage, stage.name.as_str()))
        };
        stages.iter().find(raised).and_then(|stage| stage.to_next.as_ref())
    });
    let place = first.map_or_else(|| facts.plan.place_of(Subject::Funnel(at)), |rate| rate.whole());
    FindingDraft::at(place, reading, severity)
        .with("steps", Figure::Text(moved.map(Step::text).collect::<Vec<_>>().join(", ")))
        .with("times", Figure::Multiple(Interval::point(times).unwrap_or_default()))
        .with("raised", Figure::Count(raised.len() as f64))
        .with("most", Figure::Text(most.map(|step| step.stage.to_owned()).unwrap_or_default()))
        .reframe(as_ranges(facts, at, steps), false)
}

/// The funnel with each raised rate as a range from what it was to what is hoped for; a range is widened to what it was.
/// `None` where every rate holds that already.
fn as_ranges(facts: &Facts, at: usize, steps: &[Step<'_>]) -> Option<String> {
    let stages = &facts.plan.funnels.get(at)?.stages;
    let widened = |stage: usize| {
        let step = steps.get(stage).filter(|step| step.is_raised())?;
        let rate = fractions(stages.get(stage)?.to_next.as_ref()).filter(|rate| rate.low() > step.was)?;
        let percent = |rate: f64| trimmed(rate * 100.0, 2);
        Some(format!("{}%..{}%", percent(step.was), percent(rate.high())))
    };
    (0..steps.len()).any(|stage| widened(stage).is_some()).then_some(())?;
    written::funnel(facts, at, |stage, key| widened(stage).filter(|_| key == "to_next"))
}
