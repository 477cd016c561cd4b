//! What the data says of a phrase.

use super::class::Class;
use super::{Kind, Vanity};

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
    /// The ruleset in which the last of it came.
    pub(super) since: u32,
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
