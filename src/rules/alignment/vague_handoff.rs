//! `vague-handoff`: a handoff that leaves open what the two teams will have to agree on anyway.

use std::sync::LazyLock;

use crate::facts::{Facts, handoffs};
use crate::plan::{Entity, Handoff, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "vague-handoff",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["handoff"],
    needs: &[PlanPart::Handoffs],
    applies: handoffs::may_be_called_for,
    yields_to: &[],
    settings: &[&FIT_OF_ALL],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("vague_handoff.md"))),
    check: Check::First(check),
};

static FIT_OF_ALL: Setting = Setting {
    key: "fit_of_all",
    default: 1.0,
    unit: SettingUnit::Share,
    least: 0.01,
    most: 1.0,
    words: "the share of leads that must fit from which it counts as not said",
    source: "a convention: nobody keeps a promise that every lead fits, so it is no agreement",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, handoff) in facts.plan.handoffs.iter().enumerate() {
        judge(facts, at, handoff, verdicts);
    }
}

fn judge(facts: &Facts, at: usize, handoff: &Entity<Handoff>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Handoff(at);
    let most = facts.settings.threshold(RULE.name, &FIT_OF_ALL);
    let all_must_fit = handoff.fit.as_ref().and_then(|fit| fit.point()).is_some_and(|fit| fit >= most);
    let says = [
        ("qualified", handoff.qualified.as_ref().is_some_and(|text| text.chars().any(char::is_alphanumeric))),
        ("volume", handoff.volume.is_some()),
        ("every", handoff.every.is_some()),
        (if all_must_fit { "fit-of-all" } else { "fit" }, handoff.fit.is_some() && !all_must_fit),
        ("respond_within", handoff.respond_within.is_some()),
        ("measured_by", handoff.measured_by.is_some()),
        ("feedback", handoff.feedback.is_some()),
    ];
    let missing: Vec<&str> = says.iter().filter(|(_, said)| !said).map(|(key, _)| *key).collect();
    if missing.is_empty() {
        return verdicts.pass(subject);
    }
    let severity = if missing.len() == 1 { Severity::Low } else { Severity::Medium };
    let phrases = missing.iter().map(|key| RULE.page().phrase(&format!("missing.{key}")).to_owned()).collect();
    let draft = FindingDraft::at(handoff.place, "vague", severity)
        .with("from", Figure::Text(handoff.from.value.to_string()))
        .with("to", Figure::Text(handoff.to.value.to_string()))
        .with("missing", Figure::All(phrases))
        .reframe(missing.contains(&"qualified").then(|| skeleton(handoff)), false);
    let share = (says.len() - missing.len()) as f64 / says.len() as f64;
    verdicts.partial(subject, share, draft);
}

/// The handoff with room for the sentence that both teams have to agree on first.
fn skeleton(handoff: &Entity<Handoff>) -> String {
    let given: &Handoff = handoff;
    let fields = Fields::new()
        .maybe("id", given.id.as_ref().map(|id| id.value.to_string()))
        .text("from", handoff.from.value.to_string())
        .text("to", handoff.to.value.to_string())
        .text("qualified", "…");
    reframe::list("handoffs", vec![fields])
}
