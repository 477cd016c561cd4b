//! What people write into the cell of a target: "6000 by end of Q1", "+15% MoM", "13% → 16%", "4/month", "TBD".

use jiff::civil::Date;

use super::dates::Calendar;
use super::vocabulary::{Said, said};
use crate::metrics::Dictionary;
use crate::plan::quantity::{Locale, Quantity, QuantityError, SignMeans, Unit};

/// A target's cell, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Written {
    /// The number, or the words of a placeholder.
    pub(super) quantity: String,
    pub(super) baseline: Option<String>,
    /// Whether its two ends could be a range as well.
    pub(super) is_guess: bool,
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
    let said = || tail(text, locale, calendar, 3).or_else(|| beside(text, locale, calendar));
    let apart = || arrow(text, locale).filter(|_| short).or_else(|| if short { said() } else { None });
    match Quantity::parse(text, locale, SignMeans::Change) {
        // "6000 by March" could be 6000 things that are called so.
        Ok(quantity)
            if matches!(quantity.unit, Unit::Count(_)) || (quantity.per.is_some() && quantity.change.is_some()) =>
        {
            Ok(apart().unwrap_or_else(whole))
        }
        Ok(_) | Err(QuantityError::NoDigits { .. }) => Ok(whole()),
        Err(QuantityError::Unreadable { .. }) if numbers(text) > 1 => apart().ok_or_else(|| {
            "more than one number stands in it, and nothing says which of them is the target".to_owned()
        }),
        Err(error) => apart().ok_or_else(|| error.to_string()),
    }
}

/// How many words of a text are numbers.
fn numbers(text: &str) -> usize {
    let is_number = |word: &&str| {
        word.trim_start_matches(|sign: char| !sign.is_alphanumeric()).starts_with(|first: char| first.is_ascii_digit())
    };
    text.split_whitespace().filter(is_number).count()
}

/// A number with something of its own around it: where it starts from, that it is about so much, or a remark in brackets.
fn beside(text: &str, locale: Option<Locale>, calendar: &Calendar<'_>) -> Option<Written> {
    from_to(text, locale, calendar.dictionary).or_else(|| about(text, locale)).or_else(|| aside(text, locale))
}

/// `from 22% to 28%`, `10 to 20`, `de 80 a 150`: the reader of names knows how seven languages say it.
fn from_to(text: &str, locale: Option<Locale>, dictionary: &Dictionary) -> Option<Written> {
    const OPENINGS: [&str; 5] = ["", "from", "de", "von", "z"];
    let (baseline, quantity) =
        OPENINGS.iter().find_map(|opening| two_ends(&format!("NPS {opening} {text}"), dictionary))?;
    let level = |text: &str| {
        let quantity = Quantity::parse(text, locale, SignMeans::Change).ok();
        quantity.filter(|quantity| quantity.change.is_none()).map(|quantity| (quantity.unit, quantity.per))
    };
    // "22 to 28%" could start from anything, and "3 to 1" is a ratio.
    let alike = level(&baseline).is_some_and(|own| level(&quantity) == Some(own));
    (alike && quantity != "1").then(|| Written {
        remarks: vec![format!("read as from {baseline}, the baseline, to {quantity}, the target")],
        quantity,
        baseline: Some(baseline),
        is_guess: true,
        ..Written::default()
    })
}

/// The baseline and the target of a name that says nothing else.
fn two_ends(name: &str, dictionary: &Dictionary) -> Option<(String, String)> {
    let figures = dictionary.figures(name);
    let target = figures.target.filter(|target| target.change.is_none())?.range;
    let baseline = figures.baseline?;
    let words = |text: &str| text.split_whitespace().count();
    let (before, between) = (name.get(..baseline.start)?, name.get(baseline.end..target.start)?);
    let plain = words(before) <= 2 && words(between) == 1 && name.get(target.end..)?.trim().is_empty();
    Some((name.get(baseline)?.to_owned(), name.get(target)?.to_owned())).filter(|_| plain)
}

/// `~15%`
fn about(text: &str, locale: Option<Locale>) -> Option<Written> {
    let rest = text.trim().strip_prefix(['~', '≈'])?.trim_start();
    Quantity::parse(rest, locale, SignMeans::Change).ok()?;
    let remarks = vec![format!("a plan's target is one number, so about {rest} is read as {rest}")];
    Some(Written { quantity: rest.to_owned(), remarks, ..Written::default() })
}

/// `500 (stretch: 700)`: what stands in brackets is said of the number, where it does not say how many it stands for.
fn aside(text: &str, locale: Option<Locale>) -> Option<Written> {
    let (head, rest) = text.split_once('(')?;
    let inside = rest.trim_end().strip_suffix(')').filter(|inside| !inside.contains(['(', ')']))?;
    let digits: String = inside.chars().filter(char::is_ascii_digit).collect();
    let multiplies = digits.trim_start_matches('1').bytes().all(|digit| digit == b'0');
    Quantity::parse(head, locale, SignMeans::Change)
        .ok()
        .filter(|_| !multiplies && inside.contains(char::is_alphabetic))?;
    let remarks = vec![format!("\"{}\" is kept as a comment", inside.trim())];
    Some(Written { quantity: head.trim().to_owned(), remarks, ..Written::default() })
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
            None if deepest > 0 => tail(head, locale, calendar, deepest - 1).or_else(|| beside(head, locale, calendar)),
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
    fn from_one_to_the_other_is_a_baseline_and_a_target_in_seven_languages() {
        for (text, baseline, quantity) in [
            ("10 to 20", "10", "20"),
            ("from 22% to 28%", "22%", "28%"),
            ("de 80 a 150", "80", "150"),
            ("de 80 para 150", "80", "150"),
            ("80 a 150", "80", "150"),
            ("von 45 auf 70", "45", "70"),
            ("45 auf 70", "45", "70"),
            ("z 100 do 200", "100", "200"),
            ("de 45 à 70", "45", "70"),
            ("from €40k to €60k", "€40k", "€60k"),
        ] {
            let written = target(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((written.baseline.as_deref(), written.quantity.as_str()), (Some(baseline), quantity), "{text}");
            assert!(written.is_guess && written.remarks.len() == 1, "{text}: {:?}", written.remarks);
        }
        let dated = target("from 22% to 28% by Q1 2027", None).unwrap();
        assert_eq!(
            (dated.baseline.as_deref(), dated.by.map(|day| day.to_string())),
            (Some("22%"), Some("2027-03-31".into()))
        );
        for text in ["22 to 28%", "3 to 1 or 4 to 1", "10 to 20 in 3 shops", "500 (x1000) or 3"] {
            assert!(
                target(text, None).is_err_and(|why| why.contains("more than one number")),
                "{text}: {:?}",
                target(text, None)
            );
        }
    }

    #[test]
    fn what_is_said_beside_a_number_is_a_remark() {
        for (text, quantity, remark) in [
            ("~15%", "15%", "about 15%"),
            ("≈ 15%", "15%", "about 15%"),
            ("500 (stretch: 700)", "500", "\"stretch: 700\""),
        ] {
            let written = target(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((written.quantity.as_str(), written.baseline), (quantity, None), "{text}");
            assert!(written.remarks[0].contains(remark), "{text}: {:?}", written.remarks);
        }
        assert!(target("500 (in 1000 EUR)", None).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for text in ["6000-ish or 7", "Top 3 in G2 and Capterra", "1.2.3", "½", "5 of 7 done, rest open"] {
            assert!(target(text, Some("2027-Q1")).is_err(), "{text}: {:?}", target(text, Some("2027-Q1")));
        }
    }
}
