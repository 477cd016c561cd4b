//! Where the plan stands: its score, what holds it back, and the money in question.

use super::{Block, Section, say, title, word};
use crate::audit::PlanReport;
use crate::report::{arithmetic, money};
use crate::score::{AreaScore, CRITICAL_CAP, LEAST_EVIDENCE, Score};
use crate::wording::{Figure, decimals};

/// Areas that are named as holding a plan back.
const MOST_AREAS: usize = 2;

/// Points of the plan's score below which an area does not hold it back.
const LEAST_LOSS: f64 = 1.0;

/// Fields that are named as telling most.
const MOST_FIELDS: usize = 2;

/// From this share on, all that is looked at was judged, but for rounding.
const WHOLE: f64 = 0.995;

pub(super) fn section(report: &PlanReport, has_questions: bool) -> Section {
    let score = &report.score;
    let verdict = match (score.whole(), score.grade()) {
        (Some(points), Some(grade)) => {
            let figures = [
                ("points", Figure::Count(f64::from(points))),
                ("grade", Figure::Text(grade.letter().to_string())),
                ("cap", Figure::Count(CRITICAL_CAP)),
            ];
            let cap = score.is_capped().then(|| say("cap", &figures));
            [Some(say("score", &figures)), cap, held_back(score), evidence(score)]
        }
        _ => {
            let evidence = Figure::Text(arithmetic::evidence_without_score(score));
            let figures = [("least", Figure::Share(LEAST_EVIDENCE)), ("evidence", evidence)];
            [Some(say("score.none", &figures)), None, None, None]
        }
    };
    let sentences = verdict.into_iter().flatten().chain(would_tell_most(report));
    let sentences = sentences.chain((!has_questions).then(|| word("nothing-found")));
    let money = money::in_question(report).sentence();
    let money = money.map(|money| Block::Text(say("money", &[("money", super::whole(&money))])));
    Section { title: title("standing"), blocks: Block::sentences(sentences).into_iter().chain(money).collect() }
}

/// The areas that cost the plan most of its points.
fn held_back(score: &Score) -> Option<String> {
    let judged = || score.areas.iter().filter_map(|area| Some((area, area.score?)));
    let weights: f64 = judged().map(|(area, _)| area.weight).sum();
    let loss = |(area, score): (&AreaScore, f64)| area.weight * (100.0 - score) / weights;
    let mut areas: Vec<(&AreaScore, f64)> = judged().filter(|area| loss(*area) >= LEAST_LOSS).collect();
    areas.sort_by(|one, other| loss(*other).total_cmp(&loss(*one)));
    let said = areas.into_iter().take(MOST_AREAS).map(|(area, score)| {
        let question = area.area.question();
        let figures = [
            ("area", super::name(area.area.name())),
            // As the table rounds it, so that both show one number.
            ("score", Figure::Text(decimals(score, 0))),
            ("question", super::name(question)),
        ];
        say("held.area", &figures)
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| say("held", &[("areas", Figure::All(said))]))
}

fn evidence(score: &Score) -> Option<String> {
    (score.evidence < WHOLE).then(|| say("evidence", &[("evidence", Figure::Share(score.evidence))]))
}

fn would_tell_most(report: &PlanReport) -> Option<String> {
    let mut fields = report.would_tell_most();
    fields.truncate(MOST_FIELDS);
    let is_open = report.score.evidence < WHOLE && !fields.is_empty();
    is_open.then(|| say("tell-most", &[("fields", Figure::All(fields))]))
}
