//! What a KPI measures and where it is read, as far as two of them can be told to be the same.

use std::collections::BTreeSet;

use super::is_left_open;
use crate::metrics::Metric;
use crate::phrases::{Phrases, phrases};
use crate::plan::{Kpi, Placed, Plan, Text};

/// What a KPI measures.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Measured {
    metric: &'static str,
    /// The name where it is not the metric's own: "New ARR from Sensors" is not all of "New ARR", and other names that the
    /// dictionary has for a metric may be narrower too ("organic impressions").
    pub(crate) name: String,
    pub(crate) product: Option<String>,
    pub(crate) teams: BTreeSet<String>,
}

impl Measured {
    /// What a KPI of that metric measures.
    pub(crate) fn of(metric: &'static Metric, kpi: &Kpi) -> Self {
        let own = singular(&kpi.name);
        let is_all_of_it = [&metric.name, &metric.title].into_iter().any(|title| singular(title) == own);
        let name = if is_all_of_it { String::new() } else { own };
        let teams =
            kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| Plan::id_from(team).into_owned()).collect();
        let product = kpi.product.as_ref().map(|product| Plan::id_from(product).into_owned());
        Self { metric: &metric.name, name, product, teams }
    }
}

/// Where a KPI is read, where the plan says it.
pub(crate) fn source(kpi: &Kpi) -> Option<&Placed<Text>> {
    kpi.source.as_ref().filter(|source| !is_left_open(source))
}

fn singular(name: &str) -> String {
    Plan::id_from(name).trim_end_matches('s').to_owned()
}

/// Words that do not tell one source from another, in the dictionary's languages.
const SMALL_WORDS: Phrases = phrases!(
    "a an the of in from o os as do da dos das no na el la los las del al le les l d du de des der die das den dem \
     von aus im w z ze od"
);

/// The words that tell a source, without an "s" at their end: "the CRM's" is the CRM.
pub(crate) fn source_words(source: &str) -> BTreeSet<String> {
    let id = Plan::id_from(source);
    let telling = id.split('-').filter(|word| !SMALL_WORDS.has(word));
    telling.map(|word| word.trim_end_matches('s').to_owned()).filter(|word| !word.is_empty()).collect()
}
