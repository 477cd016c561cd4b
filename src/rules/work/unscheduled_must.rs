//! `unscheduled-must`: a must that has no time in the plan, and a short period with too many things in it.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::period::Period;
use crate::plan::{Entity, Initiative, PlanPart, Priority, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unscheduled-must",
    area: Area::Work,
    weight: Severity::Low,
    since: 1,
    on: &["initiative", "plan"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || promised(facts).next().is_some(),
    yields_to: &[],
    settings: &[&MOST_PROMISED, &SHORT_PERIOD],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("unscheduled_must.md"))),
    check: Check::First(check),
};

static MOST_PROMISED: Setting = Setting {
    key: "most_promised",
    default: 15.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 1_000.0,
    words: "the musts and shoulds that a short period may hold",
    source: "a convention: more than one a week, and nobody can say all of them from memory",
};

static SHORT_PERIOD: Setting = Setting {
    key: "short_period",
    default: 3.0,
    unit: SettingUnit::Months,
    least: 1.0,
    most: 60.0,
    words: "the months up to which a period is short",
    source: "a convention: a quarter",
};

/// The musts and shoulds that are ahead.
fn promised(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    let promises = [Priority::Must, Priority::Should];
    facts.plan.initiatives_ahead().filter(move |(_, one)| promises.iter().any(|one_of| one.has_priority(*one_of)))
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let period = facts.plan.head.period.as_ref().map(|period| &period.value);
    for (at, initiative) in promised(facts).filter(|(_, initiative)| initiative.has_priority(Priority::Must)) {
        let subject = Subject::Initiative(at);
        match fault(initiative, period) {
            Ok(()) => verdicts.pass(subject),
            Err(Fault::Unscheduled) => {
                verdicts.fail(subject, draft(facts, initiative, "unscheduled", initiative.place));
            }
            Err(Fault::Outside(day)) => verdicts.fail(subject, draft(facts, initiative, "outside", day)),
            Err(Fault::NoPeriod) => verdicts.unknown(subject, [Need::new("period", Subject::Plan)]),
        }
    }
    judge_plan(facts, period, verdicts);
}

/// What is wrong with the time of a must.
enum Fault {
    Unscheduled,
    /// Where the date that lies outside stands.
    Outside(crate::source::Span),
    NoPeriod,
}

fn fault(initiative: &Initiative, period: Option<&Period>) -> Result<(), Fault> {
    if initiative.start.is_none() && initiative.end.is_none() {
        // What is under way has its time.
        return if initiative.is_running() { Ok(()) } else { Err(Fault::Unscheduled) };
    }
    let period = period.ok_or(Fault::NoPeriod)?;
    let too_late = initiative.start.as_ref().filter(|start| start.value > period.end);
    let too_early = initiative.end.as_ref().filter(|end| end.value < period.start);
    match too_late.or(too_early) {
        Some(day) => Err(Fault::Outside(day.whole())),
        None => Ok(()),
    }
}

fn draft(
    facts: &Facts,
    initiative: &Entity<Initiative>,
    reading: &'static str,
    place: crate::source::Span,
) -> FindingDraft {
    let day = |day: &Option<crate::plan::Placed<jiff::civil::Date>>| day.as_ref().map(|day| day.value.to_string());
    let page = RULE.page();
    let when = match (day(&initiative.start), day(&initiative.end)) {
        (Some(start), Some(end)) => [page.phrase("from"), &start, page.phrase("to"), &end].join(" "),
        (Some(start), None) => [page.phrase("from"), &start].join(" "),
        (None, end) => [page.phrase("to"), &end.unwrap_or_default()].join(" "),
    };
    let period = facts.plan.head.period.as_ref().map(|period| period.text.clone()).unwrap_or_default();
    FindingDraft::at(place, reading, Severity::Low)
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("when", Figure::Text(when))
        .with("period", Figure::Text(period))
}

fn judge_plan(facts: &Facts, period: Option<&Period>, verdicts: &mut Verdicts<'_>) {
    let promised = promised(facts).count();
    if promised == 0 {
        return;
    }
    let most = facts.settings.threshold(RULE.name, &MOST_PROMISED);
    let short = facts.settings.threshold(RULE.name, &SHORT_PERIOD);
    match period.map(Period::months) {
        _ if promised as f64 <= most => verdicts.pass(Subject::Plan),
        None => verdicts.unknown(Subject::Plan, [Need::new("period", Subject::Plan)]),
        Some(months) if months > short => verdicts.pass(Subject::Plan),
        Some(_) => {
            let head = &facts.plan.head;
            let place = head.initiatives.as_ref().map_or(head.place, |initiatives| initiatives.key);
            let text = period.map(|period| period.text.clone()).unwrap_or_default();
            let draft = FindingDraft::at(place, "too-many", Severity::Low)
                .with("promised", Figure::Count(promised as f64))
                .with("most", Figure::Count(most))
                .with("period", Figure::Text(text));
            verdicts.fail(Subject::Plan, draft);
        }
    }
}
