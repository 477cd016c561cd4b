//! The part of a plan's text that is read again to see what some edits give.
//!
//! A key or a hyphen that begins a line ends whatever stands before it in its column, so what is edited between two of them cannot make
//! the rest be read otherwise. A window is the entries of the plan's mapping, or the items of one of its lists, that the edits touch, with
//! an edge of untouched text on either side. Where brackets, several documents or anchors make that less plain, it is all of the text.

use std::collections::BTreeSet;

use crate::source::{Source, Span};
use crate::yaml::{NodeId, Value};

use super::changes::{Change, Changes};
use super::{Edit, Editor, apply_behind, entries};

/// A part of a text.
#[derive(Debug)]
pub(super) struct Window {
    span: Span,
    /// What it is made of.
    pub(super) holds: Holds,
    /// A line before it that gives a name to what its aliases repeat from outside.
    names: String,
}

/// What the text of a window is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    /// All documents.
    Documents,
    /// Entries of the plan's mapping.
    Entries,
    /// Items of a list.
    Items(NodeId),
}

impl Window {
    /// The smallest window around some edits.
    pub(super) fn around(editor: &Editor<'_>, changes: &Changes<'_>, edits: &[Edit]) -> Self {
        let entries = entries_around(editor, edits);
        let items = entries.and_then(|entries| items_around(editor, changes, edits, entries));
        let entries = entries.map(|span| (span, Holds::Entries, "names: ".to_owned()));
        let windows = items.into_iter().chain(entries);
        let named = |(span, holds, before): (Span, Holds, String)| {
            Some(Self { span, holds, names: names(editor, span, &before)? })
        };
        { windows }.find_map(named).unwrap_or_else(|| Self::whole(editor))
    }

    /// All of the text.
    pub(super) fn whole(editor: &Editor<'_>) -> Self {
        let span = Span::new(0, editor.source.text().len());
        Self { span, holds: Holds::Documents, names: String::new() }
    }

    /// Its text after the edits.
    pub(super) fn edited(&self, source: &Source, edits: &[Edit]) -> String {
        apply_behind(&self.names, source.slice(self.span), self.span.start, edits)
    }

    /// Whether something begins in it.
    pub(super) fn has(&self, span: Span) -> bool {
        begins_in(self.span, span)
    }

    /// How many entries or items its text has before its own.
    pub(super) fn named(&self) -> usize {
        usize::from(!self.names.is_empty())
    }
}

/// Whether something begins in a part of a text.
fn begins_in(part: Span, span: Span) -> bool {
    part.range().contains(&(span.start as usize))
}

/// The entries of the plan's mapping that the edits touch.
fn entries_around(editor: &Editor<'_>, edits: &[Edit]) -> Option<Span> {
    let Editor { tree, source, root, .. } = editor;
    let text = source.text();
    let keys = || entries(tree, *root).map(|(_, key, _)| tree.span(key).start);
    let begins_a_line = |at: u32| at == 0 || text.as_bytes().get(at as usize - 1) == Some(&b'\n');
    if tree.documents().len() > 1 || !keys().all(begins_a_line) {
        return None;
    }
    let (start, end) = between(keys().map(Some), edits)?;
    Some(Span { start: start.unwrap_or(0), end: end.unwrap_or(Span::new(0, text.len()).end) })
}

/// The items that the edits touch, with what stands before an item of their list; where all edits are inside of items of one list in
/// lines, or behind the last of them, which is the value of a key of the plan.
fn items_around(
    editor: &Editor<'_>,
    changes: &Changes<'_>,
    edits: &[Edit],
    whole: Span,
) -> Option<(Span, Holds, String)> {
    let Editor { tree, source, .. } = editor;
    let mut within = entries(tree, editor.root).filter(|(_, key, _)| begins_in(whole, tree.span(*key)));
    let (Some((_, _, list)), None) = (within.next(), within.next()) else { return None };
    let Value::List(items) = tree.value(list) else { return None };
    let changes_apart = matches!(changes.at(list), Some(change) if !matches!(change, Change::Items(_)));
    if changes_apart || changes.at(editor.root).is_some() || tree.is_flow(list) || tree.alias_of(list).is_some() {
        return None;
    }
    let (start, end) = between(items.iter().map(|item| line_of_hyphen(source, tree.span(*item))), edits)?;
    let span = Span { start: start?, end: end.unwrap_or(whole.end) };
    let line = source.slice(span);
    let indentation = line.get(..line.find('-')?)?;
    Some((span, Holds::Items(list), format!("{indentation}- ")))
}

/// Where the line of an item begins, which has nothing but a hyphen before it.
fn line_of_hyphen(source: &Source, item: Span) -> Option<u32> {
    let before = source.text().get(..item.start as usize)?;
    let line = before.trim_end_matches(' ').strip_suffix('-')?.trim_end_matches(' ');
    let begins_a_line = line.is_empty() || line.ends_with('\n');
    if begins_a_line { u32::try_from(line.len()).ok() } else { None }
}

/// The last of some places that comes before all edits, and the first that comes behind them; nothing where one up to there is none.
fn between(places: impl Iterator<Item = Option<u32>>, edits: &[Edit]) -> Option<(Option<u32>, Option<u32>)> {
    let (first, last) = (edits.first()?.span, edits.last()?.span);
    let mut start = None;
    for place in places {
        match place? {
            place if place < first.start => start = Some(place),
            place if place > last.end => return Some((start, Some(place))),
            _ => {}
        }
    }
    Some((start, None))
}

/// A line that names what the aliases in a part of a text repeat from elsewhere; `None` where something else repeats what is in it.
fn names(editor: &Editor<'_>, span: Span, before: &str) -> Option<String> {
    let Editor { tree, source, index, .. } = editor;
    let is_in = |node: NodeId| begins_in(span, tree.span(node));
    let mut names = BTreeSet::new();
    for &(alias, target) in index.aliases() {
        match (is_in(alias), is_in(target)) {
            (true, false) => names.extend(source.slice(tree.span(alias)).strip_prefix('*')),
            (false, true) => return None,
            (true, true) | (false, false) => {}
        }
    }
    let anchors: Vec<String> = names.into_iter().map(|name| format!("&{name} 0")).collect();
    Some(if anchors.is_empty() { String::new() } else { format!("{before}[{}]\n", anchors.join(", ")) })
}
