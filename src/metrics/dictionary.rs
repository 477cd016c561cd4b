//! The dictionary: reads the data file once, and finds phrases in it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use super::tokens::{Text, fold_plain};
use super::{Better, Family, Kind, Language, Metric, MetricUnit, Vanity};

/// The data; its head documents its lines.
const DATA: &str = include_str!("dictionary.txt");

/// No phrase of the data is longer than this many words; a test holds it.
pub(crate) const LONGEST_PHRASE: usize = 9;

/// About how long a phrase of the data is.
const BYTES_PER_PHRASE: usize = 14;

/// A name nearer than one slip in this many letters is worth a hint.
const LETTERS_PER_SLIP: usize = 3;

/// The dictionary that ships with the tool, read on first use.
#[must_use]
pub fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| Dictionary::read(DATA).0)
}

/// What a word does in a name; the head of the data file says what each is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Articles and the like.
    Determiner,
    /// Says nothing of the kind.
    Neutral,
    /// Makes a rate of what it counts.
    Share,
    /// Ends a phrase.
    Stop,
    /// Links a neutral head to what it counts.
    Of,
    /// Before a denominator.
    Per,
    /// Between two stages.
    To,
    /// Joins two things.
    And,
    /// May bring the measure of something delivered.
    With,
    /// Turns what follows into something else.
    Negation,
    /// Moves what follows.
    Verb,
    /// A verb only before a number or determiner.
    Either,
    /// A verb of delivery.
    Deliver,
    /// The same, only before a number or determiner.
    DeliverEither,
    /// A stretch of time, as a denominator.
    Period,
    /// Money, as a denominator.
    Currency,
    /// A step of a funnel.
    Stage,
    /// A verb upwards.
    Up,
    /// A verb downwards.
    Down,
    /// Before a baseline.
    From,
    /// Before a target.
    Goal,
    /// Before a change.
    By,
    /// Before a deadline.
    Ends,
    /// Points at the plan's own period.
    This,
    /// A unit behind a number.
    Unit,
    /// A word that scales a number.
    Scale,
    /// A month's name.
    Month,
    /// A quarter's name.
    Quarter,
    /// The word "year".
    Year,
    /// A number behind it is part of a name.
    Reject,
    /// Behind a metric, narrows it.
    Scope,
    /// Behind a metric, makes something else of it.
    Thing,
    /// Picks out attention that may mean business.
    Selective,
    /// Before a target, behind a verb up or down.
    Moved,
    /// Before a change, where it is in percent.
    ByShare,
    /// Before a target, behind its metric.
    Value,
    /// A metric's abbreviation; the loader sees it by its capitals.
    Abbreviation,
}

/// The classes by their names in the data.
const CLASSES: &[(&str, Class)] = &[
    ("determiner", Class::Determiner),
    ("neutral", Class::Neutral),
    ("share", Class::Share),
    ("stop", Class::Stop),
    ("of", Class::Of),
    ("per", Class::Per),
    ("to", Class::To),
    ("and", Class::And),
    ("with", Class::With),
    ("negation", Class::Negation),
    ("verb", Class::Verb),
    ("either", Class::Either),
    ("deliver", Class::Deliver),
    ("deliver-either", Class::DeliverEither),
    ("period", Class::Period),
    ("currency", Class::Currency),
    ("stage", Class::Stage),
    ("up", Class::Up),
    ("down", Class::Down),
    ("from", Class::From),
    ("goal", Class::Goal),
    ("by", Class::By),
    ("ends", Class::Ends),
    ("this", Class::This),
    ("unit", Class::Unit),
    ("scale", Class::Scale),
    ("month", Class::Month),
    ("quarter", Class::Quarter),
    ("year", Class::Year),
    ("reject", Class::Reject),
    ("scope", Class::Scope),
    ("thing", Class::Thing),
    ("selective", Class::Selective),
    ("moved", Class::Moved),
    ("by-share", Class::ByShare),
    ("value", Class::Value),
];

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The metric at this place.
    Metric(u16),
    /// A kind, without a metric.
    Term(Kind, Vanity),
    /// Nothing, though it looks like something.
    Block,
}

/// A word that turns a kind into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The kind it becomes.
    pub to: Kind,
    from: u32,
    /// It does so as a verb.
    pub verb: bool,
}

impl Turn {
    /// Whether it turns `kind`.
    pub(crate) const fn turns(self, kind: Kind) -> bool {
        self.from & (1 << kind as u32) != 0
    }
}

/// What the data says of a phrase in one language.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    classes: u64,
    /// What it means, if it is a metric or a kind.
    pub meaning: Option<Meaning>,
    /// What it turns what follows into.
    pub turn: Option<u8>,
    /// The number of a month or quarter.
    pub value: u8,
}

impl Entry {
    /// Whether the phrase is of a class.
    pub(crate) const fn is(self, class: Class) -> bool {
        self.classes & (1_u64 << class as u32) != 0
    }

    /// Whether it tells of the name's language: words that only narrow or pick out ("enterprise", "app") do not.
    pub(crate) const fn tells_of_language(self) -> bool {
        let loose = 1_u64 << Class::Scope as u32 | 1 << Class::Thing as u32 | 1 << Class::Selective as u32;
        self.classes & !loose != 0 || self.meaning.is_some() || self.turn.is_some()
    }

    /// What it means, and nothing else: a loanword brings no grammar.
    pub(crate) fn meaning_alone(self) -> Option<Self> {
        let classes = self.classes & (1_u64 << Class::Abbreviation as u32);
        self.meaning.is_some().then_some(Self { meaning: self.meaning, classes, ..Self::default() })
    }
}

type Phrases = HashMap<&'static str, Entry, BuildHasherDefault<PhraseHasher>>;

/// Metrics, and all the words by which names are read.
#[derive(Debug, Default)]
pub struct Dictionary {
    metrics: Vec<Metric>,
    /// Which metrics are steps of a funnel, and which are amounts of money that can stand over a count.
    money: Vec<bool>,
    phrases: [Phrases; Language::WORDS.len()],
    heads_first: [bool; Language::WORDS.len()],
    turns: Vec<Turn>,
    endings: Vec<(&'static str, &'static str)>,
    thing_endings: Vec<&'static str>,
}

impl Dictionary {
    /// The metric of a name, be it the canonical one (`cost-per-lead`) or any that the dictionary lists ("CPL").
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        if let Some(metric) = self.metrics.iter().find(|metric| metric.name == name) {
            return Some(metric);
        }
        let text = self.text(name);
        let meaning = LANGUAGES.iter().find_map(|language| {
            self.entry(*language, text.folded())
                .and_then(|entry| entry.meaning)
                .filter(|meaning| matches!(meaning, Meaning::Metric(_)))
        });
        match meaning? {
            Meaning::Metric(at) => self.metrics.get(usize::from(at)),
            _ => None,
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
        let slips = |metric: &Metric| strsim::damerau_levenshtein(metric.name, &written);
        let (slips, metric) =
            self.metrics.iter().map(|metric| (slips(metric), metric)).min_by_key(|(slips, _)| *slips)?;
        (slips * LETTERS_PER_SLIP <= length).then_some(metric.name)
    }

    /// All metrics, in the order of the data.
    pub fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.iter()
    }

    pub(crate) fn text(&self, name: &str) -> Text {
        Text::read(name, &self.endings)
    }

    pub(crate) fn entry(&self, language: Language, phrase: &str) -> Option<Entry> {
        self.phrases.get(language as usize)?.get(phrase).copied()
    }

    pub(crate) fn metric_at(&self, at: u16) -> Option<&Metric> {
        self.metrics.get(usize::from(at))
    }

    /// Whether the metric is an amount of money that keeps being one when it is counted per something.
    pub(crate) fn is_amount(&self, at: u16) -> bool {
        self.money.get(usize::from(at)).copied().unwrap_or_default()
    }

    pub(crate) fn turn(&self, at: u8) -> Option<Turn> {
        self.turns.get(usize::from(at)).copied()
    }

    /// Whether a word that is not listed looks like a thing or a doing rather than a name ("tracking").
    pub(crate) fn looks_like_a_thing(&self, word: &str) -> bool {
        self.thing_endings.iter().any(|ending| word.ends_with(ending))
    }

    pub(crate) fn head_first(&self, language: Language) -> bool {
        self.heads_first.get(language as usize).copied().unwrap_or_default()
    }
}

/// All languages, English first.
pub(crate) const LANGUAGES: [Language; 7] = [
    Language::English,
    Language::Portuguese,
    Language::Spanish,
    Language::Galician,
    Language::Polish,
    Language::German,
    Language::French,
];

/// What a line of the data says of each of its phrases.
#[derive(Clone, Copy)]
enum Note {
    Class(Class),
    Metric { at: u16, stage: bool, abbreviation: bool },
    Term(Kind, Vanity),
    Block,
    Turn(u8),
}

impl Note {
    fn enter(self, entry: &mut Entry, value: u8) {
        match self {
            Self::Class(class) => {
                entry.classes |= 1_u64 << class as u32;
                entry.value = value.max(entry.value);
            }
            Self::Metric { at, stage, abbreviation } => {
                entry.meaning = Some(Meaning::Metric(at));
                entry.classes |= u64::from(stage) << Class::Stage as u32;
                entry.classes |= u64::from(abbreviation) << Class::Abbreviation as u32;
            }
            Self::Term(kind, vanity) => entry.meaning = entry.meaning.or(Some(Meaning::Term(kind, vanity))),
            Self::Block => entry.meaning = Some(Meaning::Block),
            Self::Turn(at) => entry.turn = Some(at),
        }
    }
}

/// The data on its way in: all folded phrases in one text, which the dictionary then points into.
#[derive(Default)]
struct Loader {
    dictionary: Dictionary,
    folded: String,
    notes: Vec<(Language, Range<usize>, Note, u8)>,
}

impl Dictionary {
    /// Reads the data, and lists the lines that could not be read.
    fn read(data: &'static str) -> (Self, Vec<&'static str>) {
        let mut loader = Loader { folded: String::with_capacity(data.len()), ..Loader::default() };
        loader.notes.reserve(data.len() / BYTES_PER_PHRASE);
        let lines = data.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let unread = lines.filter(|line| loader.read_line(line).is_none()).collect();
        (loader.finish(), unread)
    }
}

impl Loader {
    fn finish(self) -> Dictionary {
        let Self { mut dictionary, folded, notes } = self;
        let mut counts = [0; LANGUAGES.len()];
        for (language, ..) in &notes {
            if let Some(count) = counts.get_mut(*language as usize) {
                *count += 1;
            }
        }
        for (phrases, count) in dictionary.phrases.iter_mut().zip(counts) {
            phrases.reserve(count);
        }
        // Read once for the whole run, so it may as well stay.
        let folded: &'static str = String::leak(folded);
        for (language, range, note, value) in notes {
            let Some(phrase) = folded.get(range) else { continue };
            if let Some(phrases) = dictionary.phrases.get_mut(language as usize) {
                note.enter(phrases.entry(phrase).or_default(), value);
            }
        }
        dictionary
    }

    fn read_line(&mut self, line: &'static str) -> Option<()> {
        let mut parts = line.split('|').map(str::trim);
        let (head, second) = (parts.next()?, parts.next()?);
        let Some(names) = parts.next() else {
            return self.read_grammar(head, second);
        };
        if parts.next().is_some() {
            return None;
        }
        let mut facts = second.split_whitespace();
        let note = match head {
            "term" => Note::Term(Kind::parse(facts.next()?)?, Vanity::parse(facts.next()?)?),
            "turn" | "turn-verb" => {
                let to = Kind::parse(facts.next()?)?;
                let mut from = 0;
                for kind in facts {
                    from |= 1 << Kind::parse(kind)? as u32;
                }
                self.dictionary.turns.push(Turn { to, from, verb: head == "turn-verb" });
                Note::Turn(u8::try_from(self.dictionary.turns.len() - 1).ok()?)
            }
            _ => self.read_metric(head, facts, names)?,
        };
        self.read_phrases(names, note)
    }

    /// A line of two parts.
    fn read_grammar(&mut self, head: &str, words: &'static str) -> Option<()> {
        match head {
            "endings" => {
                for pair in words.strip_prefix("all: ")?.split(", ") {
                    self.dictionary.endings.push(pair.split_once('>')?);
                }
                Some(())
            }
            "thing-endings" => {
                self.dictionary.thing_endings.extend(words.strip_prefix("all: ")?.split(", "));
                Some(())
            }
            "head" => {
                for part in words.split("; ") {
                    let (language, head) = part.split_once(": ")?;
                    *self.dictionary.heads_first.get_mut(Language::parse(language)? as usize)? = head == "first";
                }
                Some(())
            }
            "block" => self.read_phrases(words, Note::Block),
            _ => {
                let (_, class) = *CLASSES.iter().find(|(word, _)| *word == head)?;
                self.read_phrases(words, Note::Class(class))
            }
        }
    }

    fn read_metric<'a>(
        &mut self,
        name: &'static str,
        mut facts: impl Iterator<Item = &'a str>,
        names: &'static str,
    ) -> Option<Note> {
        let at = u16::try_from(self.dictionary.metrics.len()).ok()?;
        let title = names.strip_prefix("en: ")?.split([',', ';']).next()?;
        let mut metric = Metric {
            name,
            title,
            kind: Kind::parse(facts.next()?)?,
            better: Better::parse(facts.next()?)?,
            unit: MetricUnit::parse(facts.next()?)?,
            vanity: Vanity::parse(facts.next()?)?,
            since: facts.next()?.parse().ok()?,
            balance: false,
            family: Family::None,
        };
        let (mut stage, mut money) = (false, false);
        for flag in facts {
            match flag {
                "balance" => metric.balance = true,
                "stage" => stage = true,
                "money" => money = true,
                _ => metric.family = Family::parse(flag.strip_prefix("family=")?)?,
            }
        }
        self.dictionary.metrics.push(metric);
        self.dictionary.money.push(money);
        Some(Note::Metric { at, stage, abbreviation: false })
    }

    /// Notes something of each phrase of `en: …, …; pt: …`, with the number behind its `=`, if any.
    fn read_phrases(&mut self, names: &str, note: Note) -> Option<()> {
        for part in names.split(';') {
            let (language, phrases) = part.trim_start().split_once(": ")?;
            let language = Language::parse(language)?;
            let counts = matches!(note, Note::Class(Class::Month | Class::Quarter));
            for phrase in phrases.split(',') {
                let phrase = phrase.strip_prefix(' ').unwrap_or(phrase);
                let (phrase, value) = match counts.then(|| phrase.split_once('=')).flatten() {
                    Some((phrase, value)) => (phrase, value.parse().ok()?),
                    None => (phrase, 0),
                };
                self.note(language, phrase, note, value);
            }
        }
        Some(())
    }

    fn note(&mut self, language: Language, phrase: &str, note: Note, value: u8) {
        let capitals = phrase.bytes().filter(u8::is_ascii_uppercase).count();
        let note = match note {
            Note::Metric { at, stage, .. } => {
                Note::Metric { at, stage, abbreviation: capitals > 1 && is_one_word(phrase) }
            }
            other => other,
        };
        let start = self.folded.len();
        if !fold_plain(phrase, &self.dictionary.endings, &mut self.folded) {
            self.folded.truncate(start);
            self.folded.push_str(self.dictionary.text(phrase).folded());
        }
        self.notes.push((language, start..self.folded.len(), note, value));
        if capitals > 0 && has_inner_capital(phrase) {
            self.note(language, &phrase.to_lowercase(), note, value);
        }
    }
}

/// "RevPAR", which some write "revpar".
fn has_inner_capital(phrase: &str) -> bool {
    phrase
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [small, great] if small.is_ascii_lowercase() && great.is_ascii_uppercase()))
}

fn is_one_word(phrase: &str) -> bool {
    phrase.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

/// FNV-1a: the phrases are our own and few, and the standard hash would cost half of reading them.
struct PhraseHasher(u64);

impl Default for PhraseHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for PhraseHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_data_is_read() {
        assert_eq!(Dictionary::read(DATA).1, Vec::<&str>::new());
    }

    #[test]
    fn no_phrase_is_longer_than_the_reader_looks() {
        for phrases in &dictionary().phrases {
            for phrase in phrases.keys() {
                assert!(phrase.split(' ').count() <= LONGEST_PHRASE, "{phrase}");
                assert!(!phrase.is_empty());
            }
        }
    }

    #[test]
    fn no_two_metrics_share_a_name() {
        let dictionary = dictionary();
        for line in DATA.lines().filter(|line| line.matches(" | ").count() == 2) {
            let name = line.split(" | ").next().unwrap();
            if ["term", "turn", "turn-verb"].contains(&name) || line.starts_with('#') {
                continue;
            }
            for part in line.split(" | ").nth(2).unwrap().split("; ") {
                let (language, names) = part.split_once(": ").unwrap();
                for phrase in names.split(", ") {
                    let text = dictionary.text(phrase);
                    let entry = dictionary.entry(Language::parse(language).unwrap(), text.folded()).unwrap();
                    let Some(Meaning::Metric(at)) = entry.meaning else { panic!("{phrase} of {name} is blocked") };
                    assert_eq!(dictionary.metric_at(at).unwrap().name, name, "{phrase}");
                }
            }
        }
    }

    #[test]
    fn a_metric_is_found_by_its_name_and_by_its_abbreviation() {
        let name = |text| dictionary().metric(text).map(|metric| metric.name);
        assert_eq!(name("cost-per-lead"), Some("cost-per-lead"));
        assert_eq!(name("CPL"), Some("cost-per-lead"));
        assert_eq!(name("LTV:CAC"), Some("ltv-to-cac"));
        assert_eq!(name("revpar"), Some("revpar"));
        assert_eq!(name("Taxa de conversão"), Some("conversion-rate"));
        assert_eq!(name("blog posts"), None);
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
