//! `slow-response`: people who asked wait longer than their interest lasts.

use std::sync::LazyLock;

use crate::facts::{Facts, handoffs};
use crate::plan::quantity::TimeUnit;
use crate::plan::{Entity, Handoff, LeadSource, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "slow-response",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["handoff"],
    needs: &[PlanPart::Handoffs],
    applies: handoffs::may_be_called_for,
    yields_to: &[],
    settings: &[&LATE_HOURS, &SLOW_HOURS, &CONTENT_DAYS],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("slow_response.md"))),
    check: Check::First(check),
};

static LATE_HOURS: Setting = Setting {
    key: "late_hours",
    default: 24.0,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 10_000.0,
    words: "the hours within which people who asked are to be answered, over which it is medium",
    source: "Oldroyd, McElheran and Elkington, Harvard Business Review, March 2011: tried within an hour, leads qualified over 60 \
             times as often as after 24 hours",
};

static SLOW_HOURS: Setting = Setting {
    key: "slow_hours",
    default: 1.0,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 10_000.0,
    words: "the hours within which people who asked are to be answered, over which it is low",
    source: "Oldroyd, McElheran and Elkington, Harvard Business Review, March 2011: within an hour nearly seven times as many \
             were qualified as an hour later",
};

static CONTENT_DAYS: Setting = Setting {
    key: "content_days",
    default: 5.0,
    unit: SettingUnit::Number,
    least: 0.0,
    most: 1_000.0,
    words: "the days within which people who took something to read are to be approached",
    source: "a convention: within a week they still know what they read",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, handoff) in facts.plan.handoffs.iter().enumerate() {
        // Where it is missing, that is told with the handoff's other open terms.
        if let Some(within) = &handoff.respond_within {
            judge(facts, at, handoff, within.hours(), verdicts);
        }
    }
}

fn judge(facts: &Facts, at: usize, handoff: &Entity<Handoff>, within: Option<f64>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Handoff(at);
    let threshold = |setting| facts.settings.threshold(RULE.name, setting);
    let (late, slow, content) = (threshold(&LATE_HOURS), threshold(&SLOW_HOURS), threshold(&CONTENT_DAYS));
    let Some(leads) = &handoff.leads else { return verdicts.unknown(subject, [Need::new("leads", subject)]) };
    let Some(hours) = within else { return verdicts.unknown(subject, [Need::new("respond_within", subject)]) };
    let (reading, severity, limit) = match leads.value {
        LeadSource::HandRaisers if hours > late => ("late", Severity::Medium, late),
        LeadSource::HandRaisers if hours > slow => ("slow", Severity::Low, slow),
        LeadSource::Content if hours > content * TimeUnit::Day.calendar_hours() => ("content", Severity::Low, content),
        LeadSource::HandRaisers | LeadSource::Content => return verdicts.pass(subject),
        // Who was approached did not ask, and waits for nothing.
        LeadSource::Outbound => return,
    };
    let within = handoff.respond_within.as_ref();
    let place = within.map_or(handoff.place, |within| within.whole());
    let draft = FindingDraft::at(place, reading, severity)
        .with("to", Figure::Text(handoff.to.value.to_string()))
        .with("from", Figure::Text(handoff.from.value.to_string()))
        .with(
            "within",
            Figure::Text(within.map(|within| within.quantity().text.clone()).unwrap_or_default().to_string()),
        )
        .with("limit", Figure::Count(limit));
    verdicts.fail(subject, draft);
}
