//! A name as one language reads it: which phrases of the dictionary stand where, and which language knows most of them.

use std::cmp::Reverse;

use super::class::Class;
use super::entry::{Entry, Meaning, Place, Turn};
use super::lexicon::turns;
use super::lexicon::{LANGUAGES, Walk};
use super::name::Name;
use super::tokens::{Case, Token, TokenKind};
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
    const fn bits(&self) -> Bits {
        below(self.end) & !below(self.start)
    }
}

/// Tokens of a name, as a set of bits; a name has few more.
type Bits = u64;

/// The tokens before one.
const fn below(at: usize) -> Bits {
    if at < Bits::BITS as usize { (1 << at) - 1 } else { Bits::MAX }
}

/// What one language knows of a name.
struct Known<'d> {
    language: Language,
    /// The phrases, by where they start, the longest first.
    spans: Vec<Span<'d>>,
    /// The tokens of all phrases.
    own: Bits,
    /// The tokens of phrases that tell of the language.
    telling: Bits,
    /// The tokens of phrases that mean something.
    meant: Bits,
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
        let words = words_of(name);
        let mut known = LANGUAGES.map(|language| Some(Known::of(dictionary, name, language)));
        let loans = known.iter().flatten().next().map_or(0, |english| english.meant);
        let mut loaned = None;
        // Of equals, the first language is first.
        let rank = move |known: &Known<'_>| {
            let count = |bits: Bits| (bits & words).count_ones();
            (count(known.telling | loans), (known.meant | loans) != 0, count(known.own), Reverse(known.language))
        };
        std::iter::from_fn(move || {
            let best = known.iter_mut().filter(|known| known.is_some()).max_by_key(|known| known.as_ref().map(rank))?;
            let Known { language, mut spans, .. } = best.take().filter(|known| rank(known).0 > 0)?;
            if language == Language::English {
                loaned = Some(Self::loans(&spans));
            } else {
                let english = || known.iter().flatten().find(|known| known.language == Language::English);
                let loaned =
                    loaned.get_or_insert_with(|| english().map_or_else(Vec::new, |known| Self::loans(&known.spans)));
                spans.extend_from_slice(loaned);
                // The language's own phrase stands before the English one of the same length.
                spans.sort_by_key(|span| (span.start, Reverse(span.end)));
            }
            Some(Self::new(dictionary, name, language, spans))
        })
    }

    /// English phrases as they stand in names of other languages.
    fn loans(english: &[Span<'d>]) -> Vec<Span<'d>> {
        let meant = english.iter().filter(|span| span.meaning().is_some());
        meant.map(|span| Span { is_loan: true, ..*span }).collect()
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

    /// Where a phrase of the first of these classes ends that one starts with here.
    pub(super) fn first_class_at(&self, at: usize, classes: &[Class]) -> Option<usize> {
        classes.iter().find_map(|class| self.class_at(at, *class))
    }

    /// The longest phrase with a meaning that starts here.
    pub(super) fn meaning_at(&self, at: usize) -> Option<Span<'d>> {
        self.spans_at(at).find(|span| span.meaning().is_some())
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        self.token(at).is_some_and(|token| matches!(token.kind, TokenKind::Number(_)))
    }
}

/// The tokens that are words; signs (`%`, `→`) are of no language.
fn words_of(name: &Name) -> Bits {
    let words = name.text.tokens.iter().enumerate();
    let words = words.filter(|(_, token)| token.kind == TokenKind::Word && !token.is_sign);
    words.fold(0, |words, (at, _)| words | (below(at + 1) & !below(at)))
}

impl<'d> Known<'d> {
    fn of(dictionary: &'d Dictionary, name: &Name, language: Language) -> Self {
        let mut known = Self { language, spans: Vec::new(), own: 0, telling: 0, meant: 0 };
        let stem =
            |at: usize| name.stems.get(at).and_then(|stems| stems.get(language as usize)).copied().unwrap_or_default();
        for (at, token) in name.text.tokens.iter().enumerate() {
            if token.is_mark() {
                continue;
            }
            let before = known.spans.len();
            let mut walk = Walk::start(language, stem(at));
            let mut end = at + 1;
            while let Some(phrase) = walk {
                let in_capitals = end > at + 1 || token.case == Case::Capitals;
                let means = |entry: &&Entry| (in_capitals || !entry.is(Class::Capitals)) && dictionary.has(entry);
                if let Some(entry) = phrase.entry().filter(means) {
                    known.push(Span { start: at, end, entry, language, is_loan: false });
                }
                while name.text.tokens.get(end).is_some_and(Token::joins) && !name.text.parts(end) {
                    end += 1;
                }
                walk = phrase.word(stem(end));
                end += 1;
            }
            let of_data = known.spans.len();
            for (end, entry) in dictionary.added_at(name, at) {
                known.push(Span { start: at, end, entry, language, is_loan: false });
            }
            let has_added = known.spans.len() > of_data;
            if let Some(here @ [_, _, ..]) = known.spans.get_mut(before..) {
                here.reverse();
                // What settings add came last, and stands before what the dictionary has of the same length.
                if has_added {
                    here.sort_by_key(|span| Reverse(span.end));
                }
            }
        }
        known
    }

    fn push(&mut self, span: Span<'d>) {
        let bits = span.bits();
        self.own |= bits;
        self.telling |= if span.entry.tells_of_language() { bits } else { 0 };
        self.meant |= if span.meaning().is_some() { bits } else { 0 };
        self.spans.push(span);
    }
}
