//! `no-feedback-loop`: leads go over, and word of what became of them comes back rarely or never.

use std::sync::LazyLock;

use crate::facts::{Facts, handoffs};
use crate::plan::period::Cadence;
use crate::plan::{Entity, Handoff, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-feedback-loop",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["handoff"],
    needs: &[PlanPart::Handoffs],
    applies: handoffs::may_be_called_for,
    yields_to: &[],
    settings: &[&MOST_MONTHS],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_feedback_loop.md"))),
    check: Check::First(check),
};

static MOST_MONTHS: Setting = Setting {
    key: "most_months",
    default: 1.0,
    unit: SettingUnit::Months,
    least: 0.0,
    most: 120.0,
    words: "the longest time between two reports of what became of the leads",
    source: "a convention: with one report a month, two can still change something within a quarter",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, handoff) in facts.plan.handoffs.iter().enumerate() {
        judge(facts, at, handoff, verdicts);
    }
}

fn judge(facts: &Facts, at: usize, handoff: &Entity<Handoff>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Handoff(at);
    let Some(feedback) = &handoff.feedback else {
        return verdicts.unknown(subject, [Need::new("feedback", subject)]);
    };
    let reading = match months_between(feedback.value) {
        Some(months) if months <= facts.settings.threshold(RULE.name, &MOST_MONTHS) => return verdicts.pass(subject),
        Some(_) => "rare",
        None => "never",
    };
    let given: &Handoff = handoff;
    let fields = Fields::new()
        .maybe("id", given.id.as_ref().map(|id| id.value.to_string()))
        .text("from", handoff.from.value.to_string())
        .text("to", handoff.to.value.to_string())
        .text("feedback", Cadence::Monthly.as_str());
    let draft = FindingDraft::at(feedback.whole(), reading, Severity::Medium)
        .with("from", Figure::Text(handoff.from.value.to_string()))
        .with("to", Figure::Text(handoff.to.value.to_string()))
        .with("feedback", Figure::Text(feedback.as_str().to_owned()))
        .reframe(Some(reframe::list("handoffs", vec![fields])), false);
    verdicts.fail(subject, draft);
}

/// The months between two reports.
fn months_between(cadence: Cadence) -> Option<f64> {
    match cadence {
        Cadence::Daily => Some(12.0 / 365.25),
        Cadence::Weekly => Some(12.0 / 52.0),
        Cadence::Monthly => Some(1.0),
        Cadence::Quarterly => Some(3.0),
        Cadence::Yearly => Some(12.0),
        Cadence::Never => None,
    }
}
