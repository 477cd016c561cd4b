//! `rebrand-first`: a new look or a new site at the start, without the problem that it is to solve.

use std::sync::LazyLock;

use jiff::{Span, civil::Date};

use crate::facts::{AtStake, Facts};
use crate::plan::{Entity, Initiative, InitiativeKind, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "rebrand-first",
    area: Area::Work,
    weight: Severity::Medium,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || looks(facts).next().is_some(),
    yields_to: &[],
    settings: &[&FIRST_DAYS],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("rebrand_first.md"))),
    check: Check::First(check),
};

static FIRST_DAYS: Setting = Setting {
    key: "first_days",
    default: 90.0,
    unit: SettingUnit::Count,
    least: 0.0,
    most: 3_650.0,
    words: "the days from the start of the period in which a new look or site counts as coming first",
    source: "a convention: the first ninety days of a plan set its course",
};

/// New looks and new sites that are ahead.
fn looks(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    let kinds = [InitiativeKind::Rebrand, InitiativeKind::Website];
    facts.plan.initiatives_ahead().filter(move |(_, one)| kinds.iter().any(|kind| one.is(*kind)))
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let ranks = facts.plan.initiatives_ahead().filter_map(|(_, one)| one.rank.as_ref()?.point());
    let first = ranks.min_by(f64::total_cmp);
    for (at, initiative) in looks(facts) {
        let subject = Subject::Initiative(at);
        let rank = initiative.rank.as_ref().and_then(|rank| rank.point());
        let early = starts_early(facts, initiative);
        let reading = if rank.is_some() && rank == first { "ranked" } else { "early" };
        if answers(initiative) {
            verdicts.pass(subject);
        } else if reading == "ranked" || early == Some(true) {
            verdicts.fail(subject, finding(at, initiative, reading));
        } else if early == Some(false) {
            verdicts.pass(subject);
        } else if initiative.start.is_some() {
            verdicts.unknown(subject, [Need::new("period", Subject::Plan)]);
        } else {
            verdicts.unknown(subject, [Need::new("start", subject)]);
        }
    }
}

/// Whether the plan says what it is to solve; of work on a site also, by how much it should move a KPI.
fn answers(initiative: &Initiative) -> bool {
    let expects = initiative.expects.as_ref().is_some_and(|expects| expects.iter().next().is_some());
    initiative.problem.is_some() || (initiative.is(InitiativeKind::Website) && expects)
}

/// Whether it starts in the first days of the period, or before it.
fn starts_early(facts: &Facts, initiative: &Initiative) -> Option<bool> {
    let start = initiative.start.as_ref()?.value;
    let days = facts.settings.threshold(RULE.name, &FIRST_DAYS);
    let after: Date = facts.plan.head.period.as_ref()?.start.checked_add(Span::new().days(days as i64)).ok()?;
    Some(start < after)
}

fn finding(at: usize, initiative: &Entity<Initiative>, reading: &'static str) -> FindingDraft {
    let page = RULE.page();
    let kind = initiative.kind.as_ref().map(|kind| kind.value.word()).unwrap_or_default();
    let start = initiative.start.as_ref().map(|start| start.value.to_string()).unwrap_or_default();
    let fields = Fields::named(&initiative.id, &initiative.name);
    let money = initiative.money_ahead().filter(|money| *money > 0.0);
    FindingDraft::at(initiative.place, reading, Severity::Medium)
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("kind", Figure::Text(page.phrase(&format!("kind.{kind}")).to_owned()))
        .with("start", Figure::Text(start))
        .at_stake(money.map(|amount| AtStake::of_one(Subject::Initiative(at), amount, page.phrase("at-stake"))))
        .reframe(Some(reframe::list("initiatives", vec![fields.text("problem", page.phrase("problem"))])), false)
}
