//! The numbers and dates in a KPI's name: its target, its baseline and its deadline, where they are plain.

use std::ops::Range;

use super::Dictionary;
use super::class::Class;
use super::name::Name;
use super::reading::Reading;
use super::tokens::{Mark, Number, Text, TokenKind};

/// Bare numbers in this range are years.
const YEARS: std::ops::RangeInclusive<i16> = 2015..=2060;

/// What a name says in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// The target; none where two numbers could be it.
    pub target: Option<Figure>,
    /// The bytes of the baseline's text.
    pub baseline: Option<Range<usize>>,
    /// When it is due.
    pub deadline: Option<Deadline>,
}

/// A target's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its bytes in the name, such as `30%`, `1,000`, `$24m` or `90 days`.
    pub range: Range<usize>,
    /// Its direction, where it is a change against the baseline ("by 30%").
    pub change: Option<Sign>,
}

/// The direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// More than the baseline.
    Plus,
    /// Less than the baseline.
    Minus,
}

/// When something is due, as far as a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// When the plan's period ends ("this quarter").
    EndOfPeriod,
    /// When a quarter ends.
    EndOfQuarter {
        /// 1 to 4
        quarter: u8,
        /// The year, where it is given.
        year: Option<i16>,
    },
    /// When a month ends.
    EndOfMonth {
        /// 1 to 12
        month: u8,
        /// The year, where it is given.
        year: Option<i16>,
    },
    /// When a year ends.
    EndOfYear {
        /// The year, where it is given.
        year: Option<i16>,
    },
    /// A day.
    Date {
        /// The year
        year: i16,
        /// 1 to 12
        month: u8,
        /// 1 to 31; whether the month has so many days is not looked at.
        day: u8,
    },
}

impl std::fmt::Display for Deadline {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let of = |year: Option<i16>| year.map_or_else(String::new, |year| format!(" {year}"));
        match *self {
            Self::EndOfPeriod => out.write_str("end of the period"),
            Self::EndOfQuarter { quarter, year } => write!(out, "end of Q{quarter}{}", of(year)),
            Self::EndOfMonth { month, year } => {
                let name = usize::from(month).checked_sub(1).and_then(|at| MONTHS.get(at)).unwrap_or(&"month");
                write!(out, "end of {name}{}", of(year))
            }
            Self::EndOfYear { year: None } => out.write_str("end of the year"),
            Self::EndOfYear { year } => write!(out, "end of{}", of(year)),
            Self::Date { year, month, day } => write!(out, "{year}-{month:02}-{day:02}"),
        }
    }
}

impl Dictionary {
    /// The target, baseline and deadline that a name holds.
    #[must_use]
    pub fn figures(&self, name: &str) -> Figures {
        self.remembered.figures.get_or_read(name, || figures(name, self))
    }
}

fn figures(name: &str, dictionary: &Dictionary) -> Figures {
    let read = Name::read(name);
    let text = &read.text;
    let reader = Reader { name, text, reading: Reading::best(dictionary, &read) };
    let deadline = reader.deadline();
    let mut figures = Figures { deadline, ..Figures::default() };
    let (mut targets, mut baselines) = (Vec::new(), Vec::new());
    for at in 0..text.tokens.len() {
        match reader.role(at) {
            Some(Role::Target(change)) => targets.push(Figure { range: reader.extent(at).1, change }),
            Some(Role::Baseline) => baselines.push(reader.extent(at).1),
            None => {}
        }
    }
    if let [_] = targets.as_slice() {
        figures.target = targets.pop();
    }
    if let [_] = baselines.as_slice() {
        figures.baseline = baselines.pop();
    }
    // "Von 4 auf 6 Mio. €": four what?
    let scaled = |range: &Range<usize>| {
        name.get(range.clone())
            .is_some_and(|text| text.contains(|letter: char| letter.is_alphabetic() || letter == '€'))
    };
    if let (Some(target), Some(baseline)) = (&figures.target, &figures.baseline)
        && scaled(&target.range)
        && !scaled(baseline)
    {
        figures.baseline = None;
    }
    figures
}

/// What a number in a name is.
enum Role {
    Target(Option<Sign>),
    Baseline,
}

struct Reader<'t> {
    name: &'t str,
    text: &'t Text,
    reading: Reading<'t, 't>,
}

impl Reader<'_> {
    /// What the number at this token is; none where it is no plain target or baseline.
    fn role(&self, at: usize) -> Option<Role> {
        let number = self.number(at)?;
        let (end, range) = self.extent(at);
        if number.ordinal || self.year(at).is_some() || self.is_part_of_a_name(at, end, &range) {
            return None;
        }
        if let Some(role) = self.of_an_arrow(at, end) {
            return Some(role);
        }
        let before = self.before(at);
        let after = |class| before.is_some_and(|before| self.ends_with(before, class));
        // "de 45 a 70" starts from 45, and "ROAS de 6" is at 6.
        let either = after(Class::Value);
        if self.is_baseline(at) || (after(Class::From) && !either) {
            let goes_on = self.is_baseline(at) || self.in_brackets(at);
            return goes_on.then_some(Role::Baseline);
        }
        if self.recurs(end) {
            return None;
        }
        let direction = self.direction(at).or_else(|| self.direction_at(end));
        if after(Class::By) && (direction.is_some() || !either) {
            return direction.map(|sign| Role::Target(Some(sign)));
        }
        if after(Class::ByShare) && number.percent && direction.is_some() {
            return Some(Role::Target(direction));
        }
        // "Reducir el coste un 30%": the article makes a change of it.
        let by_article = at.checked_sub(1).is_some_and(|article| self.ends_with(article, Class::ByShare));
        if by_article && number.percent && direction.is_some() {
            return Some(Role::Target(direction));
        }
        let Some(last) = before else {
            return (!self.in_brackets(at) || self.opens_measure(end)).then_some(Role::Target(None));
        };
        let sign = self.direction_at(last);
        if sign == Some(Sign::Minus) || (sign.is_some() && number.percent) {
            return Some(Role::Target(sign));
        }
        let acts = [Class::Goal, Class::Verb, Class::Either, Class::Deliver, Class::DeliverEither];
        let bounded = at.checked_sub(1).is_some_and(|bound| self.ends_with(bound, Class::Goal))
            && !after(Class::Stop)
            && !after(Class::With);
        // "Reduzir o CAC 20%" is a change, and no grammar here tells it from a place.
        let could_be_change = number.percent && direction.is_some() && last + 1 != at;
        let states =
            self.ends_a_metric(last) && !self.goes_on_as_noun(end) && !self.in_brackets(at) && !could_be_change;
        let stands_alone = !self.goes_on_as_noun(end) || self.reading.class_at(end, Class::Verb).is_some();
        let is_worth = either && stands_alone && last.checked_sub(1).is_some_and(|metric| self.ends_a_metric(metric));
        let moved = after(Class::Moved)
            && ((direction.is_some() && stands_alone) || (0..last).any(|before| self.is_baseline(before)));
        let wanted = acts.into_iter().any(after) || bounded || states || is_worth || moved;
        wanted.then_some(Role::Target(None))
    }

    /// "180 zł → 210 zł": from the one to the other.
    fn of_an_arrow(&self, at: usize, end: usize) -> Option<Role> {
        let arrow =
            |at: usize| self.text.tokens.get(at).is_some_and(|token| token.is_sign) && self.text.word(at) == "→";
        if arrow(end) && (end + 1..=end + 2).any(|next| self.number(next).is_some()) {
            return Some(Role::Baseline);
        }
        let start = self.extent(at).1.start;
        let first = self.text.tokens.iter().position(|token| token.range.start >= start).unwrap_or(at);
        let is_end = first.checked_sub(1).is_some_and(arrow) && (0..first).any(|before| self.number(before).is_some());
        is_end.then_some(Role::Target(None))
    }

    /// The first number of "from 45 to 70".
    fn is_baseline(&self, at: usize) -> bool {
        self.number(at).is_some()
            && self.before(at).is_some_and(|before| self.ends_with(before, Class::From))
            && self.reading.class_at(self.extent(at).0, Class::To).is_some()
    }

    /// A number's text with what belongs to it ("90 days", "$100 million", "4/month"), and the token behind.
    fn extent(&self, at: usize) -> (usize, Range<usize>) {
        let mut end = at + 1;
        for class in [Class::Scale, Class::Currency, Class::Unit] {
            end = self.reading.class_at(end, class).unwrap_or(end);
        }
        let slash = self.text.tokens.get(end).is_some_and(|token| token.kind == TokenKind::Mark(Mark::Slash));
        if let Some(period) = self.reading.class_at(end + 1, Class::Period).filter(|_| slash) {
            end = period;
        }
        let start = self.text.tokens.get(at).map_or(0, |token| token.range.start);
        let stop = self.text.tokens.get(end.saturating_sub(1)).map_or(start, |token| token.range.end);
        let start = self.currency_before(start);
        let signed = self.name.get(..start).is_some_and(|before| before.ends_with('+'));
        (end, start - usize::from(signed)..stop)
    }

    /// Where an amount begins whose currency is a code ("EUR 40k", "R$ 400k").
    fn currency_before(&self, start: usize) -> usize {
        let before = self.name.get(..start).unwrap_or_default();
        let trimmed = before.trim_end_matches([' ', '\u{a0}']);
        if before.len() - trimmed.len() > 1 {
            return start;
        }
        let code = trimmed.len() - trimmed.bytes().rev().take_while(u8::is_ascii_uppercase).count();
        match trimmed.get(code..) {
            Some("R") if self.name.get(start..).is_some_and(|rest| rest.starts_with('$')) => code,
            Some("EUR" | "USD" | "GBP" | "BRL" | "PLN" | "CHF" | "MXN" | "CAD" | "AUD" | "JPY") => code,
            _ => start,
        }
    }

    /// "Top 10", "24-hour", "90 day retention", "March 31", "Rule of 40".
    fn is_part_of_a_name(&self, at: usize, end: usize, range: &Range<usize>) -> bool {
        let first = self.text.tokens.get(at);
        let joined =
            first.is_some_and(|token| self.name.get(token.range.end..).is_some_and(|rest| rest.starts_with('-')));
        let labelled = at.checked_sub(1).is_some_and(|before| {
            [Class::Reject, Class::Month].into_iter().any(|class| self.ends_with(before, class))
                && !self.is_verb(before)
        });
        let month = self.reading.class_at(at + 1, Class::Of).unwrap_or(at + 1);
        let dated = self.reading.class_at(month, Class::Month).is_some();
        // "Um 3 Prozentpunkte erhöhen": the verb may stand behind the unit, and is no noun that goes on.
        let is_change = self.before(at).is_some_and(|before| self.ends_with(before, Class::By));
        let moves = is_change && self.direction_at(end).is_some();
        let counted_time =
            end > at + 1 && self.reading.class_at(at + 1, Class::Unit).is_some() && self.goes_on_as_noun(end) && !moves;
        let inside = (0..=at).any(|start| {
            self.reading.spans_at(start).any(|span| span.meaning().is_some() && span.end > at && span.end > start + 1)
        });
        let hyphened =
            self.name.get(..range.start).is_some_and(|before| before.ends_with('-') && !before.ends_with(" -"));
        joined || labelled || dated || counted_time || inside || hyphened
    }

    fn is_verb(&self, at: usize) -> bool {
        at == 0 && self.reading.class_at(at, Class::Either).is_some()
    }

    fn goes_on_as_noun(&self, at: usize) -> bool {
        let ends = [
            Class::Stop,
            Class::Per,
            Class::And,
            Class::Of,
            Class::To,
            Class::Ends,
            Class::This,
            Class::Year,
            Class::Neutral,
        ];
        self.text.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word)
            && (self.reading.class_at(at, Class::Period).is_some() || self.reading.first_class_at(at, &ends).is_none())
    }

    /// "7% every month": a rhythm, not where it should stand at the end.
    fn recurs(&self, end: usize) -> bool {
        let each = self.text.tokens.get(end).is_some() && matches!(self.text.word(end), "each" | "every");
        each && self.reading.class_at(end + 1, Class::Period).is_some()
    }

    /// The token before a number, articles and "at least" passed over; none at the start of a clause.
    fn before(&self, at: usize) -> Option<usize> {
        let start = self.extent(at).1.start;
        let mut last = self.text.tokens.iter().take(at).rposition(|token| token.range.start < start)?;
        loop {
            if matches!(self.text.tokens.get(last)?.kind, TokenKind::Mark(_)) {
                return None;
            }
            let passed = (0..=last).find(|start| {
                self.reading
                    .spans_at(*start)
                    .any(|span| span.end == last + 1 && span.is(Class::Determiner) && !span.is(Class::To))
            });
            let Some(start) = passed else { return Some(last) };
            last = start.checked_sub(1)?;
        }
    }

    /// Whether a phrase of the class ends with this token.
    fn ends_with(&self, last: usize, class: Class) -> bool {
        (0..=last).any(|start| self.reading.spans_at(start).any(|span| span.end == last + 1 && span.is(class)))
    }

    fn ends_a_metric(&self, last: usize) -> bool {
        (0..=last)
            .any(|start| self.reading.spans_at(start).any(|span| span.end == last + 1 && span.meaning().is_some()))
    }

    /// The direction of the verb nearest before this token.
    fn direction(&self, at: usize) -> Option<Sign> {
        (0..at).rev().find_map(|before| self.direction_at(before))
    }

    fn direction_at(&self, at: usize) -> Option<Sign> {
        let is = |class| self.reading.class_at(at, class).is_some();
        is(Class::Up).then_some(Sign::Plus).or_else(|| is(Class::Down).then_some(Sign::Minus))
    }

    fn in_brackets(&self, at: usize) -> bool {
        let tokens = self.text.tokens.iter().take(at);
        tokens.rev().find_map(|token| match token.kind {
            TokenKind::Mark(Mark::Open) => Some(true),
            TokenKind::Mark(Mark::Close) => Some(false),
            _ => None,
        }) == Some(true)
    }

    /// "NPS (50)": the number alone is in the brackets.
    fn opens_measure(&self, end: usize) -> bool {
        self.text.tokens.get(end).is_some_and(|token| token.kind == TokenKind::Mark(Mark::Close))
    }

    fn number(&self, at: usize) -> Option<Number> {
        match self.text.tokens.get(at)?.kind {
            TokenKind::Number(number) => Some(number),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<i16> {
        self.number(at)?.small.filter(|year| YEARS.contains(year))
    }
}

impl Reader<'_> {
    /// The one deadline that the name gives.
    fn deadline(&self) -> Option<Deadline> {
        let mut deadlines = (0..self.text.tokens.len()).filter_map(|at| self.deadline_at(at));
        let first = deadlines.next()?;
        deadlines.all(|other| other == first).then_some(first)
    }

    fn deadline_at(&self, at: usize) -> Option<Deadline> {
        if self.reading.class_at(at, Class::This).is_some() {
            return Some(Deadline::EndOfPeriod);
        }
        if self.reading.class_at(at, Class::Year).is_some() {
            return Some(Deadline::EndOfYear { year: None });
        }
        if at > 0 && self.reading.spans_at(at - 1).any(|span| span.is(Class::Ends) && span.end > at) {
            return None;
        }
        let due = self.reading.class_at(at, Class::Ends)?;
        self.due(due)
    }

    /// What stands behind "by": a day, a month, a quarter or a year.
    fn due(&self, at: usize) -> Option<Deadline> {
        if let TokenKind::Date(year, month, day) = self.text.tokens.get(at)?.kind {
            return Some(Deadline::Date { year, month, day });
        }
        if let Some(year) = self.year(at) {
            return Some(match self.value(at + 1, Class::Quarter) {
                Some((quarter, _)) => Deadline::EndOfQuarter { quarter, year: Some(year) },
                None => Deadline::EndOfYear { year: Some(year) },
            });
        }
        if let Some((quarter, end)) = self.value(at, Class::Quarter) {
            return Some(Deadline::EndOfQuarter { quarter, year: self.year_behind(end) });
        }
        if let Some((month, end)) = self.value(at, Class::Month) {
            let Some(day) = self.day(end) else {
                return Some(Deadline::EndOfMonth { month, year: self.year_behind(end) });
            };
            return self.year_behind(end + 1).map(|year| Deadline::Date { year, month, day });
        }
        let day = self.day(at)?;
        let of = self.reading.class_at(at + 1, Class::Of).unwrap_or(at + 1);
        let (month, end) = self.value(of, Class::Month)?;
        self.year_behind(end).map(|year| Deadline::Date { year, month, day })
    }

    /// The number of a month or quarter, and the token behind it.
    fn value(&self, at: usize, class: Class) -> Option<(u8, usize)> {
        self.reading.spans_at(at).find(|span| span.is(class)).map(|span| (span.value(), span.end))
    }

    fn year_behind(&self, at: usize) -> Option<i16> {
        let comma = self.text.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Mark(Mark::Comma));
        let behind = if comma { at + 1 } else { self.reading.class_at(at, Class::Of).unwrap_or(at) };
        self.year(behind)
    }

    fn day(&self, at: usize) -> Option<u8> {
        let number = self.number(at)?;
        let digits = self.text.word(at);
        if !number.ordinal && number.small.is_none() {
            return None;
        }
        digits.parse().ok().filter(|day| (1..=31).contains(day))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::dictionary;
    use super::*;

    /// Target, baseline and deadline of a name, as text.
    fn read(name: &str) -> (Option<String>, Option<&str>, Option<Deadline>) {
        let figures = dictionary().figures(name);
        let target = figures.target.map(|target| {
            let sign = match target.change {
                Some(Sign::Plus) => "+",
                Some(Sign::Minus) => "-",
                None => "",
            };
            format!("{sign}{}", name.get(target.range).unwrap())
        });
        (target, figures.baseline.map(|range| name.get(range).unwrap()), figures.deadline)
    }

    fn target(name: &str) -> Option<String> {
        read(name).0
    }

    #[test]
    fn a_number_wanted_is_a_target() {
        for (name, wanted) in [
            ("Cut cost per lead by 30%", "-30%"),
            ("Grow organic traffic by 20%", "+20%"),
            ("Reduce overall site speed by at least 25% this quarter", "-25%"),
            ("Grow revenue by over 20%", "+20%"),
            ("Keep churn under 5%", "5%"),
            ("ROAS of at least 4", "4"),
            ("1,000 MQLs this quarter", "1,000"),
            ("Hit a ROAS of 4", "4"),
            ("Reach €1M ARR", "€1M"),
            ("Generate $50,000 in revenue from upsells", "$50,000"),
            ("Hit company global sales target of $100 Million in Sales", "$100 Million"),
            ("Maintain a 4:1 interview-to-hire ratio", "4:1"),
            ("Increase customer retention to 98%", "98%"),
            ("Ensure a cost per lead of $4 or less", "$4"),
            ("Win 30 new customers in 3 countries", "30"),
            ("Pipeline coverage (above 3)", "3"),
            ("NPS > 50", "50"),
            ("Alcançar 1M de receita", "1M"),
            ("Book EUR 40k of new ARR", "EUR 40k"),
        ] {
            assert_eq!(target(name).as_deref(), Some(wanted), "{name}");
        }
    }

    #[test]
    fn from_and_to_are_baseline_and_target() {
        assert_eq!(read("Increase ARR from $12m to $24m"), (Some("$24m".into()), Some("$12m"), None));
        assert_eq!(
            read("Increase NPS from 45 to 70 by 2027-03-31"),
            (Some("70".into()), Some("45"), Some(Deadline::Date { year: 2027, month: 3, day: 31 }))
        );
        assert_eq!(
            read("Reduce sales cycle from 180 days to 90 days"),
            (Some("90 days".into()), Some("180 days"), None)
        );
        assert_eq!(read("Hit 30% of traffic from mobile (currently 8%)"), (Some("30%".into()), Some("8%"), None));
    }

    #[test]
    fn a_number_wanted_is_a_target_in_other_languages_too() {
        for (name, wanted) in [
            ("Atingir um ROAS de 6", "6"),
            ("Alcançar NPS de 70+", "70+"),
            ("Reduzir o CPL em 30%", "-30%"),
            ("Aumentar a receita em 20%", "+20%"),
            ("Reduzir o churn para 5%", "5%"),
            ("Alcanzar 500 clientes", "500"),
            ("Reducir el CPL en un 30%", "-30%"),
            ("Aumentar el ROAS a 6", "6"),
            ("Acadar un ROAS de 6", "6"),
            ("Reducir o CPL nun 30%", "-30%"),
            ("Erreiche 1.000 MQLs", "1.000"),
            ("ROAS von 4 erreichen", "4"),
            ("CPL um 30% senken", "-30%"),
            ("Zdobyć 500 klientów", "500"),
            ("Zwiększyć przychody o 20%", "+20%"),
            ("Atteindre un ROAS de 6", "6"),
            ("Réduire le CPL de 30%", "-30%"),
            ("Bajar el CAC un 20%", "-20%"),
            ("Reducir o custo por lead un 30%", "-30%"),
            ("Obniżyć koszt leada o 30%", "-30%"),
            ("Senkung der CPL um 20 %", "-20 %"),
            ("Atteindre 1 M€ d'ARR", "1 M€"),
            ("Faturar 25M", "25M"),
            ("Osiągnąć 20% marży", "20%"),
            ("ARR von 4 auf 6 Mio. €", "6 Mio. €"),
            ("Revenue +12% YoY", "+12%"),
            ("Alcançar R$ 180 mil de MRR novo", "R$ 180 mil"),
            ("40 mil leads", "40 mil"),
            ("Ventas de 300 mil euros", "300 mil euros"),
            ("Chegar a 20 mil visitas", "20 mil"),
            ("Markenbekanntheit um 5 Prozentpunkte steigern", "+5 Prozentpunkte"),
        ] {
            assert_eq!(target(name).as_deref(), Some(wanted), "{name}");
        }
        for name in
            ["Leads de 3 países", "Aumentar ventas en 3 países", "Kunden in 3 Ländern", "Taxa de conversão em 3 meses"]
        {
            assert_eq!(target(name), None, "{name}");
        }
        for (name, baseline, wanted) in [
            ("Aumentar o NPS de 45 para 70", "45", "70"),
            ("Reducir churn de 15% a 8%", "15%", "8%"),
            ("NPS von 45 auf 70 steigern", "45", "70"),
            ("Zwiększyć liczbę leadów z 100 do 200", "100", "200"),
            ("Augmenter le NPS de 45 à 70", "45", "70"),
            ("Pasar de 45 a 70 de NPS", "45", "70"),
            ("Average basket £42 → £50", "£42", "£50"),
            ("Średnia wartość koszyka: 180 zł → 210 zł", "180 zł", "210 zł"),
            ("Umsatz: 800 T€ → 1,1 Mio. €", "800 T€", "1,1 Mio. €"),
            ("Aumentar los ingresos de 12 M€ a 24 M€", "12 M€", "24 M€"),
            ("Aumentar os ingresos de 12 M€ a 24 M€", "12 M€", "24 M€"),
            ("Umsatz von 12 Mio. € auf 24 Mio. € steigern", "12 Mio. €", "24 Mio. €"),
            ("Zwiększyć przychody z 12 mln zł do 24 mln zł", "12 mln zł", "24 mln zł"),
        ] {
            assert_eq!(read(name), (Some(wanted.into()), Some(baseline), None), "{name}");
        }
    }

    #[test]
    fn a_number_that_is_part_of_a_name_is_no_target() {
        for name in [
            "Google Analytics 4 events",
            "Top 10 keywords",
            "24-hour response time",
            "Maintain a 24-hour response time",
            "Q1",
            "2027",
            "Revenue 2027",
            "B2B leads",
            "G2 reviews",
            "CO2",
            "24/7",
            "30-day retention",
            "90 day retention",
            "Rule of 40",
            "Leads from 3 countries",
            "Cost per 1K views",
            "Grow website visitors by 7% every month",
            "Leads by 3 reps",
            "Interviews with at least 50% of churned customers",
            "Cost per view (credits / views × 1,000)",
            "CPM (Kosten pro 1000 Impressions)",
        ] {
            assert_eq!(target(name), None, "{name}");
        }
    }

    #[test]
    fn two_numbers_that_could_be_the_target_give_none() {
        assert_eq!(target("Generate 50 MQLs and win 5 customers"), None);
        assert_eq!(target("500 MQLs, 50 SQLs"), None);
    }

    #[test]
    fn deadlines_are_read_in_the_ways_people_write_them() {
        let quarter = |quarter, year| Deadline::EndOfQuarter { quarter, year };
        let month = |month, year| Deadline::EndOfMonth { month, year };
        for (words, wanted) in [
            ("this quarter", Deadline::EndOfPeriod),
            ("by the end of the quarter", Deadline::EndOfPeriod),
            ("by end of Q1", quarter(1, None)),
            ("in Q3 2027", quarter(3, Some(2027))),
            ("by 2027-Q1", quarter(1, Some(2027))),
            ("by March", month(3, None)),
            ("by the end of June 2027", month(6, Some(2027))),
            ("by 31 March 2027", Deadline::Date { year: 2027, month: 3, day: 31 }),
            ("by March 31, 2027", Deadline::Date { year: 2027, month: 3, day: 31 }),
            ("by March 31st 2027", Deadline::Date { year: 2027, month: 3, day: 31 }),
            ("by 2027", Deadline::EndOfYear { year: Some(2027) }),
            ("by year end", Deadline::EndOfYear { year: None }),
        ] {
            let name = format!("Generate 150 MQLs {words}");
            assert_eq!(read(&name), (Some("150".into()), None, Some(wanted)), "{name}");
        }
    }

    #[test]
    fn deadlines_are_read_in_other_languages_too() {
        let month = |month| Deadline::EndOfMonth { month, year: Some(2027) };
        let quarter = |quarter| Deadline::EndOfQuarter { quarter, year: None };
        let day = Deadline::Date { year: 2027, month: 3, day: 31 };
        let year = Deadline::EndOfYear { year: None };
        for (name, wanted) in [
            ("150 leads neste trimestre", Deadline::EndOfPeriod),
            ("150 leads este trimestre", Deadline::EndOfPeriod),
            ("150 leadów w tym kwartale", Deadline::EndOfPeriod),
            ("150 leadów do końca kwartału", Deadline::EndOfPeriod),
            ("150 Leads in diesem Quartal", Deadline::EndOfPeriod),
            ("150 prospects ce trimestre", Deadline::EndOfPeriod),
            ("Gerar 150 leads até dezembro de 2027", month(12)),
            ("Generar 150 leads en junio de 2027", month(6)),
            ("Zdobyć 150 leadów do końca czerwca 2027", month(6)),
            ("150 Leads bis Ende Juni 2027", month(6)),
            ("150 prospects d'ici fin juin 2027", month(6)),
            ("Gerar 150 leads até ao fim do 2º trimestre", quarter(2)),
            ("Generar 150 leads para el T3", quarter(3)),
            ("150 Leads bis Ende Q2", quarter(2)),
            ("150 prospects avant fin T2", quarter(2)),
            ("Gerar 150 leads até 31 de março de 2027", day),
            ("Generar 150 leads antes del 31 de marzo de 2027", day),
            ("150 Leads bis 31.03.2027", day),
            ("150 Leads bis 31. März 2027", day),
            ("150 leads antes del 31/3/2027", day),
            ("150 leads by 3/31/2027", day),
            ("150 prospects d'ici le 31 mars 2027", day),
            ("Generar 150 leads antes de fin de año", year),
            ("Xerar 150 leads antes de fin de ano", year),
            ("Zdobyć 150 leadów do końca roku", year),
        ] {
            assert_eq!(read(name), (Some("150".into()), None, Some(wanted)), "{name}");
        }
        for name in [
            "150 leads next quarter",
            "150 leads by 3/4/2027",
            "150 leads no próximo trimestre",
            "150 prospects le trimestre prochain",
        ] {
            assert_eq!(read(name).2, None, "{name}");
        }
    }

    #[test]
    fn a_day_without_a_year_and_two_deadlines_are_no_deadline() {
        assert_eq!(read("Generate 150 MQLs by March 15").2, None);
        assert_eq!(read("150 MQLs by March and 300 by June").2, None);
    }

    proptest! {
        #[test]
        fn every_figure_lies_in_the_name(name in "(\\PC|[0-9]| by | to | from |%){0,60}") {
            let figures = dictionary().figures(&name);
            let ranges = figures.target.map(|target| target.range).into_iter().chain(figures.baseline);
            for range in ranges {
                prop_assert!(name.get(range).is_some_and(|text| text.contains(|letter: char| letter.is_ascii_digit())));
            }
        }
    }
}
