//! `incomplete-kpi`: a KPI that lacks a target, a baseline, a deadline or an owner.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::{Facts, is_left_open, level_words, names};
use crate::metrics::Kind;
use crate::plan::{Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Target,
    Baseline,
    Deadline,
    Owner,
}

impl Piece {
    fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Baseline => "baseline",
            Self::Deadline => "deadline",
            Self::Owner => "owner",
        }
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let judged = facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi)));
    let lacking: Vec<(usize, &Entity<Kpi>, Vec<Piece>)> = judged
        .map(|(at, kpi)| {
            let missing = asked(facts, at, kpi).into_iter().filter(|piece| !has(facts, kpi, *piece)).collect();
            (at, kpi, missing)
        })
        .collect();
    // What those lack between them that are told together.
    let mut union: HashMap<(&str, Severity), BTreeSet<Piece>> = HashMap::new();
    for (_, kpi, missing) in &lacking {
        union.entry(weigh(kpi, missing)).or_default().extend(missing);
    }
    for (at, kpi, missing) in &lacking {
        let subject = Subject::Kpi(*at);
        if missing.is_empty() {
            match may_say_its_target(kpi) {
                true => verdicts.unknown(subject, [Need::new("target", subject)]),
                false => verdicts.pass(subject),
            }
            continue;
        }
        let Some(union) = union.get(&weigh(kpi, missing)) else { continue };
        let asked = asked(facts, *at, kpi).len();
        let share = (asked - missing.len()) as f64 / asked as f64;
        verdicts.partial(subject, share, finding(facts, *at, kpi, missing, union));
    }
}

/// What is asked of a KPI. A target of words is the matter of the rule on those, and one that the name may say is not to be read:
/// here it is neither there nor missing. What is to be kept has no day on which it must be reached, and a piece of work
/// starts from nothing: it is done by its day, or not.
fn asked(facts: &Facts, at: usize, kpi: &Kpi) -> Vec<Piece> {
    match &kpi.target {
        None if kpi.keep.is_some() => vec![Piece::Target, Piece::Baseline, Piece::Owner],
        None if is_a_piece_of_work(facts, at, kpi) => vec![Piece::Deadline, Piece::Owner],
        None if may_say_its_target(kpi) => vec![Piece::Baseline, Piece::Deadline, Piece::Owner],
        Some(target) if target.quantity().is_none() => vec![Piece::Baseline, Piece::Deadline, Piece::Owner],
        _ => vec![Piece::Target, Piece::Baseline, Piece::Deadline, Piece::Owner],
    }
}

/// "Launch the partner portal": work that is no count of something put out.
fn is_a_piece_of_work(facts: &Facts, at: usize, kpi: &Kpi) -> bool {
    let identity = facts.kpi(at);
    let unnamed = identity.kind == Some(Kind::Activity) && identity.metric.is_none();
    unnamed || identity.kind.is_none() && names::is_work(&kpi.name, facts.dictionary)
}

/// Whether a name without a target that could be read may say it all the same: "20 keywords in the top 3", "double our followers".
fn may_say_its_target(kpi: &Kpi) -> bool {
    kpi.target.is_none()
        && kpi.keep.is_none()
        && (kpi.name.split_whitespace().any(stands_alone) || level_words::multiplies(&kpi.name))
}

/// A number that stands by itself, and is no year: not that of "Q1", "B2B" or "30-day".
fn stands_alone(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    !word.is_empty() && !year && word.chars().all(|letter| letter.is_ascii_digit() || ".,".contains(letter))
}

fn has(facts: &Facts, kpi: &Entity<Kpi>, piece: Piece) -> bool {
    match piece {
        Piece::Target => kpi.target.is_some() || kpi.keep.is_some(),
        Piece::Baseline => kpi.baseline.is_some(),
        Piece::Deadline => facts.plan.deadline(kpi).is_some(),
        Piece::Owner => kpi.owner.iter().flat_map(|owners| owners.iter()).any(|owner| !is_left_open(owner)),
    }
}

fn weigh(kpi: &Kpi, missing: &[Piece]) -> (&'static str, Severity) {
    match Plan::role(kpi) {
        _ if missing.contains(&Piece::Target) => ("no-target", Severity::High),
        Role::Leading if missing.len() == 1 => ("missing", Severity::Low),
        _ => ("missing", Severity::Medium),
    }
}

/// With what one KPI lacks, and what all that are told with it lack between them.
fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, missing: &[Piece], union: &BTreeSet<Piece>) -> FindingDraft {
    let (reading, severity) = weigh(kpi, missing);
    let words: Vec<String> = missing.iter().map(|piece| words(kpi, *piece)).collect();
    let phrase = |piece: &Piece, of: &str| RULE.page().phrase(&format!("{}{of}", piece.word())).to_owned();
    let things: Vec<String> = union.iter().map(|piece| phrase(piece, ".thing")).collect();
    let asked: Vec<String> = union.iter().map(|piece| phrase(piece, "")).collect();
    let lack = if union.len() > 1 { "one-or-more" } else { "one" };
    let lack = Template(RULE.page().phrase(lack)).fill(&[("things", Figure::Text(list_whole(&things)))]);
    FindingDraft::at(kpi.place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("missing", Figure::Text(list_whole(&words)))
        .with("lack", Figure::Text(lack))
        .with("asked", Figure::Text(list_whole(&asked)))
        .reframe(reframe(facts, at, kpi, missing), false)
}

/// What is missing, as the sentence says it. A change needs its baseline more than a level does: it is counted from it.
fn words(kpi: &Kpi, piece: Piece) -> String {
    let change = kpi.target.as_ref().and_then(|target| target.quantity()).filter(|target| target.change.is_some());
    let phrase = match (piece, change) {
        (Piece::Baseline, Some(_)) => "baseline.change",
        (piece, _) => piece.word(),
    };
    let change = change.map(|change| change.text.clone()).unwrap_or_default();
    Template(RULE.page().phrase(phrase)).fill(&[("change", Figure::Text(change.to_string()))])
}

/// The KPI with the deadline that the plan itself suggests, and room for a target and a name. Other numbers that nobody wrote
/// are left out.
fn reframe(facts: &Facts, at: usize, kpi: &Entity<Kpi>, missing: &[Piece]) -> Option<String> {
    // Attention is better read than chased: the rule on it proposes that.
    if facts.kpi(at).kind.is_some_and(Kind::is_attention) {
        return None;
    }
    let by = missing.contains(&Piece::Deadline).then(|| suggested_deadline(facts, at)).flatten();
    let open = |piece| missing.contains(&piece).then(|| RULE.page().phrase("open"));
    let (target, owner) = (open(Piece::Target), open(Piece::Owner));
    if by.is_none() && owner.is_none() {
        return None;
    }
    let fields = Fields::named(&kpi.id, &kpi.name);
    Some(reframe::list("kpis", vec![fields.maybe("target", target).maybe("by", by).maybe("owner", owner)]))
}

/// The date of the goal of money that the KPI leads to, else the last day of the period.
fn suggested_deadline(facts: &Facts, at: usize) -> Option<String> {
    let goal = facts.way(at).and_then(|way| way.end).and_then(|end| facts.plan.deadline_of(end));
    let end = || facts.plan.head.period.as_ref().map(|period| period.end);
    goal.or_else(end).map(|day| day.to_string())
}
