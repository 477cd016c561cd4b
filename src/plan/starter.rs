//! The plans that `init` writes: small, whole, and commented with the words of the tables of keys.

use super::draft::Draft;
use super::funnel::Funnel;
use super::goal::Goal;
use super::handoff::Handoff;
use super::initiative::Initiative;
use super::kpi::Kpi;
use super::product::{EconomicKeys, Product};
use super::reference::words;
use super::table::{Part, Table};

mod answers;
mod business;
mod typed;

pub use answers::Answers;
pub use business::Business;
pub use typed::{Aim, AnswerError, Sold};

const TEMPLATE: &str = include_str!("starter.yaml");

/// The tables whose words a template asks for, by the name that it uses: `{kpi.owner}`.
const TABLES: &[(&str, &Table)] = &[
    ("plan", Draft::TABLE),
    ("goal", Goal::TABLE),
    ("kpi", Kpi::TABLE),
    ("product", Product::TABLE),
    ("economics", EconomicKeys::TABLE),
    ("funnel", Funnel::TABLE),
    ("handoff", Handoff::TABLE),
    ("initiative", Initiative::TABLE),
];

/// A commented plan to start from, with examples for values: what to fill in, in the order in which it repays the typing.
pub fn starter() -> String {
    TEMPLATE.lines().map(|line| with_words(line) + "\n").collect()
}

/// A line with the words of the key that its comment asks for.
fn with_words(line: &str) -> String {
    let asked = line.split_once("# {").and_then(|(before, rest)| Some((before, rest.strip_suffix('}')?)));
    match asked {
        Some((before, asked)) => format!("{before}# {}", words_of(asked).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn words_of(asked: &str) -> Option<String> {
    let (part, name) = asked.split_once('.')?;
    let (_, table) = TABLES.iter().find(|(own, _)| *own == part)?;
    let key = table.keys.iter().find(|key| key.name == name)?;
    Some(words(key).trim_end_matches('.').replace('`', ""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::Auditor;
    use crate::metrics::dictionary;
    use crate::plan::{NoFiles, read};
    use crate::severity::Severity;
    use crate::source::Source;

    #[test]
    fn it_reads_without_problems() {
        let source = Arc::new(Source::new("plan.yaml", starter()));
        let reading = read(&source, dictionary(), &NoFiles);
        assert_eq!(reading.problems, []);
        assert_eq!(reading.plans.len(), 1);
    }

    #[test]
    fn it_gets_no_finding_that_would_fail_somebody_who_has_changed_nothing() {
        let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", &starter());
        let [plan] = report.plans.as_slice() else { panic!("{:?}", report.faults) };
        assert!(plan.gravest() < Some(Severity::Medium), "{:?}", plan.findings().collect::<Vec<_>>());
    }

    #[test]
    fn it_says_enough_for_a_score() {
        let report = Auditor::new(date(2027, 1, 15)).audit_text("plan.yaml", &starter());
        assert!(report.plans.iter().all(|plan| plan.score.is_enough()));
    }

    #[test]
    fn it_is_short_and_every_key_that_it_asks_words_of_has_some() {
        let lines = TEMPLATE.lines().count();
        assert!((40..=60).contains(&lines), "{lines} lines");
        for asked in TEMPLATE.split("# {").skip(1).filter_map(|rest| rest.split_once("}\n")) {
            assert!(words_of(asked.0).is_some_and(|words| !words.is_empty()), "{}", asked.0);
        }
    }
}
