//! The brief as Markdown that pastes well: headings, short tables and lists, and nothing else.

use super::{Asked, Block, Brief, Section, Table};
use crate::report::markdown::escape;

/// The briefs, one after the other.
pub(super) fn pages(briefs: &[Brief]) -> String {
    briefs.iter().map(page).collect::<Vec<_>>().join("\n---\n\n")
}

fn page(brief: &Brief) -> String {
    let details = brief.details.iter().map(|detail| escape(detail)).collect::<Vec<_>>().join(" · ");
    let head = format!("# {}\n\n{details}\n", escape(&brief.name));
    brief.sections.iter().fold(head, |page, part| page + "\n" + &section(part))
}

fn section(section: &Section) -> String {
    let blocks: Vec<String> = section.blocks.iter().map(block).collect();
    format!("## {}\n\n{}", escape(&section.title), blocks.join("\n"))
}

fn block(block: &Block) -> String {
    match block {
        Block::Text(text) => format!("{}\n", escape(text)),
        Block::Questions(asked) => {
            asked.iter().enumerate().map(|(at, asked)| question(at + 1, asked)).collect::<Vec<_>>().join("\n")
        }
        Block::Ordered { from, items } => {
            items.iter().enumerate().map(|(at, item)| format!("{}. {}\n", from + at, escape(item))).collect()
        }
        Block::Items(items) => items.iter().map(|item| format!("- {}\n", escape(item))).collect(),
        Block::Cut(text) => format!("**— {} —**\n", escape(text)),
        Block::Table(table) => self::table(table),
    }
}

/// The finding and the question, as paragraphs of one item.
fn question(number: usize, asked: &Asked) -> String {
    let indent = " ".repeat(format!("{number}. ").len());
    format!("{number}. {}\n\n{indent}**{}**\n", escape(&asked.found), escape(&asked.ask))
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let rule = (0..table.header.len()).map(|column| {
        let rule = if table.numbers.contains(&column) { "--:" } else { "---" };
        rule.to_owned()
    });
    let header = row(table.header.iter().map(|title| escape(title)).collect()) + &row(rule.collect());
    let rows = table.rows.iter().map(|cells| {
        row(cells
            .iter()
            .map(|entries| entries.iter().map(|entry| escape(entry)).collect::<Vec<_>>().join("; "))
            .collect())
    });
    rows.fold(header, |text, row| text + &row)
}
