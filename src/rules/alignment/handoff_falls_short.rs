//! `handoff-falls-short`: what a handoff promises does not reach the goal, or is more than the receiving team has hours for.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::facts::funnel::Missing;
use crate::facts::handoffs::{self, Delivery, Filled};
use crate::facts::interval::Interval;
use crate::plan::{Entity, Handoff, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{DAYS_A_WEEK, HOURS_A_DAY, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template, trimmed};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "handoff-falls-short",
    area: Area::Alignment,
    weight: Severity::High,
    since: 1,
    on: &["handoff"],
    needs: &[PlanPart::Handoffs],
    applies: handoffs::may_be_called_for,
    yields_to: &[],
    settings: &[&ENOUGH, &MOST_OF_HOURS],
    conventions: &[&HOURS_A_DAY, &DAYS_A_WEEK],
    page: LazyLock::new(|| Page::parse(include_str!("handoff_falls_short.md"))),
    check: Check::First(check),
};

static ENOUGH: Setting = Setting {
    key: "enough",
    default: 1.0,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the share of its goal that a handoff has to bring, with what comes from elsewhere",
    source: "arithmetic: less than the goal does not reach it",
};

static MOST_OF_HOURS: Setting = Setting {
    key: "most_of_hours",
    default: 1.0,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the share of the receiving team's hours that the leads may take",
    source: "arithmetic: more work than hours is left undone",
};

/// What is rounding, as a share.
const ROUNDING: f64 = 1e-9;

/// What one of the two questions gave for a handoff.
enum Part {
    Found(Box<FindingDraft>),
    Fine,
    Unknown(Missing),
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let mut of_goal: HashMap<usize, Part> = HashMap::new();
    for result in handoffs::filled(facts) {
        match result {
            Ok(filled) => of_goal.extend(against_goal(facts, &filled)),
            Err(unfilled) => {
                of_goal.extend(unfilled.handoffs.iter().map(|at| (*at, Part::Unknown(unfilled.missing.clone()))));
            }
        }
    }
    for (at, handoff) in facts.plan.handoffs.iter().enumerate() {
        let subject = Subject::Handoff(at);
        let of_hours = against_hours(facts, at, handoff);
        let unknown = |missing: Missing| missing.into_iter().map(|(key, of)| Need::new(key, of)).collect::<Vec<_>>();
        match (of_goal.remove(&at), of_hours) {
            (Some(Part::Found(goal)), Part::Found(hours)) => verdicts.fail_all(subject, vec![*goal, *hours]),
            (Some(Part::Found(draft)), _) | (_, Part::Found(draft)) => verdicts.fail(subject, *draft),
            (Some(Part::Unknown(missing)), _) | (None, Part::Unknown(missing)) => {
                verdicts.unknown(subject, unknown(missing));
            }
            (Some(Part::Fine), _) | (None, Part::Fine) => verdicts.pass(subject),
        }
    }
}

fn against_hours(facts: &Facts, at: usize, handoff: &Entity<Handoff>) -> Part {
    let calendar = facts.settings.calendar();
    let volume = handoff.volume.as_ref().and_then(|volume| volume.point());
    let handling = handoff.handling.as_ref().and_then(|handling| handling.hours_of_work(&calendar));
    let hours = handoff.hours.as_ref().and_then(|hours| hours.hours_of_work(&calendar));
    let (Some(count), Some(each), Some(there)) = (volume, handling, hours) else {
        let lacks = [("volume", volume.is_none()), ("handling", handling.is_none()), ("hours", hours.is_none())];
        let keys = lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(key, _)| (key, Subject::Handoff(at)));
        return Part::Unknown(keys.collect());
    };
    let most = facts.settings.threshold(RULE.name, &MOST_OF_HOURS);
    if count * each <= there * most * (1.0 + ROUNDING) {
        return Part::Fine;
    }
    let written = |time: &Option<crate::plan::Placed<crate::plan::Duration>>| {
        Figure::Text(time.as_ref().map(|time| time.quantity().text.clone()).unwrap_or_default().to_string())
    };
    let place = handoff.hours.as_ref().map_or(handoff.place, |hours| hours.whole());
    let draft = FindingDraft::at(place, "over-hours", Severity::High)
        .with("volume", Figure::Count(count))
        .with("handling", written(&handoff.handling))
        .with("work", Figure::Text(trimmed(count * each, 1)))
        .with("hours", Figure::Text(trimmed(there, 1)))
        .with("fitting", Figure::Count((there / each).floor()))
        .with("to", Figure::Text(handoff.to.value.to_string()));
    Part::Found(Box::new(draft))
}

/// What a funnel's handoffs bring against its goal: told once, of the largest of them.
fn against_goal(facts: &Facts, filled: &Filled) -> Vec<(usize, Part)> {
    let enough = facts.settings.threshold(RULE.name, &ENOUGH);
    let brought = filled.worth + filled.besides;
    if brought >= filled.need * enough * (1.0 - ROUNDING) {
        // Without the share that must fit, it is the most that can come; only what falls short even so is known.
        let without_fit: Missing = filled.without_fit.iter().map(|at| ("fit", Subject::Handoff(*at))).collect();
        let part = || if without_fit.is_empty() { Part::Fine } else { Part::Unknown(without_fit.clone()) };
        return filled.deliveries.iter().map(|delivery| (delivery.handoff, part())).collect();
    }
    if delivers_what_is_planned(facts, filled) {
        // What is missing then is missing from the funnel, which tells it.
        return filled.deliveries.iter().map(|delivery| (delivery.handoff, Part::Fine)).collect();
    }
    if let Some(open) = open_pipeline(facts, filled) {
        let part = || Part::Unknown(vec![("pipeline_conversion", open)]);
        return filled.deliveries.iter().map(|delivery| (delivery.handoff, part())).collect();
    }
    match filled.deliveries.as_slice() {
        [only] => match filled.needed {
            Some(needed) => vec![(only.handoff, Part::Found(Box::new(short_alone(facts, filled, only, needed))))],
            // A rate of nothing: no handoff of any size would do, and that is the funnel's fault.
            None => vec![(only.handoff, Part::Fine)],
        },
        [first, ..] => {
            vec![(first.handoff, Part::Found(Box::new(short(facts, filled, first.handoff, "short-together"))))]
        }
        [] => Vec::new(),
    }
}

/// Whether the handoffs bring what the funnel counts on by itself, but for rounding (50 a week are not quite 650 a quarter).
fn delivers_what_is_planned(facts: &Facts, filled: &Filled) -> bool {
    const ROUNDED: f64 = 0.05;
    let Some(Ok(model)) = facts.funnel(filled.funnel) else { return false };
    let Ok(flows) = facts.flows(filled.funnel) else { return false };
    let worth_of_one = model.value.map_or(1.0, Interval::middle);
    flows.last().is_some_and(|last| filled.worth >= last.all * worth_of_one * (1.0 - ROUNDED))
}

/// The goal whose open pipeline may be what is missing, since nobody says what share of it becomes revenue.
fn open_pipeline(facts: &Facts, filled: &Filled) -> Option<Subject> {
    let goal = facts.plan.metric(&facts.plan.funnels.get(filled.funnel)?.goal)?;
    let subject = if goal.plan == 0 { goal.which.subject() } else { Subject::Plan };
    facts.has_open_conversion(goal).then_some(subject)
}

fn short_alone(facts: &Facts, filled: &Filled, delivery: &Delivery, needed: f64) -> FindingDraft {
    let handoff = facts.plan.handoffs.get(delivery.handoff);
    let text = |phrase: &str, figures: &[(&'static str, Figure)]| Template(RULE.page().phrase(phrase)).fill(figures);
    let fit = handoff.and_then(|handoff| handoff.fit.as_ref()?.point()).filter(|_| delivery.fitting < delivery.entered);
    let fitting =
        fit.map(|fit| text("fitting", &[("fitting", Figure::Count(delivery.fitting)), ("fit", Figure::Share(fit))]));
    let every = handoff.and_then(|handoff| handoff.every.as_ref()).map(|every| every.in_sentence()).unwrap_or_default();
    let team =
        |name: fn(&Handoff) -> &str| Figure::Text(handoff.map(|handoff| name(handoff).to_owned()).unwrap_or_default());
    short(facts, filled, delivery.handoff, "short-of-goal")
        .with("volume", Figure::Count(delivery.volume))
        .with("every", Figure::Text(every.to_owned()))
        .with("fitting", Figure::Text(fitting.unwrap_or_default()))
        .with("needed", Figure::Count(needed))
        .with("from", team(|handoff| &handoff.from))
        .with("to", team(|handoff| &handoff.to))
}

fn short(facts: &Facts, filled: &Filled, at: usize, reading: &'static str) -> FindingDraft {
    let funnel = facts.plan.funnels.get(filled.funnel);
    let goal = funnel.and_then(|funnel| facts.plan.metric(&funnel.goal));
    let amount = |value: f64| if filled.is_money { Figure::Money(value) } else { Figure::Count(value) };
    let figures = [("worth", amount(filled.worth)), ("besides", amount(filled.besides))];
    // Where the goal counts customers, the last stage has said how many.
    let said = [("worth", filled.is_money), ("besides", filled.besides > 0.0)].into_iter().filter(|(_, said)| *said);
    let worth: String = said.map(|(phrase, _)| Template(RULE.page().phrase(phrase)).fill(&figures)).collect();
    // The first stage is what the handoff brings; where nothing comes after it, it is all that there is to show.
    let shown = filled.stages.get(1..).filter(|later| !later.is_empty()).unwrap_or(&filled.stages);
    let stages = shown.iter().filter_map(|(stage, count)| {
        let name = funnel?.stages.get(*stage)?.name.value.clone();
        let figures = [("count", Figure::Count(*count)), ("stage", Figure::Text(name.to_string()))];
        Some(Template(RULE.page().phrase("stage")).fill(&figures))
    });
    let handoff = facts.plan.handoffs.get(at);
    let volume = handoff.and_then(|handoff| handoff.volume.as_ref()).map(|volume| volume.whole());
    let place = volume.unwrap_or_else(|| facts.plan.place_of(Subject::Handoff(at)));
    FindingDraft::at(place, reading, Severity::High)
        .with("count", Figure::Count(filled.deliveries.len() as f64))
        .with("entered", Figure::Count(filled.deliveries.iter().map(|delivery| delivery.entered).sum()))
        .with("stages", Figure::Names(stages.collect()))
        .with("worth", Figure::Text(worth))
        .with("share", Figure::Share((filled.worth + filled.besides) / filled.need))
        .with("need", amount(filled.need))
        .with("goal", Figure::Text(goal.map(|goal| facts.plan.metric_name(goal).to_owned()).unwrap_or_default()))
}
