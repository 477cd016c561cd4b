//! Tables of a terminal: how wide they are, the line under their header, numbers to the right, and bars.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};

use super::text::View;

/// Columns of a bar.
const BAR: usize = 20;

/// A table with a line under its header, as wide as the view at most.
pub(super) fn new_table(view: &View, header: &[&str], right_aligned: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(style());
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(view.width).unwrap_or(u16::MAX));
    if view.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let cells = header.iter().enumerate().map(|(at, title)| {
        let cell = Cell::new(title).add_attribute(Attribute::Bold);
        if right_aligned.contains(&at) { cell.set_alignment(CellAlignment::Right) } else { cell }
    });
    table.set_header(cells.collect::<Vec<_>>());
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    table
}

fn style() -> TableStyle {
    TableStyle::new()
        .header_lines(ContentLineStyle::none())
        .header_separator(LineStyle::none().fill('─').junction('─'))
        .content_lines(ContentLineStyle::none())
}

/// A table's lines, without the space at their ends.
pub(super) fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A number, or a dash where it is not known.
pub(super) fn right(text: Option<String>) -> Cell {
    Cell::new(text.unwrap_or_else(|| "–".to_owned())).set_alignment(CellAlignment::Right)
}

/// A share of 0 to 100 as a bar.
pub(super) fn bar(score: f64) -> String {
    let full = (score / 100.0 * BAR as f64).round().clamp(0.0, BAR as f64) as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}
