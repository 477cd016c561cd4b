//! Rates: steps of a funnel, denominators, and what a share of something is.

use super::Kind;
use super::class::Class;
use super::found::Found;
use super::reading::{Reading, Span};
use super::tokens::{Mark, TokenKind};

impl<'d> Reading<'d, '_> {
    /// "MQL to SQL", "lead → customer rate": a rate of the funnel.
    pub(super) fn stage_to_stage(&self, start: usize, end: usize) -> Option<Found> {
        (start..end).find_map(|first| {
            // "Interview-to-hire ratio" is a metric of its own.
            let to = self.stage_at(first).filter(|_| !self.is_held(first, end))?;
            let mut second = self.class_at(to, Class::To).or_else(|| self.next_abbreviation(first, to));
            if second.is_none() && matches!(self.token(to)?.kind, TokenKind::Mark(Mark::Colon | Mark::Slash)) {
                second = Some(to + 1);
            }
            let last = self.stage_at(second?).filter(|last| *last <= end)?;
            Some(self.likely(first..last, Kind::LeadQuality))
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
            let found = self.found(*span);
            found.is_some_and(|found| match found.kind {
                Kind::Reach | Kind::LeadVolume => found.metric.is_none() || self.is_count(&found),
                // "Sales" may be the team.
                Kind::Engagement | Kind::Revenue => self.is_count(&found),
                _ => false,
            })
        };
        self.class_at(at, Class::Stage).or_else(|| self.meaning_at(at).filter(counts).map(|span| span.end))
    }

    /// Takes what stands under a "per" into account.
    pub(super) fn over(&self, found: Found, stop: usize, end: usize) -> Option<Found> {
        let Some(after) = self.denominator(stop).filter(|after| *after < end) else { return Some(found) };
        if self.class_at(after, Class::Currency).is_some() {
            return Some(found.turned(Kind::CostEfficiency));
        }
        if self.class_at(after, Class::Period).is_some() || self.is_number(after) {
            return Some(found);
        }
        match found.kind {
            Kind::LeadVolume if self.class_at(after, Class::Stage).is_some() => Some(found.turned(Kind::LeadQuality)),
            Kind::LeadVolume | Kind::Reach => None,
            Kind::Revenue if found.metric.is_some() && !self.is_amount(&found) => None,
            _ => Some(found),
        }
    }

    /// What stands under a "per" or a slash at this place.
    pub(super) fn denominator(&self, at: usize) -> Option<usize> {
        let slash = matches!(self.token(at).map(|token| token.kind), Some(TokenKind::Mark(Mark::Slash)));
        if slash { Some(at + 1) } else { self.class_at(at, Class::Per) }
    }

    /// What a share or rate of something is. Of customers or orders it could be anything ("customers who renew").
    pub(super) fn rate_of(&self, counted: Found) -> Option<Found> {
        let counted = self.turned_by_what_follows(counted);
        match counted.kind {
            Kind::LeadVolume => Some(counted.turned(Kind::LeadQuality)),
            Kind::Activity | Kind::Revenue if !self.is_amount(&counted) => None,
            _ => Some(counted),
        }
    }
}
