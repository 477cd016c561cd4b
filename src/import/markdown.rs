//! Markdown: each table of a text is a sheet, called as the heading above it is.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::error::{ImportError, TooMuch};
use super::sheet::{Cell, Counted, MOST_ROWS, Row, Sheet};
use crate::source::{Source, Span};

/// All tables of a text.
pub(super) fn read(text: &str) -> Result<Vec<Sheet>, ImportError> {
    let source = Source::new("", text);
    let mut reader = Reader { source: &source, sheets: Vec::new(), heading: None, row: Row::default(), shown: None };
    let mut rows = 0;
    for (event, place) in Parser::new_ext(source.text(), Options::ENABLE_TABLES).into_offset_iter() {
        rows += usize::from(matches!(event, Event::End(TagEnd::TableRow)));
        if rows > MOST_ROWS {
            return Err(ImportError::TooMuch(TooMuch::Rows));
        }
        reader.step(&event, place);
    }
    Ok(reader.sheets)
}

struct Reader<'t> {
    source: &'t Source,
    sheets: Vec<Sheet>,
    /// The heading that stands above.
    heading: Option<String>,
    row: Row,
    /// What a cell shows, while nothing in it is lost by showing it.
    shown: Option<String>,
}

impl Reader<'_> {
    fn step(&mut self, event: &Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                let written = self.source.slice(Span::new(place.start, place.end));
                self.heading = Some(written.trim_start_matches('#').trim().to_owned());
            }
            Event::Start(Tag::Table(_)) => {
                self.sheets.push(Sheet { name: self.heading.clone(), counted: Counted::Lines, ..Sheet::default() })
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let begin = Span::new(place.start, place.end).start;
                self.row = Row { number: self.source.position(begin).line, cells: Vec::new() };
            }
            Event::Start(Tag::TableCell) => self.shown = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                let written = self.source.slice(Span::new(place.start, place.end)).trim().replace("\\|", "|");
                let written = written.trim_matches('|');
                self.row.cells.push(Cell::text(self.shown.take().as_deref().unwrap_or(written)));
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                let row = std::mem::take(&mut self.row);
                if let Some(sheet) = self.sheets.last_mut().filter(|_| row.own().next().is_some()) {
                    sheet.rows.push(row);
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(shown) = &mut self.shown {
                    shown.push_str(text);
                }
            }
            Event::Start(Tag::Emphasis | Tag::Strong) | Event::End(TagEnd::Emphasis | TagEnd::Strong) => {}
            // A link or HTML: the cell is kept as it is written.
            _ => self.shown = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_is_a_sheet_under_its_heading_with_the_lines_of_its_rows() {
        let text = "# Plan Q1 2027\n\n| KPI | Target |\n|---|---|\n| **Leads** | 1,200 |\n\n## Products\n\n| Product | Budget |\n|--|--|\n| Core | 40k |\n";
        let sheets = read(text).unwrap();
        let names: Vec<_> = sheets.iter().map(|sheet| sheet.name.as_deref()).collect();
        assert_eq!(names, [Some("Plan Q1 2027"), Some("Products")]);
        assert_eq!(sheets[0].rows[1].cells[0].shown(), "Leads");
        assert_eq!(sheets[1].rows[1].number, 11);
    }

    #[test]
    fn links_and_html_in_a_cell_stay_as_they_are_written() {
        let text = "| KPI | Target |\n|---|---|\n| [x](javascript:alert(1)) | <script>1</script> |\n| a \\| b | 2 |\n";
        let sheets = read(text).unwrap();
        let shown: Vec<_> = sheets[0].rows[1].cells.iter().map(Cell::shown).collect();
        assert_eq!(shown, ["[x](javascript:alert(1))", "<script>1</script>"]);
        assert_eq!(sheets[0].rows[2].cells[0].shown(), "a | b");
    }
}
