//! Reads cells: numbers as the sheet writes them, people, words of a list; and says of a cell why a plan cannot hold it.

use super::columns::{Many, Measure, money};
use super::dates::Calendar;
use super::numerals::{Marks, settled};
use super::sheet::{Cell, NumberFormat, Value, percent, plain};
use super::target;
use super::vocabulary::{Said, said};
use crate::metrics::Dictionary;
use crate::plan::period::{Deadline, Period};
use crate::plan::quantity::{CurrencyCode, Locale, Quantity, SignMeans, Unit};
use crate::words::excerpt;
use crate::yaml::Written;

/// What holds for all tables of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing<'w> {
    pub(super) period: Option<&'w Period>,
    pub(super) currency: Option<CurrencyCode>,
    pub(super) locale: Option<Locale>,
    pub(super) marks: Marks,
    pub(super) dictionary: &'w Dictionary,
}

/// How a cell becomes the value of a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Target,
    Number,
    /// A date, or a span from the start of the period.
    Deadline,
    Day,
    Text,
    People,
    Names,
    Word(&'static [Said]),
}

/// A cell that is to become the value of a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'c> {
    pub(super) key: &'static str,
    pub(super) how: How,
    pub(super) cell: &'c Cell,
    /// What it is measured in, where it does not say it itself.
    pub(super) measure: Option<Measure>,
    /// The baseline's own cell in the same row.
    pub(super) baseline: Option<(&'c Cell, Option<Measure>)>,
}

/// A key that a cell gives.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) key: &'static str,
    pub(super) value: Written,
    /// What is to be said of it.
    pub(super) remarks: Vec<String>,
}

impl Given {
    fn new(key: &'static str, value: Written) -> Self {
        Self { key, value, remarks: Vec::new() }
    }
}

impl Writing<'_> {
    /// The keys that a cell gives, each with its value and what is to be said of it.
    pub(super) fn values(&self, asked: &Asked<'_>, calendar: &Calendar<'_>) -> Result<Vec<Given>, String> {
        let Asked { key, how, cell, measure, .. } = *asked;
        let text = cell.shown();
        let one = |value: Written| Ok(vec![Given::new(key, value)]);
        match how {
            How::Text => one(Written::Text(text)),
            How::People => one(names(people(&text))),
            How::Names => one(Written::Words(split(&text, &[',', ';', '/', '\n']))),
            How::Word(words) => match said(&text, words) {
                Some(word) => one(Written::Text(word.word().to_owned())),
                None => Err(format!(
                    "it is not one of {}",
                    words.iter().map(|word| word.word()).collect::<Vec<_>>().join(", ")
                )),
            },
            How::Day => one(Written::Text(calendar.day(&cell.value)?.to_string())),
            How::Deadline => match calendar.day(&cell.value) {
                Ok(day) => one(Written::Text(day.to_string())),
                Err(_) if Deadline::parse(&text, self.locale).is_ok() => one(Written::Text(text)),
                Err(why) => Err(why),
            },
            How::Number => {
                let (number, remarks) = self.number(cell, measure)?;
                Ok(vec![Given { key, value: Written::Text(number), remarks }])
            }
            How::Target => self.target(asked, calendar),
        }
    }

    fn target(&self, asked: &Asked<'_>, calendar: &Calendar<'_>) -> Result<Vec<Given>, String> {
        let Asked { cell, measure, .. } = *asked;
        let Value::Text(text) = &cell.value else {
            let (number, remarks) = self.number(cell, measure)?;
            return Ok(vec![Given { key: "target", value: Written::Text(number), remarks }]);
        };
        let written = target::read(text, self.locale, calendar)?;
        let (number, mut remarks) = if written.quantity.bytes().any(|byte| byte.is_ascii_digit()) {
            self.number(&Cell::text(&written.quantity), measure)?
        } else {
            (written.quantity, Vec::new())
        };
        remarks.extend(written.remarks);
        let mut values = vec![Given { key: "target", value: Written::Text(number), remarks }];
        if let Some(baseline) = &written.baseline {
            let (number, remarks) = self.number(&Cell::text(baseline), measure)?;
            if written.is_guess {
                self.check_baseline(&number, asked)?;
            }
            values.push(Given { key: "baseline", value: Written::Text(number), remarks });
        }
        values.extend(written.by.map(|day| Given::new("by", Written::Text(day.to_string()))));
        values.extend(written.cadence.map(|cadence| Given::new("cadence", Written::Text(cadence.to_owned()))));
        Ok(values)
    }

    /// Refuses a target that starts from another number than the baseline's own cell says: then it may be a range.
    fn check_baseline(&self, from: &str, asked: &Asked<'_>) -> Result<(), String> {
        let Some((cell, measure)) = asked.baseline else { return Ok(()) };
        let Ok((own, _)) = self.number(cell, measure) else { return Ok(()) };
        let level = |text: &str| {
            let quantity = Quantity::parse(text, self.locale, SignMeans::Change);
            quantity.ok().map(|quantity| (quantity.amount, quantity.unit))
        };
        if level(from) == level(&own) {
            return Ok(());
        }
        Err(format!(
            "it can be from {from} to more, or between the two, and the baseline's own cell says {}",
            cell.shown()
        ))
    }

    /// A number as a plan reads it, and what is to be said of it.
    fn number(&self, cell: &Cell, measure: Option<Measure>) -> Result<(String, Vec<String>), String> {
        let plainly = |text: String| Ok((text, Vec::new()));
        match (&cell.value, measure) {
            (Value::Number { number, format: NumberFormat::Percent }, _) => plainly(percent(*number)),
            (Value::Number { number, .. }, Some(Measure::Many(many))) => plainly(self.many(&plain(*number), many)?),
            (Value::Number { number, format: NumberFormat::Money(sign) }, _) => match money(sign) {
                Some(code) => plainly(self.amount(&plain(*number), code)),
                None if sign == "$" => plainly(format!("${}", plain(*number))),
                None => plainly(with_unit(*number, sign)),
            },
            (Value::Number { number, .. }, Some(Measure::Percent)) => {
                plainly(with_percent(&plain(*number), number.abs())?)
            }
            (Value::Number { number, .. }, Some(Measure::Money(code))) => plainly(self.amount(&plain(*number), code)),
            (Value::Number { number, .. }, None) => plainly(plain(*number)),
            (Value::Text(text), measure) => self.number_of(text, measure),
            (Value::Date(_), _) => Err("a date stands where a number belongs; spreadsheets make dates of what looks like one, such as 3:1 or 1-2".to_owned()),
            (Value::Odd(text), _) => Err(format!("`{}` is no number", excerpt(text))),
            (Value::Empty, _) => Err("there is nothing".to_owned()),
        }
    }

    fn number_of(&self, text: &str, measure: Option<Measure>) -> Result<(String, Vec<String>), String> {
        let Self { locale, marks, .. } = *self;
        let mut own = Marks::default();
        own.see(text);
        if marks.comma_is_unclear() && own.lone_comma && locale.is_none() {
            return Err("its comma could stand between thousands or before decimals, and the sheet has both".to_owned());
        }
        let text = settled(text, marks, locale).unwrap_or_else(|| text.to_owned());
        let quantity = Quantity::parse(&text, locale, SignMeans::Change).map_err(|error| error.to_string())?;
        let remark = quantity.amount.is_unsettled().then(|| {
            "the point could stand between thousands or before decimals; `locale:` at the top of the plan settles it".to_owned()
        });
        let text = match (&quantity.unit, measure) {
            (Unit::None, Some(Measure::Percent)) => {
                with_percent(&text, quantity.amount.middle().unwrap_or_default().abs())?
            }
            (Unit::None, Some(Measure::Money(code))) => self.amount(&text, code),
            (Unit::None, Some(Measure::Many(many))) => self.many(&text, many)?,
            (Unit::Money(_), Some(Measure::Many(many))) => self.many(&text, Many { currency: None, ..many })?,
            _ => text,
        };
        Ok((text, remark.into_iter().collect()))
    }

    /// A number in thousands or millions, as its heading or its unit says; "90k" in such a column could be either.
    fn many(&self, text: &str, many: Many) -> Result<String, String> {
        let Many { letter, currency } = many;
        let (word, times) = if letter == 'k' { ("thousands", 1e3) } else { ("millions", 1e6) };
        let number = |text: &str| {
            Quantity::parse(text, self.locale, SignMeans::Change).ok().and_then(|quantity| quantity.amount.middle())
        };
        let whole = format!("{text}{letter}");
        let (small, large) = (number(text).map(|number| number * times), number(&whole));
        let agree = small.zip(large).is_some_and(|(small, large)| (small - large).abs() <= large.abs() * 1e-9);
        if !agree || text.contains(|sign: char| sign.is_alphabetic()) {
            return Err(format!("its numbers are said to be {word}, and it cannot be told whether this one is"));
        }
        Ok(currency.map_or_else(|| whole.clone(), |code| self.amount(&whole, code)))
    }

    /// An amount names its currency where that is not the plan's.
    fn amount(&self, number: &str, code: CurrencyCode) -> String {
        if self.currency == Some(code) { number.to_owned() } else { format!("{code} {number}") }
    }
}

/// The sheet's own text, where the plan's is another, and what else is to be said.
pub(super) fn note_of(value: &Written, cell: &Cell, remarks: Vec<String>) -> Option<String> {
    let text = cell.shown();
    // A number's format is nothing that anybody typed.
    let is_number = |own: &str| matches!(&cell.value, Value::Number { number, .. } if own == plain(*number));
    let same = match value {
        Written::Text(own) => *own == text || is_number(own),
        Written::Words(words) => words.join(", ") == text,
        _ => false,
    };
    let said: Vec<String> = (!same).then(|| format!("in the sheet: {text}")).into_iter().chain(remarks).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// A number that a workbook shows with a word: days and points say what it is, "users" or "k" do not.
fn with_unit(number: f64, unit: &str) -> String {
    let text = format!("{} {unit}", plain(number));
    let read = Quantity::parse(&text, None, SignMeans::Negative).map(|quantity| quantity.unit);
    if matches!(read, Ok(Unit::Time(_) | Unit::Times | Unit::Points)) { text } else { plain(number) }
}

/// A number whose heading or unit says per cent: 0.3 could be 0.3% or 30%.
fn with_percent(text: &str, size: f64) -> Result<String, String> {
    if size > 0.0 && size <= 1.0 {
        return Err(format!("in per cent, {text} could be {text}% or {}", percent(size)));
    }
    Ok(format!("{text}%"))
}

/// The text of a link, where a cell is nothing else: `[SQLs](https://…)`, as Markdown and Notion write it.
pub(super) fn unlinked(text: &str) -> &str {
    let parts =
        text.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(')')).and_then(|rest| rest.split_once("]("));
    let is_address = |address: &str| {
        ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme))
            && !address.contains(char::is_whitespace)
    };
    match parts {
        Some((shown, address)) if !shown.trim().is_empty() && !shown.contains(['[', ']']) && is_address(address) => {
            shown.trim()
        }
        _ => text,
    }
}

/// Several people, where the text leaves no doubt: "Silva, Ana" is one.
fn people(text: &str) -> Vec<String> {
    let by_comma = split(text, &[',']);
    if by_comma.len() > 1 && by_comma.iter().all(|name| name.contains('@')) {
        return by_comma;
    }
    split(text, &[';', '\n'])
}

fn names(mut names: Vec<String>) -> Written {
    match names.pop() {
        Some(only) if names.is_empty() => Written::Text(only),
        Some(last) => {
            names.push(last);
            Written::Words(names)
        }
        None => Written::Text(String::new()),
    }
}

pub(super) fn split(text: &str, at: &[char]) -> Vec<String> {
    text.split(at).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
