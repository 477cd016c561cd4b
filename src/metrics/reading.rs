//! A name as one language reads it: which phrases of the dictionary stand where, and which language knows most of them.

use super::class::Class;
use super::dictionary::{Entry, Meaning, Place, Turn, turns};
use super::lexicon::{LANGUAGES, Walk};
use super::name::Name;
use super::tokens::{Mark, Token, TokenKind};
use super::{Dictionary, Language};

/// A phrase of the dictionary in a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'d> {
    /// The first token.
    pub(super) start: usize,
    /// The token behind it.
    pub(super) end: usize,
    entry: &'d Entry,
    /// The language whose data has it.
    pub(super) language: Language,
    /// It is an English word in a name of another language: it brings its meaning, and no grammar.
    is_loan: bool,
}

impl Span<'_> {
    /// Whether the phrase is of a class.
    pub(super) fn is(&self, class: Class) -> bool {
        self.entry.is(class) && (!self.is_loan || matches!(class, Class::Abbreviation | Class::Elsewhere))
    }

    /// What the phrase means, if it is a metric or a kind.
    pub(super) const fn meaning(&self) -> Option<Meaning> {
        self.entry.meaning
    }

    /// The number of a month or quarter.
    pub(super) const fn value(&self) -> u8 {
        self.entry.value
    }

    /// How the phrase turns other kinds, standing at such a place.
    pub(super) fn turns(&self, place: Place) -> impl Iterator<Item = Turn> + use<> {
        let set = if self.is_loan { 0 } else { self.entry.turns };
        turns(set).filter(move |turn| turn.place == place)
    }

    /// The tokens that it covers, as a set of bits.
    fn bits(&self) -> u128 {
        let below =
            |at: usize| 1_u128.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).map_or(u128::MAX, |bit| bit - 1);
        below(self.end) & !below(self.start)
    }
}

/// A name as one language reads it.
pub(super) struct Reading<'d, 't> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) name: &'t Name,
    pub(super) language: Language,
    /// The phrases, by where they start, the longest first.
    pub(super) spans: Vec<Span<'d>>,
    /// For each token, the first phrase that starts there or behind it.
    first: Vec<usize>,
}

impl<'d, 't> Reading<'d, 't> {
    /// The name in the language that knows most of its words; where several do, in English, unless it has only filling
    /// words there and a metric in the other ("Receita loja online").
    pub(super) fn best(dictionary: &'d Dictionary, name: &'t Name) -> Self {
        Self::ranked(dictionary, name)
            .next()
            .unwrap_or_else(|| Self::new(dictionary, name, Language::English, Vec::new()))
    }

    /// The name in each language that knows a word of it, the one that knows most of them first.
    pub(super) fn ranked(dictionary: &'d Dictionary, name: &'t Name) -> impl Iterator<Item = Self> {
        let english = spans(dictionary, name, Language::English);
        let loans = english.iter().filter(|span| span.meaning().is_some()).fold(0, |loans, span| loans | span.bits());
        let words = words_of(name);
        let known = |spans: &[Span<'_>]| {
            let telling = spans.iter().filter(|span| span.entry.tells_of_language());
            (telling.fold(loans, |known, span| known | span.bits()) & words).count_ones()
        };
        let means = |spans: &[Span<'_>]| loans != 0 || spans.iter().any(|span| span.meaning().is_some());
        let own = |spans: &[Span<'_>]| (spans.iter().fold(0, |own, span| own | span.bits()) & words).count_ones();
        let mut readings: Vec<_> = LANGUAGES
            .into_iter()
            .map(|language| match language {
                Language::English => (language, english.clone()),
                _ => (language, spans(dictionary, name, language)),
            })
            .map(|(language, spans)| ((known(&spans), means(&spans), own(&spans)), language, spans))
            .collect();
        // The sort is stable: of equals, the first language stays first.
        readings.sort_by_key(|(rank, ..)| std::cmp::Reverse(*rank));
        readings.into_iter().filter(|((known, ..), ..)| *known > 0).map(move |(_, language, mut spans)| {
            if language != Language::English {
                let loan = |span: &Span<'d>| Span { is_loan: true, ..*span };
                spans.extend(english.iter().filter(|span| span.meaning().is_some()).map(loan));
                // The language's own phrase stands before the English one of the same length.
                spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
            }
            Self::new(dictionary, name, language, spans)
        })
    }

    fn new(dictionary: &'d Dictionary, name: &'t Name, language: Language, spans: Vec<Span<'d>>) -> Self {
        let mut first = Vec::with_capacity(name.text.tokens.len() + 1);
        for (at, span) in spans.iter().enumerate() {
            first.resize((span.start + 1).max(first.len()), at);
        }
        first.resize(name.text.tokens.len() + 1, spans.len());
        Self { dictionary, name, language, spans, first }
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.name.text.tokens.get(at)
    }

    pub(super) fn spans_at(&self, at: usize) -> impl Iterator<Item = Span<'d>> {
        let (from, to) = (self.first.get(at).copied(), self.first.get(at.saturating_add(1)).copied());
        let spans = from.zip(to).and_then(|(from, to)| self.spans.get(from..to));
        spans.unwrap_or_default().iter().copied()
    }

    /// Where the phrase of a class that starts here ends.
    pub(super) fn class_at(&self, at: usize, class: Class) -> Option<usize> {
        self.spans_at(at).find(|span| span.is(class)).map(|span| span.end)
    }

    /// The longest phrase with a meaning that starts here.
    pub(super) fn meaning_at(&self, at: usize) -> Option<Span<'d>> {
        self.spans_at(at).find(|span| span.meaning().is_some())
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| matches!(token.kind, TokenKind::Number(_)))
    }
}

/// The tokens that are words, as a set of bits; signs (`%`, `→`) are of no language.
fn words_of(name: &Name) -> u128 {
    let words =
        name.text.tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word && !token.is_sign);
    words.fold(0, |words, (at, _)| {
        words | u32::try_from(at).ok().and_then(|at| 1_u128.checked_shl(at)).unwrap_or_default()
    })
}

/// The phrases of a language in a name, by where they start, the longest first.
fn spans<'d>(dictionary: &'d Dictionary, name: &Name, language: Language) -> Vec<Span<'d>> {
    let mut spans = Vec::new();
    let start = Walk::start(language);
    for (at, token) in name.text.tokens.iter().enumerate() {
        let before = spans.len();
        if token.is_mark() {
            continue;
        }
        let mut walk = start;
        for (end, token) in name.text.tokens.iter().enumerate().skip(at) {
            match token.kind {
                TokenKind::Mark(Mark::Open | Mark::Close | Mark::Comma) => break,
                TokenKind::Mark(_) if name.text.parts(end) => break,
                TokenKind::Mark(_) => continue,
                _ => {}
            }
            let stem = name.stems.get(end).and_then(|stems| stems.get(language as usize)).copied();
            walk = walk.and_then(|walk| walk.word(stem.unwrap_or_default()));
            let Some(walk) = walk else { break };
            if let Some(entry) = walk.entry() {
                spans.push(Span { start: at, end: end + 1, entry, language, is_loan: false });
            }
        }
        let added = dictionary.added_at(name, at);
        spans.extend(added.map(|(end, entry)| Span { start: at, end, entry, language, is_loan: false }));
        if let Some(here) = spans.get_mut(before..) {
            here.reverse();
            here.sort_by_key(|span| std::cmp::Reverse(span.end));
        }
    }
    spans
}
