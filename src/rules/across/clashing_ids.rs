//! `clashing-ids`: one id for two KPIs in plans that are read together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::measured::source_words;
use crate::rules::page::Page;
use crate::rules::{Area, Check, Rule};
use crate::set::{About, Drafts, KpiOutline, Outline, Outlines, PlanAt, SetDraft, Text};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "clashing-ids",
    area: Area::AcrossPlans,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi"],
    needs: &[],
    applies: |_| false,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("clashing_ids.md"))),
    check: Check::Across(check),
};

fn check(outlines: &Outlines, drafts: &mut Drafts<'_>) {
    for family in outlines.families() {
        let mut by_id: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
        for (at, plan) in family {
            for kpi in &plan.kpis {
                by_id.entry(outlines.text(kpi.id)).or_default().push(Use { at, plan, kpi });
            }
        }
        for (id, uses) in by_id.iter().filter(|(_, uses)| uses.len() > 1) {
            let by_plan = uses.iter().map(|one| (one.at, *one)).collect();
            let uses = Uses { outlines, id, uses, by_plan };
            for draft in uses.clashes() {
                drafts.add(draft);
            }
        }
    }
}

/// A KPI of a plan.
#[derive(Debug, Clone, Copy)]
struct Use<'o> {
    at: PlanAt,
    plan: &'o Outline,
    kpi: &'o KpiOutline,
}

/// All KPIs of one id in plans that hang together.
struct Uses<'o, 'u> {
    outlines: &'o Outlines,
    id: &'o str,
    uses: &'u [Use<'o>],
    /// A plan has an id once.
    by_plan: HashMap<PlanAt, Use<'o>>,
}

impl<'o> Uses<'o, '_> {
    fn clashes(&self) -> Vec<SetDraft<'o>> {
        // Those whose plan extends no other that has the id are held against what most of them mean.
        let uppermost: Vec<Use<'o>> =
            self.uses.iter().copied().filter(|own| self.above(own).next().is_none()).collect();
        let usual = usual(&uppermost);
        let clash = |own: &Use<'o>| {
            let mut above = self.above(own).peekable();
            if above.peek().is_none() {
                return usual.filter(|usual| usual.plan.overlaps(own.plan)).and_then(|usual| self.metrics(own, &usual));
            }
            above.find_map(|other| self.metrics(own, &other).or_else(|| self.sources(own, &other)))
        };
        self.uses.iter().filter_map(clash).collect()
    }

    /// The KPIs of the same id in the plans that a plan extends, for the same time.
    fn above(&self, own: &Use<'o>) -> impl Iterator<Item = Use<'o>> {
        let plan = own.plan;
        let above = plan.extends.iter().filter_map(|at| self.by_plan.get(at).copied());
        above.filter(move |other| plan.overlaps(other.plan))
    }

    fn metrics(&self, own: &Use<'o>, other: &Use<'o>) -> Option<SetDraft<'o>> {
        let [metric, other_metric] = [own, other].map(|one| self.outlines.text(one.kpi.metric).to_owned());
        (own.kpi.metric != other.kpi.metric).then(|| self.draft("metrics", own, other, metric, other_metric))
    }

    /// What is read in two places: the same measure of the same part of the business, of sources that have no word in common.
    fn sources(&self, own: &Use<'o>, other: &Use<'o>) -> Option<SetDraft<'o>> {
        let (one, another) = (self.source(own.kpi.source)?, self.source(other.kpi.source)?);
        let (words, other_words) = (source_words(one), source_words(another));
        // "The CRM" and "HubSpot" may be one system.
        let both_named = names_a_kind(&words) == names_a_kind(&other_words);
        (own.kpi.scope == other.kpi.scope && both_named && words.is_disjoint(&other_words))
            .then(|| self.draft("sources", own, other, one.to_owned(), another.to_owned()))
    }

    fn source(&self, source: Option<Text>) -> Option<&'o str> {
        source.map(|source| self.outlines.text(source))
    }

    fn draft(
        &self,
        reading: &'static str,
        own: &Use<'o>,
        other: &Use<'o>,
        here: String,
        there: String,
    ) -> SetDraft<'o> {
        let label = Template(RULE.page().phrase(reading)).fill(&[("there", Figure::Text(there.clone()))]);
        SetDraft {
            about: About { plan: own.plan, kind: "kpi", id: self.id, name: self.id, spot: own.kpi.spot },
            reading,
            severity: Severity::Medium,
            related: vec![(other.plan, other.kpi.spot, label)],
            figures: vec![
                ("id", Figure::Text(self.id.to_owned())),
                ("plan", Figure::Text(own.plan.title())),
                ("other", Figure::Text(other.plan.title())),
                ("here", Figure::Text(here)),
                ("there", Figure::Text(there)),
            ],
            against: Some(other.plan),
        }
    }
}

/// Words for a kind of system, in the form of `source_words`: a plan that has one of these may mean what another calls by a product's name.
const KINDS_OF_SYSTEM: &str = "account accounting analytic banco bank bi billing buchhaltung comptabilite comptabilité contabilidad \
    contabilidade crm dashboard dwh erp export finance financeiro financiero finanza finanzen ksiegowosc księgowość ledger platform \
    report sheet shop spreadsheet system tienda tracker warehouse website";

fn names_a_kind(words: &BTreeSet<String>) -> bool {
    KINDS_OF_SYSTEM.split(' ').any(|kind| words.contains(kind))
}

/// The first of those that measure what most do.
fn usual<'o>(uses: &[Use<'o>]) -> Option<Use<'o>> {
    let mut counts: HashMap<Text, usize> = HashMap::new();
    for one in uses {
        *counts.entry(one.kpi.metric).or_default() += 1;
    }
    let most = counts.values().max()?;
    uses.iter().copied().find(|one| counts.get(&one.kpi.metric) == Some(most))
}
