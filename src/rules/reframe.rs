//! Reframes as YAML: the better version of a part of the plan, ready to be pasted.

use crate::plan::{Plan, Subject};
use crate::wording::money;
use crate::yaml::{self, Written};

/// The keys of one part, in the order in which they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(&'static str, Written)>);

impl Fields {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The id and the name of a part of the plan, by which others know it when it is pasted.
    pub(super) fn of(plan: &Plan, subject: Subject) -> Self {
        Self::named(plan.id_of(subject), plan.name_of(subject))
    }

    /// An id and a name.
    pub(super) fn named(id: &str, name: &str) -> Self {
        Self::new().text("id", id).text("name", name)
    }

    /// Adds a key with a text.
    pub(super) fn text(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.push((key, Written::Text(value.into())));
        self
    }

    /// Adds a key with a sentence, which may take several lines.
    pub(super) fn sentence(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.push((key, Written::Sentence(value.into())));
        self
    }

    /// Adds a key with keys of its own.
    pub(super) fn part(mut self, key: &'static str, Fields(fields): Self) -> Self {
        self.0.push((key, Written::Mapping(fields)));
        self
    }

    /// Adds a key where there is a value for it.
    pub(super) fn maybe(self, key: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a key with a list of parts; no parts, no key.
    pub(super) fn parts(mut self, key: &'static str, parts: Vec<Fields>) -> Self {
        if !parts.is_empty() {
            self.0.push((key, written(parts)));
        }
        self
    }

    /// Adds a key with a list on one line; no words, no key.
    pub(super) fn words(mut self, key: &'static str, words: Vec<String>) -> Self {
        if !words.is_empty() {
            self.0.push((key, Written::Words(words)));
        }
        self
    }
}

/// One part of the plan that is no list, as it would be written.
pub(super) fn part(key: &'static str, Fields(fields): Fields) -> String {
    yaml::write(&Written::Mapping(vec![(key, Written::Mapping(fields))]))
}

/// Keys of the plan itself, as they would be written.
pub(super) fn keys(Fields(fields): Fields) -> String {
    yaml::write(&Written::Mapping(fields))
}

/// The parts of one list of the plan, as it would be written.
pub(super) fn list(key: &'static str, parts: Vec<Fields>) -> String {
    yaml::write(&Written::Mapping(vec![(key, written(parts))]))
}

fn written(parts: Vec<Fields>) -> Written {
    Written::List(parts.into_iter().map(|Fields(fields)| Written::Mapping(fields)).collect())
}

/// An amount as a plan writes it: `45k` where that is exact, else to the cent.
pub(super) fn amount(value: f64) -> String {
    let short = money(value);
    let exact = (value / 1e3).fract() == 0.0 && (value < 1e6 || (value / 1e4).fract() == 0.0);
    if exact && value >= 10_000.0 {
        return short;
    }
    let text = format!("{value:.2}");
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}

/// The next amount up that people would write: two digits and zeros.
pub(super) fn rounded_up(value: f64) -> f64 {
    (value / step(value)).ceil() * step(value)
}

/// The next amount down that people would write.
pub(super) fn rounded_down(value: f64) -> f64 {
    (value / step(value)).floor() * step(value)
}

fn step(value: f64) -> f64 {
    10_f64.powi((value.abs().max(1.0).log10().floor() as i32 - 1).max(0))
}
