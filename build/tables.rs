//! Compiles the data: two perfect hash maps (forms of words to their stems, stems to numbers), a tree of phrases, and the
//! values that they point at.

use std::collections::BTreeMap;
use std::fmt::Write;

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
    let mut stems = BTreeMap::<String, u16>::new();
    let mut forms = BTreeMap::<String, Stems>::new();
    let mut phrases = Phrases::new();
    for phrase in &data.phrases {
        let words = words(&phrase.text);
        if words.is_empty() {
            problems.push(format!("{}: `{}` has no words", phrase.place, phrase.text));
            continue;
        }
        let cut: Vec<_> = words.iter().map(|word| stem(phrase.language, word)).collect();
        forms.extend(words.into_iter().map(|word| (word, Stems::default())));
        stems.extend(cut.iter().map(|stem| (stem.clone(), 0)));
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
    forms.extend(stems.keys().map(|stem| (stem.clone(), Stems::default())));
    for (at, number) in stems.values_mut().enumerate() {
        *number = u16::try_from(at + 1).map_err(|_| "too many stems".to_owned())?;
    }
    for (form, numbers) in &mut forms {
        for (language, number) in numbers.iter_mut().enumerate() {
            *number = stems.get(&stem(language, form)).copied().unwrap_or_default();
        }
    }
    let mut entries = BTreeMap::<Entry, u64>::new();
    entries.extend(phrases.values().map(|(entry, _)| (entry.clone(), 0)));
    for (at, number) in entries.values_mut().enumerate() {
        *number = at as u64;
    }
    let mut records = BTreeMap::<Stems, u64>::new();
    records.extend(forms.values().map(|stems| (*stems, 0)));
    for (at, number) in records.values_mut().enumerate() {
        *number = at as u64;
    }
    let mut tree = Tree::default();
    for ((language, words), (entry, _)) in &phrases {
        let words = words.iter().map(|word| stems.get(word).copied().unwrap_or_default());
        tree.enter(*language, words, entries.get(entry).copied().unwrap_or_default());
    }
    let of_forms = forms.iter().map(|(form, stems)| (form, records.get(stems).copied().unwrap_or_default()));
    let maps = [
        ("FORMS", map(of_forms.map(|(form, record)| (form.as_str(), record)))?),
        ("STEMS", map(stems.iter().map(|(stem, number)| (stem.as_str(), u64::from(*number))))?),
    ];
    let mut source = source(data, &entries, &records, &endings, tree.nodes.len());
    for (name, map) in maps {
        let _ = writeln!(source, "pub(in crate::metrics) static {name}: phf::Map<u64, u16> = {map};");
    }
    let files =
        vec![("phrases.bin", tree.bytes(stems.len()).ok_or("too many phrases")?), ("tables.rs", source.into_bytes())];
    Ok(Tables { files, problems })
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

/// A map from the keys of words to numbers, as Rust.
fn map<'w>(words: impl Iterator<Item = (&'w str, u64)>) -> Result<String, String> {
    let mut map = phf_codegen::Map::new();
    let mut words_by_key = BTreeMap::new();
    for (word, number) in words {
        let key = Key::of(word).number();
        if let Some(other) = words_by_key.insert(key, word) {
            return Err(format!("`{word}` and `{other}` have one key"));
        }
        let number = u16::try_from(number).map_err(|_| "too many words".to_owned())?;
        map.entry(key, number.to_string());
    }
    Ok(map.build().to_string())
}

/// The phrases by their stems. The crate reads it as bytes, all numbers little-endian.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    /// The nodes of phrases' first words.
    first: BTreeMap<(u16, usize), usize>,
}

#[derive(Default)]
struct Node {
    next: BTreeMap<u16, usize>,
    entry: Option<u64>,
}

impl Tree {
    fn enter(&mut self, language: usize, mut words: impl Iterator<Item = u16>, entry: u64) {
        let Some(first) = words.next() else { return };
        let fresh = self.nodes.len();
        let mut at = *self.first.entry((first, language)).or_insert(fresh);
        self.nodes.resize_with(fresh.max(at + 1), Node::default);
        for word in words {
            let fresh = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            at = *node.next.entry(word).or_insert(fresh);
            self.nodes.resize_with(fresh.max(at + 1), Node::default);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.entry = Some(entry);
        }
    }

    /// For each stem, from 0, and each language: the node where phrases go on, from 1 (4 bytes). Then for each node: where its edges begin (4), how many they are (2), its entry, from 1 (2). Then the edges: a stem (2), a node (4).
    fn bytes(&self, stems: usize) -> Option<Vec<u8>> {
        let (mut first, mut nodes, mut edges) = (Vec::new(), Vec::new(), Vec::new());
        for stem in 0..=stems {
            for language in 0..LANGUAGES.len() {
                let node = self.first.get(&(u16::try_from(stem).ok()?, language)).map_or(0, |node| node + 1);
                first.extend(u32::try_from(node).ok()?.to_le_bytes());
            }
        }
        let mut count = 0;
        for node in &self.nodes {
            nodes.extend(u32::try_from(count).ok()?.to_le_bytes());
            nodes.extend(u16::try_from(node.next.len()).ok()?.to_le_bytes());
            nodes.extend(u16::try_from(node.entry.map_or(0, |entry| entry + 1)).ok()?.to_le_bytes());
            count += node.next.len();
            for (stem, next) in &node.next {
                edges.extend(stem.to_le_bytes());
                edges.extend(u32::try_from(next + 1).ok()?.to_le_bytes());
            }
        }
        Some([first, nodes, edges].concat())
    }
}

/// The variant of an enum that the data writes in kebab-case.
fn variant(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    word.split('-').map(capital).collect()
}

/// The values that the maps point at, as Rust; the compiler checks the data's words.
fn source(
    data: &Data,
    entries: &BTreeMap<Entry, u64>,
    records: &BTreeMap<Stems, u64>,
    endings: &[ByLetter],
    nodes: usize,
) -> String {
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
    let _ = writeln!(out, "];\npub(in crate::metrics) const NODES: usize = {nodes};");
    let newest = entries.keys().map(|entry| entry.since).max().unwrap_or(1);
    let _ = writeln!(out, "pub(in crate::metrics) const NEWEST: u32 = {newest};");
    let _ = writeln!(out, "pub(in crate::metrics) static ENTRIES: [Entry; {}] = [", entries.len());
    for entry in entries.keys() {
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
    let _ = writeln!(
        out,
        "];\npub(in crate::metrics) static STEMS_OF_FORMS: [Stems; {}] = {:?};",
        records.len(),
        Vec::from_iter(records.keys())
    );
    let _ = writeln!(out, "pub(in crate::metrics) static TURNS: [Turn; {}] = [", data.turns.len());
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
