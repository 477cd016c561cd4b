//! Words that turn a kind into another: "candidate NPS", "customers who renew".

use super::Kind;
use super::class::Class;
use super::entry::{Place, Turn};
use super::found::Found;
use super::lexicon;
use super::reading::{Reading, Span};

impl<'d> Reading<'d, '_> {
    /// "candidate NPS" is about people.
    pub(super) fn turned(&self, found: Found, start: usize, at: usize) -> Found {
        let turns = (start..at).flat_map(|at| self.spans_at(at)).flat_map(|span| span.turns(Place::Noun));
        match turns.filter(|turn| turn.turns(found.kind)).last() {
            Some(turn) => found.turned(turn.to),
            None => found,
        }
    }

    /// "NPS of candidates" is about people too, "leads from employee referrals" are not.
    pub(super) fn turned_behind(&self, found: Found, stop: usize, end: usize) -> Found {
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
}
