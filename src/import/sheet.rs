//! Tables as a file holds them: cells with their values and places, before anybody asks what they mean.

use jiff::civil::Date;

use super::error::{ImportError, TooMuch};

/// How many rows with anything in them a file may have. A plan has tens; a year's raw data has thousands, and is no plan.
pub(super) const MOST_ROWS: usize = 5_000;
/// How many columns are read.
pub(super) const MOST_COLUMNS: usize = 256;
/// How many letters a cell may hold: what a spreadsheet's own may.
pub(super) const MOST_LETTERS: usize = 32_767;
/// How many bytes of text all cells of a file may hold together.
pub(super) const MOST_TEXT: usize = 16 * 1024 * 1024;

/// One sheet of a workbook, one table of a text, one list of a YAML file.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// What a person calls it, where it has a name.
    pub(super) name: Option<String>,
    pub(super) rows: Vec<Row>,
    pub(super) counted: Counted,
    /// Whether its first row is known to be one of headings.
    pub(super) headed: bool,
}

/// What the numbers of rows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Counted {
    #[default]
    Rows,
    Lines,
}

impl Counted {
    /// The place of a row, in words.
    pub(super) fn place(self, number: usize) -> String {
        match self {
            Self::Rows => format!("row {number}"),
            Self::Lines => format!("line {number}"),
        }
    }
}

/// A row that holds something.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// Its number in the file, from 1.
    pub(super) number: usize,
    pub(super) cells: Vec<Cell>,
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell { value: Value::Empty, spread: false };
        self.cells.get(column).unwrap_or(NOTHING)
    }

    /// The cells that hold something of their own, with their columns.
    pub(super) fn own(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.spread && !cell.is_empty())
    }
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) value: Value,
    /// It repeats the first cell of the ones that it is merged with.
    pub(super) spread: bool,
}

impl Sheet {
    /// Refuses what would take long to read, and that no plan is made of.
    pub(super) fn check(&self) -> Result<(), ImportError> {
        for row in &self.rows {
            if row.cells.len() > MOST_COLUMNS {
                return Err(ImportError::TooMuch(TooMuch::Columns));
            }
            if row.cells.iter().any(|cell| cell.value.is_long()) {
                return Err(ImportError::TooMuch(TooMuch::Letters));
            }
        }
        Ok(())
    }
}

impl Cell {
    pub(super) fn new(value: Value) -> Self {
        Self { value, spread: false }
    }

    /// A cell of a text file, without the space around it.
    pub(super) fn text(text: &str) -> Self {
        let text = text.trim();
        Self::new(if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.value == Value::Empty
    }

    /// What a person sees in it.
    pub(super) fn shown(&self) -> String {
        match &self.value {
            Value::Empty => String::new(),
            Value::Text(text) | Value::Odd(text) => text.clone(),
            Value::Number { number, format: NumberFormat::Percent } => percent(*number),
            Value::Number { number, format: NumberFormat::Money(money) } => format!("{} {money}", plain(*number)),
            Value::Number { number, format: NumberFormat::Plain } => plain(*number),
            Value::Date(date) => date.to_string(),
        }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Value {
    #[default]
    Empty,
    Text(String),
    Number {
        number: f64,
        format: NumberFormat,
    },
    Date(Date),
    /// Something that means nothing here: an error such as `#REF!`, a formula without a result, a time of day.
    Odd(String),
}

impl Value {
    fn is_long(&self) -> bool {
        match self {
            // No text has more letters than bytes.
            Self::Text(text) | Self::Odd(text) => text.len() > MOST_LETTERS && text.chars().count() > MOST_LETTERS,
            Self::Empty | Self::Number { .. } | Self::Date(_) => false,
        }
    }

    /// How many bytes of text it holds.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Odd(text) => text.len(),
            Self::Empty | Self::Number { .. } | Self::Date(_) => 0,
        }
    }
}

/// How a workbook shows a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NumberFormat {
    Plain,
    Percent,
    /// With the sign or the code of a currency.
    Money(String),
}

impl NumberFormat {
    /// What a format code of a workbook says: `0%`, `#,##0 "€"`, `[$R$-416] #,##0`.
    pub(super) fn of(code: &str) -> Self {
        let (mut bare, mut money) = (String::new(), String::new());
        let mut letters = code.chars();
        // The first part of a code is for numbers above zero.
        while let Some(letter) = letters.next().filter(|letter| *letter != ';') {
            match letter {
                '"' => money.extend(letters.by_ref().take_while(|inner| *inner != '"')),
                '[' => {
                    let inside: String = letters.by_ref().take_while(|inner| *inner != ']').collect();
                    if let Some(sign) = inside.strip_prefix('$') {
                        money.push_str(sign.split('-').next().unwrap_or_default());
                    }
                }
                // A sign that is shown as it is, and one that only takes its space.
                '\\' => money.extend(letters.next()),
                '_' | '*' => {
                    letters.next();
                }
                '€' | '$' | '£' | '¥' => money.push(letter),
                other => bare.push(other),
            }
        }
        let money = money.trim();
        match () {
            () if bare.contains('%') || money == "%" => Self::Percent,
            () if !money.is_empty() => Self::Money(money.to_owned()),
            () => Self::Plain,
        }
    }
}

/// A number as a plan can hold it in any locale: no marks between thousands, and never a point before exactly three digits.
pub(super) fn plain(number: f64) -> String {
    // What a workbook computes, such as 0.1 + 0.2, carries noise beyond these digits.
    const DIGITS: usize = 12;
    let rounded: f64 = format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number);
    let text = format!("{}", rounded + 0.0);
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", plain(share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_reading_in_every_locale() {
        let cases =
            [(1200.0, "1200"), (12.125, "12.1250"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (1e15, "1000000000000000")];
        for (number, text) in cases {
            assert_eq!(plain(number), text);
        }
        assert_eq!(percent(0.3), "30%");
        assert_eq!(percent(0.07), "7%");
    }

    #[test]
    fn a_format_code_says_percent_or_money() {
        for code in ["0%", "0.00%", "#,##0\\%"] {
            assert_eq!(NumberFormat::of(code), NumberFormat::Percent, "{code}");
        }
        let money = [
            ("#,##0\\ \"€\"", "€"),
            ("[$R$-416] #,##0.00", "R$"),
            ("#,##0 \"zł\"", "zł"),
            ("\"$\"#,##0_);[Red](\"$\"#,##0)", "$"),
            ("_-* #,##0.00\\ [$€-1]_-", "€"),
            ("#,##0 [$EUR]", "EUR"),
        ];
        for (code, sign) in money {
            assert_eq!(NumberFormat::of(code), NumberFormat::Money(sign.to_owned()), "{code}");
        }
        for code in ["General", "#,##0", "0.00E+00", "#,##0_ ;-#,##0 ", "[Red]0"] {
            assert_eq!(NumberFormat::of(code), NumberFormat::Plain, "{code}");
        }
    }
}
