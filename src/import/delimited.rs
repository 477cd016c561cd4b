//! CSV and TSV: the delimiter is found by what it cuts the lines into, as Excel writes `;` where commas are decimal marks.

use csv::{ReaderBuilder, StringRecord};

use super::columns;
use super::error::{ImportError, TooMuch};
use super::sheet::{Cell, Counted, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Row, Sheet};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many bytes a line may have: more is no table, and is not cut into cells.
const LONGEST_LINE: usize = 1024 * 1024;

/// The one table of a text.
pub(super) fn read(text: &str, delimiter: Option<u8>) -> Result<Sheet, ImportError> {
    if text.len() > MOST_TEXT {
        return Err(ImportError::TooMuch(TooMuch::Text));
    }
    if text.split(['\r', '\n']).any(|line| line.len() > LONGEST_LINE) {
        return Err(ImportError::TooMuch(TooMuch::Line));
    }
    let (text, skipped, said) = delimiter_line(text);
    let delimiter = delimiter.or(said).unwrap_or_else(|| best_delimiter(text));
    let mut rows = Vec::new();
    let mut lines = Lines { text, byte: 0, line: 1 + skipped };
    for record in records(text, delimiter) {
        let record = record.map_err(|error| ImportError::Encoding(error.to_string()))?;
        let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > MOST_COLUMNS {
            return Err(ImportError::TooMuch(TooMuch::Columns));
        }
        rows.push(Row { number: lines.of(byte), cells: record.iter().map(Cell::text).collect() });
        if rows.len() > MOST_ROWS {
            return Err(ImportError::TooMuch(TooMuch::Rows));
        }
    }
    Ok(Sheet { rows, counted: Counted::Lines, ..Sheet::default() })
}

/// Counts lines from one record to the next.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line on which a record begins: the reader gives the place of the empty lines before it.
    fn of(&mut self, byte: usize) -> usize {
        let ahead = self.text.as_bytes().get(byte..).unwrap_or_default();
        let empty = ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.as_bytes().get(self.byte..byte + empty).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.byte = byte + empty;
        self.line
    }
}

/// Excel's own first line, `sep=;`.
fn delimiter_line(text: &str) -> (&str, usize, Option<u8>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) => (rest, 1, Some(*delimiter)),
        _ => (text, 0, None),
    }
}

/// The one that gives the best row of headings, else the most cells alike.
fn best_delimiter(text: &str) -> u8 {
    let text = beginning(text);
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| {
        const LOOKED_AT: usize = 60;
        let widths: Vec<(usize, usize)> = records(text, *delimiter)
            .take(LOOKED_AT)
            .filter_map(Result::ok)
            // What is wider is no table, and not looked through to its end.
            .map(|record| (columns::known(record.iter().take(MOST_COLUMNS)), record.len()))
            .collect();
        let known = widths.iter().map(|(known, _)| *known).max().unwrap_or_default();
        let usual = widths
            .iter()
            .map(|(_, width)| *width)
            .max_by_key(|width| widths.iter().filter(|(_, other)| *width > 1 && other == width).count());
        (known, usual.unwrap_or_default())
    });
    best.unwrap_or(b',')
}

/// As much of a text as shows how it is cut.
fn beginning(text: &str) -> &str {
    const LOOKED_AT: usize = 256 * 1024;
    let end = (0..=LOOKED_AT.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

fn records(text: &str, delimiter: u8) -> impl Iterator<Item = Result<StringRecord, csv::Error>> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let sheet = read(text, None).unwrap();
        sheet.rows.iter().map(|row| row.cells.iter().map(Cell::shown).collect()).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_are_told_apart() {
        assert_eq!(cells("KPI,Target\nLeads,\"1,200\"\n")[1], ["Leads", "1,200"]);
        assert_eq!(
            cells("Indicador;Meta;Prazo\nTaxa, em %;12,5;31/03/2027\n")[1],
            ["Taxa, em %", "12,5", "31/03/2027"]
        );
        assert_eq!(cells("KPI\tTarget\nA; B, C\t1\n")[1], ["A; B, C", "1"]);
        assert_eq!(cells("sep=|\nKPI|Target\nA|1\n")[1], ["A", "1"]);
    }

    #[test]
    fn a_row_keeps_its_line_and_empty_rows_are_passed_over() {
        let sheet = read("KPI,Target\n,,\n\n\"Two\nlines\",1\nB,2\n", None).unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 4, 6]);
    }

    #[test]
    fn a_line_wider_than_any_table_is_refused_unless_it_is_empty() {
        assert_eq!(read(&"KPI,".repeat(10_000), None).unwrap_err(), ImportError::TooMuch(TooMuch::Columns));
        assert_eq!(cells(&(",".repeat(10_000) + "\nKPI,Target\nA,1\n"))[1], ["A", "1"]);
    }

    #[test]
    fn a_line_of_megabytes_is_refused_before_it_is_cut() {
        let line = |text: String| read(&text, None).unwrap_err();
        assert_eq!(line("KPI,Target\n".to_owned() + &"a,".repeat(2_000_000)), ImportError::TooMuch(TooMuch::Line));
        assert_eq!(line(",".repeat(8 * 1024 * 1024)), ImportError::TooMuch(TooMuch::Line));
        assert_eq!(line("x".repeat(20 * 1024 * 1024)), ImportError::TooMuch(TooMuch::Text));
    }

    #[test]
    fn a_file_of_raw_data_is_refused() {
        let text = "KPI,Target\n".to_owned() + &"a,1\n".repeat(MOST_ROWS + 1);
        assert_eq!(read(&text, None).unwrap_err(), ImportError::TooMuch(TooMuch::Rows));
    }
}
