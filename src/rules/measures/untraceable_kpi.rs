//! `untraceable-kpi`: a KPI of which nobody can say where it is read, how often, or which of two readings is right.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::facts::{Facts, is_left_open};
use crate::plan::period::Cadence;
use crate::plan::{Entity, Kpi, Placed, Plan, PlanPart, Subject};
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
        if let Some(measured) = Measured::by(facts, at, kpi) {
            let first = *first_of.entry(measured).or_insert(at);
            drafts.extend(facts.plan.kpis.get(first).and_then(|first| two_truths(facts, at, kpi, first)));
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
        .with("name", Figure::Text(kpi.name.value.clone()))
        .with("missing", Figure::Names(missing.clone()));
    (!missing.is_empty()).then_some(draft)
}

fn source(kpi: &Kpi) -> Option<&Placed<String>> {
    kpi.source.as_ref().filter(|source| !is_left_open(source))
}

/// What a KPI measures, as far as two of them can be told to measure the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Measured {
    metric: &'static str,
    /// The name where it is not the metric's own: "New ARR from Sensors" is not all of "New ARR", and other names that the
    /// dictionary has for a metric may be narrower too ("organic impressions").
    name: String,
    product: Option<String>,
    teams: BTreeSet<String>,
}

impl Measured {
    fn by(facts: &Facts, at: usize, kpi: &Kpi) -> Option<Self> {
        source(kpi)?;
        let metric = facts.kpi(at).metric?;
        let own = singular(&kpi.name);
        let is_all_of_it = [&metric.name, &metric.title].into_iter().any(|title| singular(title) == own);
        let name = if is_all_of_it { String::new() } else { own };
        let teams = kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| Plan::id_from(team)).collect();
        let product = kpi.product.as_ref().map(|product| Plan::id_from(product));
        Some(Self { metric: &metric.name, name, product, teams })
    }
}

fn singular(name: &str) -> String {
    Plan::id_from(name).trim_end_matches('s').to_owned()
}

/// One measure that is read in two places. One name within the other ("CRM", "the CRM's lead report") is taken for the same place.
fn two_truths(facts: &Facts, at: usize, kpi: &Kpi, first: &Entity<Kpi>) -> Option<FindingDraft> {
    let (own, other) = (source(kpi)?, source(first)?);
    if words(own).is_subset(&words(other)) || words(other).is_subset(&words(own)) {
        return None;
    }
    let label = Template(RULE.page().phrase("beside")).fill(&[("other", Figure::Text(first.name.value.clone()))]);
    let draft = FindingDraft::at(own.whole(), "two-truths", Severity::Medium)
        .with("name", Figure::Text(kpi.name.value.clone()))
        .with("other", Figure::Text(first.name.value.clone()))
        .with("metric", Figure::Text(facts.kpi(at).metric.map(|metric| metric.title.to_string()).unwrap_or_default()))
        .with("source", Figure::Text(own.value.clone()))
        .with("other_source", Figure::Text(other.value.clone()))
        .recognised(facts.kpi(at).is_recognised());
    Some(draft.beside(other.whole(), label))
}

/// Words that do not tell one source from another, in the dictionary's languages.
const SMALL_WORDS: &str = "a an the of in from o os as do da dos das no na el la los las del al le les l d du de des der die das den dem \
    von aus im w z ze od";

/// The words that tell a source, without an "s" at their end: "the CRM's" is the CRM.
fn words(source: &str) -> BTreeSet<String> {
    let id = Plan::id_from(source);
    let telling = id.split('-').filter(|word| !SMALL_WORDS.split(' ').any(|small| small == *word));
    telling.map(|word| word.trim_end_matches('s').to_owned()).filter(|word| !word.is_empty()).collect()
}
