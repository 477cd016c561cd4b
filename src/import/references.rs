//! The places that an Excel workbook names: one beyond what a sheet can have is refused before the spreadsheet library reckons with it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, broken, part};
use super::error::ImportError;

const LAST_ROW: u64 = 1 << 20;
const LAST_COLUMN: u64 = 1 << 14;
/// More shared formulas than anybody wrote; the library keeps room for each number below the highest.
const MOST_SHARED: u64 = 1 << 20;

/// Refuses places that no sheet has: areas whose end comes before their start, rows by the billion.
pub(super) fn check(archive: &mut Archive<'_>) -> Result<(), ImportError> {
    for at in 0..archive.len() {
        // Pictures and the like are no text, and hold no cells.
        let Ok(text) = part(archive, at)? else { continue };
        let mut xml = Reader::from_str(&text);
        xml.config_mut().check_end_names = false;
        loop {
            match xml.read_event() {
                Ok(Event::Start(start) | Event::Empty(start)) => match wrong(&start) {
                    None => {}
                    Some(wrong) => return Err(broken(format!("it names a place that no sheet has: {wrong}"))),
                },
                // What is no XML is told by the library.
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
    Ok(())
}

/// The place that an element names, where there can be none of that name.
fn wrong(start: &BytesStart<'_>) -> Option<String> {
    let (name, holds): (&str, fn(&str) -> bool) = match start.local_name().as_ref() {
        "row" => ("r", is_row),
        "c" => ("r", |text| cell(text).is_some()),
        "dimension" | "mergeCell" => ("ref", is_area),
        "f" => return value(start, "ref", is_area).or_else(|| value(start, "si", is_shared)),
        _ => return None,
    };
    value(start, name, holds)
}

/// The value of an attribute, where it does not hold what it should.
fn value(start: &BytesStart<'_>, name: &str, holds: fn(&str) -> bool) -> Option<String> {
    let mut attributes = start.attributes();
    let mut all = attributes.with_checks(false).filter_map(Result::ok);
    let wrong = all.find(|attribute| attribute.key.local_name().as_ref() == name && !holds(&attribute.value))?;
    Some(wrong.value.into_owned())
}

fn is_row(text: &str) -> bool {
    number(text).is_some_and(|row| (1..=LAST_ROW).contains(&row))
}

fn is_shared(text: &str) -> bool {
    number(text).is_some_and(|number| number < MOST_SHARED)
}

/// `A1:C3`, or a single cell.
fn is_area(text: &str) -> bool {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    match (cell(first), cell(last)) {
        (Some(first), Some(last)) => first.0 <= last.0 && first.1 <= last.1,
        _ => false,
    }
}

/// Row and column of a cell such as `B7`, from 1.
fn cell(text: &str) -> Option<(u64, u64)> {
    let (letters, digits) = text.split_at_checked(text.find(|letter: char| letter.is_ascii_digit())?)?;
    let is_column = !letters.is_empty() && letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_column || !is_row(digits) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, byte| column * 26 + u64::from(byte.to_ascii_uppercase() - b'A') + 1);
    (column <= LAST_COLUMN).then_some((number(digits)?, column))
}

/// A number of up to ten digits, without a sign.
fn number(text: &str) -> Option<u64> {
    let is_plain = text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_one_that_a_sheet_has() {
        for area in ["A1", "a1", "A1:C3", "XFD1048576", "A1:XFD1048576", "B2:B2"] {
            assert!(is_area(area), "{area}");
        }
        let none = [
            "",
            "A",
            "1",
            "A0",
            "XFE1",
            "A1048577",
            "C3:A1",
            "A1:B2:C3",
            "AAAAAAAAAAAA1",
            "A99999999999999999999",
            "A-1",
            "é1",
        ];
        for area in none {
            assert!(!is_area(area), "{area}");
        }
        assert!(is_row("1048576") && !is_row("0") && !is_row("4294967295") && !is_row("+1"));
        assert!(is_shared("0") && !is_shared("4000000000"));
    }
}
