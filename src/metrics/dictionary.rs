//! The dictionary: its metrics, the words by which names are read, and what a settings file adds to them.

use std::collections::BTreeMap;

use super::class::Class;
use super::entry::{Entry, Meaning};
use super::lexicon::{self, LANGUAGES, METRICS, NEWEST, Walk};
use super::name::Name;
use super::remembered::Remembered;
use super::{Language, Metric};

/// A name nearer than one slip in this many letters is worth a hint.
const LETTERS_PER_SLIP: usize = 3;

/// The dictionary that ships with the tool: compiled in, so that there is nothing to load.
#[must_use]
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: Dictionary = Dictionary {
        metrics: Vec::new(),
        own: BTreeMap::new(),
        names: BTreeMap::new(),
        changed: BTreeMap::new(),
        ruleset: None,
        remembered: Remembered::new(),
    };
    &DICTIONARY
}

/// Metrics, and all the words by which names are read: those that are compiled in, and what a settings file adds.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// Metrics that the data has not.
    metrics: Vec<Metric>,
    /// Where they stand among all metrics, by name.
    own: BTreeMap<String, usize>,
    /// Names that are added, by the stem of their first word: their folded words, and what they are.
    names: BTreeMap<String, Vec<(Vec<String>, Entry)>>,
    /// Metrics of the data of which something else is said, by their place.
    changed: BTreeMap<usize, Metric>,
    /// The ruleset whose metrics it has; all of them where there is none.
    ruleset: Option<u32>,
    /// What was read of names with all of that.
    pub(super) remembered: Remembered,
}

impl Dictionary {
    /// The metric of a name, be it the canonical one (`cost-per-lead`) or any that the dictionary lists ("CPL").
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        if let Some(metric) = self.metrics().find(|metric| metric.name == name) {
            return Some(metric);
        }
        let name = Name::read(name);
        let added = self.added_at(&name, 0).find(|(end, _)| *end == name.text.tokens.len()).map(|(_, entry)| entry);
        let listed =
            || LANGUAGES.iter().filter_map(|language| entry_of(&name, *language)).filter(|entry| self.has(entry));
        added.into_iter().chain(listed()).find_map(|entry| match entry.meaning? {
            Meaning::Metric(at) => self.metric_at(at),
            _ => None,
        })
    }

    /// The newest ruleset that brought a metric, a name or a word.
    #[must_use]
    pub fn newest(&self) -> u32 {
        NEWEST
    }

    /// As it was in a ruleset: without the metrics, names and words that came later.
    #[must_use]
    pub fn at_ruleset(mut self, ruleset: u32) -> Self {
        self.ruleset = Some(ruleset);
        self.remembered = Remembered::new();
        self
    }

    /// Whether the ruleset has what the data says of a phrase.
    pub(super) fn has(&self, entry: &Entry) -> bool {
        self.ruleset.is_none_or(|ruleset| entry.since <= ruleset)
    }

    /// Lets a name mean a metric: one that the dictionary has, or a new one. Of two names that are one but for case and plurals, the
    /// later holds.
    pub fn add(&mut self, name: &str, metric: Metric) -> Result<(), NotAdded> {
        let words: Vec<_> = Name::read(name).text.words().map(str::to_owned).collect();
        let has_letters = |word: &String| word.bytes().any(|letter| letter.is_ascii_alphabetic());
        let first = words.first().filter(|_| words.iter().any(has_letters)).ok_or(NotAdded::NoLetters)?;
        let first = lexicon::english_stem(first);
        let of_data = METRICS.iter().position(|known| known.name == metric.name);
        let at = of_data.filter(|at| self.changed.get(at).or(METRICS.get(*at)) == Some(&metric)).unwrap_or_else(|| {
            let count = METRICS.len() + self.metrics.len();
            let at = *self.own.entry(metric.name.to_string()).or_insert(count);
            match self.metrics.get_mut(at - METRICS.len()) {
                Some(own) => *own = metric,
                None => self.metrics.push(metric),
            }
            at
        });
        let at = u16::try_from(at).map_err(|_| NotAdded::TooMany)?;
        let short = !name.contains(' ') && name.bytes().filter(u8::is_ascii_uppercase).count() > 1;
        let classes = if short { Class::Abbreviation.bit() } else { 0 };
        let entry = Entry { classes, meaning: Some(Meaning::Metric(at)), ..Entry::default() };
        self.names.entry(first).or_default().push((words, entry));
        self.remembered = Remembered::new();
        Ok(())
    }

    /// Says something else of a metric that the dictionary has, by its canonical name.
    pub fn change(&mut self, metric: Metric) {
        if let Some(at) = METRICS.iter().position(|known| known.name == metric.name) {
            self.changed.insert(at, metric);
            self.remembered = Remembered::new();
        }
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
        let here = |(_, metric): &(usize, &Metric)| self.ruleset.is_none_or(|ruleset| metric.since <= ruleset);
        let of_data = METRICS.iter().enumerate().filter(here);
        let of_data = of_data.map(|(at, metric)| self.changed.get(&at).unwrap_or(metric));
        of_data.chain(&self.metrics)
    }

    pub(super) fn metric_at(&self, at: u16) -> Option<&Metric> {
        let at = usize::from(at);
        self.changed.get(&at).or_else(|| METRICS.get(at)).or_else(|| self.metrics.get(at.checked_sub(METRICS.len())?))
    }

    /// The added names that begin at this token: where they end, and what they are.
    pub(super) fn added_at<'d, 'n>(
        &'d self,
        name: &'n Name,
        start: usize,
    ) -> impl Iterator<Item = (usize, &'d Entry)> + use<'d, 'n> {
        let word = || lexicon::english_stem(name.text.word(start));
        let named = (!self.names.is_empty()).then(word).and_then(|first| self.names.get(&first));
        let ends = move |(words, entry): &'d (Vec<String>, Entry)| Some((name.match_words(start, words)?, entry));
        named.into_iter().flatten().filter_map(ends)
    }
}

/// Why a name cannot be added to the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// It is of signs and digits.
    #[error("a metric's name needs letters")]
    NoLetters,
    /// There are more metrics than the dictionary has places for.
    #[error("there are too many metrics: 65,000 is the most")]
    TooMany,
}

/// What the data of a language says of a whole name.
fn entry_of(name: &Name, language: Language) -> Option<&'static Entry> {
    let tokens = name.stems.iter().zip(&name.text.tokens).filter(|(_, token)| !token.is_mark());
    let mut stems = tokens.map(|(stems, _)| stems.get(language as usize).copied().unwrap_or_default());
    let first = Walk::start(language, stems.next()?)?;
    stems.try_fold(first, Walk::word)?.entry()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Family, Kind, Vanity};

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
    fn what_came_with_a_later_ruleset_is_not_known() {
        let before_all = dictionary().clone().at_ruleset(0);
        assert_eq!(before_all.metric("CPL"), None);
        assert_eq!(before_all.metric("cost-per-lead"), None);
        assert!(before_all.recognise("Cost per lead").is_none());
        let newest = dictionary().clone().at_ruleset(dictionary().newest());
        assert_eq!(newest.metrics().count(), METRICS.len());
        assert!(newest.recognise("Cost per lead").is_some());
    }

    #[test]
    fn what_a_name_was_read_as_does_not_outlast_a_change() {
        let mut dictionary = Dictionary::default();
        let kind = |dictionary: &Dictionary| dictionary.recognise("Wombats").map(|found| found.kind);
        assert_eq!((kind(&dictionary), kind(&dictionary)), (None, None));
        let revenue = dictionary.metric("revenue").unwrap().clone();
        dictionary.add("Wombats", revenue.clone()).unwrap();
        assert_eq!((kind(&dictionary), kind(&dictionary.clone())), (Some(Kind::Revenue), Some(Kind::Revenue)));
        dictionary.change(Metric { kind: Kind::Reach, ..revenue });
        assert_eq!(kind(&dictionary), Some(Kind::Reach));
        assert!(dictionary.recognise("Cost per lead").is_some());
        assert!(dictionary.at_ruleset(0).recognise("Cost per lead").is_none());
    }

    #[test]
    fn more_names_than_are_kept_are_read_all_the_same() {
        let dictionary = Dictionary::default();
        let is_read = |number: &usize| dictionary.recognise(&format!("Revenue of shop {number}")).is_some();
        assert_eq!((0..5_000).filter(is_read).count(), 5_000);
        assert_eq!((0..5_000).filter(is_read).count(), 5_000);
    }

    #[test]
    fn an_added_name_is_found_in_any_language_and_before_what_the_data_says() {
        let mut dictionary = Dictionary::default();
        let demo = dictionary.metric("demo-requests").unwrap().clone();
        dictionary.add("Hand-raisers", demo).unwrap();
        dictionary.add("Wizzies", Metric::new("Wizzies", Kind::Retention)).unwrap();
        dictionary.add("ROAS", Metric::new("Efficiency of ours", Kind::Operations)).unwrap();
        for name in ["##", "2027", ""] {
            assert_eq!(dictionary.add(name, Metric::new(name, Kind::Reach)), Err(NotAdded::NoLetters));
        }
        let kind = |name| dictionary.recognise(name).map(|found| found.kind);
        assert_eq!(kind("Grow hand raisers by 20%"), Some(Kind::LeadVolume));
        assert_eq!(kind("Aumentar el número de hand-raisers"), Some(Kind::LeadVolume));
        assert_eq!(kind("Wizzy"), Some(Kind::Retention));
        assert_eq!(kind("Keep the wizzies"), Some(Kind::Retention));
        assert_eq!(kind("Hit a ROAS of 4"), Some(Kind::Operations));
        assert_eq!(dictionary.metric("wizzies").unwrap().title, "Wizzies");
        assert_eq!(super::dictionary().metric("wizzies"), None);
    }

    #[test]
    fn a_changed_metric_is_another_wherever_it_is_found() {
        let mut dictionary = Dictionary::default();
        let sign_ups = dictionary.metric("newsletter-sign-ups").unwrap().clone();
        dictionary.change(Metric { vanity: Vanity::No, ..sign_ups });
        assert_eq!(dictionary.recognise("Newsletter registrations").unwrap().vanity, Vanity::No);
        assert_eq!(dictionary.metric("newsletter-sign-ups").unwrap().vanity, Vanity::No);
    }

    #[test]
    fn the_dictionary_has_two_hundred_and_fifty_metrics_and_more() {
        assert!(dictionary().metrics().count() >= 250);
        let mut names: Vec<_> = dictionary().metrics().map(|metric| &metric.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), dictionary().metrics().count());
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
