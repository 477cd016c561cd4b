//! What the words of a name were found to be.

use std::ops::Range;

use super::class::Class;
use super::entry::Meaning;
use super::reading::{Reading, Span};
use super::tokens::{Number, TokenKind};
use super::{Certainty, Kind, Language, Metric, MetricUnit, Vanity};

/// What a part of a name was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) tokens: Range<usize>,
    pub(super) metric: Option<u16>,
    pub(super) kind: Kind,
    pub(super) vanity: Vanity,
    pub(super) certainty: Certainty,
    pub(super) language: Language,
}

impl Found {
    /// The same words, taken for another kind.
    pub(super) fn turned(self, kind: Kind) -> Self {
        if self.kind == kind {
            return self;
        }
        Self { metric: None, kind, vanity: kind.vanity(), certainty: Certainty::Likely, ..self }
    }
}

impl<'d> Reading<'d, '_> {
    pub(super) fn found(&self, span: Span<'d>) -> Option<Found> {
        let tokens = span.start..span.end;
        let language = span.language;
        match span.meaning()? {
            Meaning::Block => None,
            Meaning::Term(kind, vanity) => {
                Some(Found { tokens, metric: None, kind, vanity, certainty: Certainty::Likely, language })
            }
            Meaning::Metric(at) => {
                let metric = self.dictionary.metric_at(at)?;
                let (kind, vanity) = (metric.kind, metric.vanity);
                Some(Found { tokens, metric: Some(at), kind, vanity, certainty: Certainty::Strong, language })
            }
        }
    }

    pub(super) fn kind_of(&self, span: Span<'d>) -> Option<Kind> {
        self.found(span).map(|found| found.kind)
    }

    /// A kind that follows from these words.
    pub(super) fn likely(&self, tokens: Range<usize>, kind: Kind) -> Found {
        Found {
            tokens,
            metric: None,
            kind,
            vanity: kind.vanity(),
            certainty: Certainty::Likely,
            language: self.language,
        }
    }

    /// Whether a share is spoken of anywhere: "%", "rate", "90% of".
    pub(super) fn is_of_a_share(&self) -> bool {
        (0..self.name.text.tokens.len()).any(|at| self.class_at(at, Class::Share).is_some() || self.is_percent(at))
    }

    /// "30%".
    pub(super) fn is_percent(&self, at: usize) -> bool {
        matches!(self.token(at).map(|token| token.kind), Some(TokenKind::Number(Number { percent: true, .. })))
    }

    /// The metric of the dictionary that was found; none where it was a word of a kind.
    pub(super) fn metric_of(&self, found: &Found) -> Option<&'d Metric> {
        found.metric.and_then(|at| self.dictionary.metric_at(at))
    }

    /// Whether a metric was found that counts people or things.
    pub(super) fn is_count(&self, found: &Found) -> bool {
        self.metric_of(found).is_some_and(|metric| metric.unit == MetricUnit::Count)
    }

    /// Whether a metric was found that is an amount of money, and stays one when it is counted per something.
    pub(super) fn is_amount(&self, found: &Found) -> bool {
        self.metric_of(found).is_some_and(|metric| metric.amount)
    }

    pub(super) fn has_number(&self, tokens: &Range<usize>) -> bool {
        tokens.clone().any(|at| self.is_number(at))
    }
}
