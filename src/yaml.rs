//! YAML: the one place that knows the YAML library. A text becomes a tree of placed nodes, a value becomes YAML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span as ParsedSpan, StructureStyle, Tag};

use serde::{Serialize, Serializer};

use crate::source::{Source, Span};
use crate::words::{excerpt, turns_direction};

/// How deeply lists and mappings may nest. The format needs eight levels.
const MAX_DEPTH: usize = 64;
/// How many nodes a file may hold.
const MAX_NODES: usize = 40_000_000;
/// How many documents a file may hold. An audit of a plan takes about 0.2 ms, however short the plan is.
const MAX_DOCUMENTS: usize = 1_000;
/// How many problems of a file are listed.
pub(crate) const MAX_PROBLEMS: usize = 5_000;

/// What is wrong with a text as YAML, with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) kind: YamlFault,
    /// Other places that belong to it, each with a label.
    pub(crate) related: Vec<(Span, &'static str)>,
}

impl Fault {
    fn new(span: Span, kind: YamlFault) -> Self {
        Self { span, kind, related: Vec::new() }
    }
}

/// Why a text is not the YAML that is read. `Display` says what is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum YamlFault {
    /// The text is not YAML.
    #[error("{message}")]
    Syntax {
        /// What the parser saw, in plain words.
        message: Cow<'static, str>,
        /// What to do.
        help: Option<&'static str>,
    },
    /// More of something than is read.
    #[error("{0}")]
    Limit(Limit),
    /// One key twice in a mapping.
    #[error("the key `{}` stands twice", excerpt(.0))]
    DoubledKey(String),
    /// A key that is a list or a mapping.
    #[error("a key must be a plain word")]
    ComplexKey,
    /// `<<`.
    #[error("merge keys (`<<`) are not read")]
    MergeKey,
    /// A tag such as `!include`.
    #[error("the tag `{}` is not read", excerpt(.0))]
    Tag(String),
    /// An alias that stands inside of what it points to.
    #[error("this alias stands inside the value that it repeats")]
    EndlessAlias,
}

/// What there can be too much of, so that no file takes an audit's time or memory. `Display` says what is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Nodes of a file.
    #[error("more values than a plan can hold")]
    Values,
    /// Levels of lists and mappings.
    #[error("lists and mappings nest deeper than {MAX_DEPTH} levels")]
    Depth,
    /// Values that are read through aliases.
    #[error("aliases repeat more values than a plan can hold")]
    Aliases,
    /// Documents of a file.
    #[error("this file has more than {MAX_DOCUMENTS} documents")]
    Documents,
    /// Parts of a plan, and how many there may be.
    #[error("this file has more than {0} goals, KPIs, products and other parts, the most for its size")]
    Parts(usize),
    /// Problems.
    #[error("this file has more than {MAX_PROBLEMS} problems, and the rest of it is not checked")]
    Problems,
}

impl Limit {
    fn help(self) -> Option<&'static str> {
        match self {
            Self::Values | Self::Depth | Self::Aliases => None,
            Self::Documents => Some("put the plans into several files"),
            Self::Parts(_) => Some("split it into several plans, each in a file of its own"),
            Self::Problems => Some("mend the others first"),
        }
    }
}

impl YamlFault {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { help, .. } => *help,
            Self::Limit(limit) => limit.help(),
            Self::DoubledKey(_) => Some("keep one of the two; a list holds several values"),
            Self::ComplexKey => Some("write `key: value`, with a word as the key"),
            Self::MergeKey => Some("write the keys out; anchors (`&name`) and aliases (`*name`) are read"),
            Self::Tag(_) => Some("leave the tag out; the format says what each value is"),
            Self::EndlessAlias => Some("write the value out here"),
        }
    }
}

/// A node of a [`Tree`]; by default the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

/// What a node is, with aliases followed.
#[derive(Debug)]
pub(crate) enum Value<'t> {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A text, whatever it looks like.
    Text(&'t str),
    /// A list.
    List(&'t [NodeId]),
    /// Keys and values in turn.
    Mapping(&'t [NodeId]),
}

impl Value<'_> {
    /// Names the value's kind in an error.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Mapping(_) => "a mapping of keys",
        }
    }
}

/// A large plan has millions of them, so they are small.
#[derive(Debug)]
struct Node {
    span: Span,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Null,
    /// A text that stands in the source as it reads.
    Text(Span, TextStyle),
    /// Another, by its number: one with escapes, or over several lines.
    Folded(u32, TextStyle),
    List {
        children: Range<u32>,
        flow: bool,
    },
    Mapping {
        children: Range<u32>,
        flow: bool,
    },
    Alias(NodeId),
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// In lines of its own, behind `|` or `>`.
    Block,
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

/// The documents of one text.
#[derive(Debug, Default)]
pub(crate) struct Tree<'s> {
    source: &'s str,
    folded: Vec<Cow<'s, str>>,
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    documents: Vec<NodeId>,
}

impl Tree<'_> {
    /// The roots of the documents that could be read, in order.
    pub(crate) fn documents(&self) -> &[NodeId] {
        &self.documents
    }

    /// How many nodes a document holds.
    pub(crate) fn nodes_of(&self, document: NodeId) -> usize {
        let after = self.documents.partition_point(|root| *root <= document);
        let end = self.documents.get(after).map_or(self.nodes.len(), |next| next.0 as usize);
        end.saturating_sub(document.0 as usize)
    }

    /// What a node covers in the text. For an alias that is the alias itself.
    pub(crate) fn span(&self, node: NodeId) -> Span {
        self.node(node).map_or(Span::default(), |node| node.span)
    }

    /// Whether a node is a mapping in `{ }`.
    pub(crate) fn is_flow_mapping(&self, node: NodeId) -> bool {
        self.node(self.follow(node)).is_some_and(|node| matches!(node.data, Data::Mapping { flow: true, .. }))
    }

    /// Whether a node is a list or mapping in `[ ]` or `{ }`.
    pub(crate) fn is_flow(&self, node: NodeId) -> bool {
        let data = self.node(self.follow(node)).map(|node| &node.data);
        matches!(data, Some(Data::List { flow: true, .. } | Data::Mapping { flow: true, .. }))
    }

    /// How a text is written; `None` for what is none.
    pub(crate) fn text_style(&self, node: NodeId) -> Option<TextStyle> {
        match self.node(self.follow(node)).map(|node| &node.data) {
            Some(Data::Text(_, style) | Data::Folded(_, style)) => Some(*style),
            _ => None,
        }
    }

    /// What an alias points to; `None` for any other node.
    pub(crate) fn alias_of(&self, node: NodeId) -> Option<NodeId> {
        match self.node(node).map(|node| &node.data) {
            Some(Data::Alias(target)) => Some(*target),
            _ => None,
        }
    }

    /// All aliases, each with what it points to, in the order of the text.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let all = (0..).map(NodeId).zip(&self.nodes);
        all.filter_map(|(alias, node)| match node.data {
            Data::Alias(target) => Some((alias, target)),
            _ => None,
        })
    }

    /// What a node holds.
    pub(crate) fn value(&self, node: NodeId) -> Value<'_> {
        match self.node(self.follow(node)).map(|node| &node.data) {
            None | Some(Data::Null | Data::Alias(_)) => Value::Null,
            Some(Data::Text(span, _)) => Value::Text(self.source.get(span.range()).unwrap_or_default()),
            Some(Data::Folded(at, _)) => Value::Text(self.folded.get(*at as usize).map_or("", |text| text)),
            Some(Data::List { children, .. }) => Value::List(self.children(children)),
            Some(Data::Mapping { children, .. }) => Value::Mapping(self.children(children)),
        }
    }

    /// The value of a key in a mapping.
    pub(crate) fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        let Value::Mapping(entries) = self.value(mapping) else { return None };
        entries.chunks_exact(2).find_map(|entry| match entry {
            [name, value] if matches!(self.value(*name), Value::Text(text) if text == key) => Some(*value),
            _ => None,
        })
    }

    /// An alias points to a node that is none.
    fn follow(&self, node: NodeId) -> NodeId {
        match self.node(node).map(|node| &node.data) {
            Some(Data::Alias(target)) => *target,
            _ => node,
        }
    }

    fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.0 as usize)
    }

    fn children(&self, range: &Range<u32>) -> &[NodeId] {
        self.children.get(range.start as usize..range.end as usize).unwrap_or_default()
    }
}

/// Reads all documents of a text. A text that stops being YAML gives the documents before that place.
pub(crate) fn parse(source: &Source) -> (Tree<'_>, Vec<Fault>) {
    let tree = Tree { source: source.text(), ..Tree::default() };
    let mut builder = Builder { tree, ..Builder::default() };
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    for event in Parser::new_from_str_with_options(source.text(), options) {
        let step = match event {
            Ok((event, span)) => builder.step(event, placed(&span)),
            Err(error) => Err(syntax_problem(source, &error)),
        };
        if let Err(problem) = step {
            builder.problems.push(problem);
            break;
        }
    }
    (builder.tree, builder.problems)
}

fn placed(span: &ParsedSpan) -> Span {
    let range = span.byte_range().unwrap_or_default();
    Span::new(range.start, range.end)
}

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
enum Kind {
    List,
    Mapping,
}

#[derive(Default)]
struct Builder<'s> {
    tree: Tree<'s>,
    open: Vec<Open>,
    /// Children of the open collections, innermost last.
    stack: Vec<NodeId>,
    /// Anchored nodes by the parser's number; `None` while an anchored collection is open.
    anchors: HashMap<usize, Option<NodeId>>,
    problems: Vec<Fault>,
}

impl<'s> Builder<'s> {
    fn step(&mut self, event: Event<'s>, span: Span) -> Result<(), Fault> {
        if self.problems.len() > MAX_PROBLEMS {
            let first = self.problems.drain(MAX_PROBLEMS..).next().map_or(span, |fault| fault.span);
            return Err(Fault::new(first, YamlFault::Limit(Limit::Problems)));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.check_block(&text, style, span);
                let data = if is_null(&text, style, span) { Data::Null } else { self.text(text, style, span) };
                let span = if span.start == span.end { self.after_key(span) } else { span };
                let node = self.push(span, data)?;
                self.anchor(anchor, Some(node));
                self.stack.push(node);
                Ok(())
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied().flatten();
                if target.is_none() {
                    note(&mut self.problems, span, YamlFault::EndlessAlias);
                }
                let node = self.push(span, target.map_or(Data::Null, Data::Alias))?;
                self.stack.push(node);
                Ok(())
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.open(span, Kind::List, style, anchor)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.open(span, Kind::Mapping, style, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(span);
                Ok(())
            }
            Event::DocumentEnd => {
                self.tree.documents.append(&mut self.stack);
                self.anchors.clear();
                Ok(())
            }
            Event::DocumentStart(..) if self.tree.documents.len() >= MAX_DOCUMENTS => {
                Err(Fault::new(span, YamlFault::Limit(Limit::Documents)))
            }
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: Cow<'s, str>, style: ScalarStyle, span: Span) -> Data {
        let quotes = u32::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let within = Span { start: span.start + quotes, end: span.end.saturating_sub(quotes) };
        if self.tree.source.get(within.range()) == Some(&*text) {
            return Data::Text(within, style.into());
        }
        self.tree.folded.push(text);
        Data::Folded(offset(self.tree.folded.len() - 1), style.into())
    }

    fn push(&mut self, span: Span, data: Data) -> Result<NodeId, Fault> {
        if self.tree.nodes.len() >= MAX_NODES {
            return Err(Fault::new(span, YamlFault::Limit(Limit::Values)));
        }
        let id = NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        self.tree.nodes.push(Node { span, data });
        Ok(id)
    }

    fn anchor(&mut self, anchor: usize, node: Option<NodeId>) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    /// Tags of YAML's own schema say nothing that the format does not say; others would be lost.
    fn check_tag(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            let tag = tag.original();
            let start = self.tree.source.get(..span.start as usize).and_then(|before| before.rfind(&tag));
            let span = start.map_or(span, |start| Span::new(start, start + tag.len()));
            note(&mut self.problems, span, YamlFault::Tag(tag));
        }
    }

    /// Reports `target: >5`, which YAML reads as the beginning of a text of several lines.
    fn check_block(&mut self, text: &str, style: ScalarStyle, span: Span) {
        if matches!(style, ScalarStyle::Folded | ScalarStyle::Literal) && text.trim().is_empty() {
            let (message, help) = BLOCK_TEXT;
            let before = self.tree.source.get(..span.start as usize).unwrap_or_default();
            let span = before.rfind(['>', '|']).map_or(span, |start| Span::new(start, start + 1));
            note(&mut self.problems, span, YamlFault::Syntax { message: message.into(), help: Some(help) });
        }
    }

    /// Where an empty value stands: behind its key, not where the next token is.
    fn after_key(&self, span: Span) -> Span {
        match self.open.last() {
            Some(Open { kind: Kind::Mapping, from, .. }) if (self.stack.len() - from) % 2 == 1 => {
                let key = self.stack.last().map_or(span, |&key| self.tree.span(key));
                let colon = self.tree.source.get(key.end as usize..).and_then(|rest| rest.find(':'));
                let end = key.end as usize + colon.map_or(0, |colon| colon + 1);
                Span::new(end, end)
            }
            _ => span,
        }
    }

    fn open(&mut self, span: Span, kind: Kind, style: StructureStyle, anchor: usize) -> Result<(), Fault> {
        let node = self.push(span, Data::Null)?;
        self.anchor(anchor, None);
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { node, anchor, from: self.stack.len(), kind, flow });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(Open { node, anchor, from, kind, flow }) = self.open.pop() else { return };
        match kind {
            Kind::Mapping => self.check_keys(from, flow),
            Kind::List if flow => self.check_cut_numbers(from),
            Kind::List => {}
        }
        let first = self.tree.children.len();
        self.tree.children.extend(self.stack.drain(from..));
        let children = offset(first)..offset(self.tree.children.len());
        // A block collection ends with its last child, not where the next token begins.
        let last = self.tree.children.last().filter(|_| !children.is_empty()).map(|&last| self.tree.span(last));
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
        let mut keys = Vec::new();
        for entry in self.stack.get(from..).unwrap_or_default().chunks_exact(2) {
            let &[key, value] = entry else { continue };
            let span = self.tree.span(key);
            let Value::Text(text) = self.tree.value(key) else {
                note(&mut self.problems, span, YamlFault::ComplexKey);
                continue;
            };
            let cut = flow && is_rest_of_number(text) && self.is_null(value);
            if text == "<<" {
                note(&mut self.problems, span, YamlFault::MergeKey);
            } else if !cut {
                keys.push((text, span));
            }
        }
        keys.sort_unstable();
        for pair in keys.windows(2) {
            if let &[(first, _), (second, span)] = pair
                && first == second
            {
                note(&mut self.problems, span, YamlFault::DoubledKey(second.to_owned()));
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

    fn is_null(&self, node: NodeId) -> bool {
        matches!(self.tree.value(node), Value::Null)
    }
}

/// Notes a problem while there are not too many: one of a mapping may stand at each of its keys.
fn note(problems: &mut Vec<Fault>, span: Span, kind: YamlFault) {
    if problems.len() <= MAX_PROBLEMS {
        problems.push(Fault::new(span, kind));
    }
}

/// Whether a text begins with the three digits that follow a mark between thousands.
fn is_rest_of_number(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == 3
}

fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn is_null(text: &str, style: ScalarStyle, span: Span) -> bool {
    style == ScalarStyle::Plain && (span.start == span.end || matches!(text, "" | "~" | "null" | "Null" | "NULL"))
}

/// Says in plain words why a text is not YAML.
fn syntax_problem(source: &Source, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or_default().min(source.text().len());
    let at = match error.kind() {
        kind if is_tab(kind) => tab_near(source.text(), at),
        // The parser gives the beginning of the value that it stands in.
        ErrorKind::UnexpectedCharacter { character } => found_from(source.text(), at, *character),
        _ => at,
    };
    let next = source.text().get(at..).and_then(|rest| rest.chars().next());
    let span = Span::new(at, at + next.filter(|c| !c.is_control()).map_or(0, char::len_utf8));
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return Fault::new(span, YamlFault::Limit(Limit::Depth));
    }
    let (span, (message, help)) = match colon_problem(source.text(), at, error.kind()) {
        Some((span, message, help)) => (span, (message.into(), Some(help))),
        None => (span, explain(error)),
    };
    Fault::new(span, YamlFault::Syntax { message, help })
}

/// What is wrong with a colon: the parser stumbles one word or one line after the one that is missing or too many.
/// `None` where that cannot be told for sure.
fn colon_problem(text: &str, at: usize, kind: &ErrorKind) -> Option<(Span, &'static str, &'static str)> {
    let line_at = |at: usize| {
        let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        Line::read(text.get(start..)?.lines().next()?, start)
    };
    let own = line_at(at)?;
    let line = match kind {
        ErrorKind::SimpleKeyExpected => own,
        ErrorKind::MappingValueNotAllowed if Line::read(text.get(own.start..at)?, own.start)?.has_colon() => {
            return Some((
                Span::new(at, at + 1),
                "a text with a `:` inside needs quotes",
                "put the whole text in quotes",
            ));
        }
        ErrorKind::MappingValueNotAllowed => {
            let before = line_at(text.get(..own.line_start)?.trim_end().len())?;
            // A line that goes on with the value of the one above is no key.
            let above = line_at(text.get(..before.line_start)?.trim_end().len());
            let goes_on =
                above.is_some_and(|above| above.indentation < before.indentation && !above.words.ends_with(':'));
            if before.indentation != own.indentation || (goes_on && !before.is_item) {
                return None;
            }
            before
        }
        _ => return None,
    };
    if line.words.is_empty() || line.words.starts_with(['"', '\'', '[', '{', '|', '>']) || line.has_colon() {
        return None;
    }
    let whole = Span::new(line.start, line.start + line.words.len());
    match line.words.find(':') {
        // A colon that ends a word of letters, not one inside a time, a ratio or an address.
        Some(colon) => {
            let is_key = line.words.get(..colon).is_some_and(|key| key.chars().all(|c| c.is_alphabetic() || c == '_'));
            let address = line.words.get(colon..).is_some_and(|rest| rest.starts_with("://"));
            let colon = Span::new(line.start + colon, line.start + colon + 1);
            (is_key && !address).then_some((colon, "a space is missing after this `:`", "write `key: value`"))
        }
        None if line.is_item => {
            Some((whole, "a `:` is missing in this line", "a text with keys below it is written `- name: its text`"))
        }
        None => Some((whole, "a `:` is missing in this line", "write `key: value`")),
    }
}

/// What stands on a line, without its indentation, its hyphens and its comment.
struct Line<'t> {
    words: &'t str,
    /// Where the words begin in the text.
    start: usize,
    /// Where the line does.
    line_start: usize,
    indentation: usize,
    is_item: bool,
}

impl<'t> Line<'t> {
    fn read(line: &'t str, line_start: usize) -> Option<Self> {
        let mut words = line.trim_start_matches(' ');
        let mut is_item = false;
        while let Some(rest) = words.strip_prefix("- ") {
            words = rest.trim_start_matches(' ');
            is_item = true;
        }
        let indentation = line.len() - words.len();
        let code = words.find(" #").and_then(|comment| words.get(..comment)).unwrap_or(words);
        let words = if code.starts_with('#') { "" } else { code.trim_end() };
        Some(Self { words, start: line_start + indentation, line_start, indentation, is_item })
    }

    /// Whether a colon here ends a key.
    fn has_colon(&self) -> bool {
        self.words.ends_with(':') || [": ", ":\t"].iter().any(|colon| self.words.contains(colon))
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as Fault;
    matches!(
        kind,
        Fault::TabInBlockIndentation | Fault::TabInIndentation | Fault::TabNotAllowed | Fault::TabInPlainScalar
    )
}

/// The tab that is meant: the parser gives the place behind the indentation that holds it, or the
/// beginning of the value that goes on in such a line.
fn tab_near(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let indentation = before.len() - before.trim_end_matches([' ', '\t']).len();
    let from = at - indentation;
    let begins_a_line = from == 0 || before.get(..from).is_some_and(|before| before.ends_with(['\n', '\r']));
    found_from(text, if begins_a_line { from } else { at }, '\t')
}

fn found_from(text: &str, at: usize, sought: char) -> usize {
    text.get(at..).and_then(|rest| rest.find(sought)).map_or(at, |found| at + found)
}

const BLOCK_TEXT: (&str, &str) =
    ("an unquoted `>` or `|` begins a text of several lines", "put a value such as \">= 1000\" in quotes");

fn explain(error: &ScanError) -> (Cow<'static, str>, Option<&'static str>) {
    use ErrorKind as Fault;
    let (message, help) = match error.kind() {
        kind if is_tab(kind) => ("a tab stands where YAML takes only spaces", "indent with spaces"),
        Fault::UnexpectedCharacter { character } if character.is_control() => {
            let message = format!("the control character {} cannot stand in a text", character.escape_default());
            return (message.into(), Some("take it out"));
        }
        Fault::UnexpectedCharacter { character } => {
            let message = format!("a value cannot begin with `{}`", character.escape_default());
            return (message.into(), Some("put the whole value in quotes"));
        }
        Fault::InvalidBlockScalarHeader | Fault::ZeroBlockScalarIndent => BLOCK_TEXT,
        Fault::MappingValueNotAllowed => (
            "a `:` stands where no key can be",
            "check the indentation of this line and the one above; a text that holds `: ` needs quotes",
        ),
        Fault::ExpectedBlockMappingKey | Fault::InvalidIndentation | Fault::ExpectedBlockSequenceEntry => {
            ("this line is not indented like its neighbours", "line it up with the keys or hyphens that it belongs to")
        }
        Fault::SimpleKeyExpected | Fault::InvalidSimpleKey => {
            ("a `:` is missing after this key, or a quote before it is not closed", "write `key: value`")
        }
        Fault::UnclosedQuotedScalar | Fault::DocumentIndicatorInQuotedScalar => {
            ("a quote is opened here and never closed", "close it with the same kind of quote")
        }
        Fault::BlockSequenceEntryNotAllowed | Fault::BlockEntryInFlowCollection => {
            ("a list item cannot begin here", "begin the list on a line of its own, each item with `- `")
        }
        Fault::UnclosedFlowCollection { .. }
        | Fault::UnexpectedEofFlowSequence
        | Fault::UnexpectedEofFlowMapping
        | Fault::InvalidColonPlacement
        | Fault::ExpectedFlowMappingSeparator
        | Fault::ExpectedFlowSequenceSeparator => {
            ("a `[` or `{` is not closed, or a comma is missing inside it", "close it, or write one item a line")
        }
        Fault::MismatchedFlowCollectionEnd { .. } | Fault::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing that is open",
            "check the brackets before it; a text with brackets needs quotes",
        ),
        Fault::UnknownAnchor => {
            ("this alias repeats an anchor that is not there", "write `&name` at the value to repeat")
        }
        Fault::InvalidTrailingSingleQuotedScalar | Fault::InvalidTrailingDoubleQuotedScalar => {
            ("text follows a closing quote", "put the quotes around the whole value")
        }
        Fault::UnknownQuotedScalarEscape => {
            ("an unknown escape in double quotes", "use single quotes, or write `\\\\`")
        }
        kind => {
            let message = format!("this is not YAML: {}", in_words(kind));
            return (message.into(), Some("check this line and the one above"));
        }
    };
    (message.into(), Some(help))
}

/// A rare fault by its name in the parser, which has no texts for them in this build:
/// `UnsupportedYamlMajorVersion` is "unsupported yaml major version".
fn in_words(kind: &ErrorKind) -> String {
    let name = format!("{kind:?}");
    let mut words = String::new();
    for letter in name.chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// A value that is written as YAML.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Written {
    /// A text, quoted where YAML needs it.
    Text(String),
    /// A sentence, over several lines where it is long.
    Sentence(String),
    /// A list on one line.
    Words(Vec<String>),
    /// A list, one item a line.
    List(Vec<Written>),
    /// A mapping, in the order given.
    Mapping(Vec<(&'static str, Written)>),
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // A number that is written as one is left without quotes.
            Self::Text(text) => match text.parse::<u64>() {
                Ok(number) if number.to_string() == *text => serializer.serialize_u64(number),
                _ => Scalar(text).serialize(serializer),
            },
            // A block has no escapes for what it cannot show.
            Self::Sentence(text) if text.chars().any(|letter| letter.is_control() || turns_direction(letter)) => {
                Scalar(text).serialize(serializer)
            }
            Self::Sentence(text) => serde_yaml::FoldStr(text).serialize(serializer),
            Self::Words(words) => {
                let words: Vec<Scalar<'_>> = words.iter().map(|word| Scalar(word)).collect();
                serde_yaml::FlowSeq(words).serialize(serializer)
            }
            Self::List(items) => serializer.collect_seq(items),
            Self::Mapping(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

/// A text on one line, in double quotes where it turns the direction of text: only there can that be written as an escape.
struct Scalar<'t>(&'t str);

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.chars().any(turns_direction) {
            serde_yaml::DoubleQuoted(self.0).serialize(serializer)
        } else {
            serializer.serialize_str(self.0)
        }
    }
}

/// Writes a value as YAML that this format reads back as the same text.
pub(crate) fn write(value: &Written) -> String {
    let options = serde_yaml::ser_options! { yaml_12: true, no_lang_directive: true, prefer_block_scalars: false, folded_wrap_chars: 72 };
    let yaml = serde_yaml::to_string_with_options(value, options).unwrap_or_default();
    if !yaml.chars().any(turns_direction) {
        return yaml;
    }
    let mut escaped = String::with_capacity(yaml.len());
    for letter in yaml.chars() {
        if turns_direction(letter) {
            escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(text: &str) -> Fault {
        let source = Source::new("x", text);
        parse(&source).1.into_iter().next().unwrap()
    }

    #[test]
    fn a_long_sentence_is_read_back_in_one_piece() {
        let sentence = |text: &str| write(&Written::Mapping(vec![("key", Written::Sentence(text.to_owned()))]));
        let read = |yaml: &str| serde_yaml::from_str::<serde_json::Value>(yaml).unwrap()["key"].clone();
        for text in ["By 31 March: # not a comment, 'quoted' and {braced} ".repeat(4).trim(), "a \u{1b}[31m red one"] {
            assert_eq!(read(&sentence(text)).as_str().map(str::trim), Some(text));
        }
    }

    #[test]
    fn a_direction_override_is_written_as_an_escape_and_read_back_as_itself() {
        for text in ["\u{202e}evil", "a\u{2066} b: 'c' \\ \"d\"", "# \u{200f}"] {
            let written =
                [Written::Text(text.into()), Written::Sentence(text.into()), Written::Words(vec![text.into()])];
            for value in written {
                let yaml = write(&Written::Mapping(vec![("key", value)]));
                assert!(!yaml.chars().any(turns_direction), "{yaml}");
                let read = serde_yaml::from_str::<serde_json::Value>(&yaml).unwrap()["key"].clone();
                assert_eq!(read.get(0).unwrap_or(&read).as_str(), Some(text));
            }
        }
    }

    #[test]
    fn every_value_keeps_its_place() {
        let source = Source::new("x", "plan: a\nkpis:\n  - name: b\n    by: {x: 1}\nend: z\n");
        let (tree, problems) = parse(&source);
        assert!(problems.is_empty());
        let root = tree.documents()[0];
        let kpis = tree.get(root, "kpis").unwrap();
        assert_eq!(source.slice(tree.span(kpis)), "- name: b\n    by: {x: 1}");
        let Value::List(items) = tree.value(kpis) else { panic!() };
        let by = tree.get(items[0], "by").unwrap();
        assert_eq!(source.slice(tree.span(by)), "{x: 1}");
        assert!(tree.is_flow_mapping(by));
    }

    #[test]
    fn documents_are_apart_and_those_before_a_fault_are_kept() {
        let source = Source::new("x", "a: 1\n---\nb: 2\n---\nc: [\n");
        let (tree, problems) = parse(&source);
        assert_eq!(tree.documents().len(), 2);
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn empty_tilde_and_null_are_nothing_but_quoted_ones_are_text() {
        let source = Source::new("x", "[~, null, '', \"~\", ]");
        let (tree, _) = parse(&source);
        let Value::List(items) = tree.value(tree.documents()[0]) else { panic!() };
        let kinds: Vec<_> = items.iter().map(|&item| tree.value(item).kind()).collect();
        assert_eq!(kinds, ["nothing", "nothing", "a text", "a text"]);
    }

    #[test]
    fn an_empty_value_stands_behind_its_key() {
        let source = Source::new("x", "a: # none\nb :\n\nc: {d: , e: f}\n");
        let (tree, _) = parse(&source);
        let place = |parent, key| tree.span(tree.get(parent, key).unwrap()).start;
        let root = tree.documents()[0];
        assert_eq!((place(root, "a"), place(root, "b")), (2, 13));
        assert_eq!(place(tree.get(root, "c").unwrap(), "d"), 21);
    }

    #[test]
    fn a_number_cut_in_a_list_is_told_and_two_items_are_not() {
        assert!(first("[1,000 leads]").kind.help().unwrap().contains("quotes"));
        for text in ["[1, 000]", "[1,0000]", "[a,000]", "[\"1\",\"000\"]", "- 1\n- 000\n"] {
            let source = Source::new("x", text);
            assert_eq!(parse(&source).1, [], "{text}");
        }
    }

    #[test]
    fn an_alias_is_followed_and_keeps_its_own_place() {
        let source = Source::new("x", "a: &one {k: v}\nb: *one\n");
        let (tree, problems) = parse(&source);
        assert!(problems.is_empty());
        let b = tree.get(tree.documents()[0], "b").unwrap();
        assert_eq!(source.slice(tree.span(b)), "*one");
        assert!(tree.get(b, "k").is_some());
    }

    #[test]
    fn faults_are_told_in_plain_words_at_their_place() {
        assert!(matches!(first("a: &x [*x]").kind, YamlFault::EndlessAlias));
        assert!(matches!(first("a: 1\na: 2").kind, YamlFault::DoubledKey(key) if key == "a"));
        assert!(matches!(first("<<: *x").kind, YamlFault::Syntax { .. }));
        assert!(matches!(first("x: &x {}\n<<: *x").kind, YamlFault::MergeKey));
        assert!(matches!(first("a: !include b.yaml").kind, YamlFault::Tag(tag) if tag == "!include"));
        assert!(matches!(first("? [a]\n: b").kind, YamlFault::ComplexKey));
        assert!(first("a:\n\t- b").kind.to_string().contains("tab"));
        assert!(first("a: >= 5").kind.help().unwrap().contains("quotes"));
        assert_eq!(first("a: %5").span, Span::new(3, 4));
    }

    #[test]
    fn ten_thousand_levels_are_refused_quickly() {
        for text in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000)] {
            assert!(matches!(first(&text).kind, YamlFault::Limit(_)), "{}", text.chars().take(8).collect::<String>());
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_place_is_in_the_text(text in "[-a-c:#{}\\[\\],&*!|>'\"%@\\n\\t ~é]{0,60}") {
            let source = Source::new("x", text);
            let (tree, problems) = parse(&source);
            for problem in &problems {
                prop_assert!(problem.span.end as usize <= source.text().len());
            }
            for node in 0..tree.nodes.len() {
                let span = tree.span(NodeId(u32::try_from(node).unwrap()));
                prop_assert!(source.text().get(span.range()).is_some());
            }
        }
    }
}
