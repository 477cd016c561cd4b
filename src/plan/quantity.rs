//! Reads the numbers of a plan as people write them: amounts, shares, money, ratios and spans of time, in seven languages.

use std::borrow::Cow;
use std::fmt;

use deunicode::deunicode;
use thiserror::Error;

use super::text::Text;
use crate::words::trimmed;

/// The largest amount that is read; anything beyond it is taken for a slip of the keyboard.
pub const LARGEST_AMOUNT: f64 = 1e15;

/// A number as it stands in a plan, with what it counts and how it is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// How much, signed; multipliers and per cent are already applied.
    pub amount: Amount,
    /// What the amount is measured in.
    pub unit: Unit,
    /// A comparator: `>= 1000`, `at most 5%`, `50+`.
    pub bound: Option<Bound>,
    /// Set where a sign made it a change against a baseline.
    pub change: Option<Change>,
    /// The span that the amount is for each of: `4/month`, `30 por semana`.
    pub per: Option<TimeUnit>,
    /// The text as written, without the space around it.
    pub text: Text,
}

/// How much: one number, a range, or a number with two readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// One number.
    One(f64),
    /// 90% sure that it lies between; `low` is below `high`.
    Range {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// `1.000` without a locale: 1 or 1000. A finding, and unknown to every other rule.
    Unsettled {
        /// With the point as a decimal mark.
        plain: f64,
        /// With the point between thousands.
        thousands: f64,
    },
    /// `1.000..1.500` without a locale: two ranges, each as (low, high).
    UnsettledRange {
        /// With the points as decimal marks.
        plain: (f64, f64),
        /// With the points between thousands.
        thousands: (f64, f64),
    },
}

/// What an amount is measured in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A bare number.
    None,
    /// A share or a rate, stored as a fraction: `30%` is 0.30.
    Percent,
    /// Percentage points, stored as a fraction: `8 pp` is 0.08.
    Points,
    /// Money.
    Money(Currency),
    /// One amount for another: `3:1` is 3.0.
    Ratio,
    /// A multiple: `4x` is 4.0.
    Times,
    /// A span of time, in that unit.
    Time(TimeUnit),
    /// The word or words after a count, as written: `50 leads`. Whether they stand in the name of what is
    /// counted is for the caller to check.
    Count(String),
}

/// A unit of time, shortest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

/// The side on which an amount is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// `>=`: the amount or more.
    AtLeast,
    /// `>`: more than the amount.
    Over,
    /// `<=`: the amount or less.
    AtMost,
    /// `<`: less than the amount.
    Under,
}

/// How a signed amount moves its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// By a share of the baseline, also where that is a rate: `+20%`.
    Relative,
    /// By percentage points: `+8 pp`.
    Points,
    /// By units of what is measured: `+40`.
    Units,
}

/// What a sign before a number means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignMeans {
    /// A change against the baseline: a KPI's target, what an initiative is expected to add.
    Change,
    /// A number above or below zero.
    Negative,
}

/// The language whose way of writing numbers a plan follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    /// `en`
    English,
    /// `pt`
    Portuguese,
    /// `es`
    Spanish,
    /// `gl`
    Galician,
    /// `de`
    German,
    /// `pl`
    Polish,
    /// `fr`
    French,
}

/// A currency as written in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Currency {
    /// One that names itself: `EUR`, `€`, `R$`.
    Exact(CurrencyCode),
    /// A bare `$`: the plan's own dollar or peso, whichever that is.
    Dollar,
}

/// An active code of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode(&'static str);

/// How long people work, for turning days, weeks and months of work into each other. All four are above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkCalendar {
    /// Working hours in a day.
    pub hours_per_day: f64,
    /// Working days in a week.
    pub days_per_week: f64,
    /// Weeks in a month.
    pub weeks_per_month: f64,
    /// Working days in a year.
    pub days_per_year: f64,
}

/// Why a text is no quantity, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Nothing but space.
    #[error("there is no number here: write one, such as 1,200 or 30%")]
    Empty,
    /// Words only: a placeholder, where one may stand.
    #[error("`{text}` holds no number: write one, such as 1,200 or 30%")]
    NoDigits {
        /// The whole text.
        text: String,
    },
    /// A part of it makes no sense.
    #[error(
        "cannot read `{rest}`: write a number and one unit, such as 1,200, 30%, 40k EUR, 3:1, 6 months or 50 leads"
    )]
    Unreadable {
        /// What was left when reading stopped.
        rest: String,
    },
    /// `1.2.3`, `1,00`-style groups: marks that do not stand between thousands.
    #[error(
        "cannot read `{number}`: marks between thousands stand before every three digits, as in 1,234,567, and a decimal mark once"
    )]
    BadGrouping {
        /// The number.
        number: String,
    },
    /// Digits other than 0 to 9.
    #[error("`{digit}` is not one of the digits 0 to 9: write the number with those")]
    OtherDigits {
        /// The first of them.
        digit: char,
    },
    /// `.nan`, `inf`.
    #[error("`{text}` is not a finite number: write a number, or leave the key out where it is unknown")]
    NotFinite {
        /// The whole text.
        text: String,
    },
    /// Beyond [`LARGEST_AMOUNT`].
    #[error("`{text}` is over 1e15: check its digits and its multiplier")]
    TooLarge {
        /// The whole text.
        text: String,
    },
    /// The upper end first.
    #[error("the range `{text}` runs backwards: write the lower end first")]
    BackwardRange {
        /// The whole text.
        text: String,
    },
    /// `-10%..20%` as a change: down by 10 to 20, or between down 10 and up 20?
    #[error("only one end of the range `{text}` has a sign: write a sign on both ends, as in -10%..+20%")]
    OneSignedEnd {
        /// The whole text.
        text: String,
    },
    /// `>= 10..15`
    #[error("`{text}` is a range and has a comparator too: write one of them, such as 10..15 or >= 10")]
    BoundedRange {
        /// The whole text.
        text: String,
    },
    /// `2 weeks..1 month`, `€40 USD`
    #[error("`{text}` mixes two units: write it in one")]
    MixedUnits {
        /// The whole text.
        text: String,
    },
    /// `3:0`
    #[error("the ratio `{text}` divides by zero: write what stands against one, such as 3:1")]
    RatioToZero {
        /// The whole text.
        text: String,
    },
    /// Three capitals before a number that are no currency.
    #[error("`{code}` is not a currency code of ISO 4217: write one, such as EUR, USD or PLN")]
    UnknownCurrency {
        /// The code as written.
        code: String,
    },
    /// A sign or a word that means different things to different readers.
    #[error("`{word}` can mean {could_be}: write {instead}")]
    Ambiguous {
        /// The sign or word as written.
        word: String,
        /// Its readings.
        could_be: &'static str,
        /// Ways to write each of them.
        instead: &'static str,
    },
}

/// Why a quantity does not fit the key that it was given for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Misfit {
    /// A bare number over 1 where a share belongs.
    #[error("expected a share such as 30%, found {found}: write {found}%, or a fraction such as 0.3")]
    NoPercentSign {
        /// The text as written.
        found: String,
    },
    /// Measured in something else.
    #[error("expected {expected}, found `{found}`")]
    OtherUnit {
        /// What belongs there, with an example.
        expected: &'static str,
        /// The text as written.
        found: String,
    },
    /// Money of another currency than the plan's.
    #[error("`{found}` is not in {plan}, the plan's currency: convert it")]
    OtherCurrency {
        /// The text as written.
        found: String,
        /// The plan's currency.
        plan: CurrencyCode,
    },
    /// `4/month` where a plain amount belongs.
    #[error("`{found}` is per {per}: write the plain amount here")]
    PerSpan {
        /// The text as written.
        found: String,
        /// The span.
        per: TimeUnit,
    },
    /// `+20%` where a level belongs.
    #[error("`{found}` is a change against a baseline: write the level itself here")]
    Change {
        /// The text as written.
        found: String,
    },
    /// Below zero where that makes no sense.
    #[error("`{found}` is below zero, which makes no sense here: write zero or more")]
    Negative {
        /// The text as written.
        found: String,
    },
}

/// Why a text names no locale.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LocaleError {
    /// Not one of the languages.
    #[error("`{found}` is not a locale that is known: write one of {}", Locale::WORDS.join(", "))]
    Unknown {
        /// The text as written.
        found: String,
    },
    /// A country that writes numbers as English does, though its language does not.
    #[error("`{found}` writes 1,000 for a thousand, as en does and its language elsewhere does not: write en")]
    MarksAsInEnglish {
        /// The text as written.
        found: String,
    },
}

impl Quantity {
    /// Reads a text as a quantity. `locale` settles `1.000` and `1,000`; `sign` says what `+` and `-` mean here.
    ///
    /// # Errors
    /// See [`QuantityError`]; [`QuantityError::NoDigits`] and [`QuantityError::Empty`] are what a placeholder gives.
    pub fn parse(text: &str, locale: Option<Locale>, sign: SignMeans) -> Result<Self, QuantityError> {
        Self::read(trimmed(text).into(), locale, sign)
    }

    /// Reads a text that has no space around it.
    ///
    /// # Errors
    /// Those of [`Quantity::parse`].
    pub(super) fn read(text: Text, locale: Option<Locale>, sign: SignMeans) -> Result<Self, QuantityError> {
        Self::plain(&text).map_or_else(|| Self::parse_any(&text, locale, sign), Ok)
    }

    /// Reads what most quantities are, and what has one reading anywhere: digits, perhaps with one or two behind a point, and then
    /// nothing, `%`, `k` or a unit of time.
    fn plain(text: &Text) -> Option<Self> {
        /// Digits that a number holds exactly, also in thousands.
        const MOST_DIGITS: usize = 12;
        let (digits, unit, times, over) = match text.as_bytes() {
            [digits @ .., b'%'] => (digits, Unit::Percent, 1.0, 100.0),
            [digits @ .., b'k'] => (digits, Unit::None, 1_000.0, 1.0),
            [.., b'a'..=b'z'] => {
                let (digits, word) = text.split_once(' ')?;
                (digits.as_bytes(), Unit::Time(time_unit(word)?), 1.0, 1.0)
            }
            digits => (digits, Unit::None, 1.0, 1.0),
        };
        let (whole, decimals) = match digits {
            [whole @ .., b'.', one] => (whole, std::slice::from_ref(one)),
            [whole @ .., b'.', _, _] => (whole, digits.get(whole.len() + 1..)?),
            whole => (whole, &[][..]),
        };
        let all = || whole.iter().chain(decimals);
        if whole.is_empty() || digits.len() > MOST_DIGITS || !all().all(u8::is_ascii_digit) {
            return None;
        }
        let number = all().fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
        // Both sides of the division are whole, so what comes of it is exact to the last digit.
        let parts = 10_f64.powi(i32::try_from(decimals.len()).ok()?);
        let number = number * times / (over * parts);
        Some(Self { amount: Amount::One(number), unit, bound: None, change: None, per: None, text: text.clone() })
    }

    fn parse_any(text: &Text, locale: Option<Locale>, sign: SignMeans) -> Result<Self, QuantityError> {
        check_digits(text)?;
        let tokens = tokens(text);
        let mut reader = Reader { text, rest: &tokens, locale, holds_money: holds_money(&tokens) };
        let written = reader.quantity()?;
        let unit = written.unit(text)?;
        let amount = written.amount(text, &unit, sign)?;
        check_size(text, amount)?;
        Ok(Self {
            amount,
            bound: written.bound,
            change: written.change(&unit.unit, sign),
            per: written.per,
            unit: unit.unit,
            text: text.clone(),
        })
    }

    /// Whether it is a level written in per cent: no change, and no bare fraction.
    pub fn is_percentage(&self) -> bool {
        self.unit == Unit::Percent && self.change.is_none()
    }

    /// As a share: a percentage, or a bare fraction up to 1. `30` is a misfit; `110%` is not (a rule judges it).
    /// No share is a thousand per cent or more, so that `1.125%` has one reading here.
    ///
    /// # Errors
    /// [`Misfit`] where it is measured in something else.
    pub fn fraction(&self) -> Result<Amount, Misfit> {
        self.level()?;
        let share = self.amount.plain();
        match self.unit {
            Unit::Percent => Ok(share),
            Unit::None if share.ends().iter().all(|end| end.abs() <= 1.0) => Ok(share),
            Unit::None => Err(Misfit::NoPercentSign { found: self.text.to_string() }),
            _ => Err(self.other_unit("a share such as 30%")),
        }
    }

    /// As money: a bare number, or an amount in the plan's currency. Any currency fits a plan that gives none.
    ///
    /// # Errors
    /// [`Misfit`] where it is measured in something else, or in another currency.
    pub fn money(&self, plan: Option<CurrencyCode>) -> Result<Amount, Misfit> {
        self.level()?;
        match (&self.unit, plan) {
            (Unit::None, _) | (Unit::Money(_), None) => Ok(self.amount),
            (Unit::Money(currency), Some(plan)) if currency.fits(plan) => Ok(self.amount),
            (Unit::Money(_), Some(plan)) => Err(Misfit::OtherCurrency { found: self.text.to_string(), plan }),
            _ => Err(self.other_unit("an amount of money such as 40k")),
        }
    }

    /// As a count: a bare number, or one with a word (see [`Quantity::counted`]).
    ///
    /// # Errors
    /// [`Misfit`] where it is measured in something else.
    pub fn count(&self) -> Result<Amount, Misfit> {
        self.level()?;
        match self.unit {
            Unit::None | Unit::Count(_) => Ok(self.amount),
            _ => Err(self.other_unit("a count such as 1,200")),
        }
    }

    /// As a ratio, such as ROAS or LTV:CAC: `4`, `4x`, `4:1` and `400%` are all 4.
    ///
    /// # Errors
    /// [`Misfit`] where it is measured in something else.
    pub fn ratio(&self) -> Result<Amount, Misfit> {
        self.level()?;
        match self.unit {
            Unit::None | Unit::Ratio | Unit::Times | Unit::Percent => Ok(self.amount),
            _ => Err(self.other_unit("a ratio such as 3:1 or 4x")),
        }
    }

    /// As working time, in `unit`: `2 days` is 16 hours of work.
    ///
    /// # Errors
    /// [`Misfit`] where it is no span of time; a bare number is none.
    pub fn work_in(&self, unit: TimeUnit, calendar: &WorkCalendar) -> Result<Amount, Misfit> {
        self.span_in(unit, |unit| calendar.hours_in(unit))
    }

    /// As time on the calendar, in `unit`: `2 days` is 48 hours. A month is a twelfth of 365.25 days.
    ///
    /// # Errors
    /// [`Misfit`] where it is no span of time; a bare number is none.
    pub fn time_in(&self, unit: TimeUnit) -> Result<Amount, Misfit> {
        self.span_in(unit, TimeUnit::calendar_hours)
    }

    /// The quantity itself, where no reading of it is below zero.
    ///
    /// # Errors
    /// [`Misfit::Negative`]
    pub fn nonnegative(&self) -> Result<&Self, Misfit> {
        if self.amount.ends().iter().any(|end| *end < 0.0) {
            return Err(Misfit::Negative { found: self.text.to_string() });
        }
        Ok(self)
    }

    /// Whether it is written with a point before three digits, which is a thousand in some languages and a fraction
    /// in others.
    #[must_use]
    pub fn has_two_forms(&self) -> bool {
        let mut points = memchr::memchr_iter(b'.', self.text.as_bytes());
        points.any(|point| self.text.get(point + 1..).is_some_and(|after| digits_length(after) == 3))
    }

    /// The word or words after a count.
    #[must_use]
    pub fn counted(&self) -> Option<&str> {
        match &self.unit {
            Unit::Count(words) => Some(words),
            _ => None,
        }
    }

    fn span_in(&self, unit: TimeUnit, hours: impl Fn(TimeUnit) -> f64) -> Result<Amount, Misfit> {
        self.level()?;
        match self.unit {
            Unit::Time(own) if own == unit => Ok(self.amount),
            Unit::Time(own) => Ok(self.amount.map(|amount| amount * hours(own) / hours(unit))),
            _ => Err(self.other_unit("a span of time such as 2 days or 6 months")),
        }
    }

    fn level(&self) -> Result<(), Misfit> {
        let found = || self.text.to_string();
        match (self.change, self.per) {
            (Some(_), _) => Err(Misfit::Change { found: found() }),
            (None, Some(per)) => Err(Misfit::PerSpan { found: found(), per }),
            (None, None) => Ok(()),
        }
    }

    fn other_unit(&self, expected: &'static str) -> Misfit {
        Misfit::OtherUnit { expected, found: self.text.to_string() }
    }
}

impl Amount {
    /// The number, or the middle of the range; none where it is unsettled.
    #[must_use]
    pub fn middle(self) -> Option<f64> {
        match self {
            Self::One(one) => Some(one),
            Self::Range { low, high } => Some(f64::midpoint(low, high)),
            Self::Unsettled { .. } | Self::UnsettledRange { .. } => None,
        }
    }

    /// The lower and the upper end, which are one where it is no range; none where it is unsettled.
    #[must_use]
    pub fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Self::One(one) => Some((one, one)),
            Self::Range { low, high } => Some((low, high)),
            Self::Unsettled { .. } | Self::UnsettledRange { .. } => None,
        }
    }

    /// Both readings of an unsettled amount: first with the point as a decimal mark, then as one between thousands.
    #[must_use]
    pub fn readings(self) -> Option<(Self, Self)> {
        let range = |(low, high)| Self::Range { low, high };
        match self {
            Self::Unsettled { plain, thousands } => Some((Self::One(plain), Self::One(thousands))),
            Self::UnsettledRange { plain, thousands } => Some((range(plain), range(thousands))),
            Self::One(_) | Self::Range { .. } => None,
        }
    }

    /// Whether it has two readings.
    #[must_use]
    pub fn is_unsettled(self) -> bool {
        self.readings().is_some()
    }

    /// The same shape with every number converted; `convert` must keep their order.
    #[must_use]
    pub fn map(self, convert: impl Fn(f64) -> f64) -> Self {
        let both = |(low, high)| (convert(low), convert(high));
        match self {
            Self::One(one) => Self::One(convert(one)),
            Self::Range { low, high } => Self::Range { low: convert(low), high: convert(high) },
            Self::Unsettled { plain, thousands } => {
                Self::Unsettled { plain: convert(plain), thousands: convert(thousands) }
            }
            Self::UnsettledRange { plain, thousands } => {
                Self::UnsettledRange { plain: both(plain), thousands: both(thousands) }
            }
        }
    }

    fn plain(self) -> Self {
        self.readings().map_or(self, |(plain, _)| plain)
    }

    /// All numbers in it, each perhaps more than once.
    fn ends(self) -> [f64; 4] {
        match self {
            Self::One(one) => [one; 4],
            Self::Range { low, high } => [low, high, low, high],
            Self::Unsettled { plain, thousands } => [plain, thousands, plain, thousands],
            Self::UnsettledRange { plain, thousands } => [plain.0, plain.1, thousands.0, thousands.1],
        }
    }
}

impl Locale {
    /// The words that a plan may give; a country may follow, as in `pt-BR` and `en_GB`.
    pub const WORDS: &[&str] = &["en", "pt", "es", "gl", "de", "pl", "fr"];

    /// Reads `en`, `pt-BR`, `en_GB`.
    ///
    /// # Errors
    /// [`LocaleError`] for another language, and for a country that writes numbers as English does.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        let tag = text.trim().to_ascii_lowercase().replace('_', "-");
        let tag = tag.split('.').next().unwrap_or_default();
        if MARKS_AS_IN_ENGLISH.contains(&tag) {
            return Err(LocaleError::MarksAsInEnglish { found: clip(text) });
        }
        match tag.split('-').next().unwrap_or_default() {
            "en" => Ok(Self::English),
            "pt" => Ok(Self::Portuguese),
            "es" => Ok(Self::Spanish),
            "gl" => Ok(Self::Galician),
            "de" => Ok(Self::German),
            "pl" => Ok(Self::Polish),
            "fr" => Ok(Self::French),
            _ => Err(LocaleError::Unknown { found: clip(text) }),
        }
    }

    /// What stands before the decimals.
    #[must_use]
    pub fn decimal_mark(self) -> char {
        if self == Self::English { '.' } else { ',' }
    }

    /// What stands between thousands in print: a no-break space in Polish, a narrow one in French (both read
    /// `1.000` as a thousand all the same). Source: Unicode CLDR.
    #[must_use]
    pub fn thousands_mark(self) -> char {
        match self {
            Self::English => ',',
            Self::Portuguese | Self::Spanish | Self::Galician | Self::German => '.',
            Self::Polish => '\u{a0}',
            Self::French => '\u{202f}',
        }
    }
}

impl Currency {
    /// Whether an amount written so can be in the plan's currency.
    #[must_use]
    pub fn fits(self, plan: CurrencyCode) -> bool {
        match self {
            Self::Exact(code) => code == plan,
            Self::Dollar => plan.is_written_with_a_dollar_sign(),
        }
    }

    /// `$40k USD` and `USD 40k..$60k` name one currency twice.
    fn agreed(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Exact(code), any) | (any, Self::Exact(code)) if any.fits(code) => Some(Self::Exact(code)),
            (Self::Dollar, Self::Dollar) => Some(Self::Dollar),
            _ => None,
        }
    }
}

impl CurrencyCode {
    /// Reads a code of ISO 4217, in either case.
    ///
    /// # Errors
    /// [`QuantityError::UnknownCurrency`]
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        Self::find(&trimmed(text).to_ascii_uppercase())
            .ok_or_else(|| QuantityError::UnknownCurrency { code: clip(text) })
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether its users write it `$`: dollars and pesos.
    #[must_use]
    pub fn is_written_with_a_dollar_sign(self) -> bool {
        DOLLARS_AND_PESOS.contains(&self.0)
    }

    fn find(upper: &str) -> Option<Self> {
        const LETTERS: usize = 3;
        let at = (upper.len() == LETTERS).then(|| CURRENCY_CODES.binary_search(&upper))?.ok()?;
        CURRENCY_CODES.get(at).map(|code| Self(code))
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl TimeUnit {
    /// Hours on the calendar. A year is 365.25 days and a month a twelfth of it.
    #[must_use]
    pub fn calendar_hours(self) -> f64 {
        match self {
            Self::Second => 1.0 / 3600.0,
            Self::Minute => 1.0 / 60.0,
            Self::Hour => 1.0,
            Self::Day => 24.0,
            Self::Week => 7.0 * 24.0,
            Self::Month => 365.25 * 24.0 / 12.0,
            Self::Quarter => 365.25 * 24.0 / 4.0,
            Self::Year => 365.25 * 24.0,
        }
    }

    /// The English word, in the singular.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Default for WorkCalendar {
    /// 8 hours a day, 5 days a week: 260 days a year.
    fn default() -> Self {
        Self::new(8.0, 5.0)
    }
}

impl WorkCalendar {
    /// With 52 weeks a year, and 52/12 a month.
    #[must_use]
    pub fn new(hours_per_day: f64, days_per_week: f64) -> Self {
        const WEEKS_PER_YEAR: f64 = 52.0;
        Self {
            hours_per_day,
            days_per_week,
            weeks_per_month: WEEKS_PER_YEAR / 12.0,
            days_per_year: WEEKS_PER_YEAR * days_per_week,
        }
    }

    /// Working hours in one of `unit`.
    #[must_use]
    pub fn hours_in(&self, unit: TimeUnit) -> f64 {
        let week = self.days_per_week * self.hours_per_day;
        match unit {
            TimeUnit::Second => 1.0 / 3600.0,
            TimeUnit::Minute => 1.0 / 60.0,
            TimeUnit::Hour => 1.0,
            TimeUnit::Day => self.hours_per_day,
            TimeUnit::Week => week,
            TimeUnit::Month => week * self.weeks_per_month,
            TimeUnit::Quarter => week * self.weeks_per_month * 3.0,
            TimeUnit::Year => self.days_per_year * self.hours_per_day,
        }
    }
}

/// The parts of a quantity as written, before units and multipliers are shared between the ends of a range.
struct Written {
    bound: Option<Bound>,
    first: Value,
    last: Option<Value>,
    per: Option<TimeUnit>,
}

/// One number with what belongs to it.
struct Value {
    sign: Option<Sign>,
    numeral: Numeral,
    /// What a ratio divides by: the 1 of `3:1`.
    against: Option<Numeral>,
    /// The power of ten of `k` or `Mio.`
    multiplier: Option<i32>,
    unit: Option<WrittenUnit>,
    /// `50+`
    open_ended: bool,
}

#[derive(Clone)]
struct WrittenUnit {
    unit: Unit,
    /// The power of ten that brings it to how the unit is stored: -2 for `%`.
    exponent: i32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

/// Digits with at most one decimal point.
struct Numeral {
    mantissa: String,
    /// The point may as well stand between thousands.
    unsettled: bool,
}

/// How the points of unsettled numerals are taken: all alike in one quantity.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PointMeans {
    Decimals,
    Thousands,
}

impl Written {
    fn unit(&self, text: &str) -> Result<WrittenUnit, QuantityError> {
        let last = self.last.as_ref().and_then(|last| last.unit.clone());
        match (self.first.unit.clone(), last) {
            (Some(first), Some(last)) => {
                first.agreed(last).ok_or_else(|| QuantityError::MixedUnits { text: clip(text) })
            }
            (Some(unit), None) | (None, Some(unit)) => Ok(unit),
            (None, None) => Ok(WrittenUnit { unit: Unit::None, exponent: 0 }),
        }
    }

    fn change(&self, unit: &Unit, sign: SignMeans) -> Option<Change> {
        if sign == SignMeans::Negative || self.first.sign.is_none() {
            return None;
        }
        Some(match unit {
            Unit::Percent => Change::Relative,
            Unit::Points => Change::Points,
            _ => Change::Units,
        })
    }

    fn amount(&self, text: &str, unit: &WrittenUnit, sign: SignMeans) -> Result<Amount, QuantityError> {
        let Some(last) = &self.last else {
            return self.first.amount(text, unit);
        };
        if self.bound.is_some() {
            return Err(QuantityError::BoundedRange { text: clip(text) });
        }
        if sign == SignMeans::Change && self.has_one_signed_end(last) {
            return Err(QuantityError::OneSignedEnd { text: clip(text) });
        }
        self.first.range_to(last, text, unit)
    }

    /// A plus on the first end goes for both: `+10–20%`.
    fn has_one_signed_end(&self, last: &Value) -> bool {
        matches!((self.first.sign, last.sign), (Some(Sign::Minus), None) | (None, Some(_)))
    }
}

impl WrittenUnit {
    fn agreed(self, other: Self) -> Option<Self> {
        match (&self.unit, &other.unit) {
            (Unit::Money(one), Unit::Money(another)) => {
                Some(Self { unit: Unit::Money(one.agreed(*another)?), exponent: 0 })
            }
            (one, another) => (one == another).then_some(self),
        }
    }
}

impl Value {
    fn amount(&self, text: &str, unit: &WrittenUnit) -> Result<Amount, QuantityError> {
        let plain = self.number(text, self.multiplier, unit, PointMeans::Decimals)?;
        if !self.is_unsettled() {
            return Ok(Amount::One(plain));
        }
        let thousands = self.number(text, self.multiplier, unit, PointMeans::Thousands)?;
        Ok(Amount::Unsettled { plain, thousands })
    }

    /// The points of both ends mean the same thing; where only one meaning puts the lower end first, it is that one.
    fn range_to(&self, last: &Self, text: &str, unit: &WrittenUnit) -> Result<Amount, QuantityError> {
        let plain = self.ends_to(last, text, unit, PointMeans::Decimals)?;
        let thousands = if self.is_unsettled() || last.is_unsettled() {
            self.ends_to(last, text, unit, PointMeans::Thousands)?
        } else {
            None
        };
        match (plain, thousands) {
            (Some(plain), Some(thousands)) => Ok(Amount::UnsettledRange { plain, thousands }),
            // A range without width is a number.
            (Some((low, high)), None) | (None, Some((low, high))) if low == high => Ok(Amount::One(low)),
            (Some((low, high)), None) | (None, Some((low, high))) => Ok(Amount::Range { low, high }),
            (None, None) => Err(QuantityError::BackwardRange { text: clip(text) }),
        }
    }

    /// Both ends, where the lower is first. The last one's multiplier goes for both (`40–60k`), unless only
    /// without it is the lower end first (`850..1.2k`).
    fn ends_to(
        &self,
        last: &Self,
        text: &str,
        unit: &WrittenUnit,
        point: PointMeans,
    ) -> Result<Option<(f64, f64)>, QuantityError> {
        let high = last.number(text, last.multiplier, unit, point)?;
        for multiplier in [self.multiplier.or(last.multiplier), self.multiplier] {
            let low = self.number(text, multiplier, unit, point)?;
            if low <= high {
                return Ok(Some((low, high)));
            }
        }
        Ok(None)
    }

    fn number(
        &self,
        text: &str,
        multiplier: Option<i32>,
        unit: &WrittenUnit,
        point: PointMeans,
    ) -> Result<f64, QuantityError> {
        let of_unit = self.unit.as_ref().unwrap_or(unit).exponent;
        let numerator = self.numeral.times_ten_to(multiplier.unwrap_or(0) + of_unit, point);
        let against = self.against.as_ref().map_or(1.0, |against| against.times_ten_to(0, point));
        if against == 0.0 {
            return Err(QuantityError::RatioToZero { text: clip(text) });
        }
        let number = numerator / against;
        // Adding zero keeps `-0` from being printed with a sign.
        Ok(if self.sign == Some(Sign::Minus) { -number + 0.0 } else { number })
    }

    /// `1.500:2.000` is one ratio either way.
    fn is_unsettled(&self) -> bool {
        self.numeral.unsettled != self.against.as_ref().is_some_and(|against| against.unsettled)
    }
}

impl Numeral {
    /// Shifting in decimal, before the number becomes binary, keeps `4.35k` and `30%` exact to the last digit.
    fn times_ten_to(&self, exponent: i32, point: PointMeans) -> f64 {
        let by_point = if self.unsettled && point == PointMeans::Thousands { 3 } else { 0 };
        let number = match exponent + by_point {
            0 => self.mantissa.parse(),
            exponent => format!("{}e{exponent}", self.mantissa).parse(),
        };
        number.unwrap_or(f64::INFINITY)
    }

    fn parse(text: &str, locale: Option<Locale>) -> Result<Self, QuantityError> {
        let marks = Marks::of(text, locale);
        let (whole, decimals) = match marks {
            Marks::Decimal(mark) | Marks::Unsettled(mark) => text.rsplit_once(mark).unwrap_or((text, "")),
            Marks::Grouping => (text, ""),
        };
        if !is_grouped_in_threes(whole) || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(QuantityError::BadGrouping { number: clip(text) });
        }
        let mut mantissa = String::with_capacity(text.len() + ".0".len());
        mantissa.extend(whole.chars().filter(char::is_ascii_digit));
        mantissa.push('.');
        mantissa.push_str(decimals);
        mantissa.push('0');
        Ok(Self { mantissa, unsettled: matches!(marks, Marks::Unsettled(_)) })
    }
}

/// What the marks inside a numeral do.
#[derive(Clone, Copy)]
enum Marks {
    /// The last of this mark stands before the decimals; any others stand between thousands.
    Decimal(char),
    /// All of them stand between thousands.
    Grouping,
    /// This one may do either.
    Unsettled(char),
}

impl Marks {
    fn of(text: &str, locale: Option<Locale>) -> Self {
        let points = text.matches('.').count();
        let commas = text.matches(',').count();
        let other = text.chars().any(|mark| !mark.is_ascii_digit() && mark != '.' && mark != ',');
        match (points, commas) {
            (0, 0) => Self::Grouping,
            (1, 0) if other => Self::Decimal('.'),
            (0, 1) if other => Self::Decimal(','),
            (1, 0) => Self::of_single('.', text, locale),
            (0, 1) => Self::of_single(',', text, locale),
            (_, 0) | (0, _) => Self::Grouping,
            _ if text.rfind('.') > text.rfind(',') => Self::Decimal('.'),
            _ => Self::Decimal(','),
        }
    }

    fn of_single(mark: char, text: &str, locale: Option<Locale>) -> Self {
        let (whole, after) = text.split_once(mark).unwrap_or((text, ""));
        let could_group = after.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
        match locale {
            _ if !could_group => Self::Decimal(mark),
            Some(locale) if locale.decimal_mark() == mark => Self::Decimal(mark),
            Some(_) => Self::Grouping,
            None if mark == '.' => Self::Unsettled(mark),
            None => Self::Grouping,
        }
    }
}

/// Whether one and the same mark stands before every three digits; no mark at all is as good.
fn is_grouped_in_threes(whole: &str) -> bool {
    let mut marks = whole.chars().filter(|mark| !mark.is_ascii_digit()).map(same_mark);
    let Some(mark) = marks.next() else {
        return true;
    };
    let mut groups = whole.split(|mark: char| !mark.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    marks.all(|other| other == mark)
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3)
}

fn same_mark(mark: char) -> char {
    match mark {
        '’' => '\'',
        space if space.is_whitespace() => ' ',
        other => other,
    }
}

fn check_digits(text: &str) -> Result<(), QuantityError> {
    if text.is_empty() {
        return Err(QuantityError::Empty);
    }
    let unsigned = text.trim_start_matches(['+', '-', '−']).trim_start_matches('.');
    if ["nan", "inf", "infinity", "∞"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return Err(QuantityError::NotFinite { text: clip(text) });
    }
    let other = text.chars().find(|digit| digit.is_numeric() && !digit.is_ascii_digit());
    if let Some(digit) = other {
        return Err(QuantityError::OtherDigits { digit });
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(QuantityError::NoDigits { text: clip(text) });
    }
    Ok(())
}

fn check_size(text: &str, amount: Amount) -> Result<(), QuantityError> {
    if amount.ends().iter().all(|end| end.abs() <= LARGEST_AMOUNT) {
        return Ok(());
    }
    Err(QuantityError::TooLarge { text: clip(text) })
}

/// Enough of a text to know it by: an error does not repeat a page.
pub(super) fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A number, a run of letters, or a single sign.
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    /// Where it begins in the whole text, in bytes.
    start: usize,
    /// Whether space stands before it.
    spaced: bool,
    /// A word in lower case without accents; of other kinds, nothing.
    folded: Cow<'t, str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Sign(char),
    /// `..`
    Dots,
}

impl Token<'_> {
    fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut from = 0;
    while let Some(rest) = text.get(from..) {
        let token = rest.trim_start();
        let Some((kind, length)) = next_token(token) else {
            break;
        };
        let start = from + rest.len() - token.len();
        let token = token.get(..length).unwrap_or(token);
        tokens.push(Token {
            kind,
            text: token,
            start,
            spaced: start > from,
            folded: if kind == Kind::Word { fold(token) } else { Cow::Borrowed("") },
        });
        from = start + token.len();
    }
    tokens
}

fn next_token(text: &str) -> Option<(Kind, usize)> {
    let first = text.chars().next()?;
    if text.starts_with("..") {
        return Some((Kind::Dots, 2));
    }
    let numeral = numeral_length(text);
    if numeral > 0 {
        return Some((Kind::Number, numeral));
    }
    if first.is_alphabetic() {
        return Some((Kind::Word, word_length(text)));
    }
    Some((Kind::Sign(first), first.len_utf8()))
}

/// A space belongs to a number where exactly three digits follow it and no decimals have begun.
fn numeral_length(text: &str) -> usize {
    let mut length = digits_length(text);
    if length == 0 && !text.starts_with('.') {
        return 0;
    }
    let mut spaces_allowed = true;
    while let Some(rest) = text.get(length..) {
        let Some(mark) = rest.chars().next() else {
            break;
        };
        let digits = digits_length(rest.get(mark.len_utf8()..).unwrap_or_default());
        let goes_on = match mark {
            '.' | ',' | '_' | '\'' | '’' => digits > 0,
            '\n' | '\r' | '\t' => false,
            space if space.is_whitespace() => digits == 3 && spaces_allowed,
            _ => false,
        };
        if !goes_on {
            break;
        }
        spaces_allowed &= mark != '.' && mark != ',';
        length += mark.len_utf8() + digits;
    }
    length
}

fn digits_length(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Letters, and a hyphen or an apostrophe between letters: `sign-ups`, `d'euros`.
fn word_length(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let between =
            matches!(letter, '-' | '\'' | '’' | '&') && letters.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let combining = ('\u{300}'..='\u{36f}').contains(&letter);
        if !letter.is_alphabetic() && !combining && !between {
            return at;
        }
    }
    text.len()
}

fn fold(word: &str) -> Cow<'_, str> {
    let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if word.bytes().all(is_folded) { Cow::Borrowed(word) } else { Cow::Owned(deunicode(word).to_ascii_lowercase()) }
}

fn holds_money(tokens: &[Token<'_>]) -> bool {
    let mut rest = tokens;
    while let Some((_, after)) = rest.split_first() {
        if currency_at(rest).is_some() {
            return true;
        }
        rest = after;
    }
    false
}

/// Reads the tokens from first to last; each function takes what it recognises and leaves the rest.
struct Reader<'t> {
    text: &'t str,
    rest: &'t [Token<'t>],
    locale: Option<Locale>,
    /// Whether a currency stands anywhere in the text, which makes `m` a million.
    holds_money: bool,
}

impl<'t> Reader<'t> {
    fn quantity(&mut self) -> Result<Written, QuantityError> {
        let bound = self.bound();
        let first = self.value()?;
        let last = if self.range_mark() { Some(self.value()?) } else { None };
        let per = self.per();
        let open = first.open_ended || last.as_ref().is_some_and(|last| last.open_ended);
        if !self.rest.is_empty() || (open && bound.is_some()) {
            return Err(self.unreadable());
        }
        Ok(Written { bound: if open { Some(Bound::AtLeast) } else { bound }, first, last, per })
    }

    fn bound(&mut self) -> Option<Bound> {
        let (bound, length) = bound_at(self.rest)?;
        self.skip(length);
        self.abbreviation_point();
        Some(bound)
    }

    fn value(&mut self) -> Result<Value, QuantityError> {
        let sign = self.sign();
        let money = self.leading_money()?;
        let sign = sign.or_else(|| self.sign());
        let times = self.leading_times();
        let numeral = self.numeral()?;
        let against = if money.is_none() && !times { self.against()? } else { None };
        let bare = money.is_none() && !times && against.is_none();
        let (multiplier, money) = match self.multiplied_money().filter(|_| bare) {
            Some((exponent, own)) => {
                self.skip(1);
                (Some(exponent), Some(own))
            }
            None if against.is_some() => (None, None),
            None => (self.multiplier()?, money),
        };
        let mut open_ended = self.open_end();
        let unit = match (money, times, &against) {
            (Some(money), _, _) => Some(self.money_again(money)?),
            (None, true, _) => Some(Unit::Times.into()),
            (None, false, Some(_)) => Some(Unit::Ratio.into()),
            (None, false, None) => self.trailing_unit()?,
        };
        open_ended |= self.open_end();
        Ok(Value { sign, numeral, against, multiplier, unit, open_ended })
    }

    fn sign(&mut self) -> Option<Sign> {
        let sign = match self.rest.first()?.kind {
            Kind::Sign('+') => Sign::Plus,
            // Editors turn a hyphen into either of the other two.
            Kind::Sign('-' | '−' | '–') => Sign::Minus,
            _ => return None,
        };
        self.skip(1);
        Some(sign)
    }

    fn leading_money(&mut self) -> Result<Option<Currency>, QuantityError> {
        let Some((currency, length)) = self.currency()? else {
            return match self.rest {
                [word, number, ..] if is_code_shaped(word) && number.kind == Kind::Number => {
                    Err(QuantityError::UnknownCurrency { code: word.text.to_owned() })
                }
                _ => Ok(None),
            };
        };
        self.skip(length);
        Ok(Some(currency))
    }

    fn leading_times(&mut self) -> bool {
        let times = matches!(self.rest, [times, number, ..] if is_times(times) && number.kind == Kind::Number);
        self.skip(usize::from(times));
        times
    }

    fn numeral(&mut self) -> Result<Numeral, QuantityError> {
        match self.rest.first() {
            Some(token) if token.kind == Kind::Number => {
                let numeral = Numeral::parse(token.text, self.locale)?;
                self.skip(1);
                Ok(numeral)
            }
            _ => Err(self.unreadable()),
        }
    }

    fn against(&mut self) -> Result<Option<Numeral>, QuantityError> {
        if !self.rest.first().is_some_and(|token| token.is_sign(':')) {
            return Ok(None);
        }
        self.skip(1);
        self.numeral().map(Some)
    }

    fn multiplier(&mut self) -> Result<Option<i32>, QuantityError> {
        let Some(token) = self.rest.first().filter(|token| token.kind == Kind::Word) else {
            return Ok(None);
        };
        if self.begins_thousand_million() {
            self.skip(2);
            self.linking_of();
            return Ok(Some(9));
        }
        // The B of `B2B` begins a word.
        if matches!(self.rest, [_, next, ..] if next.kind == Kind::Number && !next.spaced) {
            return Ok(None);
        }
        let Some(exponent) = self.multiplier_of(token)? else {
            return Ok(None);
        };
        self.skip(1);
        self.abbreviation_point();
        self.linking_of();
        Ok(Some(exponent))
    }

    /// `kEUR`, `MUSD`, and `TEUR`, which is a thousand euros in German accounts.
    fn multiplied_money(&self) -> Option<(i32, Currency)> {
        let word = self.rest.first().filter(|token| token.kind == Kind::Word)?.text;
        let exponent = match word.chars().next()? {
            'k' | 'K' => 3,
            'T' if word == "TEUR" => 3,
            'M' => 6,
            _ => return None,
        };
        let currency = exact(word.get(1..)?)?;
        Some((exponent, currency))
    }

    /// `2 mil millones` is how Spanish and Portuguese say a billion.
    fn begins_thousand_million(&self) -> bool {
        matches!(self.rest, [mil, million, ..]
            if mil.folded == "mil" && million.folded.starts_with("mil") && MILLION.contains(&&*million.folded))
    }

    fn multiplier_of(&self, token: &Token<'_>) -> Result<Option<i32>, QuantityError> {
        let word = &*token.folded;
        let iberian = matches!(self.locale, Some(Locale::Portuguese | Locale::Spanish | Locale::Galician));
        let short_scale = matches!(self.locale, None | Some(Locale::English));
        let exponent = match token.text {
            "k" | "K" => 3,
            "M" => 6,
            "b" | "B" => 9,
            "m" if self.holds_money => 6,
            "m" => {
                return Err(ambiguous(token, "a million or a month", "M for a million, or months"));
            }
            // German accounts: T€ is a thousand euros.
            "T" if matches!(self.rest, [_, euro, ..] if euro.is_sign('€')) => 3,
            _ if word == "mil" && iberian => 3,
            _ if word == "mil" => {
                return Err(ambiguous(
                    token,
                    "a thousand (pt, es, gl) or a million (en)",
                    "k or M, or give the plan its locale",
                ));
            }
            _ if word == "billion" && short_scale => 9,
            _ if word.starts_with("billion") || word.starts_with("billon") => {
                return Err(ambiguous(token, "a thousand million or a million million", "bn, or the number in M"));
            }
            _ if THOUSAND.contains(&word) => 3,
            _ if MILLION.contains(&word) => 6,
            _ if THOUSAND_MILLION.contains(&word) => 9,
            // Elsewhere `3 MM` and `6 MD` are months and days of somebody's work.
            _ if self.holds_money && matches!(word, "mi" | "mm") => 6,
            _ if self.holds_money && matches!(word, "bi" | "md" | "mds") => 9,
            _ => return Ok(None),
        };
        Ok(Some(exponent))
    }

    /// The `de` of `2 millones de euros`.
    fn linking_of(&mut self) {
        let linked = matches!(self.rest, [of, word, ..] if of.folded == "de" && word.kind == Kind::Word);
        self.skip(usize::from(linked));
    }

    /// The `+` of `50+ seats`.
    fn open_end(&mut self) -> bool {
        let open = match self.rest {
            [plus] => plus.is_sign('+') && !plus.spaced,
            [plus, next, ..] => plus.is_sign('+') && !plus.spaced && next.kind != Kind::Number,
            [] => false,
        };
        self.skip(usize::from(open));
        open
    }

    /// The same currency may follow as well: `$40k USD`.
    fn money_again(&mut self, money: Currency) -> Result<WrittenUnit, QuantityError> {
        let Some((again, length)) = self.currency()? else {
            return Ok(Unit::Money(money).into());
        };
        let agreed = money.agreed(again).ok_or_else(|| QuantityError::MixedUnits { text: clip(self.text) })?;
        self.skip(length);
        Ok(Unit::Money(agreed).into())
    }

    fn trailing_unit(&mut self) -> Result<Option<WrittenUnit>, QuantityError> {
        if let Some((currency, length)) = self.currency()? {
            self.skip(length);
            return Ok(Some(Unit::Money(currency).into()));
        }
        if let Some((unit, length)) = self.phrase_unit() {
            self.skip(length);
            self.abbreviation_point();
            return Ok(Some(unit));
        }
        Ok(self.counted_words().map(|words| Unit::Count(words).into()))
    }

    fn currency(&self) -> Result<Option<(Currency, usize)>, QuantityError> {
        match self.rest.first() {
            Some(token) if token.is_sign('¥') => Err(ambiguous(token, "JPY or CNY", "the code")),
            Some(token) if token.folded == "kr" => Err(ambiguous(token, "SEK, NOK, DKK or ISK", "the code")),
            _ => Ok(currency_at(self.rest)),
        }
    }

    /// A unit that is a sign or a fixed phrase, and how many tokens it takes.
    fn phrase_unit(&self) -> Option<(WrittenUnit, usize)> {
        let first = self.rest.first()?;
        if first.is_sign('%') {
            let points = self.rest.get(1).is_some_and(|next| is_points(&next.folded));
            return Some(if points { (points_of(-2), 2) } else { (percent(), 1) });
        }
        if is_times(first) {
            return Some((Unit::Times.into(), 1));
        }
        if let [p, point, again, ..] = self.rest
            && p.folded == "p"
            && point.is_sign('.')
            && again.folded == "p"
        {
            return Some((points_of(-2), 3));
        }
        if let Some(length) = longest_phrase(self.rest, PERCENTAGE_POINTS) {
            return Some((points_of(-2), length));
        }
        if let Some(length) = longest_phrase(self.rest, PERCENT) {
            return Some((percent(), length));
        }
        if first.folded == "bp" || first.folded == "bps" {
            return Some((points_of(-4), 1));
        }
        time_unit(&first.folded).map(|unit| (Unit::Time(unit).into(), 1))
    }

    /// Words up to the end or to a `per month`, as they stand in the text.
    fn counted_words(&mut self) -> Option<String> {
        let first = self.rest.first().filter(|token| token.kind == Kind::Word && token.spaced)?;
        let mut end = first.start;
        while let Some(token) = self.rest.first() {
            // The 2 of `B2B`.
            let inside = token.kind == Kind::Number && !token.spaced;
            if per_at(self.rest).is_some() || !(token.kind == Kind::Word || inside) {
                break;
            }
            end = token.end();
            self.skip(1);
        }
        self.text.get(first.start..end).filter(|words| !words.is_empty()).map(str::to_owned)
    }

    fn range_mark(&mut self) -> bool {
        let is_mark = self.rest.first().is_some_and(|token| {
            matches!(token.kind, Kind::Dots | Kind::Sign('…' | '-' | '−' | '–' | '—' | '‒' | '‑'))
        });
        self.skip(usize::from(is_mark));
        is_mark
    }

    fn per(&mut self) -> Option<TimeUnit> {
        let (unit, length) = per_at(self.rest)?;
        self.skip(length);
        self.abbreviation_point();
        Some(unit)
    }

    /// The point of `Mio.` and `tys.`
    fn abbreviation_point(&mut self) {
        let point = self.rest.first().is_some_and(|token| token.is_sign('.') && !token.spaced);
        self.skip(usize::from(point));
    }

    fn skip(&mut self, tokens: usize) {
        self.rest = self.rest.get(tokens..).unwrap_or_default();
    }

    fn unreadable(&self) -> QuantityError {
        let from = self.rest.first().map_or(0, |token| token.start);
        QuantityError::Unreadable { rest: clip(self.text.get(from..).unwrap_or(self.text)) }
    }
}

impl From<Unit> for WrittenUnit {
    fn from(unit: Unit) -> Self {
        Self { unit, exponent: 0 }
    }
}

fn percent() -> WrittenUnit {
    WrittenUnit { unit: Unit::Percent, exponent: -2 }
}

fn points_of(exponent: i32) -> WrittenUnit {
    WrittenUnit { unit: Unit::Points, exponent }
}

fn ambiguous(token: &Token<'_>, could_be: &'static str, instead: &'static str) -> QuantityError {
    QuantityError::Ambiguous { word: token.text.to_owned(), could_be, instead }
}

fn bound_at(tokens: &[Token<'_>]) -> Option<(Bound, usize)> {
    if let [sign, equal, ..] = tokens
        && equal.is_sign('=')
        && !equal.spaced
    {
        match sign.kind {
            Kind::Sign('>') => return Some((Bound::AtLeast, 2)),
            Kind::Sign('<') => return Some((Bound::AtMost, 2)),
            _ => {}
        }
    }
    match tokens.first()?.kind {
        Kind::Sign('>') => return Some((Bound::Over, 1)),
        Kind::Sign('<') => return Some((Bound::Under, 1)),
        Kind::Sign('≥' | '⩾') => return Some((Bound::AtLeast, 1)),
        Kind::Sign('≤' | '⩽') => return Some((Bound::AtMost, 1)),
        _ => {}
    }
    [(Bound::AtLeast, AT_LEAST), (Bound::AtMost, AT_MOST), (Bound::Over, OVER), (Bound::Under, UNDER)]
        .into_iter()
        .find_map(|(bound, phrases)| longest_phrase(tokens, phrases).map(|length| (bound, length)))
}

/// The words of the longest of the phrases that the tokens begin with.
fn longest_phrase(tokens: &[Token<'_>], phrases: &[&str]) -> Option<usize> {
    let first = &tokens.first().filter(|token| token.kind == Kind::Word)?.folded;
    let words = |phrase: &str| {
        let mut own = tokens.iter().map(|token| &*token.folded);
        phrase.split(' ').try_fold(0, |words, word| (own.next() == Some(word)).then_some(words + 1))
    };
    // Most phrases begin otherwise.
    phrases.iter().filter(|phrase| phrase.starts_with(&**first)).filter_map(|phrase| words(phrase)).max()
}

/// A currency at the head of the tokens, and how many of them it takes.
fn currency_at(tokens: &[Token<'_>]) -> Option<(Currency, usize)> {
    let first = tokens.first()?;
    if let [country, dollar, ..] = tokens
        && dollar.is_sign('$')
        && !dollar.spaced
        && let Some((_, code)) = COUNTRY_DOLLARS.iter().find(|(name, _)| *name == country.text)
    {
        return exact(code).map(|currency| (currency, 2));
    }
    let currency = match first.kind {
        Kind::Sign('$') => Some(Currency::Dollar),
        Kind::Sign(sign) => exact(CURRENCY_SIGNS.iter().find(|(own, _)| *own == sign)?.1),
        Kind::Word => currency_word(first),
        Kind::Number | Kind::Dots => None,
    };
    currency.map(|currency| (currency, 1))
}

fn currency_word(word: &Token<'_>) -> Option<Currency> {
    if let Some(code) = CurrencyCode::find(word.text) {
        return Some(Currency::Exact(code));
    }
    let (_, code) = CURRENCY_WORDS.iter().find(|(names, _)| names.contains(&&*word.folded))?;
    exact(code)
}

fn exact(code: &str) -> Option<Currency> {
    CurrencyCode::find(code).map(Currency::Exact)
}

fn is_code_shaped(token: &Token<'_>) -> bool {
    token.text.len() == 3 && token.text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_times(token: &Token<'_>) -> bool {
    token.is_sign('×') || TIMES.contains(&&*token.folded)
}

fn is_points(folded: &str) -> bool {
    matches!(folded, "point" | "points" | "pts")
}

/// `/month`, `per week`, `a la semana`, and how many tokens it takes.
fn per_at(tokens: &[Token<'_>]) -> Option<(TimeUnit, usize)> {
    let [first, second, ..] = tokens else {
        return None;
    };
    if let Some(third) = tokens.get(2)
        && first.folded == "a"
        && second.folded == "la"
    {
        return time_unit(&third.folded).map(|unit| (unit, 3));
    }
    if first.is_sign('/') || PER.contains(&&*first.folded) {
        return time_unit(&second.folded).map(|unit| (unit, 2));
    }
    None
}

fn time_unit(folded: &str) -> Option<TimeUnit> {
    let word = folded.strip_prefix("person-").unwrap_or(folded);
    TIME_WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(unit, _)| *unit)
}

/// Countries whose CLDR marks are those of English though their language's are not.
#[rustfmt::skip]
const MARKS_AS_IN_ENGLISH: &[&str] = &[
    "es-mx", "es-us", "es-pr", "es-gt", "es-hn", "es-ni", "es-pa", "es-sv", "es-do", "es-pe", "es-cu", "de-ch",
    "de-li",
];

// The words below are in lower case and without accents, as `fold` leaves them. Tables are kept packed, so that a
// whole language can be seen at once.

#[rustfmt::skip]
const AT_LEAST: &[&str] = &[
    "at least", "min", "minimum", "no less than", "not less than", "no fewer than", "minimo", "no minimo",
    "como minimo", "pelo menos", "polo menos", "ao menos", "al menos", "por lo menos", "mindestens",
    "wenigstens", "co najmniej", "przynajmniej", "minimalnie", "nie mniej niz", "au moins", "au minimum",
];

#[rustfmt::skip]
const AT_MOST: &[&str] = &[
    "at most", "up to", "max", "maximum", "no more than", "not more than", "maximo", "no maximo", "como maximo",
    "ate", "ata", "hasta", "a lo sumo", "hochstens", "hoechstens", "maximal", "bis zu", "co najwyzej",
    "maksymalnie", "maksimum", "nie wiecej niz", "au plus", "au maximum", "jusqu'a",
];

#[rustfmt::skip]
const OVER: &[&str] = &[
    "over", "above", "more than", "greater than", "mais de", "acima de", "mas de", "por encima de", "mais que",
    "uber", "ueber", "mehr als", "ponad", "powyzej", "wiecej niz", "plus de", "au-dessus de",
];

#[rustfmt::skip]
const UNDER: &[&str] = &[
    "under", "below", "less than", "fewer than", "menos de", "abaixo de", "por debajo de", "unter",
    "weniger als", "ponizej", "mniej niz", "moins de", "en dessous de", "au-dessous de",
];

#[rustfmt::skip]
const THOUSAND: &[&str] = &[
    "thousand", "tsd", "tausend", "tys", "tysiac", "tysiace", "tysiecy", "mille",
];

#[rustfmt::skip]
const MILLION: &[&str] = &[
    "mn", "mln", "mio", "million", "millions", "milhao", "milhoes", "millon", "millones", "millons",
    "millionen", "milion", "miliony", "milionow",
];

#[rustfmt::skip]
const THOUSAND_MILLION: &[&str] = &[
    "bn", "bilhao", "bilhoes", "mld", "mrd", "milliarde", "milliarden", "milliard", "milliards", "miliard",
    "miliardy", "miliardow",
];

#[rustfmt::skip]
const PERCENT: &[&str] = &[
    "percent", "per cent", "pct", "por cento", "por ciento", "prozent", "procent", "pour cent",
];

#[rustfmt::skip]
const PERCENTAGE_POINTS: &[&str] = &[
    "pp", "ppt", "percentage point", "percentage points", "pontos percentuais", "ponto percentual",
    "puntos porcentuales", "punto porcentual", "puntos porcentuais", "prozentpunkt", "prozentpunkte",
    "prozentpunkten", "punkt procentowy", "punkty procentowe", "punktow procentowych", "point de pourcentage",
    "points de pourcentage",
];

#[rustfmt::skip]
const TIMES: &[&str] = &[
    "x", "times", "vezes", "veces", "mal", "razy", "fois",
];

const PER: &[&str] =
    &["per", "a", "an", "each", "every", "por", "ao", "al", "cada", "pro", "je", "im", "par", "na", "au"];

#[rustfmt::skip]
const TIME_WORDS: &[(TimeUnit, &[&str])] = &[
    (TimeUnit::Second, &[
        "s", "sec", "secs", "second", "seconds", "segundo", "segundos", "sekunde", "sekunden", "sekunda",
        "sekundy", "sekund", "seconde", "secondes",
    ]),
    (TimeUnit::Minute, &[
        "min", "mins", "minute", "minutes", "minuto", "minutos", "minuten", "minuta", "minuty", "minut",
    ]),
    (TimeUnit::Hour, &[
        "h", "hr", "hrs", "hour", "hours", "hora", "horas", "stunde", "stunden", "std", "godz", "godzina",
        "godziny", "godzin", "heure", "heures",
    ]),
    (TimeUnit::Day, &[
        "d", "day", "days", "dia", "dias", "tag", "tage", "tagen", "dzien", "dni", "jour", "jours",
    ]),
    (TimeUnit::Week, &[
        "w", "wk", "wks", "week", "weeks", "semana", "semanas", "woche", "wochen", "tydzien", "tygodnie",
        "tygodni", "semaine", "semaines",
    ]),
    (TimeUnit::Month, &[
        "mo", "mos", "month", "months", "mes", "meses", "monat", "monate", "monaten", "miesiac", "miesiace",
        "miesiecy", "mois",
    ]),
    (TimeUnit::Quarter, &[
        "quarter", "quarters", "trimestre", "trimestres", "quartal", "quartale", "quartalen", "kwartal",
        "kwartaly", "kwartalow",
    ]),
    (TimeUnit::Year, &[
        "y", "yr", "yrs", "year", "years", "ano", "anos", "jahr", "jahre", "jahren", "rok", "lata", "lat", "an",
        "ans", "annee", "annees",
    ]),
];

/// Signs that name one currency. `¥` and `kr` name several, and `$` is the plan's own.
const CURRENCY_SIGNS: &[(char, &str)] =
    &[('€', "EUR"), ('£', "GBP"), ('₹', "INR"), ('₺', "TRY"), ('₪', "ILS"), ('₴', "UAH")];

/// What stands before a `$` that names one currency.
const COUNTRY_DOLLARS: &[(&str, &str)] =
    &[("R", "BRL"), ("US", "USD"), ("CA", "CAD"), ("AU", "AUD"), ("NZ", "NZD"), ("HK", "HKD")];

/// Names of currencies, and the codes that are safe to read in lower case: `all`, `top` and `try` are words.
const CURRENCY_WORDS: &[(&[&str], &str)] = &[
    (&["eur", "euro", "euros", "d'euros"], "EUR"),
    (&["usd"], "USD"),
    (&["gbp"], "GBP"),
    (&["chf"], "CHF"),
    (&["brl", "reais"], "BRL"),
    (&["pln", "zl", "zloty", "zlote", "zlotych"], "PLN"),
    (&["kc"], "CZK"),
];

/// Dollars and pesos, which their users write with a bare `$`.
#[rustfmt::skip]
const DOLLARS_AND_PESOS: &[&str] = &[
    "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "CUP", "DOP", "FJD", "GYD", "HKD",
    "JMD", "KYD", "LRD", "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD", "UYU", "XCD",
];

/// ISO 4217, list one, in order, without metals, funds and testing codes. ANG (until 2025) and BGN (until 2026) are kept
/// for plans of those years.
#[rustfmt::skip]
const CURRENCY_CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD",
    "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Quantity {
        Quantity::parse(text, None, SignMeans::Negative).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn read_in(locale: Locale, text: &str) -> Quantity {
        Quantity::parse(text, Some(locale), SignMeans::Negative).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn read_change(text: &str) -> Quantity {
        Quantity::parse(text, None, SignMeans::Change).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn error(text: &str) -> QuantityError {
        Quantity::parse(text, None, SignMeans::Change)
            .map(|quantity| panic!("{text} was read as {quantity:?}"))
            .unwrap_err()
    }

    fn one(text: &str) -> f64 {
        match read(text).amount {
            Amount::One(one) => one,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn range(text: &str) -> (f64, f64) {
        match read(text).amount {
            Amount::Range { low, high } => (low, high),
            other => panic!("{text}: {other:?}"),
        }
    }

    fn euros() -> Unit {
        Unit::Money(Currency::Exact(CurrencyCode::parse("EUR").unwrap()))
    }

    fn code(text: &str) -> CurrencyCode {
        CurrencyCode::parse(text).unwrap()
    }

    #[test]
    fn every_form_of_the_reference_is_read() {
        let cases: &[(&str, f64, Unit)] = &[
            ("30%", 0.30, Unit::Percent),
            ("1000", 1000.0, Unit::None),
            ("1,000", 1000.0, Unit::None),
            ("1_000", 1000.0, Unit::None),
            ("1 000", 1000.0, Unit::None),
            ("1.2M", 1_200_000.0, Unit::None),
            ("250k", 250_000.0, Unit::None),
            ("2 mln", 2_000_000.0, Unit::None),
            ("3 Mio.", 3_000_000.0, Unit::None),
            ("€40k", 40_000.0, euros()),
            ("40k €", 40_000.0, euros()),
            ("EUR 40k", 40_000.0, euros()),
            ("40k EUR", 40_000.0, euros()),
            ("R$ 400k", 400_000.0, Unit::Money(Currency::Exact(code("BRL")))),
            ("3:1", 3.0, Unit::Ratio),
            ("4x", 4.0, Unit::Times),
            ("12 months", 12.0, Unit::Time(TimeUnit::Month)),
            ("20 minutes", 20.0, Unit::Time(TimeUnit::Minute)),
            ("50 leads", 50.0, Unit::Count("leads".into())),
            ("1.000.000", 1_000_000.0, Unit::None),
            ("12,5 %", 0.125, Unit::Percent),
            ("9,600", 9600.0, Unit::None),
            ("1.8%", 0.018, Unit::Percent),
            ("260 days", 260.0, Unit::Time(TimeUnit::Day)),
        ];
        for (text, amount, unit) in cases {
            let quantity = read(text);
            assert_eq!((quantity.amount, &quantity.unit), (Amount::One(*amount), unit), "{text}");
            assert_eq!((quantity.bound, quantity.change, quantity.per), (None, None, None), "{text}");
        }
        assert_eq!(read("4/month").per, Some(TimeUnit::Month));
    }

    #[test]
    fn a_point_with_three_digits_has_two_readings() {
        for (text, plain) in [("1.000", 1.0), ("€1.000", 1.0), ("12.500", 12.5), ("999.001 leads", 999.001)] {
            let expected = Amount::Unsettled { plain, thousands: (plain * 1000.0).round() };
            assert_eq!(read(text).amount, expected, "{text}");
            assert_eq!(read(text).amount.middle(), None);
        }
        let expected = Amount::Unsettled { plain: 1200.0, thousands: 1_200_000.0 };
        assert_eq!(read("1.200k").amount, expected);
    }

    #[test]
    fn marks_that_mean_one_thing_need_no_locale() {
        let cases = [
            ("0.125", 0.125),
            ("0.300", 0.3),
            (".125", 0.125),
            ("1.2345", 1.2345),
            ("1234.567", 1234.567),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234.567,891", 1_234_567.891),
            ("12,5", 12.5),
            ("0,125", 0.125),
            ("1 234,500", 1234.5),
            ("1\u{a0}234\u{202f}567", 1_234_567.0),
            ("1'000", 1000.0),
            ("1’000’000.50", 1_000_000.5),
            ("1,000,000", 1_000_000.0),
        ];
        for (text, number) in cases {
            assert_eq!(one(text), number, "{text}");
        }
    }

    #[test]
    fn a_locale_settles_both_marks() {
        assert_eq!(read_in(Locale::English, "1,000").amount, Amount::One(1000.0));
        assert_eq!(read_in(Locale::English, "1.000").amount, Amount::One(1.0));
        for locale in
            [Locale::Portuguese, Locale::Spanish, Locale::Galician, Locale::German, Locale::Polish, Locale::French]
        {
            assert_eq!(read_in(locale, "1.000").amount, Amount::One(1000.0));
            assert_eq!(read_in(locale, "1,000").amount, Amount::One(1.0));
            assert_eq!(read_in(locale, "1,234.5").amount, Amount::One(1234.5));
            assert_eq!(read_in(locale, "1.5").amount, Amount::One(1.5));
        }
    }

    #[test]
    fn marks_out_of_place_are_an_error() {
        for text in ["1.2.3", "31.03.2027", "1,00,000", "1_0000", "0,234,567", "1_000 000", "1.234,567,890", "1,2.3.4"]
        {
            assert_eq!(error(text), QuantityError::BadGrouping { number: text.into() });
        }
    }

    #[test]
    fn multipliers_are_exact_in_decimal() {
        let cases = [
            ("4.35k", 4350.0),
            ("1.1M", 1_100_000.0),
            ("2.3bn", 2_300_000_000.0),
            ("1,2 Mrd.", 1_200_000_000.0),
            ("5 Tsd.", 5000.0),
            ("5 tys. zł", 5000.0),
            ("40 TEUR", 40_000.0),
            ("40 T€", 40_000.0),
            ("1,2 M€", 1_200_000.0),
            ("40 kEUR", 40_000.0),
            ("2 millones de euros", 2_000_000.0),
            ("3 milhões", 3_000_000.0),
            ("2 mil millones", 2_000_000_000.0),
            ("R$ 2 mi", 2_000_000.0),
            ("$24m", 24_000_000.0),
            ("24m €", 24_000_000.0),
            ("2 billion", 2_000_000_000.0),
            ("7%", 0.07),
            ("50 bps", 0.005),
        ];
        for (text, number) in cases {
            assert_eq!(one(text), number, "{text}");
        }
    }

    #[test]
    fn words_with_two_meanings_are_asked_about() {
        for text in ["12m", "12 m", "5 mil", "¥400", "400 kr", "2 billones"] {
            assert!(matches!(error(text), QuantityError::Ambiguous { .. }), "{text}");
        }
        assert_eq!(read_in(Locale::Portuguese, "R$ 400 mil").amount, Amount::One(400_000.0));
        let german = Quantity::parse("2 Billion", Some(Locale::German), SignMeans::Negative);
        assert!(matches!(german, Err(QuantityError::Ambiguous { .. })));
    }

    #[test]
    fn days_and_months_of_work_are_not_taken_for_millions() {
        assert_eq!(read("3 MM").unit, Unit::Count("MM".into()));
        assert_eq!(read("6 MD").amount, Amount::One(6.0));
        assert_eq!(read("6 person-days").unit, Unit::Time(TimeUnit::Day));
    }

    #[test]
    fn comparators_are_read_in_seven_languages() {
        let cases = [
            (">= 1000", Bound::AtLeast),
            ("≥1000", Bound::AtLeast),
            ("> 5", Bound::Over),
            ("<= 5", Bound::AtMost),
            ("≤ 5%", Bound::AtMost),
            ("< 5", Bound::Under),
            ("at least 10%", Bound::AtLeast),
            ("At most 10%", Bound::AtMost),
            ("up to 5", Bound::AtMost),
            ("no more than 5", Bound::AtMost),
            ("more than 5", Bound::Over),
            ("under 5", Bound::Under),
            ("below 10%", Bound::Under),
            ("above €5", Bound::Over),
            ("min. 5", Bound::AtLeast),
            ("max 5", Bound::AtMost),
            ("pelo menos 5", Bound::AtLeast),
            ("no máximo 5", Bound::AtMost),
            ("al menos 5", Bound::AtLeast),
            ("polo menos 5", Bound::AtLeast),
            ("mindestens 5", Bound::AtLeast),
            ("höchstens 5", Bound::AtMost),
            ("über 5", Bound::Over),
            ("co najmniej 5", Bound::AtLeast),
            ("poniżej 5", Bound::Under),
            ("au moins 5", Bound::AtLeast),
            ("jusqu’à 5", Bound::AtMost),
            ("50+", Bound::AtLeast),
            ("50+ leads", Bound::AtLeast),
        ];
        for (text, bound) in cases {
            assert_eq!(read(text).bound, Some(bound), "{text}");
        }
        assert!(matches!(error(">= 10..15"), QuantityError::BoundedRange { .. }));
        assert!(matches!(error("< 50+"), QuantityError::Unreadable { .. }));
    }

    #[test]
    fn a_range_shares_unit_and_multiplier() {
        let cases = [
            ("10%..15%", (0.10, 0.15)),
            ("10–15%", (0.10, 0.15)),
            ("10-15%", (0.10, 0.15)),
            ("10 - 15 %", (0.10, 0.15)),
            ("850..1,100", (850.0, 1100.0)),
            ("40k..60k", (40_000.0, 60_000.0)),
            ("40–60k", (40_000.0, 60_000.0)),
            ("€40k–60k", (40_000.0, 60_000.0)),
            ("€1m–2m", (1e6, 2e6)),
            ("40k–60k €", (40_000.0, 60_000.0)),
            ("850..1.2k", (850.0, 1200.0)),
            ("500–1M", (500.0, 1e6)),
            ("2:1..3:1", (2.0, 3.0)),
            ("10..50 bps", (0.001, 0.005)),
            ("-5..5", (-5.0, 5.0)),
            ("10−15", (10.0, 15.0)),
        ];
        for (text, ends) in cases {
            assert_eq!(range(text), ends, "{text}");
        }
        assert_eq!(read("€40k–60k").unit, euros());
        assert_eq!(read("10–15 days").unit, Unit::Time(TimeUnit::Day));
        assert_eq!(read("10%..15%").amount.middle(), Some(0.125));
        assert_eq!(read("5..5").amount, Amount::One(5.0));
    }

    #[test]
    fn ranges_that_make_no_sense_are_an_error() {
        assert!(matches!(error("15%..10%"), QuantityError::BackwardRange { .. }));
        assert!(matches!(error("-20%..-30%"), QuantityError::BackwardRange { .. }));
        assert!(matches!(error("2 weeks..1 month"), QuantityError::MixedUnits { .. }));
        assert!(matches!(error("€40..$60"), QuantityError::MixedUnits { .. }));
        assert!(matches!(error("-10%..20%"), QuantityError::OneSignedEnd { .. }));
        assert!(matches!(error("10..20..30"), QuantityError::Unreadable { .. }));
    }

    #[test]
    fn the_order_of_a_range_can_settle_its_points() {
        assert_eq!(range("900..1.100"), (900.0, 1100.0));
        assert_eq!(range("1.500..12"), (1.5, 12.0));
        let both = Amount::UnsettledRange { plain: (1.0, 1.5), thousands: (1000.0, 1500.0) };
        assert_eq!(read("1.000..1.500").amount, both);
        let one_end = Amount::UnsettledRange { plain: (1.0, 1.5), thousands: (1.0, 1500.0) };
        assert_eq!(read("1..1.500").amount, one_end);
        assert_eq!(error("1.500..1.000"), QuantityError::BackwardRange { text: "1.500..1.000".into() });
    }

    #[test]
    fn both_ends_of_a_ratio_read_their_points_alike() {
        assert_eq!(one("1.500:2.000"), 0.75);
        assert_eq!(read("1:1.000").amount, Amount::Unsettled { plain: 1.0, thousands: 0.001 });
        assert!(matches!(error("3:0"), QuantityError::RatioToZero { .. }));
    }

    #[test]
    fn a_sign_is_a_change_only_where_it_may_be() {
        let cases = [
            ("+20%", 0.20, Some(Change::Relative)),
            ("-30%", -0.30, Some(Change::Relative)),
            ("−30%", -0.30, Some(Change::Relative)),
            ("+8 pp", 0.08, Some(Change::Points)),
            ("+8 p.p.", 0.08, Some(Change::Points)),
            ("+8 % points", 0.08, Some(Change::Points)),
            ("+40", 40.0, Some(Change::Units)),
            ("+€40k", 40_000.0, Some(Change::Units)),
            ("€-40k", -40_000.0, Some(Change::Units)),
            ("40", 40.0, None),
            ("8 pp", 0.08, None),
        ];
        for (text, amount, change) in cases {
            let quantity = read_change(text);
            assert_eq!((quantity.amount, quantity.change), (Amount::One(amount), change), "{text}");
            assert_eq!(read(text).change, None, "{text}");
        }
        let range = Amount::Range { low: 0.10, high: 0.20 };
        assert_eq!(read_change("+10–20%").amount, range);
        assert_eq!(read_change("+10%..+20%").change, Some(Change::Relative));
    }

    #[test]
    fn time_words_are_read_in_seven_languages() {
        let cases = [
            ("1 year", TimeUnit::Year),
            ("16 hours", TimeUnit::Hour),
            ("48h", TimeUnit::Hour),
            ("3 weeks", TimeUnit::Week),
            ("12 meses", TimeUnit::Month),
            ("1 mês", TimeUnit::Month),
            ("2 años", TimeUnit::Year),
            ("2 días", TimeUnit::Day),
            ("3 Wochen", TimeUnit::Week),
            ("2 Std.", TimeUnit::Hour),
            ("5 miesięcy", TimeUnit::Month),
            ("2 tygodnie", TimeUnit::Week),
            ("1 dzień", TimeUnit::Day),
            ("3 mois", TimeUnit::Month),
            ("2 ans", TimeUnit::Year),
            ("2 quarters", TimeUnit::Quarter),
            ("30 s", TimeUnit::Second),
            ("10 min", TimeUnit::Minute),
            ("2 di\u{301}as", TimeUnit::Day),
        ];
        for (text, unit) in cases {
            assert_eq!(read(text).unit, Unit::Time(unit), "{text}");
        }
    }

    #[test]
    fn a_span_may_follow_what_is_counted() {
        let cases = [
            ("4/month", Unit::None, TimeUnit::Month),
            ("4 per week", Unit::None, TimeUnit::Week),
            ("4 a month", Unit::None, TimeUnit::Month),
            ("30 por semana", Unit::None, TimeUnit::Week),
            ("30 a la semana", Unit::None, TimeUnit::Week),
            ("50 leads/week", Unit::Count("leads".into()), TimeUnit::Week),
            ("50 B2B sign-ups per quarter", Unit::Count("B2B sign-ups".into()), TimeUnit::Quarter),
            ("€4k pro Monat", euros(), TimeUnit::Month),
            ("15 hours a week", Unit::Time(TimeUnit::Hour), TimeUnit::Week),
        ];
        for (text, unit, per) in cases {
            let quantity = read(text);
            assert_eq!((quantity.unit, quantity.per), (unit, Some(per)), "{text}");
        }
    }

    #[test]
    fn words_only_and_nothing_are_told_apart_from_nonsense() {
        assert_eq!(error("  "), QuantityError::Empty);
        assert_eq!(error("TBD"), QuantityError::NoDigits { text: "TBD".into() });
        assert_eq!(error("∅"), QuantityError::NoDigits { text: "∅".into() });
        let unreadable = |text: &str, rest: &str| {
            assert_eq!(error(text), QuantityError::Unreadable { rest: rest.into() });
        };
        unreadable("about 40", "about 40");
        unreadable("50leads", "leads");
        unreadable("30% of leads", "of leads");
        unreadable("€45/lead", "/lead");
        unreadable("1e6", "e6");
        unreadable("2027-03-31", "-31");
        unreadable("1,", ",");
        unreadable(",5", ",5");
        unreadable("5 <b>", "<b>");
        unreadable("--5", "-5");
        unreadable("€3:1", ":1");
        unreadable("3:1k", "k");
        unreadable("€40 kUSD", "kUSD");
    }

    #[test]
    fn numbers_beyond_reading_are_an_error() {
        for text in [".nan", "NaN", "inf", ".inf", "-.inf", "+Infinity", "∞"] {
            assert!(matches!(error(text), QuantityError::NotFinite { .. }), "{text}");
        }
        assert_eq!(one("1,000,000,000,000,000"), LARGEST_AMOUNT);
        assert!(matches!(error("1000000000000001"), QuantityError::TooLarge { .. }));
        assert!(matches!(error("2000000bn"), QuantityError::TooLarge { .. }));
        assert!(matches!(error(&"9".repeat(5000)), QuantityError::TooLarge { .. }));
        assert_eq!(error("٣٠%"), QuantityError::OtherDigits { digit: '٣' });
        assert_eq!(error("5½"), QuantityError::OtherDigits { digit: '½' });
    }

    #[test]
    fn an_error_does_not_repeat_a_page() {
        let QuantityError::NoDigits { text } = error(&"é".repeat(5000)) else {
            panic!("not a placeholder");
        };
        assert_eq!(text.chars().count(), 61);
    }

    #[test]
    fn a_dollar_sign_fits_any_dollar_and_no_euro() {
        let dollars = read("$40k");
        for plan in ["USD", "CAD", "AUD", "MXN"] {
            assert_eq!(dollars.money(Some(code(plan))), Ok(Amount::One(40_000.0)));
        }
        let misfit = dollars.money(Some(code("EUR"))).unwrap_err();
        assert_eq!(misfit.to_string(), "`$40k` is not in EUR, the plan's currency: convert it");
        assert_eq!(read("$40k USD").unit, Unit::Money(Currency::Exact(code("USD"))));
        assert_eq!(read("US$ 40").unit, Unit::Money(Currency::Exact(code("USD"))));
        assert!(matches!(error("$40k EUR"), QuantityError::MixedUnits { .. }));
        assert_eq!(read("40k").money(None), Ok(Amount::One(40_000.0)));
    }

    #[test]
    fn a_code_before_a_number_must_exist() {
        assert_eq!(error("XYZ 40k"), QuantityError::UnknownCurrency { code: "XYZ".into() });
        assert_eq!(read("50 MQL").unit, Unit::Count("MQL".into()));
        assert_eq!(read("50 all").unit, Unit::Count("all".into()));
        assert_eq!(CurrencyCode::parse(" eur ").map(CurrencyCode::as_str), Ok("EUR"));
        assert!(CurrencyCode::parse("EURO").is_err());
    }

    #[test]
    fn currency_tables_agree_with_the_codes() {
        assert!(CURRENCY_CODES.is_sorted());
        let named = CURRENCY_SIGNS.iter().map(|(_, code)| code);
        let named = named.chain(COUNTRY_DOLLARS.iter().map(|(_, code)| code));
        let named = named.chain(CURRENCY_WORDS.iter().map(|(_, code)| code));
        for code in named.chain(DOLLARS_AND_PESOS).chain(CURRENCY_CODES) {
            assert!(CurrencyCode::find(code).is_some(), "{code}");
        }
    }

    #[test]
    fn the_words_of_the_tables_are_folded() {
        let units = TIME_WORDS.iter().flat_map(|(_, words)| words.iter());
        let lists = [
            AT_LEAST,
            AT_MOST,
            OVER,
            UNDER,
            THOUSAND,
            MILLION,
            THOUSAND_MILLION,
            PERCENT,
            PERCENTAGE_POINTS,
            TIMES,
            PER,
        ];
        for word in lists.into_iter().flatten().chain(units) {
            assert_eq!(&fold(word), word);
        }
    }

    #[test]
    fn a_share_needs_its_sign_or_a_fraction() {
        assert_eq!(read("30%").fraction(), Ok(Amount::One(0.3)));
        assert_eq!(read("0.3").fraction(), Ok(Amount::One(0.3)));
        assert_eq!(read("110%").fraction(), Ok(Amount::One(1.1)));
        assert_eq!(read("1.125%").fraction(), Ok(Amount::One(0.01125)));
        let misfit = read("30").fraction().unwrap_err();
        assert_eq!(misfit.to_string(), "expected a share such as 30%, found 30: write 30%, or a fraction such as 0.3");
        assert!(matches!(read("3:1").fraction(), Err(Misfit::OtherUnit { .. })));
    }

    #[test]
    fn a_helper_refuses_what_its_key_cannot_hold() {
        assert_eq!(read("400%").ratio(), Ok(Amount::One(4.0)));
        assert_eq!(read("×4").ratio(), Ok(Amount::One(4.0)));
        assert!(read("€4").ratio().is_err());
        assert_eq!(read("50 leads").count(), Ok(Amount::One(50.0)));
        assert_eq!(read("50 leads").counted(), Some("leads"));
        assert!(read("50%").count().is_err());
        assert!(matches!(read("50/month").count(), Err(Misfit::PerSpan { per: TimeUnit::Month, .. })));
        assert!(matches!(read_change("+20%").fraction(), Err(Misfit::Change { .. })));
        assert!(matches!(read("-5").nonnegative(), Err(Misfit::Negative { .. })));
        assert!(matches!(read("-5..5").nonnegative(), Err(Misfit::Negative { .. })));
        assert!(read("-0").nonnegative().is_ok());
    }

    #[test]
    fn work_and_calendar_time_are_counted_apart() {
        let calendar = WorkCalendar::default();
        let work = |text: &str, unit| read(text).work_in(unit, &calendar);
        assert_eq!(work("2 days", TimeUnit::Hour), Ok(Amount::One(16.0)));
        assert_eq!(work("1 year", TimeUnit::Day), Ok(Amount::One(260.0)));
        assert_eq!(work("20 minutes", TimeUnit::Minute), Ok(Amount::One(20.0)));
        assert_eq!(read("2 days").time_in(TimeUnit::Hour), Ok(Amount::One(48.0)));
        assert_eq!(read("1 year").time_in(TimeUnit::Month), Ok(Amount::One(12.0)));
        assert_eq!(read("2 quarters").time_in(TimeUnit::Month), Ok(Amount::One(6.0)));
        assert!(read("2").time_in(TimeUnit::Hour).is_err());
    }

    #[test]
    fn a_locale_may_name_its_country() {
        assert_eq!(Locale::parse("pt-BR"), Ok(Locale::Portuguese));
        assert_eq!(Locale::parse("en_GB.UTF-8"), Ok(Locale::English));
        assert!(matches!(Locale::parse("es-MX"), Err(LocaleError::MarksAsInEnglish { .. })));
        assert!(Locale::parse("it").is_err());
        assert!(Locale::parse("").is_err());
        for word in Locale::WORDS {
            assert!(Locale::parse(word).is_ok());
        }
    }

    fn any_locale() -> impl Strategy<Value = Locale> {
        prop::sample::select(Locale::WORDS).prop_map(|word| Locale::parse(word).unwrap())
    }

    fn in_print(locale: Locale, whole: u64, decimals: &str) -> String {
        let digits = whole.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(locale.thousands_mark());
            }
            text.push(digit);
        }
        if !decimals.is_empty() {
            text.push(locale.decimal_mark());
            text.push_str(decimals);
        }
        text
    }

    fn soup() -> impl Strategy<Value = String> {
        let pieces = vec![
            "1", "000", "12", ".", ",", "..", "-", "–", "+", "%", "€", "$", "R", "k", "M", "m", "mil", "millones", " ",
            "\u{a0}", ":", "0", "x", "×", "EUR", "XYZ", "leads", "per", "month", "a", "la", "/", ">=", "at least",
            "pp", "T", "é", "’", "_", "p.p.", "Mio.", "de", "٣", "\u{202e}",
        ];
        prop::collection::vec(prop::sample::select(pieces), 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Quantity::parse(&text, None, SignMeans::Change);
            let _ = Locale::parse(&text);
        }

        #[test]
        fn what_is_read_is_finite_in_order_and_within_bounds(text in soup(), locale in prop::option::of(any_locale())) {
            for sign in [SignMeans::Change, SignMeans::Negative] {
                let Ok(quantity) = Quantity::parse(&text, locale, sign) else { continue };
                prop_assert!(quantity.amount.ends().iter().all(|end| end.abs() <= LARGEST_AMOUNT));
                if let Amount::Range { low, high } = quantity.amount {
                    prop_assert!(low < high);
                }
                prop_assert!(locale.is_none() || !quantity.amount.is_unsettled());
                prop_assert_eq!(Quantity::parse(&quantity.text, locale, sign), Ok(quantity));
            }
        }

        #[test]
        fn what_is_read_plainly_is_what_is_read_in_full(
            text in "[0-9]{1,14}(\\.[0-9]{0,3})?[%kK ]?",
            word in prop::sample::select(TIME_WORDS.iter().flat_map(|(_, words)| *words).collect::<Vec<_>>()),
            soup in soup(),
            locale in prop::option::of(any_locale()),
        ) {
            for text in [format!("{text} {word}"), text, soup].map(Text::from) {
                for sign in [SignMeans::Change, SignMeans::Negative] {
                    if let Some(plain) = Quantity::plain(&text) {
                        prop_assert_eq!(Quantity::parse_any(&text, locale, sign), Ok(plain));
                    }
                }
            }
        }

        #[test]
        fn numbers_printed_for_a_locale_are_read_back(
            locale in any_locale(),
            whole in 0..1_000_000_000_000_u64,
            decimals in "[0-9]{0,4}",
        ) {
            let expected: f64 = format!("{whole}.{decimals}0").parse().unwrap();
            let text = in_print(locale, whole, &decimals);
            let quantity = Quantity::parse(&text, Some(locale), SignMeans::Negative);
            prop_assert_eq!(quantity.map(|quantity| quantity.amount), Ok(Amount::One(expected)));
        }

        #[test]
        fn the_two_readings_differ_by_a_thousand(text in "-?€?[1-9][0-9]{0,2}\\.[0-9]{3}(k| Mio\\.)?") {
            match read(&text).amount {
                Amount::Unsettled { plain, thousands } => {
                    prop_assert!((thousands / plain - 1000.0).abs() < 1e-9);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
