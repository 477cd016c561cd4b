//! The dictionary: its metrics, the words by which names are read, and what a settings file adds to them.

use super::class::Class;
use super::lexicon::{LANGUAGES, METRICS, THING_ENDINGS, TURNS, Walk};
use super::name::Name;
use super::{Kind, Language, Metric, Vanity};

/// A name nearer than one slip in this many letters is worth a hint.
const LETTERS_PER_SLIP: usize = 3;

/// The dictionary that ships with the tool: compiled in, so that there is nothing to load.
#[must_use]
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: Dictionary = Dictionary { added: Vec::new() };
    &DICTIONARY
}

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The metric at this place.
    Metric(u16),
    /// A kind, without a metric.
    Term(Kind, Vanity),
    /// Nothing, though it looks like something.
    Block,
}

/// A word that turns a kind into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// The kind it becomes.
    pub(super) to: Kind,
    /// The kinds that it turns, as a set of bits.
    pub(super) from: u32,
    /// Where it stands when it does so.
    pub(super) place: Place,
}

/// Where a word stands that turns a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the noun phrase: "candidate NPS", "NPS of candidates".
    Noun,
    /// Before it, as a verb: "hire two leads".
    Verb,
    /// Anywhere behind it: "customers who renew".
    Behind,
}

impl Turn {
    /// Whether it turns `kind`.
    pub(super) const fn turns(self, kind: Kind) -> bool {
        self.from & (1 << kind as u32) != 0
    }
}

/// What the data says of a phrase in one language.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    /// Its classes, as a set of bits.
    pub(super) classes: u64,
    /// What it means, if it is a metric or a kind.
    pub(super) meaning: Option<Meaning>,
    /// How it turns other kinds: places in the list of turns, as a set of bits.
    pub(super) turns: u32,
    /// The number of a month or quarter.
    pub(super) value: u8,
}

impl Entry {
    /// Whether the phrase is of a class.
    pub(super) const fn is(&self, class: Class) -> bool {
        self.classes & class.bit() != 0
    }

    /// Whether it tells of the name's language: words that only narrow or pick out ("enterprise", "pricing page") do not.
    pub(super) const fn tells_of_language(&self) -> bool {
        let loose = Class::Scope.bit() | Class::Selective.bit() | Class::Part.bit();
        self.classes & !loose != 0 || self.meaning.is_some() || self.turns != 0
    }
}

/// Metrics, and all the words by which names are read.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    added: Vec<Added>,
}

/// A name that a settings file adds.
#[derive(Debug, Clone)]
pub(super) struct Added {
    /// Its words, folded.
    words: Vec<String>,
    entry: Entry,
    metric: Metric,
}

impl Dictionary {
    /// The metric of a name, be it the canonical one (`cost-per-lead`) or any that the dictionary lists ("CPL").
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        let mut added = self.added.iter().map(|added| &added.metric);
        if let Some(metric) = added.find(|metric| metric.name == name) {
            return Some(metric);
        }
        if let Some(metric) = METRICS.iter().find(|metric| metric.name == name) {
            return Some(metric);
        }
        let name = Name::read(name);
        let added = self.added_at(&name, 0).find(|(end, _)| *end == name.text.tokens.len()).map(|(_, entry)| entry);
        let listed = || LANGUAGES.iter().filter_map(|language| entry_of(&name, *language));
        added.into_iter().chain(listed()).find_map(|entry| match entry.meaning? {
            Meaning::Metric(at) => self.metric_at(at),
            _ => None,
        })
    }

    /// The canonical name nearest to one that is none: a hint for a slip of the pen.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let length = name.chars().count();
        if length > 48 {
            return None;
        }
        let written = name.trim().to_lowercase().replace([' ', '_'], "-");
        let slips = |metric: &Metric| strsim::damerau_levenshtein(&metric.name, &written);
        let (slips, metric) = self.metrics().map(|metric| (slips(metric), metric)).min_by_key(|(slips, _)| *slips)?;
        (slips * LETTERS_PER_SLIP <= length).then_some(&metric.name)
    }

    /// All metrics, in the order of the data, and those that a settings file adds.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        METRICS.iter().chain(self.added.iter().map(|added| &added.metric))
    }

    pub(super) fn metric_at(&self, at: u16) -> Option<&Metric> {
        let at = usize::from(at);
        METRICS.get(at).or_else(|| self.added.get(at.checked_sub(METRICS.len())?).map(|added| &added.metric))
    }

    /// The added names that begin at this token: where they end, and what they are.
    pub(super) fn added_at<'d>(&'d self, name: &Name, start: usize) -> impl Iterator<Item = (usize, &'d Entry)> {
        self.added.iter().filter_map(move |added| Some((name.match_words(start, &added.words)?, &added.entry)))
    }
}

/// What the data of a language says of a whole name.
fn entry_of(name: &Name, language: Language) -> Option<&'static Entry> {
    let tokens = name.stems.iter().zip(&name.text.tokens).filter(|(_, token)| !token.is_mark());
    let mut stems = tokens.map(|(stems, _)| stems.get(language as usize).copied().unwrap_or_default());
    let first = Walk::start(language, stems.next()?)?;
    stems.try_fold(first, Walk::word)?.entry()
}

/// The turns of a set.
pub(super) fn turns(set: u32) -> impl Iterator<Item = Turn> {
    TURNS.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, turn)| *turn)
}

/// Whether a word that is not listed looks like a thing or a doing rather than a name ("tracking").
pub(super) fn looks_like_a_thing(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    THING_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Family;

    #[test]
    fn a_metric_is_found_by_its_name_and_by_its_abbreviation() {
        let name = |text| dictionary().metric(text).map(|metric| metric.name.as_ref());
        assert_eq!(name("cost-per-lead"), Some("cost-per-lead"));
        assert_eq!(name("CPL"), Some("cost-per-lead"));
        assert_eq!(name("LTV:CAC"), Some("ltv-to-cac"));
        assert_eq!(name("revpar"), Some("revpar"));
        assert_eq!(name("Taxa de conversão"), Some("conversion-rate"));
        assert_eq!(name("office plants"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn families_hold_what_they_should() {
        let family = |name| dictionary().metric(name).unwrap().family;
        for name in ["roas", "target-roas", "acos", "ad-roi"] {
            assert_eq!(family(name), Family::Roas);
        }
        for name in ["mer", "poas", "roi"] {
            assert_eq!(family(name), Family::None);
        }
        assert_eq!(family("LTV"), Family::Ltv);
        assert_eq!(family("LTV:CAC"), Family::Ltv);
        assert_eq!(family("CAC"), Family::Cac);
        assert_eq!(family("payback period"), Family::Payback);
        assert_eq!(family("repeat purchase rate"), Family::RepeatPurchase);
    }

    #[test]
    fn a_slip_gets_the_name_that_was_meant_and_a_strange_word_none() {
        assert_eq!(dictionary().nearest("cost-per-laed"), Some("cost-per-lead"));
        assert_eq!(dictionary().nearest("Net Revenue Retenton"), Some("net-revenue-retention"));
        assert_eq!(dictionary().nearest("xylophone-lessons"), None);
        assert_eq!(dictionary().nearest(&"long".repeat(100)), None);
    }
}
