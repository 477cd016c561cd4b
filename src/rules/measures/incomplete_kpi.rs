//! `incomplete-kpi`: a KPI that lacks a target, a baseline, a deadline or an owner.

use std::sync::LazyLock;

use crate::facts::{Facts, is_left_open};
use crate::metrics::Kind;
use crate::plan::{Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::{Figure, Template, list_whole};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "incomplete-kpi",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("incomplete_kpi.md"))),
    check: Check::First(check),
};

/// What a KPI that can be met or missed has. The words are those of the page's phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Target,
    Baseline,
    Deadline,
    Owner,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for at in facts.judged_kpis() {
        if let Some(kpi) = facts.plan.kpis.get(at) {
            judge(facts, at, kpi, verdicts);
        }
    }
}

fn judge(facts: &Facts, at: usize, kpi: &Entity<Kpi>, verdicts: &mut Verdicts<'_>) {
    let asked = asked(kpi);
    let missing: Vec<Piece> = asked.iter().copied().filter(|piece| !has(facts, kpi, *piece)).collect();
    if missing.is_empty() {
        return verdicts.pass(Subject::Kpi(at));
    }
    let present = asked.len() - missing.len();
    let draft = finding(facts, at, kpi, &missing);
    verdicts.partial(Subject::Kpi(at), present as f64 / asked.len() as f64, draft);
}

/// What is asked of a KPI. A target of words is the matter of the rule on those: here it is neither there nor missing.
/// What is to be kept has no day on which it must be reached.
fn asked(kpi: &Kpi) -> Vec<Piece> {
    match &kpi.target {
        Some(target) if target.quantity().is_none() => vec![Piece::Baseline, Piece::Deadline, Piece::Owner],
        None if kpi.keep.is_some() => vec![Piece::Target, Piece::Baseline, Piece::Owner],
        _ => vec![Piece::Target, Piece::Baseline, Piece::Deadline, Piece::Owner],
    }
}

fn has(facts: &Facts, kpi: &Entity<Kpi>, piece: Piece) -> bool {
    match piece {
        Piece::Target => kpi.target.is_some() || kpi.keep.is_some(),
        Piece::Baseline => kpi.baseline.is_some(),
        Piece::Deadline => facts.plan.deadline(kpi).is_some(),
        Piece::Owner => kpi.owner.iter().flat_map(|owners| owners.iter()).any(|owner| !is_left_open(owner)),
    }
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, missing: &[Piece]) -> FindingDraft {
    let (reading, severity) = match Plan::role(kpi) {
        _ if missing.contains(&Piece::Target) => ("no-target", Severity::High),
        Role::Leading if missing.len() == 1 => ("missing", Severity::Low),
        _ => ("missing", Severity::Medium),
    };
    let words: Vec<String> = missing.iter().map(|piece| words(kpi, *piece)).collect();
    FindingDraft::at(kpi.place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.clone()))
        .with("missing", Figure::Text(list_whole(&words)))
        .reframe(reframe(facts, at, kpi, missing), false)
}

/// What is missing, as the sentence says it. A change needs its baseline more than a level does: it is counted from it.
fn words(kpi: &Kpi, piece: Piece) -> String {
    let change = kpi.target.as_ref().and_then(|target| target.quantity()).filter(|target| target.change.is_some());
    let phrase = match (piece, change) {
        (Piece::Target, _) => "target",
        (Piece::Baseline, Some(_)) => "baseline.change",
        (Piece::Baseline, None) => "baseline",
        (Piece::Deadline, _) => "deadline",
        (Piece::Owner, _) => "owner",
    };
    let change = change.map(|change| change.text.clone()).unwrap_or_default();
    Template(RULE.page().phrase(phrase)).fill(&[("change", Figure::Text(change))])
}

/// The KPI with the deadline that the plan itself suggests, and room for a name. What needs a number that nobody wrote is
/// left out.
fn reframe(facts: &Facts, at: usize, kpi: &Entity<Kpi>, missing: &[Piece]) -> Option<String> {
    // Attention is better read than chased: the rule on it proposes that.
    if facts.kpi(at).kind.is_some_and(Kind::is_attention) {
        return None;
    }
    let by = missing.contains(&Piece::Deadline).then(|| suggested_deadline(facts, at)).flatten();
    let owner = missing.contains(&Piece::Owner).then(|| RULE.page().phrase("open").to_owned());
    if by.is_none() && owner.is_none() {
        return None;
    }
    let fields = Fields::new().text("id", kpi.id.clone()).text("name", kpi.name.value.clone());
    Some(reframe::list("kpis", vec![fields.maybe("by", by).maybe("owner", owner)]))
}

/// The date of the goal of money that the KPI leads to, else the last day of the period.
fn suggested_deadline(facts: &Facts, at: usize) -> Option<String> {
    let goal = facts.way(at).and_then(|way| way.end).and_then(|end| facts.plan.deadline_of(end));
    let end = || facts.plan.head.period.as_ref().map(|period| period.end);
    goal.or_else(end).map(|day| day.to_string())
}
