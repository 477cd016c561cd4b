//! From headings to columns: what each is for, in which language, what it is measured in, and for which part of the year.

use super::periods;
use super::vocabulary::{self, Column, Said, says};
use crate::metrics::{LANGUAGES, Language};
use crate::plan::quantity::{Amount, Currency, CurrencyCode, Quantity, SignMeans, Unit};

/// A heading, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Heading {
    /// As the sheet writes it; of two rows, both.
    pub(super) text: String,
    /// What it can be for, by language.
    pub(super) meanings: Vec<(Column, Language)>,
    /// The part of the year that its numbers are for: `Q1`.
    pub(super) span: Option<String>,
    /// What its numbers are measured in.
    pub(super) measure: Option<Measure>,
}

/// What numbers without a sign are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Percent,
    Money(CurrencyCode),
    Many(Many),
}

/// Numbers that stand for thousands or millions of what they count: `k€`, `TEUR`, `tys. zł`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Many {
    /// What a plan writes behind such a number: `k` or `M`.
    pub(super) letter: char,
    pub(super) currency: Option<CurrencyCode>,
}

impl Many {
    fn of(text: &str) -> Option<Self> {
        const LONGEST: usize = 16;
        if let Some(letter) = Self::letter(text, false) {
            return Some(Self { letter, currency: None });
        }
        let ends = text.char_indices().map(|(at, _)| at).filter(|_| text.len() <= LONGEST);
        ends.filter_map(|at| text.split_at_checked(at)).find_map(|(first, second)| {
            let beside = |many: &str, sign: &str| {
                let letter = Self::letter(many, true)?;
                (sign.trim() == "$" || money(sign).is_some()).then(|| Self { letter, currency: money(sign.trim()) })
            };
            beside(first, second).or_else(|| beside(second, first))
        })
    }

    /// `M` and `T` say how many only beside a currency: alone they are metres and tons.
    fn letter(text: &str, is_money: bool) -> Option<char> {
        match text.trim() {
            "T" if is_money => Some('k'),
            "M" | "m" | "MM" | "mm" if is_money => Some('M'),
            _ if says(text, Said::Thousands) => Some('k'),
            _ if says(text, Said::Millions) => Some('M'),
            _ => None,
        }
    }
}

impl Measure {
    /// What `EUR`, `€`, `R$`, `k€` or `%` says, and words for a percentage or for thousands.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "%" || says(text, Said::Percent) {
            return Some(Self::Percent);
        }
        money(text).map(Self::Money).or_else(|| Many::of(text).map(Self::Many))
    }
}

/// A currency that names itself; a bare `$` is many.
pub(super) fn money(text: &str) -> Option<CurrencyCode> {
    let is_code = text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase());
    let is_sign = !text.chars().any(|letter| letter.is_ascii_digit()) && text.chars().count() <= 3;
    if !(is_code || is_sign) {
        return None;
    }
    let quantity = Quantity::parse(&format!("1 {text}"), None, SignMeans::Negative);
    let before = || Quantity::parse(&format!("{text} 1"), None, SignMeans::Negative);
    let quantity = quantity.or_else(|_| before()).ok()?;
    match quantity.unit {
        // "k€" is a thousand of them.
        Unit::Money(Currency::Exact(code)) if quantity.amount == Amount::One(1.0) => Some(code),
        _ => None,
    }
}

impl Heading {
    pub(super) fn read(text: &str) -> Self {
        if vocabulary::is_long(text) {
            return Self { text: text.to_owned(), ..Self::default() };
        }
        let whole = Self { text: text.to_owned(), meanings: meanings(text), ..Self::default() };
        if !whole.meanings.is_empty() {
            // "Gross margin %" is known as a whole, and says what it is measured in.
            let measure = text.trim_end().ends_with('%').then_some(Measure::Percent);
            return Self { measure: measure.or_else(|| in_brackets(text).find_map(Measure::of)), ..whole };
        }
        let words = || {
            text.split(|letter: char| letter.is_whitespace() || "()[]/,:|".contains(letter))
                .filter(|word| !word.is_empty())
        };
        // "Budget (EUR)", "Budget EUR"; a "TOP KPI" is not in pa'anga.
        let measure = in_brackets(text).find_map(Measure::of).or_else(|| words().next_back().and_then(Measure::of));
        let mut read = Self { measure, ..whole };
        let mut rest = Vec::new();
        for word in words() {
            match Measure::of(word) {
                Some(own) if Some(own) == measure => {}
                _ if periods::is_span(word) => {
                    let span = read.span.take().map_or_else(String::new, |span| span + " ");
                    read.span = Some(span + word);
                }
                _ => rest.push(word),
            }
        }
        read.meanings = meanings(&rest.join(" "));
        read
    }

    /// A heading over two rows: the lower one says more of the upper one, or the upper one only groups.
    pub(super) fn under(upper: &str, lower: &str) -> Self {
        let (above, below) = (Self::read(upper), Self::read(lower));
        let text = format!("{upper} / {lower}");
        if below.meanings.is_empty() && !above.meanings.is_empty() {
            return Self { text, span: Some(lower.to_owned()), measure: above.measure.or(below.measure), ..above };
        }
        Self { text, span: below.span.or(above.span), measure: below.measure.or(above.measure), ..below }
    }

    /// What it is for, in a table whose other headings are in that language.
    pub(super) fn column(&self, language: Language) -> Option<Column> {
        let own = self.meanings.iter().find(|(_, own)| *own == language);
        own.or(self.meanings.first()).map(|(column, _)| *column)
    }
}

/// What a heading can be for, with what stands in brackets left out where the whole is not known.
fn meanings(text: &str) -> Vec<(Column, Language)> {
    let whole = vocabulary::columns(text);
    if !whole.is_empty() {
        return whole.to_vec();
    }
    let bare = text.split(['(', '[']).next().unwrap_or_default();
    vocabulary::columns(bare).to_vec()
}

fn in_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split(['(', '[']).skip(1).filter_map(|rest| rest.split([')', ']']).next())
}

/// How many of the cells are known as headings.
pub(super) fn known<'t>(cells: impl Iterator<Item = &'t str>) -> usize {
    cells.filter(|cell| !Heading::read(cell).meanings.is_empty()).count()
}

/// The language that most headings are in; the first of the list where several are.
pub(super) fn language<'h>(headings: impl Iterator<Item = &'h Heading> + Clone) -> Language {
    let named =
        |language| headings.clone().filter(|heading| heading.meanings.iter().any(|(_, own)| *own == language)).count();
    LANGUAGES.into_iter().rev().max_by_key(|language| named(*language)).unwrap_or(Language::English)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(text: &str, language: Language) -> Option<Column> {
        Heading::read(text).column(language)
    }

    #[test]
    fn headings_are_known_in_seven_languages() {
        use Column::{Actual, Baseline, Budget, By, KeyResult, Name, Owner, Target, Team};
        use Language::{English, French, Galician, German, Polish, Portuguese, Spanish};
        let cases = [
            ("Key Result", English, KeyResult),
            ("Owner_Email_ID", English, Owner),
            ("Due Date", English, By),
            ("Starting Value", English, Baseline),
            ("Indicador", Portuguese, Name),
            ("Responsável", Portuguese, Owner),
            ("Prazo", Portuguese, By),
            ("Linha de base", Portuguese, Baseline),
            ("Orçamento (€)", Portuguese, Budget),
            ("Responsable", Spanish, Owner),
            ("Fecha límite", Spanish, By),
            ("Orzamento", Galician, Budget),
            ("Data límite", Galician, By),
            ("Wskaźnik", Polish, Name),
            ("Wartość docelowa", Polish, Target),
            ("Właściciel", Polish, Owner),
            ("Kennzahl", German, Name),
            ("Zielwert", German, Target),
            ("Fälligkeit", German, By),
            ("Échéance", French, By),
            ("Valeur actuelle", French, Actual),
            ("Équipe", French, Team),
        ];
        for (text, language, expected) in cases {
            assert_eq!(column(text, language), Some(expected), "{text}");
        }
        assert_eq!(column("Weather", English), None);
        assert_eq!(column("", English), None);
    }

    #[test]
    fn a_paragraph_is_no_heading() {
        let text = format!("Target ({})", "as agreed with the board, ".repeat(50_000));
        let read = Heading::read(&text);
        assert_eq!((read.meanings.len(), read.text), (0, text));
    }

    #[test]
    fn a_heading_says_what_its_numbers_are_and_when() {
        let budget = Heading::read("Budget (EUR)");
        assert_eq!(budget.measure, Measure::of("EUR"));
        let target = Heading::read("Q1 Target");
        assert_eq!((target.column(Language::English), target.span.as_deref()), (Some(Column::Target), Some("Q1")));
        let meta = Heading::read("Meta 2027 [%]");
        assert_eq!((meta.column(Language::Portuguese), meta.measure), (Some(Column::Aim), Some(Measure::Percent)));
        assert_eq!(Heading::read("TOP KPI").measure, None);
    }

    #[test]
    fn thousands_and_millions_are_said_in_seven_languages() {
        let many = |text: &str| match Measure::of(text) {
            Some(Measure::Many(Many { letter, currency })) => {
                Some((letter, currency.map_or_else(String::new, |code| code.to_string())))
            }
            _ => None,
        };
        for (text, letter, currency) in [
            ("k€", 'k', "EUR"),
            ("€k", 'k', "EUR"),
            ("TEUR", 'k', "EUR"),
            ("kEUR", 'k', "EUR"),
            ("T€", 'k', "EUR"),
            ("Tsd. €", 'k', "EUR"),
            ("mil €", 'k', "EUR"),
            ("tys. zł", 'k', "PLN"),
            ("£'000", 'k', "GBP"),
            ("EUR M", 'M', "EUR"),
            ("M€", 'M', "EUR"),
            ("mln zł", 'M', "PLN"),
            ("Mio. €", 'M', "EUR"),
            ("$M", 'M', ""),
            ("k", 'k', ""),
            ("in thousands", 'k', ""),
            ("milhares", 'k', ""),
            ("miles", 'k', ""),
            ("milliers", 'k', ""),
            ("millones", 'M', ""),
        ] {
            assert_eq!(many(text), Some((letter, currency.to_owned())), "{text}");
        }
        for text in ["€", "EUR", "USD", "%", "M", "m", "T", "days", "leads", "Anzahl", "EUR/lead", "nº", ""] {
            assert_eq!(many(text), None, "{text}");
        }
    }

    #[test]
    fn two_rows_of_headings_are_one() {
        let target = Heading::under("Target", "Q1");
        assert_eq!((target.column(Language::English), target.span.as_deref()), (Some(Column::Target), Some("Q1")));
        assert_eq!(Heading::under("Money", "Budget").column(Language::English), Some(Column::Budget));
    }

    #[test]
    fn a_word_of_several_languages_is_read_in_that_of_the_others() {
        let headings = ["Wskaźnik", "Start", "Termin", "Cel"].map(Heading::read);
        let language = language(headings.iter());
        assert_eq!(language, Language::Polish);
        assert_eq!(headings[1].column(language), Some(Column::Start));
    }
}
