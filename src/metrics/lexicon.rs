//! The words of the dictionary, as the build script compiled them: forms to stems, stems to phrases, phrases to meanings.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use fst::raw::{CompiledAddr, Fst, Output};

use super::class::Class;
use super::dictionary::{Entry, Meaning, Place, Turn};
use super::inflection::{Endings, cut};
use super::{Better, Family, Kind, Language, Metric, MetricUnit, Vanity};

/// The stems of a word, by language; 0 where the data of that language has none.
pub(super) type Stems = [u16; Language::WORDS.len()];

/// What the data says, compiled.
mod tables {
    use super::{Better, Cow, Endings, Entry, Family, Kind, Meaning, Metric, MetricUnit, Place, Stems, Turn, Vanity};

    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

pub(super) use tables::{ENTRIES, METRICS, THING_ENDINGS, TURNS};

type Map = Fst<&'static [u8]>;

static FORMS: LazyLock<Option<Map>> =
    LazyLock::new(|| Fst::new(include_bytes!(concat!(env!("OUT_DIR"), "/forms.fst")).as_slice()).ok());
static STEMS: LazyLock<Option<Map>> =
    LazyLock::new(|| Fst::new(include_bytes!(concat!(env!("OUT_DIR"), "/stems.fst")).as_slice()).ok());
static PHRASES: LazyLock<Option<Map>> =
    LazyLock::new(|| Fst::new(include_bytes!(concat!(env!("OUT_DIR"), "/phrases.fst")).as_slice()).ok());

/// All languages, English first.
pub(super) const LANGUAGES: [Language; Language::WORDS.len()] = [
    Language::English,
    Language::Portuguese,
    Language::Spanish,
    Language::Galician,
    Language::Polish,
    Language::German,
    Language::French,
];

/// Whether a language has the head of a phrase first.
pub(super) fn head_first(language: Language) -> bool {
    tables::HEADS_FIRST.get(language as usize).copied().unwrap_or_default()
}

/// The stems of a folded word; all 0 where no language knows it.
pub(super) fn stems(form: &str) -> Stems {
    let mut stems = Stems::default();
    let Some(forms) = FORMS.as_ref() else { return stems };
    if let Some(at) = find(forms, form.bytes()) {
        return usize::try_from(at).ok().and_then(|at| tables::STEMS_OF_FORMS.get(at)).copied().unwrap_or_default();
    }
    let Some(known) = STEMS.as_ref() else { return stems };
    let mut last = None;
    for (stem, endings) in stems.iter_mut().zip(tables::ENDINGS) {
        let parts = cut(form, endings);
        // Most endings are those of another language too.
        if let Some((same, number)) = last
            && same == parts
        {
            *stem = number;
            continue;
        }
        let number = find(known, parts.0.bytes().chain(parts.1.bytes()));
        *stem = number.and_then(|number| u16::try_from(number).ok()).unwrap_or_default();
        last = Some((parts, *stem));
    }
    stems
}

/// What a map holds for a key.
fn find(map: &Map, key: impl Iterator<Item = u8>) -> Option<u64> {
    let mut node = map.root();
    let mut value = Output::zero();
    for byte in key {
        let step = node.transition(node.find_input(byte)?);
        value = value.cat(step.out);
        node = map.node(step.addr);
    }
    node.is_final().then(|| value.cat(node.final_output()).value())
}

/// A phrase on the way through the words of a name.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    at: CompiledAddr,
    value: Output,
}

impl Walk {
    /// Before the first word, in a language.
    pub(super) fn start(language: Language) -> Option<Self> {
        let start = Self { at: PHRASES.as_ref()?.root().addr(), value: Output::zero() };
        start.byte(language as u8)
    }

    /// With one word more; none where no phrase goes on with it.
    pub(super) fn word(self, stem: u16) -> Option<Self> {
        let [high, low] = stem.to_be_bytes();
        (stem > 0).then_some(self)?.byte(high)?.byte(low)
    }

    /// What the phrase so far is, if it is one.
    pub(super) fn entry(self) -> Option<&'static Entry> {
        let node = PHRASES.as_ref()?.node(self.at);
        if !node.is_final() {
            return None;
        }
        ENTRIES.get(usize::try_from(self.value.cat(node.final_output()).value()).ok()?)
    }

    fn byte(self, byte: u8) -> Option<Self> {
        let node = PHRASES.as_ref()?.node(self.at);
        let step = node.transition(node.find_input(byte)?);
        Some(Self { at: step.addr, value: self.value.cat(step.out) })
    }
}

/// The parts of a German compound that no language knows as one word, in bytes of the folded word.
///
/// All parts must be known, and each of a sort that compounds are made of; the fewest parts win, then the longest last one.
pub(super) fn compound(word: &str) -> Option<Vec<(Range<usize>, u16)>> {
    const SHORTEST: usize = 7;
    const LONGEST: usize = 48;
    if !(SHORTEST..=LONGEST).contains(&word.len()) || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let mut ways: Vec<Option<Way>> = vec![None; word.len() + 1];
    for start in 0..word.len() {
        let before = ways.get(start).copied().flatten();
        if start > 0 && before.is_none() {
            continue;
        }
        let parts = 1 + before.map_or(0, |way| way.parts);
        for (end, stem) in parts_from(word, start) {
            for link in LINKS.iter().filter(|link| word.get(end..).is_some_and(|rest| rest.starts_with(**link))) {
                // Starts come in order, so that of ways with as few parts the one with the longest last part came first.
                let way = ways.get_mut(end + link.len()).filter(|way| way.is_none_or(|best| parts < best.parts));
                if let Some(way) = way {
                    *way = Some(Way { parts, last: (start, end), stem });
                }
            }
        }
    }
    let mut parts = Vec::new();
    let mut after = word.len();
    while after > 0 {
        let Way { last: (start, end), stem, .. } = (*ways.get(after)?)?;
        parts.push((start..end, stem));
        after = start;
    }
    parts.reverse();
    (parts.len() > 1).then_some(parts)
}

/// The best way to make the letters before a place of known parts.
#[derive(Clone, Copy)]
struct Way {
    parts: usize,
    /// The bytes of the last part.
    last: (usize, usize),
    stem: u16,
}

/// What may stand between two parts of a compound, and behind the last.
const LINKS: [&str; 6] = ["", "s", "es", "n", "en", "e"];

/// The ends of the known parts that begin at `start`, with their stems.
fn parts_from(word: &str, start: usize) -> Vec<(usize, u16)> {
    const SHORTEST_PART: usize = 3;
    let mut parts = Vec::new();
    let Some(forms) = FORMS.as_ref() else { return parts };
    let mut node = forms.root();
    let mut value = Output::zero();
    for (length, byte) in word.bytes().skip(start).enumerate() {
        let Some(at) = node.find_input(byte) else { break };
        let step = node.transition(at);
        value = value.cat(step.out);
        node = forms.node(step.addr);
        if length + 1 < SHORTEST_PART || !node.is_final() {
            continue;
        }
        let record = usize::try_from(value.cat(node.final_output()).value()).ok();
        let stems = record.and_then(|at| tables::STEMS_OF_FORMS.get(at)).copied().unwrap_or_default();
        let stem = stems.get(Language::German as usize).copied().unwrap_or_default();
        if is_part(stem) {
            parts.push((start + length + 1, stem));
        }
    }
    parts
}

/// Whether compounds are made of this stem: nouns and what stands before them, no articles and the like.
fn is_part(stem: u16) -> bool {
    let entry = Walk::start(Language::German).and_then(|walk| walk.word(stem)).and_then(Walk::entry);
    entry.is_some_and(|entry| {
        let parts = [Class::Part, Class::Share, Class::Cost, Class::Time, Class::Stage, Class::Period, Class::Currency];
        let filling = [Class::Determiner, Class::Stop, Class::Of, Class::Per, Class::To, Class::And, Class::Negation];
        let is_noun = entry.meaning.is_some() || entry.turns != 0 || entry.is(Class::Neutral);
        (is_noun || parts.into_iter().any(|class| entry.is(class))) && !filling.into_iter().any(|class| entry.is(class))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        for map in [&FORMS, &STEMS, &PHRASES] {
            assert!(map.as_ref().unwrap().verify().is_ok());
        }
        assert_eq!(tables::LANGUAGE_CODES, LANGUAGES.map(Language::word));
    }

    #[test]
    fn forms_of_a_word_share_a_stem_and_strange_words_have_none() {
        let stem = |form, language: Language| stems(form)[language as usize];
        for (language, forms) in [
            (Language::English, ["customer", "customers"]),
            (Language::Portuguese, ["conversao", "conversoes"]),
            (Language::Polish, ["klienta", "klientow"]),
            (Language::German, ["kunde", "kunden"]),
        ] {
            let [one, other] = forms.map(|form| stem(form, language));
            assert_eq!(one, other, "{forms:?}");
            assert_ne!(one, 0, "{forms:?}");
        }
        assert_eq!(stems("qwertz"), Stems::default());
        assert_eq!(stems(""), Stems::default());
    }

    #[test]
    fn a_compound_is_parted_into_known_words_and_nothing_else_is() {
        let parts = |word: &'static str| {
            let part = |(range, _): &(Range<usize>, u16)| word.get(range.clone()).unwrap();
            compound(word).map(|parts| parts.iter().map(part).collect::<Vec<_>>())
        };
        assert_eq!(parts("hotelumsatz"), Some(vec!["hotel", "umsatz"]));
        assert_eq!(parts("museumsbesucherzahl"), Some(vec!["museum", "besucherzahl"]));
        assert_eq!(parts("xylophonunterricht"), None);
        assert_eq!(compound(&"umsatz".repeat(40)), None);
    }
}
