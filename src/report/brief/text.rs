//! The brief in a terminal.

use comfy_table::{Cell, CellAlignment};
use owo_colors::Style;

use super::{Asked, Block, Brief, Section, Table};
use crate::report::columns::{lines, new_table};
use crate::report::text::{View, clean, clip};

/// Columns of a line between two briefs.
const LONGEST_RULE: usize = 80;

/// The briefs, one after the other.
pub(super) fn pages(briefs: &[Brief], view: &View) -> String {
    let rule = "─".repeat(view.width.min(LONGEST_RULE));
    let between = format!("\n{}\n\n", view.paint(&rule, Style::new().dimmed()));
    briefs.iter().map(|brief| page(brief, view)).collect::<Vec<_>>().join(&between)
}

fn page(brief: &Brief, view: &View) -> String {
    let details = brief.details.iter().map(|detail| clean(detail)).collect::<Vec<_>>().join(" · ");
    let mut text = view.wrap_styled("", &brief.name, Style::new().bold());
    text.push_str(&view.wrap_styled("", &details, Style::new().dimmed()));
    for section in &brief.sections {
        text.push('\n');
        text.push_str(&self::section(section, view));
    }
    text
}

fn section(section: &Section, view: &View) -> String {
    let mut text = format!("{}\n", view.paint(&clip(&section.title, view.width), Style::new().bold().underline()));
    let mut before = None;
    for block in &section.blocks {
        if before.is_some_and(|before| are_apart(before, block)) {
            text.push('\n');
        }
        text.push_str(&self::block(block, view));
        before = Some(block);
    }
    text
}

/// Whether a line stays free between two blocks: a table needs room, and two lists are not one.
fn are_apart(before: &Block, after: &Block) -> bool {
    let is_table = |block: &Block| matches!(block, Block::Table(_));
    is_table(before) || is_table(after) || matches!((before, after), (Block::Items(_), Block::Items(_)))
}

fn block(block: &Block, view: &View) -> String {
    match block {
        Block::Text(text) => view.wrap("", text),
        Block::Questions(asked) => asked.iter().enumerate().map(|(at, asked)| question(at + 1, asked, view)).collect(),
        Block::Ordered { from, items } => {
            items.iter().enumerate().map(|(at, item)| view.wrap(&format!("{:>2}. ", from + at), item)).collect()
        }
        Block::Items(items) => items.iter().map(|item| view.wrap("  - ", item)).collect(),
        Block::Cut(text) => view.wrap_styled("--- ", text, Style::new().bold()),
        Block::Table(table) => self::table(table, view),
    }
}

fn question(number: usize, asked: &Asked, view: &View) -> String {
    let mut text = view.wrap(&format!("{number:>2}. "), &asked.found);
    text.push_str(&view.wrap_styled("    ", &asked.ask, Style::new().bold()));
    text
}

fn table(table: &Table, view: &View) -> String {
    let header: Vec<String> = table.header.iter().map(|title| clean(title).into_owned()).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut rows = new_table(view, &header, &table.numbers);
    for row in &table.rows {
        let cells = row.iter().enumerate().map(|(column, entries)| {
            let cell = Cell::new(self::entries(entries));
            if table.numbers.contains(&column) { cell.set_alignment(CellAlignment::Right) } else { cell }
        });
        rows.add_row(cells.collect::<Vec<_>>());
    }
    lines(&rows)
}

/// Several entries stand each on a line of its own, and can be told apart where they wrap.
fn entries(entries: &[String]) -> String {
    let mark = if entries.len() > 1 { "- " } else { "" };
    entries.iter().map(|entry| format!("{mark}{}", clean(entry))).collect::<Vec<_>>().join("\n")
}
