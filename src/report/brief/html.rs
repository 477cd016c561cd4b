//! The brief as one HTML page that prints on a sheet of paper: a sheet for each plan.

use maud::{Markup, html};

use super::{Asked, Block, Brief, Section, Table, word};
use crate::report::html::page::Page;
use crate::report::html::text::{own, plain_heading, prose, scrolling};

/// The briefs, each on a sheet of its own.
pub(super) fn pages(briefs: &[Brief]) -> String {
    let title = match briefs {
        // A page of nothing would pass for a page.
        [] => return String::new(),
        [one] => one.name.clone(),
        _ => word("html.several"),
    };
    let is_several = briefs.len() > 1;
    let level = if is_several { 2 } else { 1 };
    let body = html! {
        @if is_several { header class="briefs" { h1 { (title) } } }
        @for brief in briefs { (sheet(brief, level)) }
    };
    let footer = html! { p { (word("html.made-by")) " " (env!("CARGO_PKG_VERSION")) "." } };
    Page { title: &title, body, footer, script: None }.html()
}

fn sheet(brief: &Brief, level: u8) -> Markup {
    html! {
        article class="brief" {
            (plain_heading(level, &own(&brief.name)))
            p class="note" {
                @for (at, detail) in brief.details.iter().enumerate() {
                    @if at > 0 { " · " }
                    (own(detail))
                }
            }
            @for part in &brief.sections { (section(part, level + 1)) }
        }
    }
}

fn section(section: &Section, level: u8) -> Markup {
    html! {
        section {
            (plain_heading(level, &html! { (section.title) }))
            @for part in &section.blocks { (block(part, &section.title)) }
        }
    }
}

fn block(block: &Block, title: &str) -> Markup {
    html! {
        @match block {
            Block::Text(text) => p { (prose(text)) }
            Block::Questions(asked) => ol { @for asked in asked { (question(asked)) } }
            Block::Ordered { from, items } => ol class="steps" start=(from) { @for item in items { li { (prose(item)) } } }
            Block::Items(items) => ul { @for item in items { li { (prose(item)) } } }
            Block::Cut(text) => p class="cut" { (prose(text)) }
            Block::Table(rows) => (scrolling(title, &table(rows)))
        }
    }
}

fn question(asked: &Asked) -> Markup {
    html! {
        li {
            p { (prose(&asked.found)) }
            p class="ask" { (prose(&asked.ask)) }
        }
    }
}

fn table(table: &Table) -> Markup {
    let class = |column: usize| table.numbers.contains(&column).then_some("num");
    html! {
        table {
            thead { tr { @for (at, title) in table.header.iter().enumerate() { th scope="col" class=[class(at)] { (title) } } } }
            tbody {
                @for row in &table.rows {
                    tr {
                        @for (at, entries) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" { (cell(entries)) } }
                            @else { td class=[class(at)] { (cell(entries)) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(entries: &[String]) -> Markup {
    html! {
        @match entries {
            [] => {}
            [one] => (own(one)),
            several => ul { @for entry in several { li { (own(entry)) } } }
        }
    }
}
