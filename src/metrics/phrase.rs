//! The grammar of a part of a name: verbs, the head of the noun phrase behind them, and what hangs on it.

use std::ops::Range;

use super::class::Class;
use super::dictionary::{Meaning, Place, Turn, looks_like_a_thing};
use super::lexicon;
use super::reading::{Reading, Span};
use super::tokens::{Case, Mark, Number, TokenKind};
use super::{Certainty, Kind, Language, MetricUnit, Vanity};

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
    /// How they turn the kind.
    turns: Vec<Turn>,
}

impl<'d> Reading<'d, '_> {
    /// What a piece of a name without marks speaks of.
    pub(super) fn piece(&self, tokens: Range<usize>) -> Option<Found> {
        if let Some(whole) = self.exact(&tokens) {
            return Some(self.turned_by_what_follows(whole));
        }
        let end = tokens.end;
        let start = self.past_plain(tokens.start, end);
        let mut verbs = self.verbs(start, end);
        let end = match self.last_verb(verbs.end, end) {
            Some(last) => {
                verbs.delivers = verbs.delivers.or(Some(last..end));
                last
            }
            None => end,
        };
        let object = self
            .object(verbs.end, end)
            .or_else(|| self.object(self.past_numbers(verbs.end, end)?, end))
            .or_else(|| self.lapse(verbs.end, end))
            .or_else(|| self.use_of_something(verbs.end));
        let object = match (object, verbs.turns.first()) {
            (Some(found), _) => Some(match verbs.turns.iter().find(|turn| turn.turns(found.kind)) {
                Some(turn) => found.turned(turn.to),
                None => found,
            }),
            // "Hire 5 engineers": the verb tells, whatever they are.
            (None, Some(turn)) if self.has_number(&(verbs.end..end)) => Some(self.likely(start..verbs.end, turn.to)),
            (None, _) => None,
        };
        match verbs.delivers {
            Some(verb) => self.delivered(verb, verbs.end, object, end),
            None => object
                .or_else(|| self.after_purpose(verbs.end, end))
                .or_else(|| self.after_verb(verbs.end, end))
                .or_else(|| self.done(start, end)),
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
        if let Some(brings) = brings.filter(|brings| brings.kind != Kind::ProductUsage) {
            return Some(Found { certainty: Certainty::Likely, ..brings });
        }
        // "Send 500 MQLs", "réaliser 2 M€ de chiffre d'affaires": what is brought. "Interview 15 users": what is done.
        let count = |at| self.dictionary.metric_at(at).is_some_and(|metric| metric.unit == MetricUnit::Count);
        let is_brought = |object: &Found| match object.kind {
            Kind::LeadVolume => true,
            kind => kind.is_money() && !object.metric.is_some_and(count),
        };
        match object {
            Some(object) if object.kind == Kind::Activity => Some(object),
            Some(object) if !self.has_number(&(verb.end..object.tokens.start)) && object.tokens.start > verb.end => {
                None
            }
            Some(object) if is_brought(&object) => self.has_number(&(verb.end..object.tokens.start)).then_some(object),
            Some(_) if !self.has_number(&(verb.end..end)) => None,
            None if verb.end == end => None,
            _ => Some(self.likely(verb, Kind::Activity)),
        }
    }

    /// "The demand team to book 20 meetings": what follows the subject, where nothing was known of it.
    fn after_purpose(&self, start: usize, end: usize) -> Option<Found> {
        (start..end).filter(|at| self.class_at(*at, Class::To).is_some()).find_map(|at| {
            let verbs = self.verbs(at + 1, end);
            (verbs.end > at + 1 && verbs.delivers.is_none()).then(|| self.object(verbs.end, end)).flatten()
        })
    }

    /// "% of accounts using the module", "residents who return": whatever they are, what they do is known.
    fn use_of_something(&self, start: usize) -> Option<Found> {
        let behind = start + 1..self.name.text.tokens.len();
        let shared = self.is_of_a_share();
        let tells = |turn: &Turn| match turn.to {
            Kind::Retention => true,
            Kind::ProductUsage | Kind::Satisfaction => shared,
            _ => false,
        };
        let found = |span: Span<'d>| span.turns(Place::Behind).find(tells).map(|turn| (span, turn));
        let (span, turn) = behind.flat_map(|at| self.spans_at(at)).find_map(found)?;
        Some(self.likely(span.start..span.end, turn.to))
    }

    /// "Catalogues sent": something unknown that was put out.
    fn done(&self, start: usize, end: usize) -> Option<Found> {
        let done = (start..end).find_map(|at| self.class_at(at, Class::Done).map(|done| at..done))?;
        let other = (start..end)
            .any(|at| !done.contains(&at) && self.token(at).is_some_and(|token| token.kind == TokenKind::Word));
        other.then(|| self.likely(done, Kind::Activity))
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
        (0..self.name.text.tokens.len()).any(|at| {
            self.class_at(at, Class::Share).is_some()
                || matches!(
                    self.token(at).map(|token| token.kind),
                    Some(TokenKind::Number(Number { percent: true, .. }))
                )
        })
    }

    /// "AE and SDR pairings create 10 opportunities": what follows the verb, where nothing was known of its subject.
    fn after_verb(&self, start: usize, end: usize) -> Option<Found> {
        (start + 1..end).find_map(|at| {
            let verb = self.class_at(at, Class::Verb).filter(|verb| *verb < end && self.is_number(*verb))?;
            self.object(verb, end)
        })
    }

    /// "Go from 12,000 to 20,000 followers": past the numbers, where there are any.
    fn past_numbers(&self, start: usize, end: usize) -> Option<usize> {
        let passed = [
            Class::From,
            Class::To,
            Class::Goal,
            Class::By,
            Class::Of,
            Class::Determiner,
            Class::Scale,
            Class::Unit,
            Class::Currency,
            Class::Moved,
            Class::ByShare,
        ];
        let (mut at, mut numbers) = (start, 0);
        while at < end {
            if self.is_number(at) {
                (at, numbers) = (at + 1, numbers + 1);
            } else if self.meaning_at(at).is_some() {
                break;
            } else {
                match passed.into_iter().find_map(|class| self.class_at(at, class)) {
                    Some(after) => at = after,
                    None => break,
                }
            }
        }
        (numbers > 0 && at < end).then_some(at)
    }

    /// "Time to hire", "dias até a primeira compra": a length of time, which is of the kind of what it leads to.
    fn lapse(&self, start: usize, end: usize) -> Option<Found> {
        let mut at = start;
        let time = loop {
            if at >= end || self.meaning_at(at).is_some() {
                return None;
            }
            if let Some(time) = self.class_at(at, Class::Time) {
                break time;
            }
            let skipped = [Class::Neutral, Class::Determiner, Class::Of, Class::Down, Class::Verb];
            at = skipped
                .into_iter()
                .find_map(|class| self.class_at(at, class))
                .or_else(|| self.is_number(at).then_some(at + 1))?;
        };
        let mut until: Vec<_> =
            (time..end).filter_map(|at| self.meaning_at(at).and_then(|span| self.kind_of(span))).collect();
        until.sort_by_key(|kind| !matches!(kind, Kind::Retention | Kind::People));
        if time >= end {
            return None;
        }
        let kind = match until.first().copied() {
            Some(kind @ (Kind::People | Kind::ProductUsage | Kind::Engagement | Kind::Retention)) => kind,
            // The length of a visit.
            Some(Kind::Reach) => Kind::Engagement,
            Some(Kind::LeadVolume | Kind::LeadQuality | Kind::Revenue) => Kind::LeadQuality,
            _ => Kind::Operations,
        };
        Some(self.likely(at..time, kind))
    }

    /// Passes over the verbs at the start of a phrase.
    fn verbs(&self, start: usize, end: usize) -> Verbs {
        let mut verbs = Verbs { end: start, ..Verbs::default() };
        loop {
            let at = verbs.end;
            let Some(verb) = self.verb_at(at, end) else { return verbs };
            // "Hold a webinar" and "hold churn at 2%": a verb that does both says nothing of its object.
            let delivers = [Class::Deliver, Class::DeliverEither]
                .into_iter()
                .any(|class| self.class_at(at, class) == Some(verb) && self.class_at(at, Class::Verb) != Some(verb));
            if delivers && verbs.delivers.is_none() {
                verbs.delivers = Some(at..verb);
            }
            verbs.turns.extend(self.spans_at(at).flat_map(|span| span.turns(Place::Verb)));
            verbs.end = verb;
        }
    }

    /// Where a verb of delivery at the end begins: "Pressemitteilungen versenden".
    fn last_verb(&self, start: usize, end: usize) -> Option<usize> {
        let last = end.checked_sub(1).filter(|last| *last > start && self.language == Language::German)?;
        (self.class_at(last, Class::Deliver) == Some(end) && self.class_at(last, Class::Verb).is_none()).then_some(last)
    }

    /// Where a verb at this place ends; none where the word is a noun here ("Reach", "win rate", "lead volume").
    fn verb_at(&self, at: usize, end: usize) -> Option<usize> {
        if self.meaning_at(at).is_some_and(|span| span.end > at + 1) {
            return None;
        }
        let plain = self.class_at(at, Class::Verb).or_else(|| self.class_at(at, Class::Deliver));
        let either = self.class_at(at, Class::Either).or_else(|| self.class_at(at, Class::DeliverEither));
        let verb = plain.or(either).filter(|verb| *verb < end)?;
        let determined = self.class_at(verb, Class::Determiner).is_some()
            && [Class::Per, Class::Of].into_iter().all(|class| self.class_at(verb, class).is_none());
        let counted = self.is_number(verb) || determined;
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
        let found = self.turned_by_what_follows(found);
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
                    // "Event or webinar registrations": what stands before is only joined to what says of what.
                    Some(other) if other.kind != found.kind && found.metric.is_none() && other.metric.is_some() => {
                        Some(other)
                    }
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
            if let Some(span) = self.meaning_at(at).filter(|span| span.end <= end && self.second_gender(at).is_none()) {
                break span;
            }
            let share = self.class_at(at, Class::Share);
            rate |= share.is_some();
            let skipped = [Class::Neutral, Class::Determiner, Class::Of, Class::Verb, Class::Scale]
                .into_iter()
                .find_map(|class| self.class_at(at, class));
            at = share
                .or(skipped)
                .or_else(|| self.is_number(at).then_some(at + 1))
                .or_else(|| self.second_gender(at))?;
        };
        let found = self.found(at, span)?;
        let foreign = span.language != self.language && !self.reads_on(span.end, end);
        if foreign && self.qualified(at, self.phrase_end(at, end)).is_none() {
            return None;
        }
        let found = self.turned_behind(found, span.end, end);
        let after = self.class_at(span.end, Class::And).filter(|after| *after < end);
        let other = after.and_then(|after| self.meaning_at(after).and_then(|span| self.found(after, span)));
        if other.is_some_and(|other| other.kind != found.kind) {
            return None;
        }
        let found = if rate { self.rate_of(found) } else { Some(found) };
        found.and_then(|found| self.over(found, span.end, end))
    }

    /// "Usuarios e usuarias únicas": past the first of both genders of one noun.
    fn second_gender(&self, at: usize) -> Option<usize> {
        let second = self.class_at(at + 1, Class::And)?;
        let stem = |at: usize| {
            let word = self.name.text.phrase(at, at + 1).trim_end_matches('s');
            word.strip_suffix(['o', 'a']).filter(|stem| stem.len() > 3)
        };
        (stem(second)? == stem(at)?).then_some(second)
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
            // "Interview-to-hire ratio" is a metric of its own.
            let to = self.stage_at(first).filter(|_| !self.is_held(first, end))?;
            let mut second = self.class_at(to, Class::To).or_else(|| self.next_abbreviation(first, to));
            if second.is_none() && matches!(self.token(to)?.kind, TokenKind::Mark(Mark::Colon | Mark::Slash)) {
                second = Some(to + 1);
            }
            let last = self.stage_at(second?).filter(|last| *last <= end)?;
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

    /// Whether a metric's name that begins here goes on over a "to".
    fn is_held(&self, start: usize, end: usize) -> bool {
        self.meaning_at(start)
            .is_some_and(|span| span.end <= end && (start..span.end).any(|at| self.class_at(at, Class::To).is_some()))
    }

    /// "conv_mql_sql", "MQL a SQL": two steps by their abbreviations, one behind the other.
    fn next_abbreviation(&self, first: usize, to: usize) -> Option<usize> {
        let short = |at: usize| self.spans_at(at).any(|span| span.is(Class::Abbreviation) && span.is(Class::Stage));
        let next = self.class_at(to, Class::Determiner).unwrap_or(to);
        (short(first) && short(next)).then_some(next)
    }

    /// Where a step of a funnel ends that begins here: what the data calls one, and what counts people or deals.
    pub(super) fn stage_at(&self, at: usize) -> Option<usize> {
        let counts = |span: &Span<'d>| {
            let metric = |at| self.dictionary.metric_at(at).is_some_and(|metric| metric.unit == MetricUnit::Count);
            let found = self.found(at, *span);
            found.is_some_and(|found| match found.kind {
                Kind::Reach | Kind::LeadVolume => found.metric.is_none_or(metric),
                // "Sales" may be the team.
                Kind::Revenue => found.metric.is_some_and(metric),
                _ => false,
            })
        };
        self.class_at(at, Class::Stage).or_else(|| self.meaning_at(at).filter(counts).map(|span| span.end))
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
            Kind::LeadVolume if self.class_at(after, Class::Stage).is_some() => Some(found.turned(Kind::LeadQuality)),
            Kind::Activity | Kind::LeadQuality | Kind::Retention | Kind::ProductUsage | Kind::Brand | Kind::People => {
                Some(found)
            }
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
            if let Some(before) = self.scope_ending(start, stop) {
                stop = before;
                continue;
            }
            if let Some((at, span)) = self.meaning_ending(start, stop) {
                let Some(found) = self.found(at, span) else { return Head::Unknown };
                if let Some(measure) = self.measure_before(start, at, &found) {
                    return Head::Known(measure);
                }
                if self.is_negated(start, at) {
                    return Head::Unknown;
                }
                let found = self.turned(found, start, at);
                // "Anteil SQLs"
                let share = |at: usize| self.class_at(at, Class::Share).is_some() && self.meaning_at(at).is_none();
                let rate = rate || (self.language == Language::German && (start..at).any(share));
                let found = if rate { self.rate_of(found) } else { Some(found) };
                return found.map_or(Head::Unknown, Head::Known);
            }
            let Some((before, is_share)) = self.empty_word_ending(start, stop) else { return Head::Unknown };
            rate |= is_share;
            stop = before;
        }
        Head::Empty { rate }
    }

    /// "ROAS 7d click", "Konversionsrate Landingpage": the measure, where a count stands behind it that only says of what.
    fn measure_before(&self, start: usize, at: usize, counted: &Found) -> Option<Found> {
        let unit = |metric| self.dictionary.metric_at(metric).map(|metric| metric.unit);
        let is_count = counted.metric.is_none_or(|metric| unit(metric) == Some(MetricUnit::Count));
        let span = (start..at).find_map(|at| self.meaning_at(at))?;
        let found = self.found(span.start, span)?;
        let is_measure = match found.metric {
            Some(metric) => unit(metric) != Some(MetricUnit::Count),
            None => matches!(
                found.kind,
                Kind::Satisfaction | Kind::Profitability | Kind::CostEfficiency | Kind::LeadQuality
            ),
        };
        let marked =
            span.is(Class::Abbreviation) || (self.language == Language::German && !self.is_one_word(span.start, at));
        (is_count && is_measure && marked && span.end <= at).then_some(found)
    }

    /// Whether two tokens are parts of one word.
    fn is_one_word(&self, first: usize, second: usize) -> bool {
        self.token(first).zip(self.token(second)).is_some_and(|(first, second)| first.range == second.range)
    }

    /// What a share or rate of something is. Of customers or orders it could be anything ("customers who renew").
    pub(super) fn rate_of(&self, counted: Found) -> Option<Found> {
        let counted = self.turned_by_what_follows(counted);
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

    /// Where a phrase begins that only narrows what stands before it ("ROAS Google Ads"), and ends at `end`.
    fn scope_ending(&self, start: usize, end: usize) -> Option<usize> {
        let scope = |at: &usize| self.spans_at(*at).any(|span| span.end == end && span.is(Class::Scope));
        let held = |at: usize| (start..at).any(|start| self.meaning_at(start).is_some_and(|span| span.end >= end));
        (start + 1..end).find(scope).filter(|at| !held(*at) && self.meaning_ending(start, *at).is_some())
    }

    fn meaning_ending(&self, start: usize, end: usize) -> Option<(usize, Span<'d>)> {
        let found = (start..end).find_map(|at| {
            self.spans_at(at).find(|span| span.end == end && span.meaning().is_some()).map(|span| (at, span))
        });
        let (at, span) = found?;
        // "Revenue per email sent": the phrase that began first holds what the other one begins with.
        let overlaps = |first: &Span<'d>| first.end > at && first.end < end && self.holds_a_denominator(first);
        let first = (start..at).filter_map(|first| self.meaning_at(first)).find(overlaps);
        Some(first.map_or((at, span), |first| (first.start, first)))
    }

    fn holds_a_denominator(&self, span: &Span<'d>) -> bool {
        (span.start + 1..span.end).any(|at| self.class_at(at, Class::Per).is_some())
    }

    /// Where a word that says nothing, and ends at `end`, begins; and whether it makes a rate.
    fn empty_word_ending(&self, start: usize, end: usize) -> Option<(usize, bool)> {
        let last = end.checked_sub(1)?;
        match self.token(last)?.kind {
            TokenKind::Number(_) | TokenKind::Date(..) | TokenKind::Mark(_) => return Some((last, false)),
            TokenKind::Word => {}
        }
        let verb_ends = self.language != Language::English;
        (start..end).find_map(|at| {
            let span = self.spans_at(at).find(|span| span.end == end)?;
            let always =
                [Class::Neutral, Class::Determiner, Class::Unit, Class::Up, Class::Down, Class::Scope, Class::Done];
            let empty = always.into_iter().any(|class| span.is(class)) || (verb_ends && span.is(Class::Verb));
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
        let turns = (start..at).flat_map(|at| self.spans_at(at)).flat_map(|span| span.turns(Place::Noun));
        match turns.filter(|turn| turn.turns(found.kind)).last() {
            Some(turn) => found.turned(turn.to),
            None => found,
        }
    }

    /// "NPS of candidates" is about people too, "leads from employee referrals" are not.
    fn turned_behind(&self, found: Found, stop: usize, end: usize) -> Found {
        let start = self.class_at(stop, Class::Of).unwrap_or_else(|| self.past_plain(stop, end));
        let last = self.phrase_end(start, end);
        let first = lexicon::head_first(self.language);
        // What the words behind are about, their head tells; where heads come first, it may stand anywhere behind.
        let (from, until) = if first { (stop, self.clause_end(stop, end)) } else { (start, last) };
        let counts = |span: &Span<'d>| first || span.end == last;
        let spans = (from..until).flat_map(|at| self.spans_at(at)).filter(counts);
        match spans.flat_map(|span| span.turns(Place::Noun)).find(|turn| turn.turns(found.kind)) {
            Some(turn) if until > stop => found.turned(turn.to),
            _ => found,
        }
    }

    /// Where what hangs on a head by "of" or as an adjective ends.
    fn clause_end(&self, start: usize, end: usize) -> usize {
        let stops = |at: &usize| {
            let stop = [Class::Stop, Class::Per, Class::And, Class::With].into_iter();
            let mut stop = stop.filter(|class| self.class_at(*at, *class).is_some());
            stop.next().is_some() && self.class_at(*at, Class::Of).is_none() && !self.turns_at(*at)
        };
        (start..end).find(stops).unwrap_or(end)
    }

    fn turns_at(&self, at: usize) -> bool {
        self.spans_at(at).any(|span| span.turns(Place::Noun).next().is_some())
    }

    /// "Customers who renew", "contas que usam o módulo": what is said of it anywhere behind.
    pub(super) fn turned_by_what_follows(&self, found: Found) -> Found {
        let behind = found.tokens.end..self.name.text.tokens.len();
        let mut turns = behind.flat_map(|at| self.spans_at(at)).flat_map(|span| span.turns(Place::Behind));
        // "Visitors who buy" may be a count; "% of visitors who buy" is a rate from stage to stage.
        let holds = |turn: &Turn| turn.turns(found.kind) && (turn.to != Kind::LeadQuality || self.is_of_a_share());
        match turns.find(holds) {
            Some(turn) => found.turned(turn.to),
            None => found,
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
            // "Zufriedenheit unserer Kunden": what follows hangs on what stands before.
            let genitive =
                at > start && self.language == Language::German && self.class_at(at, Class::Determiner).is_some();
            // "Leads matching the ICP": what they do is no head.
            let participle = at > start && self.language == Language::English && self.is_participle(at);
            if slash || genitive || participle || ends.into_iter().any(|class| self.class_at(at, class).is_some()) {
                return at;
            }
        }
        end
    }

    /// A word in "-ing" behind a plural that means something.
    fn is_participle(&self, at: usize) -> bool {
        let plural = at.checked_sub(1).is_some_and(|noun| self.name.text.phrase(noun, at).ends_with('s'));
        plural
            && self.name.text.phrase(at, at + 1).ends_with("ing")
            && self.meaning_at(at).is_none()
            && (0..at).any(|start| self.meaning_at(start).is_some_and(|span| span.end == at))
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

    pub(super) fn found(&self, start: usize, span: Span<'d>) -> Option<Found> {
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

    pub(super) fn kind_of(&self, span: Span<'d>) -> Option<Kind> {
        self.found(0, span).map(|found| found.kind)
    }

    pub(super) fn has_number(&self, tokens: &Range<usize>) -> bool {
        tokens.clone().any(|at| self.is_number(at))
    }
}

/// Whether a preposition inside the phrase belongs to it: "cost per lead", "year over year".
fn holds(span: &Span<'_>) -> bool {
    span.meaning().is_some() || span.is(Class::Neutral)
}
