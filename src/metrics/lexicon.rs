//! The words of the dictionary, as the build script compiled them: forms to stems, phrases of stems to meanings.

use std::array;
use std::borrow::Cow;
use std::ops::Range;

use super::class::Class;
use super::entry::{Entry, Meaning, Place, Turn};
use super::hash::Key;
use super::inflection::{ByLetter, cut};
use super::{Better, Family, Kind, Language, Metric, MetricUnit, Vanity};

/// The stems of a word, by language; 0 where the data of that language has none.
pub(super) type Stems = [u16; Language::WORDS.len()];

/// What the data says, compiled.
mod tables {
    use super::{Better, ByLetter, Cow, Entry, Family, Kind, Meaning, Metric, MetricUnit, Place, Stems, Turn, Vanity};

    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}

use tables::{ENTRIES, THING_ENDINGS, TURNS};
pub(super) use tables::{METRICS, NEWEST};

/// The tree of phrases; the build script says what its bytes are.
static PHRASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/phrases.bin"));

/// The bytes of an edge of it.
const EDGE: usize = 6;

/// All languages, English first.
pub(crate) const LANGUAGES: [Language; Language::WORDS.len()] = [
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

/// The turns of a set.
pub(super) fn turns(set: u32) -> impl Iterator<Item = Turn> {
    TURNS.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, turn)| *turn)
}

/// Whether a word that is not listed looks like a thing or a doing rather than a name ("tracking").
pub(super) fn looks_like_a_thing(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    THING_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// The stems of a folded word; all 0 where no language knows it.
pub(super) fn stems(form: &str) -> Stems {
    if let Some(listed) = listed(Key::of(form)) {
        return listed;
    }
    let mut stems = Stems::default();
    let mut last = None;
    for (stem, endings) in stems.iter_mut().zip(&tables::ENDINGS) {
        let parts = cut(form, endings);
        // Most endings are those of another language too.
        if let Some((same, number)) = last
            && same == parts
        {
            *stem = number;
            continue;
        }
        let word = place(Key::of(parts.0).with(parts.1)).map_or(0, |at| at + 1);
        *stem = u16::try_from(word).ok().filter(|stem| block(*stem) > 0).unwrap_or_default();
        last = Some((parts, *stem));
    }
    stems
}

/// What the forms of a word share, as English has them: its plurals are those of abbreviations and brands everywhere.
pub(super) fn english_stem(word: &str) -> String {
    let [english, ..] = &tables::ENDINGS;
    let (start, end) = cut(word, english);
    [start, end].concat()
}

/// The stems of a word that the data has in this form.
fn listed(form: Key) -> Option<Stems> {
    let at = place(form)?;
    let (stem, languages) = (*tables::STEMS.get(at)?, *tables::LANGUAGES_OF_STEMS.get(at)?);
    if languages == 0 {
        return tables::SEVERAL.get(usize::from(stem)).copied();
    }
    Some(array::from_fn(|language| if languages >> language & 1 == 1 { stem } else { 0 }))
}

/// The place of a word among all: its number is one more.
fn place(word: Key) -> Option<usize> {
    let [start, end] = *tables::STARTS.get(word.bucket()..)?.first_chunk()?;
    let bucket = usize::from(start)..usize::from(end);
    tables::KEYS.get(bucket.clone())?.iter().position(|key| *key == word.rest()).map(|at| bucket.start + at)
}

/// Where the block of a stem begins in the tree of phrases; 0 where the word of that number is no stem.
fn block(stem: u16) -> usize {
    tables::FIRST.get(usize::from(stem)).map_or(0, |start| *start as usize)
}

/// A phrase on the way through the words of a name.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    /// Where the block of its first word begins in the tree.
    first: usize,
    entry: u16,
    /// Where the block beneath it begins, from there.
    beneath: u16,
}

impl Walk {
    /// The phrases of a language that begin with a stem.
    pub(super) fn start(language: Language, stem: u16) -> Option<Self> {
        let first = block(stem);
        if first == 0 { None } else { Self::on(first, 0, language as u16) }
    }

    /// With one word more; none where no phrase goes on with it.
    pub(super) fn word(self, stem: u16) -> Option<Self> {
        if self.beneath == 0 { None } else { Self::on(self.first, self.beneath, stem) }
    }

    /// What the phrase so far is, if it is one.
    pub(super) fn entry(self) -> Option<&'static Entry> {
        ENTRIES.get(usize::from(self.entry).checked_sub(1)?)
    }

    /// By the edge of a block.
    fn on(first: usize, block: u16, edge: u16) -> Option<Self> {
        let edges = edges(first, block)?;
        let at = edges.binary_search_by_key(&edge, |[low, high, ..]| u16::from_le_bytes([*low, *high])).ok()?;
        let [_, _, entry @ .., low, high] = edges.get(at)?;
        Some(Self { first, entry: u16::from_le_bytes(*entry), beneath: u16::from_le_bytes([*low, *high]) })
    }
}

/// The edges in a block of a first word.
fn edges(first: usize, block: u16) -> Option<&'static [[u8; EDGE]]> {
    let (count, rest) = PHRASES.get((first + usize::from(block)) * 2..)?.split_first_chunk()?;
    Some(rest.get(..usize::from(u16::from_le_bytes(*count)) * EDGE)?.as_chunks().0)
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
    let mut key = Key::EMPTY;
    for (length, byte) in word.bytes().skip(start).enumerate() {
        key = key.and(byte);
        if length + 1 < SHORTEST_PART {
            continue;
        }
        let Some(stems) = listed(key) else { continue };
        let stem = stems.get(Language::German as usize).copied().unwrap_or_default();
        if is_part(stem) {
            parts.push((start + length + 1, stem));
        }
    }
    parts
}

/// Whether compounds are made of this stem: nouns and what stands before them, no articles and the like.
fn is_part(stem: u16) -> bool {
    let entry = Walk::start(Language::German, stem).and_then(Walk::entry);
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
        let words = tables::KEYS.len();
        assert_eq!(
            (tables::STEMS.len(), tables::LANGUAGES_OF_STEMS.len(), tables::FIRST.len()),
            (words, words, words + 1)
        );
        assert_eq!(tables::STARTS.map(usize::from).last(), Some(&words));
        assert_eq!(tables::LANGUAGE_CODES, LANGUAGES.map(Language::word));
        let blocks = tables::FIRST.iter().filter(|start| **start > 0);
        let bytes = blocks.map(|start| bytes(*start as usize, 0)).sum::<usize>();
        assert_eq!(PHRASES.len(), 2 + bytes);
    }

    /// How many bytes a block of a first word has, with those beneath it; each entry in them there is.
    fn bytes(first: usize, block: u16) -> usize {
        let edges = edges(first, block).unwrap();
        let beneath = edges.iter().map(|[.., low, high, at, block]| {
            assert!(usize::from(u16::from_le_bytes([*low, *high])) <= ENTRIES.len());
            let beneath = u16::from_le_bytes([*at, *block]);
            if beneath == 0 { 0 } else { bytes(first, beneath) }
        });
        2 + EDGE * edges.len() + beneath.sum::<usize>()
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
