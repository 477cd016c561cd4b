//! Reads the data: blocks of a head and, below it, a line of phrases for each language.

use crate::class::{CLASSES, Class};

/// The languages, in the order of the crate's `Language`.
pub(crate) const LANGUAGES: [&str; 7] = ["en", "pt", "es", "gl", "pl", "de", "fr"];

/// The words that heads are made of, as the crate's enums have them; the compiler sees to it that it has them all.
const KINDS: [&str; 14] = [
    "reach",
    "engagement",
    "activity",
    "lead-volume",
    "lead-quality",
    "cost-efficiency",
    "revenue",
    "profitability",
    "retention",
    "satisfaction",
    "brand",
    "product-usage",
    "operations",
    "people",
];
const BETTER: [&str; 2] = ["up", "down"];
const UNITS: [&str; 6] = ["count", "money", "share", "ratio", "time", "score"];
const VANITY: [&str; 4] = ["yes", "no", "depends", "output"];
const FAMILIES: [&str; 5] = ["roas", "ltv", "cac", "payback", "repeat-purchase"];

/// A word of a head that must be one of these.
fn one_of(word: Option<&str>, words: &[&str]) -> Result<String, String> {
    let word = word.unwrap_or_default();
    let known = words.contains(&word).then(|| word.to_owned());
    known.ok_or_else(|| format!("`{word}` is not one of {}", words.join(", ")))
}

/// A metric as the data writes it; the words become values of the crate's enums.
pub(crate) struct Metric {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) better: String,
    pub(crate) unit: String,
    pub(crate) vanity: String,
    pub(crate) since: u32,
    pub(crate) family: String,
    pub(crate) balance: bool,
    /// An amount of money, which stays one when it is counted per something.
    pub(crate) amount: bool,
}

/// A word that turns kinds into another.
pub(crate) struct Turn {
    pub(crate) to: String,
    pub(crate) from: Vec<String>,
    /// Where the word stands: a variant of the crate's `Place`.
    pub(crate) place: &'static str,
}

/// What a block says of its phrases.
#[derive(Clone)]
pub(crate) enum Note {
    Class(Class, u8),
    Metric { at: usize, stage: bool, abbreviation: bool },
    Term { kind: String, vanity: String },
    Block,
    Turn(usize),
}

/// A phrase, as it is written.
pub(crate) struct Phrase {
    /// File and line.
    pub(crate) place: String,
    pub(crate) language: usize,
    pub(crate) text: String,
    pub(crate) note: Note,
    /// The ruleset in which it came.
    pub(crate) since: u32,
}

/// All data.
#[derive(Default)]
pub(crate) struct Data {
    pub(crate) metrics: Vec<Metric>,
    pub(crate) turns: Vec<Turn>,
    pub(crate) phrases: Vec<Phrase>,
    /// Endings and what they become, by language.
    pub(crate) endings: [Vec<(String, String)>; LANGUAGES.len()],
    /// Endings of words that are a thing or a doing.
    pub(crate) thing_endings: Vec<String>,
    /// Whether a language has the head of a phrase first.
    pub(crate) heads_first: [bool; LANGUAGES.len()],
    pub(crate) problems: Vec<String>,
}

/// The head of the block that is being read.
enum Head {
    Note(Note),
    Numbered(Class),
    Endings,
    ThingEndings,
    Order,
}

impl Data {
    /// Reads one file; lines that cannot be read are problems.
    pub(crate) fn read(&mut self, file: &str, text: &str) {
        let mut head = None;
        for (at, line) in text.lines().enumerate() {
            let place = format!("src/metrics/data/{file}:{}", at + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = match (line.strip_prefix("  "), &head) {
                // What stands below a head that could not be read is told with it.
                (Some(_), Some(Err(()))) => Ok(()),
                (Some(line), Some(Ok(head))) => self
                    .read_phrases(head, line, &place)
                    .ok_or_else(|| "a line is `en: phrase, phrase`, with a comma and a space between two".to_owned()),
                (Some(_), None) => Err("it belongs to no head".to_owned()),
                (None, _) => {
                    let read = self.read_head(line);
                    let problem = read.as_ref().err().cloned();
                    head = Some(read.map_err(|_| ()));
                    problem.map_or(Ok(()), Err)
                }
            };
            if let Err(why) = read {
                self.problems.push(format!("{place}: cannot read `{line}`: {why}"));
            }
        }
    }

    /// Metrics without an English name, which would have no title.
    pub(crate) fn untitled(&self) -> impl Iterator<Item = String> {
        let untitled = self.metrics.iter().filter(|metric| metric.title.is_empty());
        untitled.map(|metric| format!("src/metrics/data/metrics.txt: `{}` has no English name", metric.name))
    }

    fn read_head(&mut self, line: &str) -> Result<Head, String> {
        if let Some((name, facts)) = line.split_once(" | ") {
            return self.read_metric(name, facts);
        }
        let mut words = line.split_whitespace();
        let head = match words.next().unwrap_or_default() {
            "endings" => Head::Endings,
            "thing-endings" => Head::ThingEndings,
            "head-first" => Head::Order,
            "block" => Head::Note(Note::Block),
            "term" => {
                Head::Note(Note::Term { kind: one_of(words.next(), &KINDS)?, vanity: one_of(words.next(), &VANITY)? })
            }
            turn @ ("turn" | "turn-verb" | "turn-behind") => {
                let to = one_of(words.next(), &KINDS)?;
                let from = words.by_ref().map(|kind| one_of(Some(kind), &KINDS)).collect::<Result<_, _>>()?;
                let place = match turn {
                    "turn" => "Noun",
                    "turn-verb" => "Verb",
                    _ => "Behind",
                };
                self.turns.push(Turn { to, from, place });
                Head::Note(Note::Turn(self.turns.len() - 1))
            }
            word => {
                let class = CLASSES.iter().find(|(name, _)| *name == word);
                let (_, class) = *class.ok_or_else(|| format!("there is no class `{word}`"))?;
                match class {
                    Class::Month | Class::Quarter => Head::Numbered(class),
                    _ => Head::Note(Note::Class(class, 0)),
                }
            }
        };
        words.next().map_or(Ok(head), |word| Err(format!("`{word}` is too much")))
    }

    fn read_metric(&mut self, name: &str, facts: &str) -> Result<Head, String> {
        let mut facts = facts.split_whitespace();
        let is_kebab = name.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !is_kebab || name.is_empty() {
            return Err(format!("`{name}` is no name in kebab-case"));
        }
        if self.metrics.iter().any(|other| other.name == name) {
            return Err(format!("there is another metric `{name}`"));
        }
        let mut metric = Metric {
            name: name.to_owned(),
            title: String::new(),
            kind: one_of(facts.next(), &KINDS)?,
            better: one_of(facts.next(), &BETTER)?,
            unit: one_of(facts.next(), &UNITS)?,
            vanity: one_of(facts.next(), &VANITY)?,
            since: facts
                .next()
                .and_then(|since| since.parse().ok())
                .ok_or("the ruleset in which it came is missing")?,
            family: "none".to_owned(),
            balance: false,
            amount: false,
        };
        let mut stage = false;
        for flag in facts {
            match (flag, flag.strip_prefix("family=")) {
                ("balance", _) => metric.balance = true,
                ("stage", _) => stage = true,
                ("money", _) => metric.amount = true,
                (_, Some(family)) => metric.family = one_of(Some(family), &FAMILIES)?,
                _ => return Err(format!("there is no flag `{flag}`")),
            }
        }
        let note = Note::Metric { at: self.metrics.len(), stage, abbreviation: false };
        self.metrics.push(metric);
        Ok(Head::Note(note))
    }

    /// Reads `en: phrase, phrase`, or `en@2: phrase, phrase` for what came with ruleset 2.
    fn read_phrases(&mut self, head: &Head, line: &str, place: &str) -> Option<()> {
        let (language, phrases) = line.split_once(": ")?;
        let (language, since) = match language.split_once('@') {
            Some((language, since)) => (language, Some(since.parse().ok()?)),
            None => (language, None),
        };
        let language = LANGUAGES.iter().position(|code| *code == language)?;
        for phrase in phrases.split(", ") {
            let note = match head {
                Head::Note(note) => note.clone(),
                Head::Numbered(class) => {
                    let (phrase, number) = phrase.split_once('=')?;
                    let note = Note::Class(*class, number.parse().ok()?);
                    self.note(place, language, phrase, note, since);
                    continue;
                }
                Head::Endings => {
                    let (ending, stem_end) = phrase.split_once('>')?;
                    self.endings.get_mut(language)?.push((ending.to_owned(), stem_end.to_owned()));
                    continue;
                }
                Head::ThingEndings => {
                    self.thing_endings.push(phrase.to_owned());
                    continue;
                }
                Head::Order => {
                    *self.heads_first.get_mut(language)? = phrase == "yes";
                    continue;
                }
            };
            self.note(place, language, phrase, note, since);
        }
        Some(())
    }

    /// Takes a phrase; it came with its metric where the line does not say.
    fn note(&mut self, place: &str, language: usize, phrase: &str, note: Note, since: Option<u32>) {
        let of_metric = match note {
            Note::Metric { at, .. } => self.metrics.get(at).map(|metric| metric.since),
            _ => None,
        };
        let since = since.or(of_metric).unwrap_or(1);
        let note = match note {
            Note::Metric { at, stage, .. } => {
                let metric = self.metrics.get_mut(at);
                if let Some(metric) = metric.filter(|metric| metric.title.is_empty() && language == 0) {
                    phrase.clone_into(&mut metric.title);
                }
                let capitals = phrase.bytes().filter(u8::is_ascii_uppercase).count();
                let one_word = phrase.bytes().all(|letter| letter.is_ascii_alphanumeric());
                Note::Metric { at, stage, abbreviation: capitals > 1 && one_word }
            }
            other => other,
        };
        let mut push = |text: String| {
            let phrase = Phrase { place: place.to_owned(), language, text, note: note.clone(), since };
            self.phrases.push(phrase);
        };
        push(phrase.to_owned());
        // "RevPAR", which some write "revpar".
        let small = phrase.to_lowercase();
        if has_inner_capital(phrase) {
            push(small.clone());
        }
        // Umlauts, for those whose keyboard has none.
        if LANGUAGES.get(language) == Some(&"de") && small.contains(['ä', 'ö', 'ü']) {
            push(small.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue"));
        }
    }
}

fn has_inner_capital(phrase: &str) -> bool {
    let letters = phrase.as_bytes();
    letters
        .windows(2)
        .any(|pair| matches!(pair, [small, great] if small.is_ascii_lowercase() && great.is_ascii_uppercase()))
}
