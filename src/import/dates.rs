//! Dates as sheets write them, in seven languages; what could be two days, or has no year, is not guessed.

use jiff::civil::Date;

use super::periods;
use super::sheet::Value;
use super::vocabulary::{Said, says};
use crate::metrics::{Deadline, Dictionary};
use crate::plan::period::{DateError, Period, parse_date};
use crate::plan::said_day;

/// What dates are read by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar<'c> {
    pub(super) period: Option<&'c Period>,
    pub(super) dictionary: &'c Dictionary,
    /// Whether `03/04/2027` begins with the day; unknown where nothing says so.
    pub(super) day_first: Option<bool>,
}

/// Whether the dates of a column begin with the day or with the month, by those that can be only one.
pub(super) fn order<'v>(values: impl Iterator<Item = &'v Value>) -> Option<bool> {
    let (mut day_first, mut month_first) = (false, false);
    for value in values {
        let Value::Text(text) = value else { continue };
        let mut numbers = text.split('/').map(|number| number.trim().parse::<u16>().ok());
        match (numbers.next().flatten(), numbers.next().flatten(), numbers.next().flatten()) {
            (Some(13..=31), Some(1..=12), Some(_)) => day_first = true,
            (Some(1..=12), Some(13..=31), Some(_)) => month_first = true,
            _ => {}
        }
    }
    (day_first != month_first).then_some(day_first)
}

impl Calendar<'_> {
    /// The day of a cell; or why it is none.
    pub(super) fn day(&self, value: &Value) -> Result<Date, String> {
        match value {
            Value::Date(date) => Ok(*date),
            Value::Number { number, .. } => serial(*number).ok_or_else(|| "it is a number, and no date".to_owned()),
            Value::Text(text) => self.day_of(text),
            Value::Odd(text) => Err(format!("`{text}` is no date")),
            Value::Empty => Err("there is no date".to_owned()),
        }
    }

    /// The day of a text, with "by the end of" before it or without.
    fn day_of(&self, text: &str) -> Result<Date, String> {
        let (opening, rest) = opened(text);
        self.plain_day_of(text).or_else(|why| if opening { self.plain_day_of(&rest) } else { Err(why) })
    }

    fn plain_day_of(&self, text: &str) -> Result<Date, String> {
        let error = match parse_date(text) {
            Ok(date) => return Ok(date),
            Err(error) => error,
        };
        match error {
            DateError::WriteAs { date, .. } | DateError::WholePeriod { last: date, .. } => return Ok(date),
            DateError::EitherOf { day_first, month_first, .. } => {
                return match self.day_first {
                    Some(first) => Ok(if first { day_first } else { month_first }),
                    None => Err(format!("it can be {day_first} or {month_first}")),
                };
            }
            _ => {}
        }
        let year = self.period.map(|period| period.end.year());
        if let Some(period) = periods::whole(text, year) {
            return Ok(period.end);
        }
        // The recogniser reads "by end of March 2027" in seven languages, with the word before it and without.
        const OPENINGS: [&str; 6] = ["by", "até", "hasta", "do końca", "bis", "d'ici"];
        // A year in a text that says more than a year is a date half read.
        let whole = |deadline: &Deadline| !matches!(deadline, Deadline::EndOfYear { year: Some(_) });
        let said = |text: &str| self.dictionary.figures(text).deadline.filter(whole);
        let said = said(text).or_else(|| OPENINGS.iter().find_map(|opening| said(&format!("KPI {opening} {text}"))));
        match said.map(|said| said_day(said, self.period)) {
            Some(Some(day)) => Ok(day),
            Some(None) => Err("it has no year; --period says it".to_owned()),
            None if is_part_of_a_year(text) => Err("it has no year; --period says it".to_owned()),
            None => Err(error.to_string()),
        }
    }

    /// The day of what may begin with "by", "até", "do"; none where it is no deadline.
    pub(super) fn deadline(&self, text: &str) -> Option<Result<Date, String>> {
        let (opening, rest) = opened(text);
        // Without a word before it, only a whole date or a quarter is one: a bare "2027" behind a number is not.
        let bare_number = rest.bytes().all(|byte| byte.is_ascii_digit());
        let is_date = !matches!(parse_date(&rest), Err(DateError::NotADate { .. } | DateError::Empty));
        if !opening && (bare_number || !(is_date || is_part_of_a_year(&rest))) {
            return None;
        }
        match self.plain_day_of(&rest) {
            Ok(day) => Some(Ok(day)),
            Err(why) if is_part_of_a_year(&rest) || why.contains("--period") => Some(Err(why)),
            Err(_) => None,
        }
    }
}

/// Whether a text begins with "by the end of" or the like, and what stands behind that.
fn opened(text: &str) -> (bool, String) {
    const LONGEST: usize = 6;
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || "(),;:–-·".contains(sign));
    let words: Vec<&str> = text.split_whitespace().collect();
    let opens = |length: &usize| says(&words.get(..*length).unwrap_or_default().join(" "), Said::Until);
    let opening = (1..words.len().min(LONGEST)).rev().find(opens);
    (opening.is_some(), words.get(opening.unwrap_or_default()..).unwrap_or_default().join(" "))
}

fn is_part_of_a_year(text: &str) -> bool {
    periods::whole(text, Some(2027)).is_some()
}

/// The day that a spreadsheet counts from the end of 1899, from 2000 to 2099.
fn serial(number: f64) -> Option<Date> {
    const FIRST: f64 = 36_526.0;
    const LAST: f64 = 73_050.0;
    let fits = (FIRST..=LAST).contains(&number);
    let days = jiff::Span::new().try_days(number.trunc() as i64).ok().filter(|_| fits)?;
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::dictionary;

    fn day(text: &str, period: Option<&str>, day_first: Option<bool>) -> Result<String, String> {
        let period = period.map(|text| Period::parse(text).unwrap());
        let calendar = Calendar { period: period.as_ref(), dictionary: dictionary(), day_first };
        calendar.day_of(text).map(|date| date.to_string())
    }

    #[test]
    fn dates_are_read_in_seven_languages() {
        let cases = [
            ("2027-03-31", "2027-03-31"),
            ("31/03/2027", "2027-03-31"),
            ("31.03.2027", "2027-03-31"),
            ("March 31, 2027", "2027-03-31"),
            ("Q1 2027", "2027-03-31"),
            ("T2 2027", "2027-06-30"),
            ("2027-Q3", "2027-09-30"),
            ("31 de março de 2027", "2027-03-31"),
            ("31 de marzo de 2027", "2027-03-31"),
            ("31 marca 2027", "2027-03-31"),
            ("31. März 2027", "2027-03-31"),
            ("31 mars 2027", "2027-03-31"),
            ("junho de 2027", "2027-06-30"),
            ("xuño de 2027", "2027-06-30"),
            ("koniec marca 2027", "2027-03-31"),
            ("end of March 2027", "2027-03-31"),
            ("fim de março de 2027", "2027-03-31"),
            ("finales de marzo de 2027", "2027-03-31"),
            ("Ende März 2027", "2027-03-31"),
            ("fin mars 2027", "2027-03-31"),
        ];
        for (text, date) in cases {
            assert_eq!(day(text, None, None).as_deref(), Ok(date), "{text}");
        }
    }

    #[test]
    fn a_date_that_could_be_two_is_read_only_where_the_others_say_how() {
        assert!(day("03/04/2027", None, None).unwrap_err().contains("2027-04-03 or 2027-03-04"));
        assert_eq!(day("03/04/2027", None, Some(true)).as_deref(), Ok("2027-04-03"));
        let texts = |texts: &[&str]| texts.iter().map(|text| Value::Text((*text).to_owned())).collect::<Vec<_>>();
        assert_eq!(order(texts(&["03/04/2027", "31/03/2027"]).iter()), Some(true));
        assert_eq!(order(texts(&["03/31/2027", "31/03/2027"]).iter()), None);
    }

    #[test]
    fn a_year_is_never_guessed() {
        assert!(day("Q1", None, None).unwrap_err().contains("--period"));
        assert_eq!(day("Q1", Some("2027"), None).as_deref(), Ok("2027-03-31"));
        assert!(day("soon", Some("2027"), None).is_err());
    }

    #[test]
    fn a_spreadsheet_s_own_number_is_a_day() {
        assert_eq!(serial(46_477.0), Some(Date::constant(2027, 3, 31)));
        assert_eq!(serial(300.0), None);
    }
}
