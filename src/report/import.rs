//! What `import` tells beside the plan that it makes: what was read, what was guessed and what was not read, or why there is no plan.

use owo_colors::Style;

use super::text::View;
use crate::import::{ImportError, Imported};

/// How many things are told before the rest is counted; the plan's own comments hold all of them.
const MOST_TOLD: usize = 12;

/// What was read of a file, what was guessed and what was not read.
pub fn told(imported: &Imported, file: &str, view: &View) -> String {
    let rows = if imported.rows == 1 { "row" } else { "rows" };
    let mut told = view.wrap("", &format!("{file}: {} of {} {rows} read", imported.read, imported.rows));
    told.push_str(&list("guessed: ", Style::new().cyan(), &imported.guessed, view));
    let unread: Vec<String> = imported.unread.iter().map(ToString::to_string).collect();
    told.push_str(&list("not read: ", Style::new().yellow(), &unread, view));
    told
}

/// Why a file is no plan, and what to do.
pub fn refused(error: &ImportError, file: &str, view: &View) -> String {
    view.wrap("error: ", &format!("{file}: {error}")) + &view.wrap("  help: ", &error.help())
}

fn list(label: &str, style: Style, items: &[String], view: &View) -> String {
    // The prefix is painted after wrapping, so that its escapes are not measured.
    let item = |item: &String| view.wrap(label, item).replacen(label, &view.paint(label, style), 1);
    let mut told: String = items.iter().take(MOST_TOLD).map(item).collect();
    if let Some(left) = items.len().checked_sub(MOST_TOLD).filter(|left| *left > 0) {
        told.push_str(&view.wrap(label, &format!("and {left} more; the comments in the plan list them all")));
    }
    told
}
