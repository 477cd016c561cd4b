//! The recogniser: what kind of metric a KPI's name speaks of, or nothing where that is not plain.

use std::ops::Range;

use super::class::Class;
use super::dictionary::{Entry, Meaning, looks_like_a_thing, turn};
use super::lexicon::{self, LANGUAGES, Walk};
use super::name::Name;
use super::tokens::{Case, Mark, Number, Token, TokenKind};
use super::{Dictionary, Kind, Language, Metric, MetricUnit, Vanity};

/// How sure a recognition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The kind follows from several words together, or from a word that is no metric of the dictionary.
    Likely,
    /// A metric of the dictionary is the head of the name.
    Strong,
    /// The name is, word for word, one of the dictionary's; case, accents, plurals and punctuation aside.
    Exact,
}

/// What a name was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition<'d> {
    /// The metric, where it is one of the dictionary's.
    pub metric: Option<&'d Metric>,
    /// What it is about.
    pub kind: Kind,
    /// Whether it flatters more than it tells.
    pub vanity: Vanity,
    /// How sure this is.
    pub certainty: Certainty,
    /// The bytes of the name that decided.
    pub matched: Range<usize>,
    /// The language whose words decided.
    pub language: Language,
}

impl Dictionary {
    /// What kind of metric a name speaks of; `None` where it is not plain.
    ///
    /// The head of the phrase decides ("revenue from followers" is revenue), whole words only, and the longest phrase
    /// of the dictionary wins. Two kinds side by side give none.
    #[must_use]
    pub fn recognise(&self, name: &str) -> Option<Recognition<'_>> {
        let name = Name::read(name);
        let found = Reading::best(self, &name).name()?;
        let tokens = &name.text.tokens;
        let first = tokens.get(found.tokens.start)?;
        let last = tokens.get(found.tokens.end.checked_sub(1)?)?;
        Some(Recognition {
            metric: found.metric.and_then(|at| self.metric_at(at)),
            kind: found.kind,
            vanity: found.vanity,
            certainty: found.certainty,
            matched: first.range.start..last.range.end,
            language: found.language,
        })
    }
}

/// A phrase of the dictionary in a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'d> {
    start: usize,
    /// The token behind it.
    pub(super) end: usize,
    entry: &'d Entry,
    language: Language,
    /// It is an English word in a name of another language: it brings its meaning, and no grammar.
    is_loan: bool,
}

impl Span<'_> {
    /// Whether the phrase is of a class.
    pub(super) fn is(&self, class: Class) -> bool {
        self.entry.is(class) && (!self.is_loan || class == Class::Abbreviation)
    }

    /// What the phrase means, if it is a metric or a kind.
    pub(super) const fn meaning(&self) -> Option<Meaning> {
        self.entry.meaning
    }

    /// The number of a month or quarter.
    pub(super) const fn value(&self) -> u8 {
        self.entry.value
    }

    fn turn(&self) -> Option<super::dictionary::Turn> {
        self.entry.turn.filter(|_| !self.is_loan).and_then(turn)
    }

    /// The tokens that it covers, as a set of bits.
    fn bits(&self) -> u128 {
        let below =
            |at: usize| 1_u128.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).map_or(u128::MAX, |bit| bit - 1);
        below(self.end) & !below(self.start)
    }
}

/// What a part of a name was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    tokens: Range<usize>,
    metric: Option<u16>,
    kind: Kind,
    vanity: Vanity,
    certainty: Certainty,
    language: Language,
}

impl Found {
    /// The same words, taken for another kind.
    fn turned(self, kind: Kind) -> Self {
        if self.kind == kind {
            return self;
        }
        Self { metric: None, kind, vanity: kind.vanity(), certainty: Certainty::Likely, ..self }
    }
}

/// A part of a name between marks, with what opened it.
#[derive(Debug)]
struct Piece {
    tokens: Range<usize>,
    opened_by: Option<Mark>,
    in_brackets: bool,
}

/// The head of a noun phrase.
enum Head {
    /// It is this.
    Known(Found),
    /// Nothing but words that say nothing; true where one of them makes a rate of what follows.
    Empty { rate: bool },
    /// It is something that the dictionary does not know, or is told to leave.
    Unknown,
}

/// The verbs before a noun phrase.
#[derive(Default)]
struct Verbs {
    /// Where they end.
    end: usize,
    /// The first verb of delivery.
    delivers: Option<Range<usize>>,
    /// A verb that turns the kind.
    turn: Option<super::dictionary::Turn>,
}

/// A name as one language reads it.
pub(super) struct Reading<'d, 't> {
    dictionary: &'d Dictionary,
    name: &'t Name,
    language: Language,
    /// The phrases, by where they start, the longest first.
    spans: Vec<Span<'d>>,
    /// For each token, the first phrase that starts there or behind it.
    first: Vec<usize>,
}

impl<'d, 't> Reading<'d, 't> {
    /// The name in the language that knows most of its words; where several do, in English, unless it has only filling
    /// words there and a metric in the other ("Receita loja online").
    pub(super) fn best(dictionary: &'d Dictionary, name: &'t Name) -> Self {
        let words = name.text.tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word);
        let words = words
            .fold(0, |words, (at, _)| words | 1_u128.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0));
        let known = |spans: &[Span<'_>], loans: u128| {
            let telling = spans.iter().filter(|span| span.entry.tells_of_language());
            (telling.fold(loans, |known, span| known | span.bits()) & words).count_ones()
        };
        let means = |spans: &[Span<'_>]| spans.iter().any(|span| span.meaning().is_some());
        let english = spans(dictionary, name, Language::English);
        let loans = english.iter().filter(|span| span.meaning().is_some()).fold(0, |loans, span| loans | span.bits());
        let mut best = (Language::English, known(&english, loans), means(&english), Vec::new());
        for language in LANGUAGES.into_iter().skip(1) {
            let spans = spans(dictionary, name, language);
            let count = known(&spans, loans);
            let means = means(&spans) || loans != 0;
            if count > best.1 || (count == best.1 && !best.2 && means) {
                best = (language, count, means, spans);
            }
        }
        let (language, _, _, mut spans) = best;
        if language == Language::English {
            spans = english;
        } else {
            let loan = |span: &Span<'d>| Span { is_loan: true, ..*span };
            spans.extend(english.iter().filter(|span| span.meaning().is_some()).map(loan));
            // The language's own phrase stands before the English one of the same length.
            spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        }
        Self::new(dictionary, name, language, spans)
    }

    fn new(dictionary: &'d Dictionary, name: &'t Name, language: Language, spans: Vec<Span<'d>>) -> Self {
        let mut first = Vec::with_capacity(name.text.tokens.len() + 1);
        for (at, span) in spans.iter().enumerate() {
            first.resize((span.start + 1).max(first.len()), at);
        }
        first.resize(name.text.tokens.len() + 1, spans.len());
        Self { dictionary, name, language, spans, first }
    }

    fn name(&self) -> Option<Found> {
        let pieces = self.pieces();
        let found: Vec<_> = pieces.iter().map(|piece| self.piece(piece.tokens.clone())).collect();
        let outside = self.settle(&pieces, &found, false);
        let inside = self.settle(&pieces, &found, true);
        let measured = |in_brackets| {
            pieces.iter().filter(|piece| piece.in_brackets == in_brackets).any(|piece| self.has_number(&piece.tokens))
        };
        let mut chosen = match (outside, inside) {
            (Settled::Conflict, _) | (Settled::Nothing, Settled::Conflict | Settled::Nothing) => return None,
            (Settled::One(outside), Settled::One(inside)) if measured(true) && !measured(false) => {
                if outside.kind == inside.kind { outside } else { inside }
            }
            (Settled::One(outside), _) => outside,
            (Settled::Nothing, Settled::One(inside)) => inside,
        };
        if chosen.kind == Kind::LeadVolume && self.moves_between_shares() {
            chosen = chosen.turned(Kind::LeadQuality);
        }
        let exact = found.iter().flatten().all(|one| one.metric == chosen.metric && one.certainty == Certainty::Exact);
        let whole = found.iter().zip(&pieces).all(|(found, piece)| found.is_some() || piece.tokens.is_empty());
        if chosen.certainty == Certainty::Exact && !(exact && whole) {
            chosen.certainty = Certainty::Strong;
        }
        Some(chosen)
    }

    /// What the pieces outside brackets, or those inside, come to.
    fn settle(&self, pieces: &[Piece], found: &[Option<Found>], in_brackets: bool) -> Settled {
        let mut settled = Settled::Nothing;
        for (piece, found) in pieces.iter().zip(found).filter(|(piece, _)| piece.in_brackets == in_brackets) {
            let Some(found) = found else { continue };
            match settled {
                Settled::Nothing => settled = Settled::One(found.clone()),
                Settled::One(ref first) if first.kind == found.kind => {}
                // "MQLs from fairs, events": what follows a comma goes on, unless it says what to do.
                Settled::One(_) if piece.opened_by == Some(Mark::Comma) && !self.is_order(piece.tokens.start) => {}
                _ => return Settled::Conflict,
            }
        }
        settled
    }

    fn is_order(&self, at: usize) -> bool {
        self.class_at(at, Class::Verb).or_else(|| self.class_at(at, Class::Deliver)).is_some()
    }

    /// Parts the name at its marks, but not inside a phrase of the dictionary ("LTV:CAC") nor before a denominator.
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut start, mut opened_by, mut depth) = (0, None, 0_usize);
        let mut whole_until = 0;
        for (at, token) in self.name.text.tokens.iter().enumerate() {
            whole_until = whole_until.max(self.meaning_at(at).map_or(0, |span| span.end));
            let TokenKind::Mark(mark) = token.kind else { continue };
            if at < whole_until || self.joins(at, mark) {
                continue;
            }
            pieces.push(Piece { tokens: start..at, opened_by, in_brackets: depth > 0 });
            match mark {
                Mark::Open => depth += 1,
                Mark::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            (start, opened_by) = (at + 1, Some(mark));
        }
        pieces.push(Piece { tokens: start..self.name.text.tokens.len(), opened_by, in_brackets: depth > 0 });
        pieces.retain(|piece| !piece.tokens.is_empty());
        pieces
    }

    /// Whether a mark joins what stands around it: "sign-ups/month", "MQL:SQL rate", "10:30".
    fn joins(&self, at: usize, mark: Mark) -> bool {
        let period = self.class_at(at + 1, Class::Period).or_else(|| self.class_at(at + 1, Class::Currency));
        let stages = self.ends_in_stage(at) && self.class_at(at + 1, Class::Stage).is_some();
        match mark {
            Mark::Slash => period.is_some() || (stages && self.rate_follows(at + 1)),
            Mark::Colon => stages,
            _ => false,
        }
    }

    fn rate_follows(&self, at: usize) -> bool {
        self.class_at(at, Class::Stage).is_some_and(|end| {
            self.class_at(end, Class::Share).is_some()
                || self
                    .meaning_at(end)
                    .is_some_and(|span| self.kind_of(span).is_some_and(|kind| kind == Kind::LeadQuality))
        })
    }

    fn ends_in_stage(&self, end: usize) -> bool {
        (0..end).any(|start| self.spans_at(start).any(|span| span.end == end && span.is(Class::Stage)))
    }

    /// "from 20% to 35%": whatever is counted, it is a rate.
    fn moves_between_shares(&self) -> bool {
        let percent = |at: usize| {
            matches!(self.token(at).map(|token| token.kind), Some(TokenKind::Number(Number { percent: true, .. })))
        };
        (0..self.name.text.tokens.len()).any(|at| {
            self.class_at(at, Class::From).is_some()
                && percent(at + 1)
                && self.class_at(at + 2, Class::To).is_some()
                && percent(at + 3)
        })
    }
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

/// What several pieces come to.
enum Settled {
    Nothing,
    One(Found),
    Conflict,
}

impl<'d> Reading<'d, '_> {
    /// What a piece of a name without marks speaks of.
    fn piece(&self, tokens: Range<usize>) -> Option<Found> {
        if let Some(whole) = self.exact(&tokens) {
            return Some(whole);
        }
        let start = self.past_plain(tokens.start, tokens.end);
        let verbs = self.verbs(start, tokens.end);
        let object = self.object(verbs.end, tokens.end);
        let object = match (object, verbs.turn) {
            (Some(found), Some(turn)) if turn.verb && turn.turns(found.kind) => Some(found.turned(turn.to)),
            (object, _) => object,
        };
        match verbs.delivers {
            Some(verb) => self.delivered(verb, verbs.end, object, tokens.end),
            None => object.or_else(|| self.after_purpose(verbs.end, tokens.end)),
        }
    }

    fn exact(&self, tokens: &Range<usize>) -> Option<Found> {
        let span = self.spans_at(tokens.start).find(|span| span.end == tokens.end)?;
        let found = self.found(tokens.start, span)?;
        let certainty = if found.metric.is_some() { Certainty::Exact } else { found.certainty };
        Some(Found { certainty, ..found })
    }

    /// "Publish 5 whitepapers" is output; "Launch a trial with 500 sign-ups" is what it brings; "Send 500 MQLs" is MQLs.
    /// A delivered thing that is known, and not counted, could be either.
    fn delivered(&self, verb: Range<usize>, start: usize, object: Option<Found>, end: usize) -> Option<Found> {
        let brings = (start..end)
            .filter(|at| self.class_at(*at, Class::With).is_some() && self.is_number(at + 1))
            .find_map(|at| self.object(at + 1, end));
        if let Some(brings) = brings {
            return Some(Found { certainty: Certainty::Likely, ..brings });
        }
        match object {
            Some(object) if object.kind == Kind::Activity => Some(object),
            Some(object) => self.has_number(&(verb.end..object.tokens.start)).then_some(object),
            None if verb.end == end => None,
            None => Some(Found {
                tokens: verb,
                metric: None,
                kind: Kind::Activity,
                vanity: Vanity::Output,
                certainty: Certainty::Likely,
                language: self.language,
            }),
        }
    }

    /// "The demand team to book 20 meetings": what follows the subject, where nothing was known of it.
    fn after_purpose(&self, start: usize, end: usize) -> Option<Found> {
        (start..end).filter(|at| self.class_at(*at, Class::To).is_some()).find_map(|at| {
            let verbs = self.verbs(at + 1, end);
            (verbs.end > at + 1 && verbs.delivers.is_none()).then(|| self.object(verbs.end, end)).flatten()
        })
    }

    /// Passes over the verbs at the start of a phrase.
    fn verbs(&self, start: usize, end: usize) -> Verbs {
        let mut verbs = Verbs { end: start, ..Verbs::default() };
        loop {
            let at = verbs.end;
            let Some(verb) = self.verb_at(at, end) else { return verbs };
            let delivers =
                [Class::Deliver, Class::DeliverEither].into_iter().any(|class| self.class_at(at, class) == Some(verb));
            if delivers && verbs.delivers.is_none() {
                verbs.delivers = Some(at..verb);
            }
            verbs.turn = verbs.turn.or_else(|| self.spans_at(at).find_map(|span| span.turn()));
            verbs.end = verb;
        }
    }

    /// Where a verb at this place ends; none where the word is a noun here ("Reach", "win rate", "lead volume").
    fn verb_at(&self, at: usize, end: usize) -> Option<usize> {
        if self.meaning_at(at).is_some_and(|span| span.end > at + 1) {
            return None;
        }
        let plain = self.class_at(at, Class::Verb).or_else(|| self.class_at(at, Class::Deliver));
        let either = self.class_at(at, Class::Either).or_else(|| self.class_at(at, Class::DeliverEither));
        let verb = plain.or(either).filter(|verb| *verb < end)?;
        let counted = self.is_number(verb) || self.class_at(verb, Class::Determiner).is_some();
        if counted {
            return Some(verb);
        }
        plain?;
        let noun = [Class::Share, Class::Stop, Class::And, Class::Per, Class::To, Class::Of];
        let follows = |class| self.class_at(verb, class).is_some();
        let only_neutral = matches!(self.head(verb, self.phrase_end(verb, end)), Head::Empty { .. });
        (!only_neutral && !noun.into_iter().any(follows)).then_some(verb)
    }

    /// What a noun phrase, with what hangs on it, speaks of.
    fn object(&self, start: usize, end: usize) -> Option<Found> {
        if let Some(found) = self.stage_to_stage(start, end) {
            return Some(found);
        }
        let first = lexicon::head_first(self.language);
        let found = if first { self.head_first(start, end) } else { self.head_last(start, end) }?;
        // "Visits that book" is more than reach, and how much more nobody can tell from the name.
        let selective = found.kind.is_attention()
            && (start..end).any(|at| self.class_at(at, Class::Selective).is_some_and(|behind| behind <= end));
        (!selective).then_some(found)
    }

    fn head_last(&self, start: usize, end: usize) -> Option<Found> {
        let start = self.past_plain(start, end);
        let stop = self.phrase_end(start, end);
        let head = match self.head(start, stop) {
            Head::Unknown => self.qualified(start, stop).map_or(Head::Unknown, Head::Known),
            head => head,
        };
        match head {
            Head::Unknown => self.joined(stop, end).filter(|_| self.class_at(stop, Class::And).is_some()),
            Head::Known(found) => {
                let found = self.turned_behind(self.over(found, stop, end)?, stop, end);
                match self.joined(stop, end) {
                    Some(other) if other.kind != found.kind => None,
                    _ => Some(found),
                }
            }
            Head::Empty { rate } => {
                let after = self.class_at(stop, Class::Of).filter(|after| *after < end)?;
                let counted = self.head_last(after, end)?;
                if rate { self.rate_of(counted) } else { Some(counted) }
            }
        }
    }

    /// What stands behind an "and".
    fn joined(&self, stop: usize, end: usize) -> Option<Found> {
        let after = self.class_at(stop, Class::And).filter(|after| *after < end)?;
        match self.head(self.past_plain(after, end), self.phrase_end(after, end)) {
            Head::Known(found) => Some(found),
            _ => None,
        }
    }

    /// Languages in which the head comes first: the phrase must begin with what is known.
    fn head_first(&self, start: usize, end: usize) -> Option<Found> {
        let mut at = start;
        let mut rate = false;
        let span = loop {
            if at >= end {
                return None;
            }
            if let Some(span) = self.meaning_at(at).filter(|span| span.end <= end) {
                break span;
            }
            let share = self.class_at(at, Class::Share);
            rate |= share.is_some();
            let skipped =
                [Class::Neutral, Class::Determiner, Class::Of].into_iter().find_map(|class| self.class_at(at, class));
            at = share.or(skipped).or_else(|| self.is_number(at).then_some(at + 1))?;
        };
        let found = self.found(at, span)?;
        let foreign = span.language != self.language && !self.reads_on(span.end, end);
        if foreign && self.qualified(at, self.phrase_end(at, end)).is_none() {
            return None;
        }
        let after = self.class_at(span.end, Class::And).filter(|after| *after < end);
        let other = after.and_then(|after| self.meaning_at(after).and_then(|span| self.found(after, span)));
        if other.is_some_and(|other| other.kind != found.kind) {
            return None;
        }
        if rate { self.rate_of(found) } else { Some(found) }
    }

    /// Whether what follows a loanword is of the language: "leads por mês", not "lead scoring".
    fn reads_on(&self, at: usize, end: usize) -> bool {
        at >= end
            || !self.token(at).is_some_and(|token| token.kind == TokenKind::Word)
            || self.spans_at(at).any(|span| span.language == self.language || span.meaning().is_some())
    }

    /// "MQL to SQL", "lead → customer rate": a rate of the funnel.
    fn stage_to_stage(&self, start: usize, end: usize) -> Option<Found> {
        (start..end).find_map(|first| {
            let to = self.class_at(first, Class::Stage)?;
            let mut second = self.class_at(to, Class::To);
            if second.is_none() && matches!(self.token(to)?.kind, TokenKind::Mark(Mark::Colon | Mark::Slash)) {
                second = Some(to + 1);
            }
            let last = self.class_at(second?, Class::Stage).filter(|last| *last <= end)?;
            Some(Found {
                tokens: first..last,
                metric: None,
                kind: Kind::LeadQuality,
                vanity: Vanity::No,
                certainty: Certainty::Likely,
                language: self.language,
            })
        })
    }

    /// Takes what stands under a "per" into account.
    fn over(&self, found: Found, stop: usize, end: usize) -> Option<Found> {
        let slash = matches!(self.token(stop).map(|token| token.kind), Some(TokenKind::Mark(Mark::Slash)));
        let after = if slash { Some(stop + 1) } else { self.class_at(stop, Class::Per) };
        let Some(after) = after.filter(|after| *after < end) else { return Some(found) };
        if self.class_at(after, Class::Currency).is_some() {
            return Some(found.turned(Kind::CostEfficiency));
        }
        if self.class_at(after, Class::Period).is_some() || self.is_number(after) {
            return Some(found);
        }
        let amount = found.metric.is_some_and(|at| self.dictionary.metric_at(at).is_some_and(|metric| metric.amount));
        match found.kind {
            Kind::CostEfficiency | Kind::Revenue | Kind::Profitability if amount || found.metric.is_none() => {
                Some(found)
            }
            Kind::CostEfficiency | Kind::Profitability | Kind::Engagement | Kind::Operations | Kind::Satisfaction => {
                Some(found)
            }
            _ => None,
        }
    }
}

impl<'d> Reading<'d, '_> {
    /// The head of the noun phrase `start..end`: the longest known phrase that ends it, words that say nothing aside.
    fn head(&self, start: usize, end: usize) -> Head {
        let mut stop = end;
        let mut rate = false;
        while stop > start {
            if let Some((at, span)) = self.meaning_ending(start, stop) {
                let Some(found) = self.found(at, span) else { return Head::Unknown };
                if self.is_negated(start, at) {
                    return Head::Unknown;
                }
                let found = self.turned(found, start, at);
                let found = if rate { self.rate_of(found) } else { Some(found) };
                return found.map_or(Head::Unknown, Head::Known);
            }
            let Some((before, is_share)) = self.empty_word_ending(start, stop) else { return Head::Unknown };
            rate |= is_share;
            stop = before;
        }
        Head::Empty { rate }
    }

    /// What a share or rate of something is. Of customers or orders it could be anything ("customers who renew").
    fn rate_of(&self, counted: Found) -> Option<Found> {
        let amount = counted.metric.is_some_and(|at| self.dictionary.metric_at(at).is_some_and(|metric| metric.amount));
        match counted.kind {
            Kind::LeadVolume => Some(counted.turned(Kind::LeadQuality)),
            Kind::Activity | Kind::Revenue if !amount => None,
            _ => Some(counted),
        }
    }

    /// "ROAS Google Ads", "Umsatz Onlineshop": the metric that words behind it only narrow, where nothing else is
    /// known of them.
    fn qualified(&self, start: usize, end: usize) -> Option<Found> {
        let mut stop = end;
        loop {
            stop = self.narrowing_word_ending(start, stop).filter(|before| *before > start)?;
            let Some((at, span)) = self.meaning_ending(start, stop) else { continue };
            let metric = self.found(at, span)?.metric.and_then(|metric| self.dictionary.metric_at(metric))?;
            if !span.is(Class::Abbreviation) && !self.names_follow(at..stop, end, metric.unit) {
                return None;
            }
            return match self.head(start, stop) {
                Head::Known(found) => Some(found),
                _ => None,
            };
        }
    }

    /// Where a word that may narrow a metric, and ends at `end`, begins.
    fn narrowing_word_ending(&self, start: usize, end: usize) -> Option<usize> {
        let last = end.checked_sub(1).filter(|last| *last >= start)?;
        if self.token(last)?.kind != TokenKind::Word {
            return self.is_number(last).then_some(last);
        }
        let known = (start..end).find_map(|at| Some((at, self.spans_at(at).find(|span| span.end == end)?)));
        match known {
            Some((at, span)) => {
                [Class::Scope, Class::Neutral, Class::Determiner].into_iter().any(|class| span.is(class)).then_some(at)
            }
            None => (!looks_like_a_thing(self.name.text.phrase(last, end))).then_some(last),
        }
    }

    /// Whether what stands behind a metric in full words is a name: "Revenue Brazil", not "customer council".
    fn names_follow(&self, metric: Range<usize>, end: usize, unit: MetricUnit) -> bool {
        let cases =
            |tokens: Range<usize>| tokens.filter(|at| !self.is_number(*at)).filter_map(|at| Some(self.token(at)?.case));
        let verb = [Class::Verb, Class::Either, Class::Deliver, Class::DeliverEither]
            .into_iter()
            .any(|class| self.class_at(metric.start, class) == Some(metric.end));
        let plural = metric.end.checked_sub(1).and_then(|last| self.token(last)).is_some_and(|token| {
            self.name.text.folded().get(token.folded.clone()).is_some_and(|word| word.ends_with('s'))
        });
        if (verb && !plural) || cases(metric.clone()).all(|case| case == Case::Capitals) {
            return false;
        }
        let behind = metric.end..end;
        let in_sentence_case = cases(metric).any(|case| case == Case::Small);
        cases(behind.clone()).all(|case| case == Case::Capitals)
            || (cases(behind).all(|case| case != Case::Small)
                && (in_sentence_case || plural || unit != MetricUnit::Count))
    }

    fn meaning_ending(&self, start: usize, end: usize) -> Option<(usize, Span<'d>)> {
        (start..end).find_map(|at| {
            self.spans_at(at).find(|span| span.end == end && span.meaning().is_some()).map(|span| (at, span))
        })
    }

    /// Where a word that says nothing, and ends at `end`, begins; and whether it makes a rate.
    fn empty_word_ending(&self, start: usize, end: usize) -> Option<(usize, bool)> {
        let last = end.checked_sub(1)?;
        match self.token(last)?.kind {
            TokenKind::Number(number) => return Some((last, number.percent)),
            TokenKind::Date(..) | TokenKind::Mark(_) => return Some((last, false)),
            TokenKind::Word => {}
        }
        let verb_ends = self.language != Language::English;
        (start..end).find_map(|at| {
            let span = self.spans_at(at).find(|span| span.end == end)?;
            let empty = span.is(Class::Neutral) || span.is(Class::Determiner) || (verb_ends && span.is(Class::Verb));
            (empty || span.is(Class::Share)).then_some((at, span.is(Class::Share) && !span.is(Class::Neutral)))
        })
    }

    /// "non-followers" are no followers.
    fn is_negated(&self, start: usize, at: usize) -> bool {
        at > start
            && at
                .checked_sub(1)
                .is_some_and(|before| self.spans_at(before).any(|span| span.end == at && span.is(Class::Negation)))
    }

    /// "candidate NPS" is about people.
    fn turned(&self, found: Found, start: usize, at: usize) -> Found {
        let turns = (start..at).flat_map(|at| self.spans_at(at)).filter_map(|span| span.turn());
        match turns.filter(|turn| !turn.verb && turn.turns(found.kind)).last() {
            Some(turn) => found.turned(turn.to),
            None => found,
        }
    }

    /// "NPS of candidates" is about people too, "leads from employee referrals" are not.
    fn turned_behind(&self, found: Found, stop: usize, end: usize) -> Found {
        let start = self.class_at(stop, Class::Of).unwrap_or_else(|| self.past_plain(stop, end));
        let last = self.phrase_end(start, end);
        let ending = (start..last).flat_map(|at| self.spans_at(at)).filter(|span| span.end == last);
        let mut turns = ending.filter_map(|span| span.turn());
        match turns.find(|turn| !turn.verb && turn.turns(found.kind)) {
            Some(turn) if last > stop => found.turned(turn.to),
            _ => found,
        }
    }

    /// Where the noun phrase at `start` ends: at a preposition or the like, unless a longer phrase holds it.
    fn phrase_end(&self, start: usize, end: usize) -> usize {
        let mut held_until = start;
        for at in start..end {
            let held = self.spans_at(at).find(|span| span.end > at + 1 && span.end <= end && holds(span));
            held_until = held_until.max(held.map_or(at, |span| span.end));
            if at < held_until {
                continue;
            }
            let ends = [Class::Stop, Class::Per, Class::And, Class::Of, Class::To, Class::With];
            let slash = matches!(self.token(at).map(|token| token.kind), Some(TokenKind::Mark(Mark::Slash)));
            if slash || ends.into_iter().any(|class| self.class_at(at, class).is_some()) {
                return at;
            }
        }
        end
    }

    /// Passes over what may open a phrase and says nothing of its kind.
    fn past_plain(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        while at < end {
            if self.is_number(at) && self.meaning_at(at).is_none_or(|span| span.end == at + 1) {
                if self.class_at(at + 1, Class::Of).is_some() {
                    return at;
                }
                at += 1;
                continue;
            }
            let skipped = [Class::Determiner, Class::Stop].into_iter().find_map(|class| self.class_at(at, class));
            let meaning = self.meaning_at(at).is_some();
            match skipped {
                Some(after) if !meaning && after <= end => at = after,
                _ => return at,
            }
        }
        at
    }

    fn found(&self, start: usize, span: Span<'d>) -> Option<Found> {
        let tokens = start..span.end;
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

    fn kind_of(&self, span: Span<'d>) -> Option<Kind> {
        self.found(0, span).map(|found| found.kind)
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

    fn has_number(&self, tokens: &Range<usize>) -> bool {
        tokens.clone().any(|at| self.is_number(at))
    }
}

/// Whether a preposition inside the phrase belongs to it: "cost per lead", "year over year".
fn holds(span: &Span<'_>) -> bool {
    span.meaning().is_some() || span.is(Class::Neutral)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dictionary;
    use super::*;

    fn kind(name: &str) -> Option<&'static str> {
        dictionary().recognise(name).map(|found| found.kind.word())
    }

    fn assert_kinds(names: &[(&str, Option<&str>)]) {
        for (name, wanted) in names {
            assert_eq!(kind(name), *wanted, "{name}");
        }
    }

    #[test]
    fn the_head_of_the_phrase_decides() {
        assert_kinds(&[
            ("Cost per impression", Some("cost-efficiency")),
            ("Revenue from followers", Some("revenue")),
            ("Follower engagement", Some("engagement")),
            ("Follower-to-lead conversion", Some("lead-quality")),
            ("Number of visitors from Google", Some("reach")),
            ("Email click-through rate", Some("engagement")),
            ("Share of revenue from repeat customers", Some("retention")),
            ("Net promoter score for employees", Some("people")),
            ("Leads from employee referrals", Some("lead-volume")),
            ("Cost per hire", Some("people")),
        ]);
    }

    #[test]
    fn a_verb_is_no_noun() {
        assert_kinds(&[
            ("Reach €1M ARR", Some("revenue")),
            ("Reach", Some("reach")),
            ("Reach of organic posts", Some("reach")),
            ("alcançar 1M de receita", Some("revenue")),
            ("Lead a brainstorming session", Some("activity")),
            ("Lead volume", Some("lead-volume")),
            ("reach out to", None),
            ("Win rate", Some("lead-quality")),
            ("Post likes", Some("engagement")),
            ("Hit a ROAS of 4", Some("cost-efficiency")),
            ("Promote two Leads", Some("people")),
        ]);
    }

    #[test]
    fn only_whole_words_and_whole_phrases_count() {
        assert_kinds(&[
            ("lead follow-up time", Some("operations")),
            ("lead time", Some("operations")),
            ("page load time", Some("operations")),
            ("like-for-like sales", Some("revenue")),
            ("impression share", Some("brand")),
            ("paid subscribers", Some("revenue")),
            ("share of wallet", None),
            ("non-followers", None),
            ("lead scoring model", None),
            ("leadership", None),
        ]);
        assert_ne!(kind("traffic accidents"), Some("reach"));
        assert_ne!(kind("unfollow"), Some("reach"));
    }

    #[test]
    fn rates_are_told_from_counts() {
        assert_kinds(&[
            ("MQL-to-SQL", Some("lead-quality")),
            ("MQL→SQL conversion", Some("lead-quality")),
            ("% of leads that are ICP", Some("lead-quality")),
            ("Improve trial sign-ups from 20% to 35%", Some("lead-quality")),
            ("Cut cost per lead by 30%", Some("cost-efficiency")),
            ("1,000 MQLs this quarter", Some("lead-volume")),
            ("likes per dollar", Some("cost-efficiency")),
            ("leads per visitor", None),
            ("Percentage of customers who renew", None),
        ]);
    }

    #[test]
    fn two_kinds_side_by_side_are_none() {
        assert_kinds(&[
            ("Leads and revenue", None),
            ("Organic traffic and conversions", None),
            ("Leads / revenue", None),
            ("Turnover", None),
        ]);
    }

    #[test]
    fn delivery_is_activity_unless_it_says_what_it_brings() {
        assert_kinds(&[
            ("Publish 5 whitepapers", Some("activity")),
            ("Launch new website", Some("activity")),
            ("Launch a free trial with 500 sign-ups a month", Some("lead-volume")),
            ("Send 500 MQLs to sales", Some("lead-volume")),
            ("Implement NPS", None),
        ]);
    }

    #[test]
    fn a_name_of_the_dictionary_is_exact_and_more_words_are_not() {
        let certainty = |name| dictionary().recognise(name).map(|found| found.certainty);
        assert_eq!(certainty("Customer Acquisition Cost (CAC)"), Some(Certainty::Exact));
        assert_eq!(certainty("cost_per_lead"), Some(Certainty::Exact));
        assert_eq!(certainty("Cut cost per lead by 30%"), Some(Certainty::Strong));
        assert_eq!(certainty("Facebook Reach"), Some(Certainty::Likely));
    }

    #[test]
    fn the_words_that_decided_are_pointed_at() {
        let name = "Cut cost per lead by 30%";
        let found = dictionary().recognise(name).unwrap();
        assert_eq!(name.get(found.matched), Some("cost per lead"));
        assert_eq!(found.metric.unwrap().name, "cost-per-lead");
        assert_eq!(found.language, Language::English);
    }

    #[test]
    fn a_name_of_ten_thousand_letters_is_read_as_far_as_a_name_goes() {
        assert_eq!(kind(&"lead ".repeat(2_000)), Some("lead-volume"));
        assert_eq!(kind(&"(".repeat(10_000)), None);
        assert_eq!(kind(&"x".repeat(10_000)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_what_decided_lies_in_it(name in "(\\PC|lead|cost per | to |MQL|/|%|[0-9]|\\(| of ){0,40}") {
            if let Some(found) = dictionary().recognise(&name) {
                prop_assert!(name.get(found.matched).is_some_and(|text| !text.is_empty()));
            }
        }
    }

    #[test]
    fn a_metric_stays_one_with_a_name_behind_it() {
        let strong = |name| {
            let found = dictionary().recognise(name)?;
            (found.certainty == Certainty::Strong).then_some(found.metric?.name.as_ref())
        };
        for (name, metric) in [
            ("ROAS Google Ads", "roas"),
            ("ROAS Meta", "roas"),
            ("ROAS of Performance Max", "roas"),
            ("ROAS Google Ads in Brazil", "roas"),
            ("roas google ads", "roas"),
            ("CAC Brazil", "customer-acquisition-cost"),
            ("CAC paid social", "customer-acquisition-cost"),
            ("MQLs DACH", "mql"),
            ("Leads DACH", "leads"),
            ("Revenue Brazil", "revenue"),
            ("Win rate Enterprise", "win-rate"),
            ("Umsatz Onlineshop", "revenue"),
            ("Umsatz DACH", "revenue"),
            ("Receita loja online", "revenue"),
            ("Przychody sklepu", "revenue"),
        ] {
            assert_eq!(strong(name), Some(metric), "{name}");
        }
        assert_eq!(kind("Ventas tienda"), Some("revenue"));
    }

    #[test]
    fn a_metric_is_lost_in_a_thing_named_after_it() {
        for name in [
            "CAC dashboard",
            "ROAS report",
            "NPS survey",
            "SQL server",
            "SQL database migration",
            "SLA time",
            "Revenue Team",
            "Revenue Enablement",
            "Churn Prediction",
            "Traffic Manager",
            "Customer Council",
            "Kunden Feedback",
            "Lead Brazil",
            "SAO PAULO",
            "ROAS Google Ads and followers",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn attention_that_may_mean_business_is_not_told_from_its_name() {
        assert_kinds(&[
            ("Repeat visits that book", None),
            ("Views of the pricing page by target accounts", None),
            ("Visits to the demo page", None),
            ("Visits", Some("reach")),
            ("Store visits", Some("reach")),
            ("Leads that close", Some("lead-volume")),
        ]);
    }

    #[test]
    fn names_from_real_plans_are_what_they_say() {
        let metric = |name| dictionary().recognise(name).and_then(|found| Some(found.metric?.name.as_ref()));
        for (name, wanted) in [
            ("Newsletter sign-ups", "sign-ups"),
            ("Newsletter subscribers", "subscribers"),
            ("Repeat booking rate", "repeat-purchase-rate"),
            ("Rebooking rate", "repeat-purchase-rate"),
            ("Repeat guest share", "repeat-purchase-rate"),
            ("Wiederkaufrate", "repeat-purchase-rate"),
            ("Taxa de recompra", "repeat-purchase-rate"),
            ("Tasa de recompra", "repeat-purchase-rate"),
            ("Taux de réachat", "repeat-purchase-rate"),
            ("Tasa de baja", "customer-churn"),
            ("Wskaźnik rezygnacji", "customer-churn"),
            ("Kündigungsrate", "customer-churn"),
            ("Taxa de cancelamento", "customer-churn"),
            ("Nuevos socios", "new-customers"),
            ("New members", "new-customers"),
        ] {
            assert_eq!(metric(name), Some(wanted), "{name}");
        }
        assert_eq!(kind("Personas alcanzadas"), Some("reach"));
    }
}
