//! The recogniser: what kind of metric a KPI's name speaks of, or nothing where that is not plain.

use std::ops::Range;

use super::class::Class;
use super::entry::Meaning;
use super::found::Found;
use super::lexicon::looks_like_a_thing;
use super::name::Name;
use super::reading::Reading;
use super::tokens::{Mark, TokenKind};
use super::{Dictionary, Kind, Language, Metric, Vanity};

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

impl Certainty {
    /// The certainty as it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Strong => "strong",
            Self::Exact => "exact",
        }
    }
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
        let (found, matched) = self.remembered.found.get_or_read(name, || self.read(name))?;
        Some(Recognition {
            metric: found.metric.and_then(|at| self.metric_at(at)),
            kind: found.kind,
            vanity: found.vanity,
            certainty: found.certainty,
            matched,
            language: found.language,
        })
    }

    /// What a name is found to be, and the bytes of it that decide.
    fn read(&self, name: &str) -> Option<(Found, Range<usize>)> {
        let name = Name::read(name);
        let found = self.find(&name)?;
        let tokens = &name.text.tokens;
        let first = tokens.get(found.tokens.start)?;
        let last = tokens.get(found.tokens.end.checked_sub(1)?)?;
        let matched = first.range.start..last.range.end;
        Some((found, matched))
    }

    /// What the language that knows most words of a name says of it. Where it says nothing, and all words that mean
    /// something agree, what the next languages say, or else what the words agree on.
    fn find(&self, name: &Name) -> Option<Found> {
        const LANGUAGES_ASKED: usize = 3;
        let mut readings = Reading::ranked(self, name);
        let first = readings.next()?;
        match first.name() {
            Answer::Is(found) => return first.at_home(found),
            Answer::IsNot => return None,
            Answer::Unknown => {}
        }
        let agreed = match first.agreed() {
            Answer::Is(found) => Some(found),
            Answer::IsNot => return None,
            Answer::Unknown => None,
        };
        if first.spans.iter().any(|span| span.meaning() == Some(Meaning::Block)) {
            return agreed.and_then(|found| first.at_home(found));
        }
        for reading in readings.take(LANGUAGES_ASKED - 1) {
            match reading.name() {
                Answer::Is(found) => return reading.at_home(Found { certainty: Certainty::Likely, ..found }),
                Answer::IsNot => return None,
                Answer::Unknown => {}
            }
        }
        agreed.and_then(|found| first.at_home(found))
    }
}

/// What one language says of a name, or of its pieces outside or inside brackets.
enum Answer {
    /// It is this.
    Is(Found),
    /// It is two things, or looks like something that it is not.
    IsNot,
    /// It does not know.
    Unknown,
}

/// A part of a name between marks, with what opened it.
#[derive(Debug)]
struct Piece {
    tokens: Range<usize>,
    opened_by: Option<Mark>,
    in_brackets: bool,
}

impl Reading<'_, '_> {
    fn name(&self) -> Answer {
        if self.is_blocked_whole() {
            return Answer::IsNot;
        }
        let pieces = self.pieces();
        let found: Vec<_> = pieces.iter().map(|piece| self.piece(piece.tokens.clone())).collect();
        if let Some(rate) = self.stage_over_stage(&pieces) {
            return Answer::Is(rate);
        }
        let outside = self.settle(&pieces, &found, false);
        let inside = self.settle(&pieces, &found, true);
        let measured = |in_brackets| {
            pieces.iter().filter(|piece| piece.in_brackets == in_brackets).any(|piece| self.has_number(&piece.tokens))
        };
        let mut chosen = match (outside, inside) {
            (Answer::IsNot, _) | (Answer::Unknown, Answer::IsNot) => return Answer::IsNot,
            (Answer::Unknown, Answer::Unknown) => return Answer::Unknown,
            (Answer::Is(outside), Answer::Is(inside))
                if measured(true) && !measured(false) && inside.kind != Kind::Activity =>
            {
                if outside.kind == inside.kind { outside } else { inside }
            }
            // "Délai avant la première valeur (time to value)": what is spelt out behind says it better.
            (Answer::Is(outside), Answer::Is(inside))
                if outside.certainty == Certainty::Likely
                    && inside.certainty == Certainty::Exact
                    && outside.kind != Kind::LeadQuality =>
            {
                inside
            }
            (Answer::Is(outside), _) => outside,
            // "Loan to value (LTV)": the brackets abbreviate what looks like a metric and is none.
            (Answer::Unknown, Answer::Is(_)) if self.is_blocked(&pieces) => return Answer::IsNot,
            (Answer::Unknown, Answer::Is(inside)) => inside,
        };
        let in_percent = pieces.iter().any(|piece| piece.in_brackets && self.is_percent_alone(&piece.tokens));
        if chosen.kind == Kind::LeadVolume && (in_percent || self.moves_between_shares()) {
            chosen = chosen.turned(Kind::LeadQuality);
        }
        let exact = found.iter().flatten().all(|one| one.metric == chosen.metric && one.certainty == Certainty::Exact);
        let whole = found.iter().zip(&pieces).all(|(found, piece)| found.is_some() || piece.tokens.is_empty());
        if chosen.certainty == Certainty::Exact && !(exact && whole) {
            chosen.certainty = Certainty::Strong;
        }
        Answer::Is(chosen)
    }

    /// Whether a word stands here that may make something else of all others.
    fn is_barred(&self, at: usize) -> bool {
        let barred = [Class::Thing, Class::Negation, Class::Selective, Class::Deliver];
        let unknown = self.language == Language::English && self.spans_at(at).next().is_none();
        self.first_class_at(at, &barred).is_some() || (unknown && looks_like_a_thing(self.name.text.word(at)))
    }

    /// The kind on which all words that mean something agree, where the grammar says nothing.
    fn agreed(&self) -> Answer {
        let mut agreed: Option<Found> = None;
        let (mut at, mut rate) = (0, false);
        while at < self.name.text.tokens.len() {
            let span = self.meaning_at(at);
            if span.is_none_or(|span| span.end == at + 1) && self.is_barred(at) {
                return Answer::IsNot;
            }
            let Some(span) = span else {
                rate |= self.class_at(at, Class::Share).is_some() && agreed.is_none();
                at += 1;
                continue;
            };
            at = span.end;
            let Some(found) = self.found(span) else { continue };
            if agreed.as_ref().is_some_and(|agreed| agreed.kind != found.kind) {
                return Answer::IsNot;
            }
            agreed = agreed.or(Some(found));
        }
        let Some(agreed) = agreed else { return Answer::Unknown };
        let agreed = self.turned(self.turned_by_what_follows(agreed.clone()), 0, agreed.tokens.start);
        if self.price_of(&(0..self.name.text.tokens.len())).is_some() {
            return Answer::IsNot;
        }
        if !self.is_plain(&agreed, self.name.text.tokens.len()) {
            return Answer::IsNot;
        }
        let agreed = Found { certainty: Certainty::Likely, ..agreed };
        let agreed = if rate { self.rate_of(agreed) } else { Some(agreed) };
        agreed.map_or(Answer::Unknown, Answer::Is)
    }

    /// What the pieces outside brackets, or those inside, come to.
    fn settle(&self, pieces: &[Piece], found: &[Option<Found>], in_brackets: bool) -> Answer {
        let mut settled = Answer::Unknown;
        for (piece, found) in pieces.iter().zip(found).filter(|(piece, _)| piece.in_brackets == in_brackets) {
            let Some(found) = found else { continue };
            match settled {
                Answer::Unknown => settled = Answer::Is(found.clone()),
                Answer::Is(ref first) if first.kind == found.kind => {}
                // "MQLs from fairs, events": what follows a comma goes on, unless it says what to do.
                Answer::Is(_) if piece.opened_by == Some(Mark::Comma) && !self.is_order(piece.tokens.start) => {}
                // "CTR (of the newsletter) by week": what follows a bracket goes on.
                Answer::Is(_) if piece.opened_by == Some(Mark::Close) => {}
                // "MER - revenue over ad spend", "Engagement rate: engagement / reach": what follows explains it.
                Answer::Is(ref first)
                    if matches!(piece.opened_by, Some(Mark::Dash | Mark::Colon)) && first.metric.is_some() =>
                {
                    break;
                }
                // "Gross margin / sales": what is left, or spent, of what comes in.
                Answer::Is(ref first)
                    if piece.opened_by == Some(Mark::Slash)
                        && matches!(first.kind, Kind::Profitability | Kind::CostEfficiency)
                        && found.kind == Kind::Revenue => {}
                // "Returning guests / all guests": a part of a whole.
                Answer::Is(_) if piece.opened_by == Some(Mark::Slash) && self.is_whole(piece.tokens.start) => {}
                _ => return Answer::IsNot,
            }
        }
        settled
    }

    /// "Ratio of enquiries / bookings": a step of the funnel over another, where the name says that it is a rate.
    fn stage_over_stage(&self, pieces: &[Piece]) -> Option<Found> {
        let stage = |piece: &Piece| {
            let fills = [Class::Share, Class::Neutral, Class::Of, Class::Determiner];
            let mut at = piece.tokens.start;
            while let Some(after) = self.first_class_at(at, &fills).filter(|_| self.stage_at(at).is_none()) {
                at = after;
            }
            self.stage_at(at).map(|end| at..end)
        };
        let mut pairs = pieces.windows(2).filter_map(|pair| match pair {
            [first, second] if second.opened_by == Some(Mark::Slash) && !second.in_brackets => {
                Some((stage(first)?, stage(second)?))
            }
            _ => None,
        });
        // "Proposals won / proposals sent" is a rate, whatever else the name says.
        let word = |at: usize| self.name.text.word(at);
        let is_rate = |(first, second): &(Range<usize>, Range<usize>)| {
            self.is_of_a_share() || word(first.start) == word(second.start)
        };
        let (first, second) = pairs.next().filter(is_rate)?;
        Some(self.likely(first.start..second.end, Kind::LeadQuality))
    }

    /// Whether "all" or "total" begins here.
    fn is_whole(&self, at: usize) -> bool {
        self.class_at(at, Class::Whole).is_some()
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
            Mark::Slash => {
                let money = at.checked_sub(1).is_some_and(|money| self.class_at(money, Class::Currency) == Some(at));
                period.is_some() || money || (stages && self.rate_follows(at + 1)) || self.ends_in_cost(at)
            }
            Mark::Colon => stages,
            _ => false,
        }
    }

    /// "cost/lead"
    fn ends_in_cost(&self, end: usize) -> bool {
        let cost = |at: usize| self.spans_at(at).any(|span| span.end == end && span.is(Class::Cost));
        (0..end).any(cost) && self.class_at(end + 1, Class::Stage).is_some()
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

    /// What was found, unless it is attention or the like, and words of another trade stand with it: "tráfico de camiones",
    /// "visits of the inspector". A metric that counts leads is always one, and so is a name that is the dictionary's own.
    fn at_home(&self, found: Found) -> Option<Found> {
        let weak = match found.kind {
            Kind::LeadVolume | Kind::Activity => found.metric.is_none(),
            kind => kind.is_attention() && found.certainty != Certainty::Exact,
        };
        let tokens = 0..self.name.text.tokens.len();
        let elsewhere = |at: usize| !found.tokens.contains(&at) && self.class_at(at, Class::Elsewhere).is_some();
        (!weak || !tokens.into_iter().any(elsewhere)).then_some(found)
    }

    fn is_blocked(&self, pieces: &[Piece]) -> bool {
        let mut outside = pieces.iter().filter(|piece| !piece.in_brackets).flat_map(|piece| piece.tokens.clone());
        outside.any(|at| self.spans_at(at).any(|span| span.meaning() == Some(Meaning::Block)))
    }

    /// Whether the whole name is one phrase that looks like a metric and is none ("Turnover").
    fn is_blocked_whole(&self) -> bool {
        let end = self.name.text.tokens.len();
        self.spans_at(0).any(|span| span.end == end && span.meaning() == Some(Meaning::Block))
    }

    /// "Leads accepted by sales (%)": it is counted in percent.
    fn is_percent_alone(&self, tokens: &Range<usize>) -> bool {
        let fills = [Class::Neutral, Class::Stop, Class::Of, Class::Determiner];
        let mut share = false;
        tokens.clone().all(|at| {
            let is_share = self.class_at(at, Class::Share).is_some();
            share |= is_share;
            is_share || self.first_class_at(at, &fills).is_some()
        }) && share
    }

    /// "from 20% to 35%": whatever is counted, it is a rate.
    fn moves_between_shares(&self) -> bool {
        (0..self.name.text.tokens.len()).any(|at| {
            self.class_at(at, Class::From).is_some()
                && self.is_percent(at + 1)
                && self.class_at(at + 2, Class::To).is_some()
                && self.is_percent(at + 3)
        })
    }
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
        let wrong: Vec<_> = names.iter().filter(|(name, wanted)| kind(name) != *wanted).collect();
        let found: Vec<_> = wrong.iter().map(|(name, _)| (name, kind(name))).collect();
        assert!(wrong.is_empty(), "found {found:?}, wanted {wrong:?}");
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
            ("leads per visitor", Some("lead-quality")),
            ("Percentage of customers who renew", Some("retention")),
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
        assert_eq!(certainty("Leads per visitor"), Some(Certainty::Likely));
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
            "Revenue Team",
            "Revenue Enablement",
            "Churn Prediction",
            "Traffic Manager",
            "Customer Council",
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
            ("Leads that close", None),
            ("Leads without an answer", None),
            ("Obserwujący, którzy złożyli zamówienie", None),
            ("Follower, die gekauft haben", None),
        ]);
    }

    #[test]
    fn money_over_something_is_its_price_where_that_is_plain() {
        assert_kinds(&[
            ("€/lead", Some("cost-efficiency")),
            ("€ por lead", Some("cost-efficiency")),
            ("zł/kliknięcie", Some("cost-efficiency")),
            ("€ per visitor", None),
            ("rev_per_click", Some("revenue")),
            ("Value of open proposals", Some("revenue")),
            ("Wert der offenen Angebote", Some("revenue")),
            ("Wartość otwartych ofert", Some("revenue")),
            ("Proposals won / proposals sent", Some("lead-quality")),
        ]);
    }

    #[test]
    fn words_of_other_trades_do_not_silence_what_is_named_in_full() {
        assert_kinds(&[
            ("White paper downloads", Some("lead-volume")),
            ("ISO 27001 webinar registrations", Some("lead-volume")),
            ("Payroll software demo requests", Some("lead-volume")),
            ("Invoice app sign-ups", Some("lead-volume")),
            ("Inventory software MQLs", Some("lead-volume")),
            ("Medical device leads", Some("lead-volume")),
            ("Leads for electric vehicles", Some("lead-volume")),
            ("Legal software leads", Some("lead-volume")),
            ("Patient enquiries", Some("lead-volume")),
            ("Store visits", Some("reach")),
            ("Visites en magasins", Some("reach")),
            ("Visitas a tiendas", Some("reach")),
            ("Visitas às lojas", Some("reach")),
            ("Besucher in Filialen", Some("reach")),
            ("Instalaciones de la app", Some("reach")),
        ]);
    }

    #[test]
    fn a_name_without_its_links_is_known_unless_two_come_to_it() {
        let exact = |name| {
            let found = dictionary().recognise(name)?;
            (found.certainty == Certainty::Exact).then_some(found.metric?.name.as_ref())
        };
        assert_eq!(exact("taxa_conversao"), Some("conversion-rate"));
        assert_eq!(exact("tasa_rebote"), Some("bounce-rate"));
        // "Recomendação de cliente" brings a lead, and "recomendação do cliente" tells how content one is.
        assert_eq!(exact("recomendacao_cliente"), None);
    }

    #[test]
    fn an_abbreviation_that_is_a_word_in_small_letters_is_one_only_in_capitals() {
        assert_kinds(&[
            ("SALs", Some("lead-volume")),
            ("Sal mariña vendida (kg)", None),
            ("Reducir los gastos de envío", Some("operations")),
            ("Aumentar los seguidores", Some("reach")),
        ]);
    }

    #[test]
    fn names_from_real_plans_are_what_they_say() {
        let metric = |name| dictionary().recognise(name).and_then(|found| Some(found.metric?.name.as_ref()));
        for (name, wanted) in [
            ("Newsletter sign-ups", "newsletter-sign-ups"),
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
