//! Edits that keep a file's look: a reframe becomes the fewest changes of a plan's own text that say the same.
//!
//! A reframe is an overlay of the plan: mappings merge, parts of a list match by their ids, anything else is replaced.
//! `changes` finds out what an overlay changes in the tree of a plan, `layout` writes each change in the manner of its
//! neighbours, and what came of it is read again: only edits that give exactly the merged plan are handed out.

use std::sync::Arc;

use crate::plan::Plan;
use crate::source::{Source, Span};
use crate::yaml::{self, NodeId, Tree, Value};

mod changes;
mod index;
mod layout;
mod window;

use changes::Changes;
use index::Index;
use window::Window;

/// A part of a text that is replaced by another; an insertion where the span is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A text after some edits, which are in the order of the text and do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    apply_behind("", text, 0, edits)
}

/// A part of a text after edits of it, behind another text. The edits count from the beginning of the whole, and the part begins at a byte.
fn apply_behind(before: &str, text: &str, begins: u32, edits: &[Edit]) -> String {
    let added = edits.iter().map(|edit| edit.text.len()).sum::<usize>();
    let mut edited = String::with_capacity(before.len() + text.len() + added);
    edited.push_str(before);
    let mut kept_to = 0;
    for edit in edits {
        let range = edit.span.before(begins).range();
        edited.push_str(text.get(kept_to..range.start).unwrap_or_default());
        edited.push_str(&edit.text);
        kept_to = range.end;
    }
    edited.push_str(text.get(kept_to..).unwrap_or_default());
    edited
}

/// How many reframes of a text are looked at: each takes time as the text is long, and a hostile one has a finding a line.
pub fn most_reframes(text: &str) -> usize {
    const MOST_BYTES: usize = 4 << 20;
    MOST_BYTES / text.len().max(1)
}

/// Why a reframe is not written by itself. `Display` says what is in the way; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ByHand {
    /// The reframe has a gap.
    #[error("it holds a … that only you can fill")]
    NeedsWords,
    /// The plan says it already.
    #[error("the plan says it already")]
    Nothing,
    /// A value stands once and is read in several places.
    #[error("line {line} is shared with line {other} by an alias: a change of one would change both")]
    Shared {
        /// The line that would be changed.
        line: usize,
        /// The line that would change with it.
        other: usize,
    },
    /// A mapping or a list in brackets that goes over several lines.
    #[error("line {line} begins a {kind} that goes over several lines")]
    SeveralLines {
        /// Where it begins.
        line: usize,
        /// "mapping in { }" or "list in [ ]".
        kind: &'static str,
    },
    /// A comment that would be lost.
    #[error("what is replaced at line {line} holds a comment, which would be lost")]
    Comment {
        /// Where the value begins.
        line: usize,
    },
    /// The part stands in another file.
    #[error("`{id}` stands in a plan that this one extends, and that file is not changed from here")]
    Extended {
        /// The part's id.
        id: String,
    },
    /// Anything else that does not give exactly the merged plan.
    #[error("the plan is laid out in a way that is not changed safely around line {line}")]
    Layout {
        /// The first line that would have been changed.
        line: usize,
    },
}

/// What a reframe changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    /// The edits, in the order of the text.
    pub list: Vec<Edit>,
    /// The keys that get another value, each by its way from the plan's root: `kpis/mql/target`.
    pub writes: Vec<String>,
}

/// Makes edits of a plan's text, for all reframes.
#[derive(Debug)]
pub struct Editor<'p> {
    plan: &'p Plan,
    source: &'p Source,
    tree: Arc<Tree>,
    root: NodeId,
    index: Index<'p>,
}

impl<'p> Editor<'p> {
    /// An editor of a plan's text.
    pub fn new(plan: &'p Plan) -> Option<Self> {
        let source = plan.source.as_ref();
        let tree = plan.tree.clone().unwrap_or_else(|| Arc::new(yaml::parse(&plan.source).0));
        let root = documents(&tree).nth(plan.document)?;
        let index = Index::of(plan, &tree, root);
        Some(Self { plan, source, tree, root, index })
    }

    /// The edits by which the plan becomes what a reframe proposes.
    ///
    /// # Errors
    ///
    /// Where the reframe cannot be written by itself, or must not.
    pub fn edits(&self, reframe: &str) -> Result<Edits, ByHand> {
        let overlay_source = Arc::new(Source::new("", reframe));
        let (overlay, _) = yaml::parse(&overlay_source);
        let changes = Changes::find(self, &overlay_source, &overlay)?;
        let list = layout::edits(self, &changes)?;
        let first = list.first().map_or(self.tree.span(self.root).start, |edit| edit.span.start);
        let window = Window::around(self, &changes, &list);
        let edited = Arc::new(Source::new("", window.edited(self.source, &list)));
        let (result, faults) = yaml::parse(&edited);
        if !faults.is_empty() || !changes.gave(&window, &edited, &result) {
            return Err(ByHand::Layout { line: self.line(first) });
        }
        Ok(Edits { list, writes: changes.into_writes() })
    }

    fn line(&self, byte: u32) -> usize {
        self.source.position(byte).line
    }

    fn line_of(&self, node: NodeId) -> usize {
        self.line(self.tree.span(node).start)
    }

    /// Whether a node ends on the line on which it begins.
    fn is_on_one_line(&self, node: NodeId) -> bool {
        !has_line_break(self.source.slice(self.tree.span(node)))
    }
}

fn has_line_break(text: &str) -> bool {
    memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_some()
}

/// The documents that a plan's number counts: empty ones are none.
fn documents(tree: &Tree) -> impl Iterator<Item = NodeId> {
    tree.documents().iter().copied().filter(|&root| !tree.is_null(root))
}

/// Keys with their values.
fn entries(tree: &Tree, mapping: NodeId) -> impl Iterator<Item = (&str, NodeId, NodeId)> {
    let children = match tree.value(mapping) {
        Value::Mapping(children) => children,
        _ => &[],
    };
    children.chunks_exact(2).filter_map(|entry| match entry {
        [key, value] => match tree.value(*key) {
            Value::Text(name) => Some((name, *key, *value)),
            _ => None,
        },
        _ => None,
    })
}

/// The items of a list.
fn items(tree: &Tree, list: NodeId) -> &[NodeId] {
    match tree.value(list) {
        Value::List(items) => items,
        _ => &[],
    }
}

/// The text of a node, without the space around it.
fn text(tree: &Tree, node: NodeId) -> Option<&str> {
    match tree.value(node) {
        Value::Text(text) => Some(text.trim()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
