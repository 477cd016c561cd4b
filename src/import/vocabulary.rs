//! What headings and cells are called in the seven languages: the data file `words.tsv`, and the look-up in it.

use std::collections::HashMap;
use std::sync::LazyLock;

use deunicode::deunicode;

use crate::metrics::Language;
use crate::words::words;

const DATA: &str = include_str!("words.tsv");

words! {
    /// What a column of a table is for.
    pub(super) enum Column {
        /// The name of a KPI.
        Name = "name",
        /// The name of an objective.
        Objective = "objective",
        /// An objective where the cells are words, a target where they are numbers.
        Aim = "aim",
        /// The name of a key result.
        KeyResult = "key-result",
        /// The name of an initiative.
        Initiative = "initiative",
        /// The name of a product.
        Product = "product",
        /// Whether a row is an objective, a KPI, an initiative or a product.
        Level = "level",
        /// The id of a row.
        Id = "id",
        /// The row that this one is a part of, or moves.
        Parent = "parent",
        /// Where it stood.
        Baseline = "baseline",
        /// What it should reach.
        Target = "target",
        /// Where it stands.
        Actual = "actual",
        /// Who answers for it.
        Owner = "owner",
        /// When it is due.
        By = "by",
        /// When it begins.
        Start = "start",
        /// The teams.
        Team = "team",
        /// The money.
        Budget = "budget",
        /// How often it is looked at.
        Cadence = "cadence",
        /// What the numbers are measured in.
        Unit = "unit",
        /// Where the number is read.
        Source = "source",
        /// Why it should work.
        Because = "because",
        /// How far it has come.
        Status = "status",
        /// Where it runs.
        Channels = "channels",
        /// How much it matters.
        Priority = "priority",
        /// The work that it takes.
        Effort = "effort",
        /// The period that the row is for.
        Period = "period",
        /// New customers expected.
        NewCustomers = "new-customers",
        /// What a customer pays.
        Price = "price",
        /// The margin.
        GrossMargin = "gross-margin",
        /// Customers lost in a month.
        MonthlyChurn = "monthly-churn",
        /// What a new customer costs.
        Cac = "cac",
        /// What a customer is worth.
        Ltv = "ltv",
        /// Return on ad spend.
        Roas = "roas",
        /// Known, and without a key in a plan.
        Note = "note",
    }
}

words! {
    /// What a word in a cell means.
    pub(super) enum Said {
        /// The row is an objective.
        IsGoal = "is-goal",
        /// The row is a key result, which belongs to an objective.
        IsKeyResult = "is-key-result",
        /// The row is a KPI.
        IsKpi = "is-kpi",
        /// The row is an initiative.
        IsInitiative = "is-initiative",
        /// The row is a product.
        IsProduct = "is-product",
        /// The row adds others up.
        Total = "total",
        /// There is nothing to say.
        Nothing = "nothing",
        /// A cadence.
        Daily = "daily",
        /// A cadence.
        Weekly = "weekly",
        /// A cadence.
        Monthly = "monthly",
        /// A cadence.
        Quarterly = "quarterly",
        /// A cadence.
        Yearly = "yearly",
        /// A status.
        Planned = "planned",
        /// A status.
        Running = "running",
        /// A status.
        Done = "done",
        /// A status.
        Stopped = "stopped",
        /// A priority.
        Must = "must",
        /// A priority.
        Should = "should",
        /// A priority.
        Could = "could",
        /// A priority.
        Wont = "wont",
        /// Growth from month to month.
        MonthlyGrowth = "monthly-growth",
        /// Growth from week to week.
        WeeklyGrowth = "weekly-growth",
        /// Growth from quarter to quarter.
        QuarterlyGrowth = "quarterly-growth",
        /// Growth from year to year.
        YearlyGrowth = "yearly-growth",
        /// What follows is a deadline.
        Until = "until",
        /// A month.
        Month = "month",
        /// The numbers are per cent.
        Percent = "percent",
        /// The numbers are thousands.
        Thousands = "thousands",
        /// The numbers are millions.
        Millions = "millions",
    }
}

#[derive(Default)]
struct Words {
    columns: HashMap<String, Vec<(Column, Language)>>,
    said: HashMap<String, Vec<Said>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for (use_, language, phrase) in phrases() {
        if let Some(column) = Column::parse(use_) {
            let meanings = words.columns.entry(phrase).or_default();
            if !meanings.contains(&(column, language)) {
                meanings.push((column, language));
            }
        } else if let Some(said) = Said::parse(use_) {
            words.said.entry(phrase).or_default().push(said);
        }
    }
    words
});

/// Each phrase of the data file, folded, with its use and its language.
fn phrases() -> impl Iterator<Item = (&'static str, Language, String)> {
    let lines = DATA.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(line)
        .flat_map(|(use_, language, phrases)| phrases.split(';').map(move |phrase| (use_, language, fold(phrase))))
}

fn line(line: &str) -> Option<(&str, Language, &str)> {
    let mut parts = line.split('\t');
    Some((parts.next()?, Language::parse(parts.next()?)?, parts.next()?))
}

/// What a heading can be for, with the languages that call it so.
pub(super) fn columns(text: &str) -> &'static [(Column, Language)] {
    if is_long(text) { &[] } else { WORDS.columns.get(&fold(text)).map_or(&[], Vec::as_slice) }
}

/// Whether a cell says that.
pub(super) fn says(text: &str, meaning: Said) -> bool {
    said(text, &[meaning]).is_some()
}

/// The one of these meanings that a cell has.
pub(super) fn said(text: &str, meanings: &[Said]) -> Option<Said> {
    if is_long(text) {
        return None;
    }
    let own = WORDS.said.get(&fold(text))?;
    meanings.iter().copied().find(|meaning| own.contains(meaning))
}

/// Whether a text says more than any heading does; it is not looked up.
pub(super) fn is_long(text: &str) -> bool {
    const LONGEST: usize = 500;
    text.len() > LONGEST
}

/// Lower case without accents, every run of other signs a space.
pub(super) fn fold(text: &str) -> String {
    let plain = deunicode(text).to_ascii_lowercase();
    let words: Vec<&str> =
        plain.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_data_is_read() {
        for text in DATA.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (use_, _, phrases) = line(text).unwrap_or_else(|| panic!("{text}"));
            assert!(Column::parse(use_).is_some() || Said::parse(use_).is_some(), "{text}");
            assert!(phrases.split(';').all(|phrase| !fold(phrase).is_empty()), "{text}");
        }
    }

    #[test]
    fn every_use_that_people_write_in_words_has_some_in_every_language() {
        // Written the same everywhere, or in English everywhere.
        const SHARED: [&str; 5] = ["roas", "must", "should", "could", "wont"];
        let known: HashSet<_> = phrases().map(|(use_, language, _)| (use_, language)).collect();
        for use_ in Column::WORDS.iter().chain(Said::WORDS).filter(|use_| !SHARED.contains(use_)) {
            for language in Language::WORDS {
                assert!(known.contains(&(*use_, Language::parse(language).unwrap())), "{use_} in {language}");
            }
        }
    }

    #[test]
    fn no_heading_means_two_things_in_one_language() {
        for (phrase, meanings) in &WORDS.columns {
            let mut seen = HashSet::new();
            for (_, language) in meanings {
                assert!(seen.insert(language), "`{phrase}`: {meanings:?}");
            }
        }
    }
}
