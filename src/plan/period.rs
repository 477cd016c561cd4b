//! Reads the times of a plan: its period, dates, deadlines, and how often something is looked at or happens.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Weekday};
use thiserror::Error;

use super::quantity::{Amount, Locale, Quantity, QuantityError, SignMeans, TimeUnit, Unit, WorkCalendar, clip};
use crate::words::trimmed;

/// The time that a plan is for, in whole days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub start: Date,
    /// The last day, which is part of it.
    pub end: Date,
    /// The text as written, without the space around it.
    pub text: String,
}

/// When something is due: on a day, or so long after the start of the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deadline {
    /// On that day.
    On(Date),
    /// `6 months`, `the first 90 days`.
    Within {
        /// How many.
        amount: f64,
        /// Of what.
        unit: TimeUnit,
    },
}

/// How often a number is looked at; the rarer is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every year.
    Yearly,
    /// Not at all.
    Never,
}

/// How often a handover takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// On one day of the week.
    Weekday(Weekday),
    /// Every working day.
    Day,
    /// Every week.
    Week,
    /// Every month.
    Month,
    /// Every three months.
    Quarter,
}

/// Why a text is no date, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing but space.
    #[error("there is no date here: write one as year-month-day, such as 2027-03-31")]
    Empty,
    /// Nothing that can be taken for a date.
    #[error("`{text}` is not a date: write it as year-month-day, such as 2027-03-31")]
    NotADate {
        /// The text as written.
        text: String,
    },
    /// A date in another form, which can be only this one.
    #[error("`{text}` is not written as year-month-day: write {date}")]
    WriteAs {
        /// The text as written.
        text: String,
        /// The date that it means.
        date: Date,
    },
    /// `03/04/2027`: the third of April, or March the fourth.
    #[error("`{text}` can be two dates: write {day_first} or {month_first}")]
    EitherOf {
        /// The text as written.
        text: String,
        /// The date with the day first.
        day_first: Date,
        /// The date with the month first.
        month_first: Date,
    },
    /// `March 31`
    #[error("`{text}` has no year: write it as year-month-day, such as 2027-{month:02}-{day:02}")]
    NoYear {
        /// The text as written.
        text: String,
        /// The month that it names.
        month: i8,
        /// The day that it names.
        day: i8,
    },
    /// `2027-03`
    #[error("`{text}` is a whole period: write a day of it, such as its last one, {last}")]
    WholePeriod {
        /// The text as written.
        text: String,
        /// Its last day.
        last: Date,
    },
    /// `2027-02-30`
    #[error("there is no {text}: that month ends on {last}")]
    NoSuchDay {
        /// The text as written.
        text: String,
        /// The last day that the month has.
        last: Date,
    },
}

/// Why a text is no period, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// Nothing but space.
    #[error("there is no period here: write one, such as {PERIOD_FORMS}")]
    Empty,
    /// Nothing that can be taken for a period.
    #[error("`{text}` is not a period: write one, such as {PERIOD_FORMS}")]
    NotAPeriod {
        /// The text as written.
        text: String,
    },
    /// A period in another form.
    #[error("`{text}` is not how a period is written: write {period}")]
    WriteAs {
        /// The text as written.
        text: String,
        /// The same period as it is written here.
        period: String,
    },
    /// `Q1`
    #[error("`{text}` has no year: write it too, as in 2027-{part}")]
    NoYear {
        /// The text as written.
        text: String,
        /// The quarter, half or month.
        part: String,
    },
    /// `2027-Q5`, `2027-13`
    #[error("`{text}` is not a part of a year: there are Q1 to Q4, H1 and H2, and the months 01 to 12")]
    NoSuchPart {
        /// The text as written.
        text: String,
    },
    /// An end of a range that is no date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The last day first.
    #[error("the period `{text}` ends before it starts: write the first day first")]
    Backward {
        /// The text as written.
        text: String,
    },
    /// A span that leads beyond what a calendar holds, or leads nowhere.
    #[error("{amount} {unit}s from {start} is no day on the calendar: check the number")]
    OffTheCalendar {
        /// How many.
        amount: String,
        /// Of what.
        unit: TimeUnit,
        /// From when.
        start: Date,
    },
}

/// Why a text is no deadline, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeadlineError {
    /// Neither a date nor a span; what it would take to be a date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// A span whose number cannot be read.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// `1..2 months`, `-3 days`
    #[error("`{text}` is not one span of time: write a date, or a span such as 6 months")]
    NotOneSpan {
        /// The text as written.
        text: String,
    },
}

/// A word that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` is not one of {}", .allowed.join(", "))]
pub struct UnknownWord {
    /// The text as written.
    pub found: String,
    /// The words that there are.
    pub allowed: &'static [&'static str],
}

const PERIOD_FORMS: &str = "2027, 2027-H1, 2027-Q1, 2027-03 or 2027-01-01..2027-03-31";

/// A year of 365.25 days, in twelve parts.
const DAYS_IN_A_MONTH: f64 = 365.25 / 12.0;

impl Period {
    /// Reads `2027`, `2027-H1`, `2027-Q1`, `2027-03` or `2027-01-01..2027-03-31`.
    ///
    /// # Errors
    /// See [`PeriodError`].
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PeriodError::Empty);
        }
        if let Some((first, last)) = text.split_once("..") {
            return Self::between(first.trim(), last.trim(), text);
        }
        let named = |(start, end)| Self { start, end, text: text.to_owned() };
        match named_period(text) {
            Named::Period(start, end) => Ok(named((start, end))),
            Named::NoSuchPart => Err(PeriodError::NoSuchPart { text: clip(text) }),
            Named::Not => Err(period_in_another_form(text)),
        }
    }

    fn between(first: &str, last: &str, text: &str) -> Result<Self, PeriodError> {
        if let (Named::Period(start, _), Named::Period(_, end)) = (named_period(first), named_period(last)) {
            return Err(PeriodError::WriteAs { text: clip(text), period: format!("{start}..{end}") });
        }
        let start = parse_date(first)?;
        let end = parse_date(last)?;
        if end < start {
            return Err(PeriodError::Backward { text: clip(text) });
        }
        Ok(Self { start, end, text: text.to_owned() })
    }

    /// How many days it has, the first and the last one included.
    #[must_use]
    pub fn days(&self) -> i32 {
        days_between(self.start, self.end) + 1
    }

    /// How many weeks of 7 days it has.
    #[must_use]
    pub fn weeks(&self) -> f64 {
        f64::from(self.days()) / 7.0
    }

    /// How many months it has: a whole number where it ends on the day before the one on which a month from its
    /// start begins (as every year, half, quarter and month does), else its days by twelfths of 365.25.
    #[must_use]
    pub fn months(&self) -> f64 {
        self.whole_months().map_or_else(|| f64::from(self.days()) / DAYS_IN_A_MONTH, f64::from)
    }

    /// Whole months, where it has nothing but whole ones.
    #[must_use]
    pub fn whole_months(&self) -> Option<i32> {
        let month = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        if self.start.day() == 1 && self.end == self.end.last_of_month() {
            return Some(month(self.end) - month(self.start) + 1);
        }
        let next = self.end.tomorrow().ok()?;
        let months = month(next) - month(self.start);
        (next.day() == self.start.day() && months > 0).then_some(months)
    }

    /// How often a day of the week falls in it.
    #[must_use]
    pub fn count_of(&self, weekday: Weekday) -> i32 {
        let until_first = i32::from(self.start.weekday().until(weekday));
        (self.days() - until_first + 6).div_euclid(7)
    }

    /// One person's working time in it, in hours: its weeks, with the working days and hours of the calendar.
    #[must_use]
    pub fn working_hours(&self, calendar: &WorkCalendar) -> f64 {
        self.working_days(calendar) * calendar.hours_per_day
    }

    /// One person's working time in it, in days.
    #[must_use]
    pub fn working_days(&self, calendar: &WorkCalendar) -> f64 {
        self.weeks() * calendar.days_per_week
    }

    /// Whether a day is part of it.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        (self.start..=self.end).contains(&date)
    }

    /// What share of it is over at the end of a day: 0 before its start, 1 on its last day and after.
    #[must_use]
    pub fn share_elapsed(&self, date: Date) -> f64 {
        let gone = days_between(self.start, date) + 1;
        (f64::from(gone) / f64::from(self.days())).clamp(0.0, 1.0)
    }

    /// The last of the first so many days, weeks or months from its start, which may lead beyond its end: `the first 90 days`.
    /// Parts of a day count as a day.
    ///
    /// # Errors
    /// [`PeriodError::OffTheCalendar`] for nothing, less than nothing, and what lies past the year 9999.
    pub fn end_of_first(&self, amount: f64, unit: TimeUnit) -> Result<Date, PeriodError> {
        span_of_days_and_months(amount, unit)
            .and_then(|span| self.start.checked_add(span).ok())
            .and_then(|after| after.yesterday().ok())
            .filter(|end| *end >= self.start)
            .ok_or_else(|| PeriodError::OffTheCalendar { amount: amount.to_string(), unit, start: self.start })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Deadline {
    /// Reads a date, or a span from the start of the period: `2027-03-31`, `6 months`, `the first 90 days`.
    ///
    /// # Errors
    /// See [`DeadlineError`].
    pub fn parse(text: &str, locale: Option<Locale>) -> Result<Self, DeadlineError> {
        let date = match parse_date(text) {
            Ok(date) => return Ok(Self::On(date)),
            Err(error) => error,
        };
        let span = without_opening(text);
        let quantity = match Quantity::parse(span, locale, SignMeans::Negative) {
            Ok(quantity) if matches!(quantity.unit, Unit::Time(_)) => quantity,
            Err(error @ QuantityError::TooLarge { .. }) => return Err(error.into()),
            _ => return Err(date.into()),
        };
        match (quantity.amount, &quantity.unit, quantity.bound, quantity.per) {
            (Amount::One(amount), Unit::Time(unit), None, None) if amount > 0.0 => {
                Ok(Self::Within { amount, unit: *unit })
            }
            _ => Err(DeadlineError::NotOneSpan { text: clip(text) }),
        }
    }

    /// The day, for a plan with that period.
    ///
    /// # Errors
    /// [`PeriodError::OffTheCalendar`]
    pub fn day_in(self, period: &Period) -> Result<Date, PeriodError> {
        match self {
            Self::On(date) => Ok(date),
            Self::Within { amount, unit } => period.end_of_first(amount, unit),
        }
    }
}

/// Reads a date as `2027-03-31`.
///
/// # Errors
/// See [`DateError`].
pub fn parse_date(text: &str) -> Result<Date, DateError> {
    let text = trimmed(text);
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    match iso_parts(text) {
        Some((year, month, day)) => date_of(year, month, day, text),
        None => Err(date_in_another_form(text)),
    }
}

impl Cadence {
    /// The words that a plan may give, in the order of the values.
    pub const WORDS: &[&str] = &["daily", "weekly", "monthly", "quarterly", "yearly", "never"];

    const ALL: [Self; 6] = [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::Yearly, Self::Never];

    /// Reads one of [`Cadence::WORDS`], in either case.
    ///
    /// # Errors
    /// [`UnknownWord`]
    pub fn parse(text: &str) -> Result<Self, UnknownWord> {
        word_of(text, Self::WORDS, &Self::ALL)
    }

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::Never => "never",
        }
    }
}

impl Rhythm {
    /// The words that a plan may give, in the order of the values.
    pub const WORDS: &[&str] = &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "day",
        "week",
        "month",
        "quarter",
    ];

    const ALL: [Self; 11] = [
        Self::Weekday(Weekday::Monday),
        Self::Weekday(Weekday::Tuesday),
        Self::Weekday(Weekday::Wednesday),
        Self::Weekday(Weekday::Thursday),
        Self::Weekday(Weekday::Friday),
        Self::Weekday(Weekday::Saturday),
        Self::Weekday(Weekday::Sunday),
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
    ];

    /// Reads one of [`Rhythm::WORDS`], in either case.
    ///
    /// # Errors
    /// [`UnknownWord`]
    pub fn parse(text: &str) -> Result<Self, UnknownWord> {
        word_of(text, Self::WORDS, &Self::ALL)
    }

    /// How often it falls in a period: a weekday as often as that weekday does, a day as often as there are working
    /// days, a week once for 7 days.
    #[must_use]
    pub fn times_in(self, period: &Period, calendar: &WorkCalendar) -> f64 {
        match self {
            Self::Weekday(weekday) => f64::from(period.count_of(weekday)),
            Self::Day => period.working_days(calendar),
            Self::Week => period.weeks(),
            Self::Month => period.months(),
            Self::Quarter => period.months() / 3.0,
        }
    }

    /// As a sentence says it: "Monday", "week".
    #[must_use]
    pub fn in_sentence(self) -> &'static str {
        match self {
            Self::Weekday(Weekday::Monday) => "Monday",
            Self::Weekday(Weekday::Tuesday) => "Tuesday",
            Self::Weekday(Weekday::Wednesday) => "Wednesday",
            Self::Weekday(Weekday::Thursday) => "Thursday",
            Self::Weekday(Weekday::Friday) => "Friday",
            Self::Weekday(Weekday::Saturday) => "Saturday",
            Self::Weekday(Weekday::Sunday) => "Sunday",
            other => other.as_str(),
        }
    }

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekday(Weekday::Monday) => "monday",
            Self::Weekday(Weekday::Tuesday) => "tuesday",
            Self::Weekday(Weekday::Wednesday) => "wednesday",
            Self::Weekday(Weekday::Thursday) => "thursday",
            Self::Weekday(Weekday::Friday) => "friday",
            Self::Weekday(Weekday::Saturday) => "saturday",
            Self::Weekday(Weekday::Sunday) => "sunday",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }
}

fn word_of<T: Copy>(text: &str, words: &'static [&'static str], values: &[T]) -> Result<T, UnknownWord> {
    let found = text.trim();
    words
        .iter()
        .zip(values)
        .find(|(word, _)| word.eq_ignore_ascii_case(found))
        .map(|(_, value)| *value)
        .ok_or_else(|| UnknownWord { found: clip(found), allowed: words })
}

/// What a text is as the name of a part of the calendar.
enum Named {
    Period(Date, Date),
    /// The form is right, the number is not: `2027-Q5`.
    NoSuchPart,
    Not,
}

fn named_period(text: &str) -> Named {
    let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
    let Some(year) = year_of(year) else {
        return Named::Not;
    };
    let Some(part) = part else {
        return months_of(year, 1, 12);
    };
    match part_of_year(part) {
        Some((first, length)) => months_of(year, first, length),
        None if is_shaped_like_a_part(part) => Named::NoSuchPart,
        None => Named::Not,
    }
}

/// The first month of `Q1`, `h2` or `03`, and how many there are.
fn part_of_year(part: &str) -> Option<(i8, i8)> {
    Some(match part.to_ascii_uppercase().as_str() {
        "H1" => (1, 6),
        "H2" => (7, 6),
        "Q1" => (1, 3),
        "Q2" => (4, 3),
        "Q3" => (7, 3),
        "Q4" => (10, 3),
        month => (
            number_of(month, 2..=2)
                .and_then(|month| i8::try_from(month).ok())
                .filter(|month| (1..=12).contains(month))?,
            1,
        ),
    })
}

fn is_shaped_like_a_part(part: &str) -> bool {
    let number = part.trim_start_matches(['Q', 'q', 'H', 'h']);
    number_of(number, 1..=2).is_some() && part.len() == 2
}

fn months_of(year: i16, first: i8, length: i8) -> Named {
    let start = Date::new(year, first, 1);
    let end = Date::new(year, first + length - 1, 1).map(Date::last_of_month);
    match (start, end) {
        (Ok(start), Ok(end)) => Named::Period(start, end),
        _ => Named::NoSuchPart,
    }
}

/// `Q1 2027`, `2027 Q1`, `2027Q1`, `March 2027`, `Q1`, two dates with a dash: what to write instead.
fn period_in_another_form(text: &str) -> PeriodError {
    if let Some((start, end)) = dates_with_a_dash(text) {
        return PeriodError::WriteAs { text: clip(text), period: format!("{start}..{end}") };
    }
    let words = words_of(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let year_and_part = match words.as_slice() {
        [part] => return part_alone(part, text),
        [year, part] if year_of(year).is_some() => Some((*year, *part)),
        [part, year] if year_of(year).is_some() => Some((*year, *part)),
        ["q", number] => return part_alone(&format!("q{number}"), text),
        _ => None,
    };
    year_and_part.and_then(|(year, part)| Some((year, part_in_words(part)?))).map_or_else(
        || PeriodError::NotAPeriod { text: clip(text) },
        |(year, part)| PeriodError::WriteAs { text: clip(text), period: format!("{year}-{part}") },
    )
}

fn part_alone(part: &str, text: &str) -> PeriodError {
    let joined = part
        .split_at_checked(4)
        .filter(|(year, _)| year_of(year).is_some())
        .and_then(|(year, part)| Some(format!("{year}-{}", part_in_words(part)?)));
    match (joined, part_in_words(part)) {
        (Some(period), _) => PeriodError::WriteAs { text: clip(text), period },
        (None, Some(part)) if year_of(text).is_none() => PeriodError::NoYear { text: clip(text), part },
        _ => PeriodError::NotAPeriod { text: clip(text) },
    }
}

/// `q1` as `Q1`, `3` as `03`, `march` as `03`.
fn part_in_words(part: &str) -> Option<String> {
    if let Some(month) = month_named(part) {
        return Some(format!("{month:02}"));
    }
    if let Some(month) = number_of(part, 1..=2).filter(|month| (1..=12).contains(month)) {
        return Some(format!("{month:02}"));
    }
    let part = part_in_english(part);
    part_of_year(&part).map(|_| part)
}

/// `1q`, `t1` (trimestre) and `1t` as `Q1`, `s1` (semestre) as `H1`.
fn part_in_english(part: &str) -> String {
    let upper = part.to_ascii_uppercase();
    match upper.as_bytes() {
        [b'T' | b'Q', number] | [number, b'T' | b'Q'] => format!("Q{}", char::from(*number)),
        [b'S' | b'H', number] | [number, b'S' | b'H'] => format!("H{}", char::from(*number)),
        _ => upper,
    }
}

fn dates_with_a_dash(text: &str) -> Option<(Date, Date)> {
    [" to ", "–", "—", " - ", "/"].iter().find_map(|dash| {
        let (first, last) = text.split_once(dash)?;
        let (start, end) = (parse_date(first).ok()?, parse_date(last).ok()?);
        (start <= end).then_some((start, end))
    })
}

/// Year, month and day of a text in exactly that form.
fn iso_parts(text: &str) -> Option<(i16, i8, i8)> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    let two_digits = |range| small_number(text.get(range)?, 2..=2);
    Some((year_of(text.get(..4)?)?, two_digits(5..7)?, two_digits(8..10)?))
}

fn date_of(year: i16, month: i8, day: i8, text: &str) -> Result<Date, DateError> {
    Date::new(year, month, day).map_err(|_| match Date::new(year, month, 1) {
        Ok(first) if day >= 1 => DateError::NoSuchDay { text: clip(text), last: first.last_of_month() },
        _ => DateError::NotADate { text: clip(text) },
    })
}

/// What a text that is not in our form means as a date, so far as can be told.
fn date_in_another_form(text: &str) -> DateError {
    if let Named::Period(_, last) = named_period(text) {
        return DateError::WholePeriod { text: clip(text), last };
    }
    let words = words_of(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let dotted = text.contains('.');
    let date = match words.as_slice() {
        [a, b] => return without_year(a, b, text),
        // What follows a date in our own form is a time of day.
        [year, month, day, rest @ ..] if year_of(year).is_some() && (rest.is_empty() || text.contains(':')) => {
            numeric_date(year, month, day)
        }
        [a, b, year] if month_named(a).is_some() || month_named(b).is_some() => named_date(a, b, year),
        [day, month, year] if dotted => numeric_date(year, month, day),
        [a, b, year] => return slashed(a, b, year, text),
        _ => None,
    };
    date.map_or_else(|| DateError::NotADate { text: clip(text) }, |date| DateError::WriteAs { text: clip(text), date })
}

/// Slashes put the month first in America and the day first elsewhere.
fn slashed(first: &str, second: &str, year: &str, text: &str) -> DateError {
    let text = clip(text);
    match (numeric_date(year, second, first), numeric_date(year, first, second)) {
        (Some(day_first), Some(month_first)) if day_first != month_first => {
            DateError::EitherOf { text, day_first, month_first }
        }
        (Some(date), _) | (None, Some(date)) => DateError::WriteAs { text, date },
        (None, None) => DateError::NotADate { text },
    }
}

fn without_year(first: &str, second: &str, text: &str) -> DateError {
    let text = clip(text);
    // 2028 has every day that a year can have.
    match named_date(first, second, "2028") {
        Some(date) => DateError::NoYear { text, month: date.month(), day: date.day() },
        None => DateError::NotADate { text },
    }
}

fn named_date(first: &str, second: &str, year: &str) -> Option<Date> {
    let (month, day) = match (month_named(first), month_named(second)) {
        (Some(month), None) => (month, second),
        (None, Some(month)) => (month, first),
        _ => return None,
    };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    Date::new(year_of(year)?, month, small_number(day, 1..=2)?).ok()
}

fn numeric_date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year_of(year)?, small_number(month, 1..=2)?, small_number(day, 1..=2)?).ok()
}

/// An English month, in full or by its first three letters.
fn month_named(word: &str) -> Option<i8> {
    #[rustfmt::skip]
    const MONTHS: [&str; 12] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let is_month = |month: &&str| {
        **month == word || month.get(..3) == Some(word.as_str()) || (*month == "september" && word == "sept")
    };
    let at = MONTHS.iter().position(is_month)?;
    i8::try_from(at + 1).ok()
}

/// Lower case, cut at anything that is no letter and no digit, and where the time of day begins.
fn words_of(text: &str) -> Vec<String> {
    // Enough to know any date by.
    const MOST: usize = 8;
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("of"))
        .take(MOST)
        .flat_map(|word| match word.split_once(['T', 't']) {
            Some((day, hour)) if number_of(day, 1..=2).is_some() && number_of(hour, 2..=2).is_some() => {
                vec![day.to_owned(), hour.to_owned()]
            }
            _ => vec![word.to_ascii_lowercase()],
        })
        .collect()
}

fn year_of(text: &str) -> Option<i16> {
    let year = number_of(text, 4..=4)?;
    i16::try_from(year).ok().filter(|year| *year >= 1000)
}

fn small_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i8> {
    i8::try_from(number_of(text, digits)?).ok()
}

fn number_of(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

/// `the first 90 days`, `within 6 months`, `in 6 weeks`: the span alone.
fn without_opening(text: &str) -> &str {
    let mut rest = text.trim();
    for opening in ["within", "in", "the", "first"] {
        let cut = rest
            .split_at_checked(opening.len())
            .filter(|(word, after)| word.eq_ignore_ascii_case(opening) && after.starts_with(char::is_whitespace));
        rest = cut.map_or(rest, |(_, after)| after.trim_start());
    }
    rest
}

fn span_of_days_and_months(amount: f64, unit: TimeUnit) -> Option<Span> {
    if !(amount > 0.0 && amount < 1e7) {
        return None;
    }
    let months = match unit {
        TimeUnit::Month => amount,
        TimeUnit::Quarter => amount * 3.0,
        TimeUnit::Year => amount * 12.0,
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day | TimeUnit::Week => {
            return days_span((amount * unit.calendar_hours() / 24.0).ceil());
        }
    };
    let part = (months.fract() * DAYS_IN_A_MONTH).round();
    days_span(part)?.try_months(whole(months.trunc())).ok()
}

fn days_span(days: f64) -> Option<Span> {
    Span::new().try_days(whole(days)).ok()
}

/// A number that has been rounded and is far from the largest integer.
fn whole(number: f64) -> i64 {
    number as i64
}

/// Negative where the end comes first. All the days that a calendar holds fit.
fn days_between(start: Date, end: Date) -> i32 {
    start.duration_until(end).as_hours().try_into().map_or(0, |hours: i32| hours / 24)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn period_error(text: &str) -> String {
        Period::parse(text).unwrap_err().to_string()
    }

    fn date_error(text: &str) -> String {
        parse_date(text).unwrap_err().to_string()
    }

    #[test]
    fn every_form_of_a_period_is_read() {
        let cases = [
            ("2027", date(2027, 1, 1), date(2027, 12, 31), 12),
            ("2027-H1", date(2027, 1, 1), date(2027, 6, 30), 6),
            ("2027-h2", date(2027, 7, 1), date(2027, 12, 31), 6),
            ("2027-Q1", date(2027, 1, 1), date(2027, 3, 31), 3),
            ("2027-q4", date(2027, 10, 1), date(2027, 12, 31), 3),
            ("2028-02", date(2028, 2, 1), date(2028, 2, 29), 1),
            ("2027-01-01..2027-03-31", date(2027, 1, 1), date(2027, 3, 31), 3),
            (" 2027-01-15 .. 2027-04-14 ", date(2027, 1, 15), date(2027, 4, 14), 3),
            ("9999", date(9999, 1, 1), date(9999, 12, 31), 12),
        ];
        for (text, start, end, months) in cases {
            let period = period(text);
            assert_eq!((period.start, period.end, period.whole_months()), (start, end, Some(months)), "{text}");
            assert_eq!(period.months(), f64::from(months));
        }
    }

    #[test]
    fn a_period_of_odd_days_has_parts_of_a_month() {
        let odd = period("2027-01-01..2027-01-30");
        assert_eq!((odd.days(), odd.whole_months()), (30, None));
        assert!((odd.months() - 30.0 / 30.4375).abs() < 1e-12);
        assert_eq!(period("2027-01-31..2027-01-31").days(), 1);
        assert_eq!(period("2027-01-31..2027-01-31").whole_months(), None);
    }

    #[test]
    fn a_period_in_another_form_is_told_how_to_be_written() {
        let cases = [
            ("Q1 2027", "2027-Q1"),
            ("q1/2027", "2027-Q1"),
            ("2027 Q1", "2027-Q1"),
            ("2027Q1", "2027-Q1"),
            ("H1-2027", "2027-H1"),
            ("T1 2027", "2027-Q1"),
            ("4t/2027", "2027-Q4"),
            ("2S 2027", "2027-H2"),
            ("March 2027", "2027-03"),
            ("03/2027", "2027-03"),
            ("2027-3", "2027-03"),
            ("2027-Q1..2027-Q2", "2027-01-01..2027-06-30"),
            ("2027-01-01 to 2027-03-31", "2027-01-01..2027-03-31"),
            ("2027-01-01–2027-03-31", "2027-01-01..2027-03-31"),
        ];
        for (text, period) in cases {
            assert_eq!(period_error(text), format!("`{text}` is not how a period is written: write {period}"));
        }
        assert_eq!(period_error("Q1"), "`Q1` has no year: write it too, as in 2027-Q1");
        assert_eq!(Period::parse(" "), Err(PeriodError::Empty));
    }

    #[test]
    fn a_period_that_is_none_says_what_is_wrong() {
        for text in ["2027-Q5", "2027-Q0", "2027-H3", "2027-13", "2027-00"] {
            assert_eq!(Period::parse(text), Err(PeriodError::NoSuchPart { text: text.into() }));
        }
        for text in
            ["soon", "27", "2027-Q1-Q2", "2027-é1", "0027", "Q9", "T5 2027", "S3 2027", "W1 2027", "next quarter"]
        {
            assert_eq!(Period::parse(text), Err(PeriodError::NotAPeriod { text: text.into() }));
        }
        let backward = "2027-03-31..2027-01-01";
        assert_eq!(Period::parse(backward), Err(PeriodError::Backward { text: backward.into() }));
        assert!(matches!(Period::parse("2027-01-01..2027-02-30"), Err(PeriodError::Date(DateError::NoSuchDay { .. }))));
        assert_eq!(Period::parse("2027-01-01.."), Err(PeriodError::Date(DateError::Empty)));
    }

    #[test]
    fn the_first_quarter_of_2027_has_thirteen_mondays() {
        let quarter = period("2027-Q1");
        let calendar = WorkCalendar::default();
        assert_eq!(quarter.days(), 90);
        assert_eq!(quarter.count_of(Weekday::Monday), 13);
        assert_eq!(quarter.count_of(Weekday::Thursday), 12);
        assert_eq!(Rhythm::Weekday(Weekday::Monday).times_in(&quarter, &calendar), 13.0);
        assert_eq!(Rhythm::Week.times_in(&quarter, &calendar), 90.0 / 7.0);
        assert_eq!(Rhythm::Month.times_in(&quarter, &calendar), 3.0);
        assert_eq!(Rhythm::Quarter.times_in(&quarter, &calendar), 1.0);
        assert_eq!(Rhythm::Day.times_in(&quarter, &calendar), 90.0 / 7.0 * 5.0);
        assert_eq!(quarter.working_hours(&calendar), 90.0 / 7.0 * 40.0);
    }

    #[test]
    fn a_period_is_over_on_its_last_day() {
        let quarter = period("2027-Q1");
        assert_eq!(quarter.share_elapsed(date(2026, 12, 31)), 0.0);
        assert_eq!(quarter.share_elapsed(date(2026, 1, 1)), 0.0);
        assert_eq!(quarter.share_elapsed(date(2027, 2, 14)), 0.5);
        assert_eq!(quarter.share_elapsed(date(2027, 3, 31)), 1.0);
        assert_eq!(quarter.share_elapsed(date(2028, 3, 31)), 1.0);
        assert!(quarter.contains(quarter.start) && quarter.contains(quarter.end));
        assert!(!quarter.contains(date(2027, 4, 1)));
    }

    #[test]
    fn spans_count_from_the_start_of_the_period() {
        let year = period("2027");
        let cases = [
            ("6 months", date(2027, 6, 30)),
            ("the first 90 days", date(2027, 3, 31)),
            ("First 2 weeks", date(2027, 1, 14)),
            ("within 1 year", date(2027, 12, 31)),
            ("1 quarter", date(2027, 3, 31)),
            ("1.5 months", date(2027, 2, 15)),
            ("36 hours", date(2027, 1, 2)),
            ("18 months", date(2028, 6, 30)),
            ("2027-05-01", date(2027, 5, 1)),
        ];
        for (text, day) in cases {
            let deadline = Deadline::parse(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(deadline.day_in(&year), Ok(day), "{text}");
        }
    }

    #[test]
    fn a_deadline_that_is_none_says_how_to_write_a_date() {
        assert!(matches!(Deadline::parse("31.03.2027", None), Err(DeadlineError::Date(DateError::WriteAs { .. }))));
        assert!(matches!(Deadline::parse("soon", None), Err(DeadlineError::Date(DateError::NotADate { .. }))));
        assert!(matches!(Deadline::parse("", None), Err(DeadlineError::Date(DateError::Empty))));
        for text in ["1..2 months", "-3 days", "0 days", "> 3 days", "1.000 days"] {
            assert_eq!(Deadline::parse(text, None), Err(DeadlineError::NotOneSpan { text: text.into() }));
        }
        let far = Deadline::parse("900000 years", None).unwrap();
        assert!(matches!(far.day_in(&period("2027")), Err(PeriodError::OffTheCalendar { .. })));
    }

    #[test]
    fn a_date_in_another_form_is_told_how_to_be_written() {
        let one = [
            ("31/03/2027", "2027-03-31"),
            ("03/31/2027", "2027-03-31"),
            ("04/04/2027", "2027-04-04"),
            ("31.03.2027", "2027-03-31"),
            ("03.04.2027", "2027-04-03"),
            ("31. 3. 2027", "2027-03-31"),
            ("2027/03/31", "2027-03-31"),
            ("2027-3-31", "2027-03-31"),
            ("March 31, 2027", "2027-03-31"),
            ("31st of March 2027", "2027-03-31"),
            ("2027-03-31T00:00:00Z", "2027-03-31"),
            ("2027-03-31 12:30", "2027-03-31"),
        ];
        for (text, date) in one {
            assert_eq!(date_error(text), format!("`{text}` is not written as year-month-day: write {date}"));
        }
        assert_eq!(date_error("03/04/2027"), "`03/04/2027` can be two dates: write 2027-04-03 or 2027-03-04");
        assert_eq!(date_error("March 31"), "`March 31` has no year: write it as year-month-day, such as 2027-03-31");
        assert_eq!(
            date_error("2027-Q1"),
            "`2027-Q1` is a whole period: write a day of it, such as its last one, 2027-03-31"
        );
    }

    #[test]
    fn days_that_do_not_exist_are_an_error() {
        assert_eq!(date_error("2027-02-30"), "there is no 2027-02-30: that month ends on 2027-02-28");
        assert!(parse_date("2028-02-29").is_ok());
        for text in ["2027-13-01", "2027-00-10", "2027-01-00", "32/13/2027", "2027-03-31-1", "tomorrow", "1.2"] {
            assert_eq!(parse_date(text), Err(DateError::NotADate { text: text.into() }));
        }
    }

    #[test]
    fn words_are_read_in_either_case_and_the_list_is_named() {
        for (word, cadence) in Cadence::WORDS.iter().zip(Cadence::ALL) {
            assert_eq!(Cadence::parse(&word.to_uppercase()), Ok(cadence));
            assert_eq!(cadence.as_str(), *word);
        }
        for (word, rhythm) in Rhythm::WORDS.iter().zip(Rhythm::ALL) {
            assert_eq!(Rhythm::parse(&format!(" {word} ")), Ok(rhythm));
            assert_eq!(rhythm.as_str(), *word);
        }
        assert_eq!((Cadence::WORDS.len(), Rhythm::WORDS.len()), (Cadence::ALL.len(), Rhythm::ALL.len()));
        assert_eq!(
            Rhythm::parse("lunes").unwrap_err().to_string(),
            "`lunes` is not one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, day, week, month, quarter"
        );
        assert!(Cadence::Quarterly > Cadence::Monthly && Cadence::Never > Cadence::Yearly);
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (1000..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| date(year, month, day))
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), shaped in "[0-9QHqh]{0,5}[-/. ]?[0-9QTMarch]{0,5}[-/. ]{0,2}[0-9:]{0,5}") {
            for text in [text, shaped] {
                let _ = Period::parse(&text);
                let _ = parse_date(&text);
                let _ = Deadline::parse(&text, None);
                let _ = Rhythm::parse(&text);
            }
        }

        #[test]
        fn dates_are_read_back(day in any_date()) {
            prop_assert_eq!(parse_date(&day.to_string()), Ok(day));
        }

        #[test]
        fn the_days_of_the_week_make_up_the_period(one in any_date(), length in 0..4000_i32) {
            let end = one.saturating_add(length.days());
            let period = period(&format!("{one}..{end}"));
            let weekdays = Weekday::Monday.cycle_forward().take(7);
            prop_assert_eq!(weekdays.map(|weekday| period.count_of(weekday)).sum::<i32>(), period.days());
        }

        #[test]
        fn a_weekday_is_counted_as_a_calendar_shows_it(one in any_date(), length in 0..60_i32) {
            let end = one.saturating_add(length.days());
            let period = period(&format!("{one}..{end}"));
            let mondays = one.series(1.day()).take_while(|day| *day <= end).filter(|day| day.weekday() == Weekday::Monday);
            prop_assert_eq!(i32::try_from(mondays.count()), Ok(period.count_of(Weekday::Monday)));
        }

        #[test]
        fn no_span_panics(amount in any::<f64>(), start in any_date()) {
            let period = period(&format!("{start}..{start}"));
            for unit in [TimeUnit::Second, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Quarter, TimeUnit::Year] {
                if let Ok(end) = period.end_of_first(amount, unit) {
                    prop_assert!(end >= start);
                }
            }
        }
    }
}
