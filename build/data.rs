//! Reads the data: blocks of a head and, below it, a line of phrases for each language.

use crate::class::{CLASSES, Class};

/// The languages, in the order of the crate's `Language`.
pub(crate) const LANGUAGES: [&str; 7] = ["en", "pt", "es", "gl", "pl", "de", "fr"];

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
    /// A step of a funnel.
    stage: bool,
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
            let place = format!("{file}:{}", at + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = match line.strip_prefix("  ") {
                Some(line) => head.as_ref().and_then(|head| self.read_phrases(head, line, &place)),
                None => {
                    head = self.read_head(line);
                    head.is_some().then_some(())
                }
            };
            if read.is_none() {
                self.problems.push(format!("{place}: cannot read `{line}`"));
            }
        }
        let untitled = self.metrics.iter().filter(|metric| metric.title.is_empty());
        self.problems.extend(untitled.map(|metric| format!("{file}: `{}` has no English name", metric.name)));
    }

    fn read_head(&mut self, line: &str) -> Option<Head> {
        if let Some((name, facts)) = line.split_once(" | ") {
            return self.read_metric(name, facts);
        }
        let mut words = line.split_whitespace();
        let head = match words.next()? {
            "endings" => Head::Endings,
            "thing-endings" => Head::ThingEndings,
            "head-first" => Head::Order,
            "block" => Head::Note(Note::Block),
            "term" => Head::Note(Note::Term { kind: words.next()?.to_owned(), vanity: words.next()?.to_owned() }),
            turn @ ("turn" | "turn-verb" | "turn-behind") => {
                let (to, from) = (words.next()?.to_owned(), words.by_ref().map(str::to_owned).collect());
                let place = match turn {
                    "turn" => "Noun",
                    "turn-verb" => "Verb",
                    _ => "Behind",
                };
                self.turns.push(Turn { to, from, place });
                Head::Note(Note::Turn(self.turns.len() - 1))
            }
            word => {
                let (_, class) = *CLASSES.iter().find(|(name, _)| *name == word)?;
                match class {
                    Class::Month | Class::Quarter => Head::Numbered(class),
                    _ => Head::Note(Note::Class(class, 0)),
                }
            }
        };
        words.next().is_none().then_some(head)
    }

    fn read_metric(&mut self, name: &str, facts: &str) -> Option<Head> {
        let mut facts = facts.split_whitespace().map(str::to_owned);
        let mut metric = Metric {
            name: name.to_owned(),
            title: String::new(),
            kind: facts.next()?,
            better: facts.next()?,
            unit: facts.next()?,
            vanity: facts.next()?,
            since: facts.next()?.parse().ok()?,
            family: "none".to_owned(),
            balance: false,
            amount: false,
            stage: false,
        };
        for flag in facts {
            match flag.as_str() {
                "balance" => metric.balance = true,
                "stage" => metric.stage = true,
                "money" => metric.amount = true,
                _ => metric.family = flag.strip_prefix("family=")?.to_owned(),
            }
        }
        if self.metrics.iter().any(|other| other.name == metric.name) {
            return None;
        }
        let note = Note::Metric { at: self.metrics.len(), stage: metric.stage, abbreviation: false };
        self.metrics.push(metric);
        Some(Head::Note(note))
    }

    /// Reads `en: phrase, phrase`.
    fn read_phrases(&mut self, head: &Head, line: &str, place: &str) -> Option<()> {
        let (language, phrases) = line.split_once(": ")?;
        let language = LANGUAGES.iter().position(|code| *code == language)?;
        for phrase in phrases.split(", ") {
            let note = match head {
                Head::Note(note) => note.clone(),
                Head::Numbered(class) => {
                    let (phrase, number) = phrase.split_once('=')?;
                    self.note(place, language, phrase, Note::Class(*class, number.parse().ok()?));
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
            self.note(place, language, phrase, note);
        }
        Some(())
    }

    fn note(&mut self, place: &str, language: usize, phrase: &str, note: Note) {
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
            let phrase = Phrase { place: place.to_owned(), language, text, note: note.clone() };
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
