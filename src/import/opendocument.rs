//! OpenDocument spreadsheets (.ods): read here, since the spreadsheet library drops percent signs, currencies and merged cells.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::archive::{self, broken};
use super::error::ImportError;
use super::sheet::{Cell, MOST_ROWS, NumberFormat, Sheet, Value};
use super::workbook::{Area, Grid, put, rows, spread};
use crate::plan::period::parse_date;

/// How many rows any program gives a sheet.
const SHEET_ROWS: usize = 1 << 24;

/// All sheets of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, ImportError> {
    let content = archive::text(&mut archive::open(bytes)?, "content.xml")?;
    let mut xml = Reader::from_str(&content);
    let config = xml.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    let mut sheets = Vec::new();
    let mut text = 0;
    loop {
        match xml.read_event().map_err(broken)? {
            Event::Start(start) if is(&start, "table") => {
                let name = attribute(&start, "name");
                let rows = rows(table(&mut xml, &mut text)?);
                sheets.push(Sheet { name, rows, ..Sheet::default() });
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// Rows and cells may say that they are repeated, which empty ones do a million times.
fn table(xml: &mut Reader<&[u8]>, text: &mut usize) -> Result<Grid, ImportError> {
    let mut grid = Grid::new();
    let mut merged = Vec::new();
    let (mut row, mut column, mut row_repeats) = (0_usize, 0_usize, 1);
    loop {
        match xml.read_event().map_err(broken)? {
            Event::Start(start) if is(&start, "table-row") => {
                column = 0;
                row_repeats = count(&start, "number-rows-repeated");
            }
            Event::End(end) if end.local_name().as_ref() == "table-row" => row = row.saturating_add(row_repeats),
            Event::Start(start) if is(&start, "table-cell") => {
                let repeats = count(&start, "number-columns-repeated");
                let (rows, columns) = (count(&start, "number-rows-spanned"), count(&start, "number-columns-spanned"));
                let value = cell(xml, &start)?;
                if value != Value::Empty {
                    for down in 0..row_repeats.min(MOST_ROWS + 1) {
                        let row = row.saturating_add(down);
                        if row >= SHEET_ROWS {
                            return Err(broken("a row is numbered beyond what a sheet can have"));
                        }
                        for right in 0..repeats {
                            put(&mut grid, row, column.saturating_add(right), value.clone(), text)?;
                        }
                    }
                    if rows > 1 || columns > 1 {
                        merged.push(Area {
                            rows: (row, row.saturating_add(rows - 1)),
                            columns: (column, column.saturating_add(columns - 1)),
                        });
                    }
                }
                column = column.saturating_add(repeats);
            }
            Event::Start(start) if is(&start, "covered-table-cell") => {
                column = column.saturating_add(count(&start, "number-columns-repeated"));
            }
            Event::End(end) if end.local_name().as_ref() == "table" => break,
            Event::Eof => break,
            _ => {}
        }
    }
    spread(&mut grid, merged, text)?;
    Ok(grid)
}

/// The value of a cell, up to where it ends.
fn cell(xml: &mut Reader<&[u8]>, start: &BytesStart<'_>) -> Result<Value, ImportError> {
    let shown = shown(xml)?;
    let number =
        attribute(start, "value").and_then(|value| value.parse::<f64>().ok()).filter(|value| value.is_finite());
    let format = match attribute(start, "value-type").as_deref() {
        Some("percentage") => NumberFormat::Percent,
        Some("currency") => attribute(start, "currency").map_or(NumberFormat::Plain, NumberFormat::Money),
        Some("float") => NumberFormat::Plain,
        Some("date") => {
            let date = attribute(start, "date-value").unwrap_or_default();
            let day = date.split('T').next().unwrap_or_default();
            return Ok(parse_date(day).map_or(Value::Odd(shown), Value::Date));
        }
        Some("time") => return Ok(Value::Odd(shown)),
        _ => return Ok(Cell::text(&shown).value),
    };
    Ok(number.map_or_else(|| Cell::text(&shown).value, |number| Value::Number { number, format }))
}

/// What a cell shows: its paragraphs, without the notes that are pinned to it.
fn shown(xml: &mut Reader<&[u8]>) -> Result<String, ImportError> {
    let mut shown = String::new();
    let (mut paragraphs, mut pinned) = (0, 0);
    loop {
        match xml.read_event().map_err(broken)? {
            Event::Start(start) if is(&start, "annotation") => pinned += 1,
            Event::End(end) if end.local_name().as_ref() == "annotation" => pinned -= 1,
            Event::Start(start) if is(&start, "p") && pinned == 0 => {
                if paragraphs > 0 {
                    shown.push('\n');
                }
                paragraphs += 1;
            }
            Event::Start(start) if (is(&start, "s") || is(&start, "tab")) && pinned == 0 => shown.push(' '),
            Event::Start(start) if is(&start, "line-break") && pinned == 0 => shown.push('\n'),
            Event::Text(text) if pinned == 0 && paragraphs > 0 => shown.push_str(&text.xml10_content()),
            Event::CData(text) if pinned == 0 && paragraphs > 0 => shown.push_str(&text.xml10_content()),
            Event::GeneralRef(name) if pinned == 0 => match name.resolve_char_ref() {
                Ok(Some(letter)) => shown.push(letter),
                _ => shown.push_str(resolve_xml_entity(&name.xml10_content()).unwrap_or_default()),
            },
            Event::End(end) if end.local_name().as_ref() == "table-cell" => return Ok(shown),
            Event::Eof => return Ok(shown),
            _ => {}
        }
    }
}

fn is(start: &BytesStart<'_>, name: &str) -> bool {
    start.local_name().as_ref() == name
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// How often something is repeated, or how many cells it covers.
fn count(start: &BytesStart<'_>, name: &str) -> usize {
    attribute(start, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}
