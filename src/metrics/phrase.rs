//! The noun phrase: its head, and what stands around it.

use std::ops::Range;

use super::class::Class;
use super::found::Found;
use super::lexicon;
use super::lexicon::looks_like_a_thing;
use super::reading::{Reading, Span};
use super::tokens::{Case, Mark, TokenKind};
use super::{Kind, Language, MetricUnit};

/// The head of a noun phrase.
pub(super) enum Head {
    /// It is this.
    Known(Found),
    /// Nothing but words that say nothing; true where one of them makes a rate of what follows.
    Empty { rate: bool },
    /// It is something that the dictionary does not know, or is told to leave.
    Unknown,
}

impl<'d> Reading<'d, '_> {
    /// What a noun phrase, with what hangs on it, speaks of.
    pub(super) fn object(&self, start: usize, end: usize) -> Option<Found> {
        if let Some(found) = self.stage_to_stage(start, end) {
            return Some(found);
        }
        let first = lexicon::head_first(self.language);
        let found = if first { self.head_first(start, end) } else { self.head_last(start, end) }?;
        let found = self.turned_by_what_follows(found);
        self.is_plain(&found, end).then_some(found)
    }

    /// "Visits that book" is more than reach, "leads without an answer" are less than leads, and how much nobody can tell from
    /// the name: whether nothing of the sort follows what was counted.
    pub(super) fn is_plain(&self, found: &Found, end: usize) -> bool {
        let count = found.metric.is_none() || self.is_count(found);
        let counted = found.kind.is_attention()
            || (count && matches!(found.kind, Kind::LeadVolume | Kind::Revenue | Kind::Activity));
        let picks = |at: usize| {
            let picked = self.class_at(at, Class::Selective).is_some_and(|behind| behind <= end);
            picked || self.class_at(at, Class::Negation).is_some()
        };
        !counted || !((found.tokens.end..end).any(picks) || self.relative_clause(found.tokens.end))
    }

    /// ", die gekauft haben", ", którzy kupili": a clause behind a comma, or in a language that needs none.
    fn relative_clause(&self, start: usize) -> bool {
        (start..self.name.text.tokens.len()).any(|at| {
            let comma = self.token(at).is_some_and(|token| token.kind == TokenKind::Mark(Mark::Comma));
            let german = || self.language == Language::German && self.class_at(at + 1, Class::Determiner).is_some();
            comma && (self.class_at(at + 1, Class::Selective).is_some() || german())
        })
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
                let counted = self.turned(self.head_last(after, end)?, start, stop);
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
            let skipped = [Class::Neutral, Class::Determiner, Class::Of, Class::Verb, Class::Scale];
            at = share
                .or_else(|| self.first_class_at(at, &skipped))
                .or_else(|| self.is_number(at).then_some(at + 1))
                .or_else(|| self.second_gender(at))?;
        };
        let found = self.turned(self.found(span)?, start, at);
        let foreign = span.language != self.language && !self.reads_on(span.end, end);
        if foreign && self.qualified(at, self.phrase_end(at, end)).is_none() {
            return None;
        }
        let found = self.turned_behind(found, span.end, end);
        let after = self.class_at(span.end, Class::And).filter(|after| *after < end);
        let other = after.and_then(|after| self.meaning_at(after).and_then(|span| self.found(span)));
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
            let word = self.name.text.word(at).trim_end_matches('s');
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

    /// The head of the noun phrase `start..end`: the longest known phrase that ends it, words that say nothing aside.
    pub(super) fn head(&self, start: usize, end: usize) -> Head {
        let mut stop = end;
        let mut rate = false;
        while stop > start {
            if let Some(before) = self.scope_ending(start, stop) {
                stop = before;
                continue;
            }
            if let Some(span) = self.meaning_ending(start, stop) {
                let at = span.start;
                let Some(found) = self.found(span) else { return Head::Unknown };
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
        let is_count = counted.metric.is_none() || self.is_count(counted);
        let span = (start..at).find_map(|at| self.meaning_at(at))?;
        let found = self.found(span)?;
        let is_measure = match found.metric {
            Some(_) => !self.is_count(&found),
            None => matches!(
                found.kind,
                Kind::Satisfaction | Kind::Profitability | Kind::CostEfficiency | Kind::LeadQuality
            ),
        };
        let marked =
            span.is(Class::Abbreviation) || (self.language == Language::German && !self.is_one_word(span.start, at));
        // "Reichweite Stories": what is put out only says where.
        let is_reached = self.language == Language::German
            && counted.kind == Kind::Activity
            && found.kind != Kind::Activity
            && !self.is_one_word(span.start, at);
        ((is_count && is_measure && marked || is_reached) && span.end <= at).then_some(found)
    }

    /// Whether two tokens are parts of one word.
    fn is_one_word(&self, first: usize, second: usize) -> bool {
        self.token(first).zip(self.token(second)).is_some_and(|(first, second)| first.range == second.range)
    }

    /// "ROAS Google Ads", "Umsatz Onlineshop": the metric that words behind it only narrow, where nothing else is
    /// known of them.
    fn qualified(&self, start: usize, end: usize) -> Option<Found> {
        let mut stop = end;
        loop {
            stop = self.narrowing_word_ending(start, stop).filter(|before| *before > start)?;
            let Some(span) = self.meaning_ending(start, stop) else { continue };
            let metric = self.metric_of(&self.found(span)?)?;
            if !span.is(Class::Abbreviation) && !self.names_follow(span.start..stop, end, metric.unit) {
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
        match (start..end).find_map(|at| self.spans_at(at).find(|span| span.end == end)) {
            Some(span) => {
                let narrows = [Class::Scope, Class::Neutral, Class::Determiner].into_iter().any(|class| span.is(class));
                narrows.then_some(span.start)
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
        let plural = metric.end.checked_sub(1).is_some_and(|last| self.name.text.word(last).ends_with('s'));
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

    fn meaning_ending(&self, start: usize, end: usize) -> Option<Span<'d>> {
        let ends = |span: &Span<'d>| span.end == end && span.meaning().is_some();
        let span = (start..end).find_map(|at| self.spans_at(at).find(ends))?;
        // "Revenue per email sent": the phrase that began first holds what the other one begins with.
        let overlaps = |first: &Span<'d>| first.end > span.start && first.end < end && self.holds_a_denominator(first);
        let first = (start..span.start).filter_map(|first| self.meaning_at(first)).find(overlaps);
        Some(first.unwrap_or(span))
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

    /// Where the noun phrase at `start` ends: at a preposition or the like, unless a longer phrase holds it.
    pub(super) fn phrase_end(&self, start: usize, end: usize) -> usize {
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
            && self.name.text.word(at).ends_with("ing")
            && self.meaning_at(at).is_none()
            && (0..at).any(|start| self.meaning_at(start).is_some_and(|span| span.end == at))
    }

    /// Passes over what may open a phrase and says nothing of its kind.
    pub(super) fn past_plain(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        while at < end {
            if self.is_number(at) && self.meaning_at(at).is_none_or(|span| span.end == at + 1) {
                if self.class_at(at + 1, Class::Of).is_some() {
                    return at;
                }
                at += 1;
                continue;
            }
            let skipped = self.first_class_at(at, &[Class::Determiner, Class::Stop]);
            let meaning = self.meaning_at(at).is_some();
            match skipped {
                Some(after) if !meaning && after <= end => at = after,
                _ => return at,
            }
        }
        at
    }
}

/// Whether a preposition inside the phrase belongs to it: "cost per lead", "year over year".
fn holds(span: &Span<'_>) -> bool {
    span.meaning().is_some() || span.is(Class::Neutral)
}
