//! Compiles the data: the words by their keys with the stems of each, a tree of phrases, and the values that they point at.
//!
//! All of it stands close together: a run of the program touches little memory then.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write};

use crate::class::Class;
use crate::data::{Data, LANGUAGES, Note, Phrase};
use crate::hash::Key;
use crate::inflection::{ByLetter, cut, letter};
use crate::tokens::Text;

/// The stems of a form, by language; 0 where it has none.
type Stems = [u16; LANGUAGES.len()];

/// What is compiled.
pub(crate) struct Tables {
    /// Names and contents of the files.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    pub(crate) problems: Vec<String>,
}

/// What the data says of a phrase in one language.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    classes: u64,
    meaning: Option<Meaning>,
    /// The turns, as a set of bits.
    turns: u32,
    value: u8,
    /// The ruleset in which the last of it came.
    since: u32,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Metric(usize),
    Term(String, String),
    Block,
}

/// Compiles the data.
pub(crate) fn compile(data: &Data) -> Result<Tables, String> {
    let endings = leaked_endings(data);
    let stem = |language: usize, form: &str| {
        endings.get(language).map_or_else(String::new, |endings| {
            let (start, end) = cut(form, endings);
            format!("{start}{end}")
        })
    };
    let mut problems = Vec::new();
    let mut stems = BTreeSet::new();
    let mut forms = BTreeSet::new();
    let mut phrases = Phrases::new();
    for phrase in &data.phrases {
        let words = words(&phrase.text);
        if words.is_empty() {
            problems.push(format!("{}: `{}` has no words", phrase.place, phrase.text));
            continue;
        }
        let cut: Vec<_> = words.iter().map(|word| stem(phrase.language, word)).collect();
        forms.extend(words);
        stems.extend(cut.iter().cloned());
        let (entry, first) = phrases.entry((phrase.language, cut)).or_default();
        if let Some(problem) = enter(entry, phrase, first, data) {
            problems.push(problem);
        }
        let means = matches!(phrase.note, Note::Metric { .. } | Note::Term { .. } | Note::Block);
        if first.is_empty() && means {
            *first = format!("`{}` at {}", phrase.text, phrase.place);
        }
    }
    for (key, entry) in without_links(&phrases) {
        phrases.entry(key).or_insert((entry, String::new()));
    }
    // A stem may be a word of its own ("Übernachtung" where "Übernachtungen" is listed), and part of a compound.
    forms.extend(stems.iter().cloned());
    let words = Words::numbered(&forms)?;
    let number = |stem: &str| if stems.contains(stem) { words.number(stem) } else { 0 };
    let stems_of = |form: &str| -> Stems { std::array::from_fn(|language| number(&stem(language, form))) };
    let of_forms = OfForms::of(words.in_order().map(stems_of))?;
    let mut entries = BTreeMap::<Entry, u16>::new();
    entries.extend(phrases.values().map(|(entry, _)| (entry.clone(), 0)));
    for (at, number) in entries.values_mut().enumerate() {
        *number = short(at + 1, "different entries")?;
    }
    let mut tree = BTreeMap::<u16, Node>::new();
    tree.extend(stems.iter().map(|stem| (words.number(stem), Node::default())));
    for ((language, words_of), (entry, _)) in &phrases {
        let mut numbers = words_of.iter().map(|stem| words.number(stem));
        let Some(first) = numbers.next() else { continue };
        let node = tree.entry(first).or_default().under(short(*language, "languages")?);
        numbers.fold(node, Node::under).entry = entries.get(entry).copied().unwrap_or_default();
    }
    let (phrases, first) = bytes(&tree, words.by_key.len())?;
    let mut source = source(data, entries.keys(), &endings);
    array(&mut source, "STARTS", "u16", &words.starts()?);
    array(&mut source, "KEYS", "u32", &Vec::from_iter(words.by_key.keys().map(|(_, rest)| *rest)));
    array(&mut source, "STEMS", "u16", &of_forms.stems);
    array(&mut source, "LANGUAGES_OF_STEMS", "u8", &of_forms.languages);
    array(&mut source, "SEVERAL", "Stems", &of_forms.several);
    array(&mut source, "FIRST", "u32", &first);
    Ok(Tables { files: vec![("phrases.bin", phrases), ("tables.rs", source.into_bytes())], problems })
}

/// All words, by their keys; each is known by its place among them, from 1.
struct Words<'w> {
    by_key: BTreeMap<(usize, u32), &'w str>,
    numbers: BTreeMap<&'w str, u16>,
}

impl<'w> Words<'w> {
    fn numbered(words: &'w BTreeSet<String>) -> Result<Self, String> {
        let mut by_key = BTreeMap::new();
        for word in words {
            let key = Key::of(word);
            if let Some(other) = by_key.insert((key.bucket(), key.rest()), word.as_str()) {
                return Err(format!("`{word}` and `{other}` have one key"));
            }
        }
        let mut numbers = BTreeMap::new();
        for (number, word) in (1..).zip(by_key.values()) {
            numbers.insert(*word, short(number, "words")?);
        }
        Ok(Self { by_key, numbers })
    }

    fn in_order(&self) -> impl Iterator<Item = &'w str> {
        self.by_key.values().copied()
    }

    /// The number of a word; 0 where it is none of them.
    fn number(&self, word: &str) -> u16 {
        self.numbers.get(word).copied().unwrap_or_default()
    }

    /// How many words stand before each bucket, and how many there are.
    fn starts(&self) -> Result<Vec<u16>, String> {
        let mut in_bucket = vec![0; Key::BUCKETS];
        for (bucket, _) in self.by_key.keys() {
            in_bucket.get_mut(*bucket).into_iter().for_each(|count| *count += 1);
        }
        let mut starts = Vec::with_capacity(Key::BUCKETS + 1);
        let mut before = 0;
        for count in in_bucket.into_iter().chain([0]) {
            starts.push(short(before, "words")?);
            before += count;
        }
        Ok(starts)
    }
}

/// The stems of all forms. Most forms have one, in some languages; those whose languages differ are few.
#[derive(Default)]
struct OfForms {
    /// The one stem, or the place among `several`.
    stems: Vec<u16>,
    /// The languages that have the one stem, as a set of bits; empty where they differ, or where none has any.
    languages: Vec<u8>,
    several: Vec<Stems>,
}

impl OfForms {
    fn of(all: impl Iterator<Item = Stems>) -> Result<Self, String> {
        let mut of_forms = Self::default();
        for stems in all {
            let mut different = BTreeSet::from(stems);
            different.remove(&0);
            let languages = (0..).zip(stems).filter(|(_, stem)| *stem != 0).map(|(language, _)| 1 << language).sum();
            let (stem, languages) = match different.first() {
                Some(stem) if different.len() == 1 => (*stem, languages),
                _ => (short(of_forms.several.len(), "forms with other stems than one")?, 0),
            };
            of_forms.stems.push(stem);
            of_forms.languages.push(languages);
            of_forms.several.extend((languages == 0).then_some(stems));
        }
        Ok(of_forms)
    }
}

/// A number of two bytes.
fn short(number: usize, of: &str) -> Result<u16, String> {
    u16::try_from(number).map_err(|_| format!("too many {of}"))
}

/// Writes a static array.
fn array<T: Debug>(out: &mut String, name: &str, of: &str, values: &[T]) {
    let _ = writeln!(out, "pub(in crate::metrics) static {name}: [{of}; {}] = {values:?};", values.len());
}

type Phrases = BTreeMap<(usize, Vec<String>), (Entry, String)>;

/// Metrics and kinds without the words that link their parts, as the names of columns have them: "taxa conversao". Where two
/// that mean different things come to the same words, neither is taken.
fn without_links(phrases: &Phrases) -> BTreeMap<(usize, Vec<String>), Entry> {
    let links = |language: usize, word: &String| {
        let entry = phrases.get(&(language, vec![word.clone()]));
        entry.is_some_and(|(entry, _)| entry.classes & Class::Of.bit() != 0)
    };
    let mut short = BTreeMap::<_, Option<Entry>>::new();
    for ((language, words), (entry, _)) in phrases {
        let kept: Vec<_> = words.iter().filter(|word| !links(*language, word)).cloned().collect();
        let is_shorter = kept.len() > 1 && kept.len() < words.len();
        let meant = matches!(entry.meaning, Some(Meaning::Metric(_) | Meaning::Term(..)));
        if is_shorter && meant && *language != 0 {
            let known = short.entry((*language, kept)).or_insert_with(|| Some(entry.clone()));
            if known.as_ref().is_some_and(|known| known.meaning != entry.meaning) {
                *known = None;
            }
        }
    }
    short.into_iter().filter_map(|(key, entry)| Some((key, entry?))).collect()
}

/// The endings by language and last letter, kept for a build that lasts seconds.
fn leaked_endings(data: &Data) -> Vec<ByLetter> {
    let leak = |text: &String| -> &'static str { String::leak(text.clone()) };
    let by_letter = |endings: &Vec<(String, String)>| {
        std::array::from_fn(|at| {
            let of_letter = endings.iter().filter(|(from, _)| letter(from) == Some(at));
            let pairs: Vec<_> = of_letter.map(|(from, to)| (leak(from), leak(to))).collect();
            &*pairs.leak()
        })
    };
    data.endings.iter().map(by_letter).collect()
}

/// The folded words of a phrase.
fn words(phrase: &str) -> Vec<String> {
    Text::read(phrase).words().map(str::to_owned).collect()
}

/// Enters a note; a phrase that is claimed twice is a problem.
fn enter(entry: &mut Entry, phrase: &Phrase, first: &str, data: &Data) -> Option<String> {
    entry.since = entry.since.max(phrase.since);
    let meaning = match &phrase.note {
        Note::Class(class, value) => {
            entry.classes |= class.bit();
            entry.value = entry.value.max(*value);
            return None;
        }
        Note::Turn(at) => {
            let Some(bit) = u32::try_from(*at).ok().and_then(|at| 1_u32.checked_shl(at)) else {
                return Some(format!("{}: there are more turns than a set of bits holds", phrase.place));
            };
            entry.turns |= bit;
            return None;
        }
        Note::Metric { at, stage, abbreviation } => {
            entry.classes |= if *stage { Class::Stage.bit() } else { 0 };
            entry.classes |= if *abbreviation { Class::Abbreviation.bit() } else { 0 };
            Meaning::Metric(*at)
        }
        Note::Term { kind, vanity } => Meaning::Term(kind.clone(), vanity.clone()),
        Note::Block => Meaning::Block,
    };
    let clash = entry.meaning.as_ref().is_some_and(|known| *known != meaning);
    if clash {
        let name = |meaning: &Meaning| match meaning {
            Meaning::Metric(at) => data.metrics.get(*at).map_or(String::new(), |metric| metric.name.clone()),
            Meaning::Term(kind, _) => kind.clone(),
            Meaning::Block => "block".to_owned(),
        };
        let (known, new) = (entry.meaning.as_ref().map(name), name(&meaning));
        let known = known.unwrap_or_default();
        return Some(format!("{}: `{}` is {new}, and {known} as {first}", phrase.place, phrase.text));
    }
    entry.meaning = Some(meaning);
    None
}

/// The phrases that go on in one way. Beneath the node of a first word are languages, beneath all others stems.
#[derive(Default)]
struct Node {
    next: BTreeMap<u16, Self>,
    /// From 1.
    entry: u16,
}

impl Node {
    fn under(&mut self, edge: u16) -> &mut Self {
        self.next.entry(edge).or_default()
    }

    /// How many are beneath it.
    fn size(&self) -> usize {
        self.next.values().map(|node| 1 + node.size()).sum()
    }

    /// Appends the block of what goes on here, then the blocks beneath it.
    fn append(&self, block: &mut Vec<u16>) -> Result<(), String> {
        block.push(short(self.next.len(), "phrases go on in one way")?);
        let first = block.len();
        block.extend(self.next.iter().flat_map(|(edge, node)| [*edge, node.entry, 0]));
        for (at, node) in self.next.values().enumerate().filter(|(_, node)| !node.next.is_empty()) {
            let start = short(block.len(), "phrases begin with one word")?;
            if let Some(beneath) = block.get_mut(first + at * 3 + 2) {
                *beneath = start;
            }
            node.append(block)?;
        }
        Ok(())
    }
}

/// The tree as bytes, in numbers of two bytes, little-endian; and where in it the block of each word begins, by the words'
/// numbers: 0 where it is no stem.
///
/// A block says how many ways go on, and has three numbers for each: its edge, its entry (from 1), and where the block beneath it
/// begins, counted from the block of the first word; 0 where there is none. The blocks of a first word stand together; the words of
/// most phrases, which are the most usual, come first.
fn bytes(tree: &BTreeMap<u16, Node>, words: usize) -> Result<(Vec<u8>, Vec<u32>), String> {
    let mut first = vec![0; words + 1];
    let mut numbers = vec![0_u16];
    let mut by_size: Vec<_> = tree.iter().collect();
    by_size.sort_by_key(|(word, node)| (Reverse(node.size()), **word));
    for (word, node) in by_size {
        let mut block = Vec::new();
        node.append(&mut block)?;
        if let Some(start) = first.get_mut(usize::from(*word)) {
            *start = u32::try_from(numbers.len()).map_err(|_| "too many phrases".to_owned())?;
        }
        numbers.append(&mut block);
    }
    Ok((numbers.into_iter().flat_map(u16::to_le_bytes).collect(), first))
}

/// The variant of an enum that the data writes in kebab-case.
fn variant(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    word.split('-').map(capital).collect()
}

/// The values that the tables point at, as Rust; the compiler checks the data's words.
fn source<'e>(data: &Data, entries: impl ExactSizeIterator<Item = &'e Entry> + Clone, endings: &[ByLetter]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "pub(in crate::metrics) static METRICS: [Metric; {}] = [", data.metrics.len());
    for metric in &data.metrics {
        let _ = writeln!(
            out,
            "Metric {{ name: Cow::Borrowed({:?}), title: Cow::Borrowed({:?}), kind: Kind::{}, better: Better::{}, unit: MetricUnit::{}, vanity: Vanity::{}, since: {}, balance: {}, family: Family::{}, amount: {} }},",
            metric.name,
            metric.title,
            variant(&metric.kind),
            variant(&metric.better),
            variant(&metric.unit),
            variant(&metric.vanity),
            metric.since,
            metric.balance,
            variant(&metric.family),
            metric.amount,
        );
    }
    let newest = entries.clone().map(|entry| entry.since).max().unwrap_or(1);
    let _ = writeln!(out, "];\npub(in crate::metrics) const NEWEST: u32 = {newest};");
    let _ = writeln!(out, "pub(in crate::metrics) static ENTRIES: [Entry; {}] = [", entries.len());
    for entry in entries {
        let meaning = match &entry.meaning {
            None => "None".to_owned(),
            Some(Meaning::Metric(at)) => format!("Some(Meaning::Metric({at}))"),
            Some(Meaning::Term(kind, vanity)) => {
                format!("Some(Meaning::Term(Kind::{}, Vanity::{}))", variant(kind), variant(vanity))
            }
            Some(Meaning::Block) => "Some(Meaning::Block)".to_owned(),
        };
        let _ = writeln!(
            out,
            "Entry {{ classes: {}, meaning: {meaning}, turns: {}, value: {}, since: {} }},",
            entry.classes, entry.turns, entry.value, entry.since
        );
    }
    let _ = writeln!(out, "];\npub(in crate::metrics) static TURNS: [Turn; {}] = [", data.turns.len());
    for turn in &data.turns {
        let from: Vec<_> = turn.from.iter().map(|kind| format!("1 << Kind::{} as u32", variant(kind))).collect();
        let _ = writeln!(
            out,
            "Turn {{ to: Kind::{}, from: {}, place: Place::{} }},",
            variant(&turn.to),
            from.join(" | "),
            turn.place
        );
    }
    let _ = writeln!(out, "];\npub(in crate::metrics) static ENDINGS: [ByLetter; {}] = [", LANGUAGES.len());
    for endings in endings {
        let of_letter: Vec<_> = endings.iter().map(|endings| format!("&{endings:?}")).collect();
        let _ = writeln!(out, "[{}],", of_letter.join(", "));
    }
    let _ = writeln!(out, "];\npub(in crate::metrics) static THING_ENDINGS: &[&str] = &{:?};", data.thing_endings);
    let _ = writeln!(
        out,
        "pub(in crate::metrics) static HEADS_FIRST: [bool; {}] = {:?};",
        LANGUAGES.len(),
        data.heads_first
    );
    let codes = format!("{LANGUAGES:?}");
    let _ = writeln!(
        out,
        "#[cfg(test)]\npub(in crate::metrics) static LANGUAGE_CODES: [&str; {}] = {};",
        LANGUAGES.len(),
        codes
    );
    out
}
