//! The clause of a name: its verbs, what they act on, and what a name says that has no noun of its own.

use std::ops::Range;

use super::class::Class;
use super::entry::{Place, Turn};
use super::found::Found;
use super::phrase::Head;
use super::reading::{Reading, Span};
use super::tokens::TokenKind;
use super::{Certainty, Kind, Language};

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
            let whole = self.turned_by_what_follows(whole);
            return self.is_plain(&whole, tokens.end).then_some(whole);
        }
        if let Some(price) = self.price_of(&tokens) {
            return price;
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

    /// "€/lead", "zł na kliknięcie": money over what it buys. Of "€ per visitor" nobody knows whether it comes or goes.
    pub(super) fn price_of(&self, tokens: &Range<usize>) -> Option<Option<Found>> {
        let money = self.class_at(tokens.start, Class::Currency)?;
        let bought = self.denominator(money).filter(|bought| *bought < tokens.end)?;
        let kind = self.meaning_at(bought).and_then(|span| self.kind_of(span))?;
        let is_price = matches!(kind, Kind::LeadVolume | Kind::Engagement);
        Some(is_price.then(|| self.likely(tokens.start..bought + 1, Kind::CostEfficiency)))
    }

    fn exact(&self, tokens: &Range<usize>) -> Option<Found> {
        let span = self.spans_at(tokens.start).find(|span| span.end == tokens.end)?;
        let found = self.found(span)?;
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
        let is_brought = |object: &Found| match object.kind {
            Kind::LeadVolume => true,
            kind => kind.is_money() && !self.is_count(object),
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
                match self.first_class_at(at, &passed) {
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
            at = self.first_class_at(at, &skipped).or_else(|| self.is_number(at).then_some(at + 1))?;
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
}
