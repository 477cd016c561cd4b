//! What people write into the cell of a target: "6000 by end of Q1", "+15% MoM", "13% → 16%", "4/month", "TBD".

use jiff::civil::Date;

use super::dates::Calendar;
use super::vocabulary::{Said, said};
use crate::plan::quantity::{Locale, Quantity, QuantityError, SignMeans, Unit};

/// A target's cell, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Written {
    /// The number, or the words of a placeholder.
    pub(super) quantity: String,
    pub(super) baseline: Option<String>,
    pub(super) by: Option<Date>,
    pub(super) cadence: Option<&'static str>,
    /// What is said of it that no key holds.
    pub(super) remarks: Vec<String>,
}

/// Takes a cell apart; or says why it cannot be read.
pub(super) fn read(text: &str, locale: Option<Locale>, calendar: &Calendar<'_>) -> Result<Written, String> {
    // A cell says a few words; a paragraph is no target.
    const MOST_WORDS: usize = 24;
    let short = text.split_whitespace().count() <= MOST_WORDS;
    let whole = || Written { quantity: text.to_owned(), ..Written::default() };
    let apart = || arrow(text, locale).or_else(|| tail(text, locale, calendar, 3)).filter(|_| short);
    match Quantity::parse(text, locale, SignMeans::Change) {
        // "6000 by March" could be 6000 things that are called so.
        Ok(quantity)
            if matches!(quantity.unit, Unit::Count(_)) || (quantity.per.is_some() && quantity.change.is_some()) =>
        {
            Ok(apart().unwrap_or_else(whole))
        }
        Ok(_) | Err(QuantityError::NoDigits { .. }) => Ok(whole()),
        Err(error) => apart().ok_or_else(|| error.to_string()),
    }
}

/// `13% → 16%`: from the one to the other.
fn arrow(text: &str, locale: Option<Locale>) -> Option<Written> {
    let (from, to) = ["→", "->", "=>"].iter().find_map(|arrow| text.split_once(arrow))?;
    let is_level =
        |text: &str| Quantity::parse(text, locale, SignMeans::Change).is_ok_and(|quantity| quantity.change.is_none());
    let (from, to) = (from.trim(), to.trim());
    (is_level(from) && is_level(to)).then(|| Written {
        quantity: to.to_owned(),
        baseline: Some(from.to_owned()),
        ..Written::default()
    })
}

/// A number with something behind it: a deadline, or how often it grows.
fn tail(text: &str, locale: Option<Locale>, calendar: &Calendar<'_>, deepest: usize) -> Option<Written> {
    let ends: Vec<usize> = text.char_indices().filter(|(_, sign)| sign.is_whitespace()).map(|(at, _)| at).collect();
    // The longest end first: "by end of Q1" is all of it a deadline.
    for (head, rest) in ends.into_iter().filter_map(|end| text.split_at_checked(end)) {
        let head = head.trim().trim_end_matches([',', ';', ':', '(']).trim_end();
        let Some(said) = Tail::read(rest, head, calendar) else { continue };
        let number = Quantity::parse(head, locale, SignMeans::Change).ok();
        let inner = match number {
            Some(quantity) if !matches!(quantity.unit, Unit::Count(_)) || deepest == 0 => {
                Some(Written { quantity: head.to_owned(), ..Written::default() })
            }
            Some(_) => Some(
                tail(head, locale, calendar, deepest - 1)
                    .unwrap_or_else(|| Written { quantity: head.to_owned(), ..Written::default() }),
            ),
            None if deepest > 0 => tail(head, locale, calendar, deepest - 1),
            None => None,
        };
        if let Some(mut written) = inner {
            said.add_to(&mut written);
            return Some(written);
        }
    }
    None
}

/// What stands behind a number.
enum Tail {
    Day(Date),
    NoDay { text: String, why: String },
    Growth(Said),
}

impl Tail {
    fn read(text: &str, head: &str, calendar: &Calendar<'_>) -> Option<Self> {
        let text = text.trim_matches(|sign: char| sign.is_whitespace() || "(),;".contains(sign));
        // "4 per month" is an amount for each month; "+15% per month" is growth.
        let grows = head.starts_with(['+', '-', '−']) && head.contains('%');
        if grows && let Some(growth) = said(text, &GROWTH) {
            return Some(Self::Growth(growth));
        }
        Some(match calendar.deadline(text)? {
            Ok(day) => Self::Day(day),
            Err(why) => Self::NoDay { text: text.to_owned(), why },
        })
    }

    fn add_to(self, written: &mut Written) {
        match self {
            Self::Day(day) => written.by = Some(day),
            Self::NoDay { text, why } => written.remarks.push(format!("the deadline \"{text}\" is left out: {why}")),
            Self::Growth(growth) => {
                let (cadence, span) = match growth {
                    Said::WeeklyGrowth => (Some("weekly"), "week"),
                    Said::QuarterlyGrowth => (Some("quarterly"), "quarter"),
                    Said::YearlyGrowth => (None, "year"),
                    _ => (Some("monthly"), "month"),
                };
                written.cadence = cadence;
                written.remarks.push(format!(
                    "growth from {span} to {span}; a plan's target is against the baseline, so check the number"
                ));
            }
        }
    }
}

const GROWTH: [Said; 4] = [Said::MonthlyGrowth, Said::WeeklyGrowth, Said::QuarterlyGrowth, Said::YearlyGrowth];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::dictionary;
    use crate::plan::period::Period;

    fn target(text: &str, period: Option<&str>) -> Result<Written, String> {
        let period = period.map(|text| Period::parse(text).unwrap());
        read(text, None, &Calendar { period: period.as_ref(), dictionary: dictionary(), day_first: None })
    }

    fn parts(text: &str, period: Option<&str>) -> (String, Option<String>, Option<&'static str>) {
        let written = target(text, period).unwrap_or_else(|error| panic!("{text}: {error}"));
        (written.quantity, written.by.map(|day| day.to_string()), written.cadence)
    }

    #[test]
    fn a_number_and_its_deadline_are_taken_apart() {
        let cases = [
            ("6000 by end of Q1", "6000"),
            ("6000 (Q1)", "6000"),
            ("6000 by 31 March 2027", "6000"),
            ("6.5% até ao fim do Q1", "6.5%"),
            ("€40k by Q1 2027", "€40k"),
            ("300 bis Ende März 2027", "300"),
            ("300 do końca marca 2027", "300"),
            ("300 hasta el 31/03/2027", "300"),
        ];
        for (text, quantity) in cases {
            assert_eq!(
                parts(text, Some("2027-Q1")),
                (quantity.to_owned(), Some("2027-03-31".to_owned()), None),
                "{text}"
            );
        }
    }

    #[test]
    fn without_a_period_the_year_is_not_guessed() {
        let written = target("6000 by end of Q1", None).unwrap();
        assert_eq!((written.quantity.as_str(), written.by), ("6000", None));
        assert!(written.remarks[0].contains("--period"), "{:?}", written.remarks);
    }

    #[test]
    fn growth_by_month_is_a_change_looked_at_monthly() {
        for text in ["+15% MoM", "+15% per month", "+15% ao mês", "+15% m/m"] {
            assert_eq!(parts(text, None), ("+15%".to_owned(), None, Some("monthly")), "{text}");
        }
        assert_eq!(parts("+20% YoY", None), ("+20%".to_owned(), None, None));
        assert_eq!(
            parts("+15% MoM by Q2 2027", None),
            ("+15%".to_owned(), Some("2027-06-30".to_owned()), Some("monthly"))
        );
    }

    #[test]
    fn what_a_plan_reads_by_itself_is_left_as_it_is() {
        for text in ["4/month", "30%", ">= 1000", "10%..15%", "3:1", "TBD", "a definir", "12 months", "at least 10%"] {
            assert_eq!(parts(text, None), (text.to_owned(), None, None));
        }
    }

    #[test]
    fn an_arrow_gives_the_baseline_too() {
        let written = target("13% → 16%", None).unwrap();
        assert_eq!((written.quantity.as_str(), written.baseline.as_deref()), ("16%", Some("13%")));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in ["6000-ish or 7", "Top 3 in G2 and Capterra", "1.2.3", "½", "5 of 7 done, rest open"] {
            assert!(target(text, Some("2027-Q1")).is_err(), "{text}: {:?}", target(text, Some("2027-Q1")));
        }
    }
}
