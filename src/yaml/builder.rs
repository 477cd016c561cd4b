//! Parts of YAML, in the order of a text, become a tree; what the format does not read is noted on the way.

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};
use hashbrown::HashMap;

use super::syntax::BLOCK_TEXT;
use super::tree::{Data, Node, NodeId, TextStyle, Tree, Value, offset};
use super::{Fault, Limit, MAX_DOCUMENTS, MAX_NODES, MAX_PROBLEMS, YamlFault};
use crate::source::{Source, Span};

/// A list or mapping that is still open.
struct Open {
    node: NodeId,
    anchor: usize,
    /// Where its children begin on the stack.
    from: usize,
    kind: Kind,
    /// Whether it stands in `{ }` or `[ ]`.
    flow: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Mapping,
}

pub(super) struct Builder {
    pub(super) tree: Tree,
    open: Vec<Open>,
    /// Children of the open collections, innermost last.
    stack: Vec<NodeId>,
    /// Anchored nodes by the parser's number; `None` while an anchored collection is open.
    anchors: HashMap<usize, Option<NodeId>>,
    pub(super) problems: Vec<Fault>,
    /// The keys of the mapping that is closed, by their first letters.
    keys: Vec<(u64, NodeId)>,
}

impl Builder {
    pub(super) fn new(source: &Arc<Source>) -> Self {
        // About as many as a plan of that length has, or a few lines of one: most are filled without being moved.
        const BYTES_OF_NODE: usize = 7;
        const FEWEST: usize = 16;
        const MOST: usize = 1 << 16;
        const DEEP: usize = 8;
        const MANY_CHILDREN: usize = 32;
        let nodes = (source.text().len() / BYTES_OF_NODE).clamp(FEWEST, MOST);
        let tree = Tree {
            source: Arc::clone(source),
            folded: Vec::new(),
            nodes: Vec::with_capacity(nodes),
            children: Vec::with_capacity(nodes),
            documents: Vec::with_capacity(1),
        };
        Self {
            tree,
            open: Vec::with_capacity(DEEP),
            stack: Vec::with_capacity(MANY_CHILDREN),
            anchors: HashMap::new(),
            problems: Vec::new(),
            keys: Vec::with_capacity(MANY_CHILDREN),
        }
    }

    pub(super) fn step(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        if self.problems.len() > MAX_PROBLEMS {
            let first = self.problems.drain(MAX_PROBLEMS..).next().map_or(span, |fault| fault.span);
            return Err(Fault::new(first, YamlFault::Limit(Limit::Problems)));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.check_block(&text, style, span);
                let data = if is_null(&text, style, span) { Data::Null } else { self.text(text, style, span) };
                self.leaf(span, data, anchor)
            }
            Event::Alias(anchor) => self.alias(span, anchor),
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.open(span, Kind::List, style == StructureStyle::Flow, anchor)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.open(span, Kind::Mapping, style == StructureStyle::Flow, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(span);
                Ok(())
            }
            Event::DocumentEnd => {
                self.end_document();
                Ok(())
            }
            Event::DocumentStart(..) if self.tree.documents.len() >= MAX_DOCUMENTS => Err(Limit::Documents),
            _ => Ok(()),
        }
        .map_err(|limit| Fault::new(span, YamlFault::Limit(limit)))
    }

    /// A value without parts. An empty span is an empty value.
    #[inline]
    pub(super) fn leaf(&mut self, span: Span, data: Data, anchor: usize) -> Result<(), Limit> {
        let span = if span.start == span.end { self.after_key(span) } else { span };
        let node = self.push(span, data)?;
        self.anchor(anchor, Some(node));
        self.stack.push(node);
        Ok(())
    }

    /// A value that stands elsewhere, by the number of its anchor.
    pub(super) fn alias(&mut self, span: Span, anchor: usize) -> Result<(), Limit> {
        let target = self.anchors.get(&anchor).copied().flatten();
        if target.is_none() {
            note(&mut self.problems, span, YamlFault::EndlessAlias);
        }
        let node = self.push(span, target.map_or(Data::Null, Data::Alias))?;
        self.stack.push(node);
        Ok(())
    }

    pub(super) fn end_document(&mut self) {
        self.tree.documents.append(&mut self.stack);
        self.anchors.clear();
    }

    pub(super) fn text(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: Span) -> Data {
        let style = TextStyle::from(style);
        if self.tree.source.text().get(style.within(span).range()) == Some(&*text) {
            return Data::Text(style);
        }
        self.tree.folded.push(text.into());
        Data::Folded(offset(self.tree.folded.len() - 1), style)
    }

    #[inline]
    fn push(&mut self, span: Span, data: Data) -> Result<NodeId, Limit> {
        if self.tree.nodes.len() >= MAX_NODES {
            return Err(Limit::Values);
        }
        let id = NodeId(offset(self.tree.nodes.len()));
        self.tree.nodes.push(Node { span, data });
        Ok(id)
    }

    #[inline]
    fn anchor(&mut self, anchor: usize, node: Option<NodeId>) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    /// Tags of YAML's own schema say nothing that the format does not say; others would be lost.
    fn check_tag(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            let tag = tag.original();
            let start = self.tree.source.text().get(..span.start as usize).and_then(|before| before.rfind(&tag));
            let span = start.map_or(span, |start| Span::new(start, start + tag.len()));
            note(&mut self.problems, span, YamlFault::Tag(tag));
        }
    }

    /// Reports `target: >5`, which YAML reads as the beginning of a text of several lines.
    fn check_block(&mut self, text: &str, style: ScalarStyle, span: Span) {
        if matches!(style, ScalarStyle::Folded | ScalarStyle::Literal) && text.trim().is_empty() {
            let (message, help) = BLOCK_TEXT;
            let before = self.tree.source.text().get(..span.start as usize).unwrap_or_default();
            let span = before.rfind(['>', '|']).map_or(span, |start| Span::new(start, start + 1));
            note(&mut self.problems, span, YamlFault::Syntax { message: message.into(), help: Some(help) });
        }
    }

    /// Where an empty value stands: behind its key, not where the next token is.
    #[cold]
    fn after_key(&self, span: Span) -> Span {
        match self.open.last() {
            Some(Open { kind: Kind::Mapping, from, .. }) if (self.stack.len() - from) % 2 == 1 => {
                let key = self.stack.last().map_or(span, |&key| self.tree.span(key));
                let text = self.tree.source.text().as_bytes();
                let behind = text.get(key.end as usize..text.len().min(span.start as usize + 1)).unwrap_or_default();
                let colon = memchr::memchr(b':', behind);
                let end = key.end as usize + colon.map_or(0, |colon| colon + 1);
                Span::new(end, end)
            }
            _ => span,
        }
    }

    pub(super) fn open(&mut self, span: Span, kind: Kind, flow: bool, anchor: usize) -> Result<(), Limit> {
        let node = self.push(span, Data::Null)?;
        self.anchor(anchor, None);
        self.open.push(Open { node, anchor, from: self.stack.len(), kind, flow });
        Ok(())
    }

    /// Ends the innermost list or mapping; the span is that of its bracket, and empty where it has none.
    pub(super) fn close(&mut self, end: Span) {
        let Some(Open { node, anchor, from, kind, flow }) = self.open.pop() else { return };
        match kind {
            Kind::Mapping => self.check_keys(from, flow),
            Kind::List if flow => self.check_cut_numbers(from),
            Kind::List => {}
        }
        // A block collection ends with its last child, not where the next token begins.
        let last = self.stack.get(from..).and_then(|own| own.last()).map(|&last| self.tree.span(last));
        let children = self.tree.add_children(self.stack.drain(from..));
        if let Some(open) = self.tree.nodes.get_mut(node.0 as usize) {
            let flow_end = if end.start < end.end { end } else { open.span };
            open.span = open.span.to(last.unwrap_or(open.span)).to(flow_end);
            open.data = match kind {
                Kind::List => Data::List { children, flow },
                Kind::Mapping => Data::Mapping { children, flow },
            };
        }
        self.anchor(anchor, Some(node));
        self.stack.push(node);
    }

    /// Reports doubled keys, merge keys and keys that are no words, among the children from `from`.
    fn check_keys(&mut self, from: usize, flow: bool) {
        let mut keys = std::mem::take(&mut self.keys);
        for entry in self.stack.get(from..).unwrap_or_default().chunks_exact(2) {
            let &[key, value] = entry else { continue };
            let Value::Text(text) = self.tree.value(key) else {
                note(&mut self.problems, self.tree.span(key), YamlFault::ComplexKey);
                continue;
            };
            let cut = flow && is_rest_of_number(text) && self.tree.is_null(value);
            if text == "<<" {
                note(&mut self.problems, self.tree.span(key), YamlFault::MergeKey);
            } else if !cut {
                keys.push((beginning(text), key));
            }
        }
        // Most keys differ in that, and the others are compared.
        if begin_alike(&mut keys) {
            self.check_doubled(&mut keys);
        }
        keys.clear();
        self.keys = keys;
    }

    fn check_doubled(&mut self, keys: &mut [(u64, NodeId)]) {
        let tree = &self.tree;
        let text = |key: NodeId| match tree.value(key) {
            Value::Text(text) => text,
            _ => "",
        };
        keys.sort_unstable_by(|(_, one), (_, other)| text(*one).cmp(text(*other)).then(one.cmp(other)));
        for pair in keys.windows(2) {
            if let &[(_, first), (_, second)] = pair
                && text(first) == text(second)
            {
                note(&mut self.problems, tree.span(second), YamlFault::DoubledKey(text(second).to_owned()));
            }
        }
    }

    /// Reports `[1,000 leads]`, which YAML reads as two items, among the children from `from`.
    fn check_cut_numbers(&mut self, from: usize) {
        for pair in self.stack.get(from..).unwrap_or_default().windows(2) {
            let &[first, second] = pair else { continue };
            let (Value::Text(head), Value::Text(rest)) = (self.tree.value(first), self.tree.value(second)) else {
                continue;
            };
            let (before, after) = (self.tree.span(first), self.tree.span(second));
            let plain = before.range().len() == head.len() && after.range().len() == rest.len();
            let touching = before.end + 1 == after.start;
            if plain && touching && head.ends_with(|c: char| c.is_ascii_digit()) && is_rest_of_number(rest) {
                let message = "inside [ ] a comma ends an item, so this number is cut in two".into();
                let help = Some("put it in quotes, such as \"1,000 leads\", or write one item a line");
                note(&mut self.problems, before.to(after), YamlFault::Syntax { message, help });
            }
        }
    }
}

/// Notes a problem while there are not too many: one of a mapping may stand at each of its keys.
fn note(problems: &mut Vec<Fault>, span: Span, kind: YamlFault) {
    if problems.len() <= MAX_PROBLEMS {
        problems.push(Fault::new(span, kind));
    }
}

/// Whether two keys begin alike. Many are put in order for it; of few, those are compared that share a bit of 64.
fn begin_alike(keys: &mut [(u64, NodeId)]) -> bool {
    const FEW: usize = 32;
    if keys.len() > FEW {
        keys.sort_unstable();
        return keys.windows(2).any(|pair| matches!(pair, [first, second] if first.0 == second.0));
    }
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut seen = 0_u64;
    keys.iter().enumerate().any(|(at, (key, _))| {
        let bit = 1 << (key.wrapping_mul(ODD) >> 58);
        let may_be_seen = seen & bit != 0;
        seen |= bit;
        may_be_seen && keys.iter().take(at).any(|(other, _)| other == key)
    })
}

/// A number of a text, which few others have: of its first eight bytes, or of all of a shorter one.
fn beginning(text: &str) -> u64 {
    let bytes = text.as_bytes();
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(u32::from_be_bytes(*last)),
        _ => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// Whether a text begins with the three digits that follow a mark between thousands.
fn is_rest_of_number(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == 3
}

fn is_null(text: &str, style: ScalarStyle, span: Span) -> bool {
    style == ScalarStyle::Plain && (span.start == span.end || says_nothing(text.as_bytes()))
}

/// Whether a plain text stands for no value.
pub(super) fn says_nothing(text: &[u8]) -> bool {
    matches!(text, b"" | b"~" | b"null" | b"Null" | b"NULL")
}

impl From<ScalarStyle> for TextStyle {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::SingleQuoted => Self::SingleQuoted,
            ScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Self::Block,
            _ => Self::Plain,
        }
    }
}
