//! `untraceable-kpi`: a KPI of which nobody can say where it is read, how often, or which of two readings is right.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::facts::measured::{Measured, source, source_words};
use crate::plan::period::Cadence;
use crate::plan::{Entity, Kpi, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "untraceable-kpi",
    area: Area::Measures,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("untraceable_kpi.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let mut first_of: HashMap<Measured, usize> = HashMap::new();
    for at in facts.judged_kpis() {
        let Some(kpi) = facts.plan.kpis.get(at) else { continue };
        let mut drafts: Vec<FindingDraft> = missing(kpi).into_iter().collect();
        if let Some(measured) = measured(facts, at, kpi) {
            let first = Some(*first_of.entry(measured).or_insert(at)).filter(|first| *first != at);
            let first = first.and_then(|first| facts.plan.kpis.get(first));
            drafts.extend(first.and_then(|first| two_truths(facts, at, kpi, first)));
        }
        if drafts.is_empty() {
            verdicts.pass(Subject::Kpi(at));
        } else {
            verdicts.fail_all(Subject::Kpi(at), drafts);
        }
    }
}

/// What the plan does not say of how a KPI is read.
fn missing(kpi: &Kpi) -> Option<FindingDraft> {
    // "Never" says that nobody looks: as if no rhythm were given.
    let is_looked_at = kpi.cadence.as_ref().is_some_and(|cadence| cadence.value != Cadence::Never);
    let pieces = [(source(kpi).is_some(), "source"), (is_looked_at, "cadence")];
    let missing: Vec<String> =
        pieces.iter().filter(|(there, _)| !there).map(|(_, piece)| RULE.page().phrase(piece).to_owned()).collect();
    let draft = FindingDraft::at(kpi.place, "missing", Severity::Low)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("missing", Figure::Names(missing.clone()));
    (!missing.is_empty()).then_some(draft)
}

/// What a KPI measures, where the plan says where it is read.
fn measured(facts: &Facts, at: usize, kpi: &Kpi) -> Option<Measured> {
    source(kpi)?;
    Some(Measured::of(facts.kpi(at).metric?, kpi))
}

/// One measure that is read in two places. One name within the other ("CRM", "the CRM's lead report") is taken for the same place.
fn two_truths(facts: &Facts, at: usize, kpi: &Kpi, first: &Entity<Kpi>) -> Option<FindingDraft> {
    let (own, other) = (source(kpi)?, source(first)?);
    let (words, other_words) = (source_words(own), source_words(other));
    if words.is_subset(&other_words) || other_words.is_subset(&words) {
        return None;
    }
    let label = Template(RULE.page().phrase("beside")).fill(&[("other", Figure::Text(first.name.value.to_string()))]);
    let draft = FindingDraft::at(own.whole(), "two-truths", Severity::Medium)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("other", Figure::Text(first.name.value.to_string()))
        .with("metric", Figure::Text(facts.kpi(at).metric.map(|metric| metric.title.to_string()).unwrap_or_default()))
        .with("source", Figure::Text(own.value.to_string()))
        .with("other_source", Figure::Text(other.value.to_string()))
        .recognised(facts.kpi(at).is_recognised());
    Some(draft.beside(other.whole(), label))
}
