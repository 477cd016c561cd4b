//! Changes of a tree as edits of its text, each in the manner of its neighbours: their indentation, dashes, quotes, brackets,
//! blank lines and line ends.

use std::sync::Arc;

use crate::plan::Draft;
use crate::plan::table::Part;
use crate::source::{Source, Span};
use crate::yaml::{self, NodeId, TextStyle, Tree, Value};

use super::changes::{Change, Changes, Fresh};
use super::{ByHand, Edit, Editor, entries, has_line_break, items, text};

/// The widest part that is added in `{ }` to a list of such parts.
const WIDEST: usize = 120;

/// Steps of indentation for what is new.
const STEP: usize = 2;

/// The edits that make some changes, in the order of the text.
pub(super) fn edits(editor: &Editor<'_>, changes: &Changes<'_>) -> Result<Vec<Edit>, ByHand> {
    let mut layout = Layout { editor, changes, text: editor.source.text(), edits: Vec::new() };
    layout.node(editor.root, &Around { flow: false, within: None, key: None })?;
    let mut edits = layout.edits;
    edits.sort_by_key(|edit| edit.span);
    // What is inserted at one place is one edit.
    edits.dedup_by(|later, earlier| {
        let together = earlier.span == later.span && later.span.start == later.span.end;
        if together {
            earlier.text.push_str(&later.text);
        }
        together
    });
    let overlap = edits.windows(2).find_map(|pair| match pair {
        [one, other] if one.span.end > other.span.start => Some(other.span.start),
        _ => None,
    });
    match overlap {
        Some(at) => Err(ByHand::Layout { line: editor.line(at) }),
        None => Ok(edits),
    }
}

struct Layout<'l> {
    editor: &'l Editor<'l>,
    changes: &'l Changes<'l>,
    text: &'l str,
    edits: Vec<Edit>,
}

/// What stands around a node.
struct Around {
    /// Whether it stands in `{ }` or `[ ]`.
    flow: bool,
    /// The list or mapping that it belongs to.
    within: Option<NodeId>,
    /// The key of which it is the value.
    key: Option<Span>,
}

impl Layout<'_> {
    /// Goes through a node and what is in it; the innermost insertions at one place come first.
    fn node(&mut self, node: NodeId, around: &Around) -> Result<(), ByHand> {
        let tree = &self.editor.tree;
        if tree.alias_of(node).is_some() {
            return Ok(());
        }
        let flow = around.flow || tree.is_flow(node);
        match tree.value(node) {
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    if self.changes.are_between(*item, items.get(at + 1).copied()) {
                        self.node(*item, &Around { flow, within: Some(node), key: None })?;
                    }
                }
            }
            Value::Mapping(_) => {
                let mut entries = entries(tree, node).peekable();
                while let Some((_, key, value)) = entries.next() {
                    if self.changes.are_between(key, entries.peek().map(|(_, next, _)| *next)) {
                        self.node(value, &Around { flow, within: Some(node), key: Some(tree.span(key)) })?;
                    }
                }
            }
            Value::Text(_) | Value::Null => {}
        }
        match self.changes.at(node) {
            None => Ok(()),
            Some(Change::Value(fresh)) => self.value(node, fresh, around),
            Some(Change::Keys(keys)) if node == self.editor.root && !flow => {
                keys.iter().for_each(|(key, value)| self.section(*key, value));
                Ok(())
            }
            Some(Change::Keys(keys)) => {
                self.keys(node, keys, flow);
                Ok(())
            }
            Some(Change::Items(more)) => {
                self.items(node, more, flow);
                Ok(())
            }
            Some(Change::Named { name, keys }) => {
                self.named(node, *name, keys, around);
                Ok(())
            }
        }
    }

    /// Another value in the place of one.
    fn value(&mut self, node: NodeId, fresh: &Fresh, around: &Around) -> Result<(), ByHand> {
        let tree = &self.editor.tree;
        let span = tree.span(node);
        let is_empty = span.start == span.end;
        let style = tree.text_style(node).unwrap_or(TextStyle::Plain);
        if around.flow {
            let space = if is_empty { " " } else { "" };
            self.replace(span, format!("{space}{}", self.flow(fresh, style)));
            return Ok(());
        }
        let line = self.one_line(fresh, style);
        match (tree.value(node), line) {
            (Value::Null, Some(line)) if is_empty => self.replace(span, format!(" {line}")),
            (Value::Null, None) if is_empty => {
                let lines = self.below(fresh, self.column_of(around));
                self.insert_lines(self.line_end(span.start), &lines);
            }
            (Value::Text(_), line) if style == TextStyle::Block => {
                let whole = self.block_text(span, around.key);
                let header = self.text.get(whole.start as usize..span.start as usize).unwrap_or_default();
                if header.contains('#') {
                    return Err(ByHand::Comment { line: self.editor.line(whole.start) });
                }
                let text = line.unwrap_or_else(|| self.joined(&self.block_lines(fresh, self.column_of(around))));
                self.replace(whole, text);
            }
            (Value::Text(_) | Value::Null, None) if self.ends_its_line(span) => {
                let lines = self.block_lines(fresh, self.column_of(around));
                self.replace(span, self.joined(&lines));
            }
            (Value::List(_) | Value::Mapping(_), line) if !tree.is_flow(node) => {
                let end = self.content_end(span);
                let from = around.key.map_or(span.start, |key| key.end);
                let region = Span { start: from, end };
                if self.editor.source.slice(region).contains('#') || !self.ends_its_line(Span { start: end, end }) {
                    return Err(ByHand::Comment { line: self.editor.line(span.start) });
                }
                match (line, around.key) {
                    (Some(line), Some(_)) => self.replace(region, format!(": {line}")),
                    _ => {
                        let start = self.start(node);
                        let text = self.joined(&self.lines_at(fresh, self.column(start)));
                        self.replace(Span { start, end }, text.trim_start().to_owned());
                    }
                }
            }
            (_, Some(line)) => self.replace(span, line),
            (_, None) => match self.text_of(fresh).and_then(|node| text(self.changes.overlay, node)) {
                Some(text) => self.replace(span, quoted(text, style, false)),
                None => self.replace(span, self.flow(fresh, style)),
            },
        }
        Ok(())
    }

    /// Keys that the plan itself gains, each after the key that comes before it in the format.
    fn section(&mut self, key: NodeId, fresh: &Fresh) {
        let tree = &self.editor.tree;
        let rank = |name: &str| Draft::TABLE.all().position(|key| key.name == name);
        let own = rank(text(self.changes.overlay, key).unwrap_or_default());
        let before = entries(tree, self.editor.root).filter(|(name, ..)| rank(name) < own);
        let before = before.max_by_key(|(name, ..)| rank(name)).or_else(|| entries(tree, self.editor.root).last());
        let Some((_, _, before)) = before else { return };
        let column = self.column(tree.span(self.editor.root).start);
        let lines = self.entry(key, fresh, column);
        let parted = lines.len() > 1 && self.text_of(fresh).is_none() || self.holds_parts(before);
        let at = self.with_its_comments(self.content_end(tree.span(before)), column);
        if parted && self.parts_sections() {
            self.edits.push(Edit { span: Span { start: at, end: at }, text: self.line_break().to_owned() });
        }
        self.insert_lines(at, &lines);
    }

    /// Whether blank lines stand between the plan's sections.
    fn parts_sections(&self) -> bool {
        let tree = &self.editor.tree;
        let spans: Vec<(Span, Span)> =
            entries(tree, self.editor.root).map(|(_, key, value)| (tree.span(key), tree.span(value))).collect();
        spans.windows(2).any(|pair| match pair {
            [(_, before), (after, _)] => self.has_blank_line(self.content_end(*before), after.start),
            _ => false,
        })
    }

    /// Keys that a part gains, behind its last own key that holds no parts of its own.
    fn keys(&mut self, node: NodeId, keys: &[(NodeId, Fresh)], flow: bool) {
        let tree = &self.editor.tree;
        if flow {
            let last = entries(tree, node).last().map(|(_, key, value)| tree.span(key).end.max(tree.span(value).end));
            self.insert_in_brackets(node, last, keys.iter().map(|(key, fresh)| self.flow_entry(*key, fresh)).collect());
            return;
        }
        let simple = entries(tree, node).filter(|(_, _, value)| !self.holds_parts(*value)).last();
        let Some((_, key, value)) = simple.or_else(|| entries(tree, node).last()) else { return };
        let end = tree.span(key).end.max(self.content_end(tree.span(value)));
        let column = self.column(tree.span(node).start);
        let lines: Vec<String> = keys.iter().flat_map(|(key, fresh)| self.entry(*key, fresh, column)).collect();
        self.insert_lines(self.line_end(end), &lines);
    }

    /// Items that a list gains at its end.
    fn items(&mut self, list: NodeId, more: &[NodeId], flow: bool) {
        let tree = &self.editor.tree;
        let own = items(tree, list);
        let span = tree.span(list);
        if flow {
            let last = own.last().map(|&last| tree.span(last).end);
            let items = more.iter().map(|&item| self.flow(&Fresh::Node(item), TextStyle::Plain)).collect();
            self.insert_in_brackets(list, last, items);
            return;
        }
        let start = self.start(list);
        let column = self.column(start);
        let gap = own.first().map_or(1, |&first| {
            let between = self.text.get(start as usize + 1..tree.span(first).start as usize).unwrap_or_default();
            if between.is_empty() || between.contains(|c: char| c != ' ') { 1 } else { between.len() }
        });
        let in_braces = own.iter().all(|&item| tree.is_flow(item));
        let parted = match own {
            [.., one, other] => self.has_blank_line(self.content_end(tree.span(*one)), tree.span(*other).start),
            _ => false,
        };
        let end = self.with_its_comments(self.content_end(span), column);
        for &item in more {
            let braces = in_braces.then(|| self.flow(&Fresh::Node(item), TextStyle::Plain));
            let braces = braces.filter(|braces| column + 1 + gap + braces.chars().count() <= WIDEST);
            let lines = match braces {
                Some(braces) => vec![format!("{}-{}{braces}", spaces(column), spaces(gap))],
                None => self.item(item, column, gap),
            };
            if parted {
                self.edits.push(Edit { span: Span { start: end, end }, text: self.line_break().to_owned() });
            }
            self.insert_lines(end, &lines);
        }
    }

    /// A plain text becomes a mapping: the text stays as it was written, and is the name.
    fn named(&mut self, node: NodeId, name: Option<NodeId>, keys: &[(NodeId, Fresh)], around: &Around) {
        let tree = &self.editor.tree;
        let span = tree.span(node);
        let style = tree.text_style(node).unwrap_or(TextStyle::Plain);
        let name = name.map(Fresh::Node);
        if around.flow {
            let own = || self.editor.source.slice(span).to_owned();
            let name = name.map_or_else(own, |name| self.flow(&name, style));
            let keys: String = keys.iter().map(|(key, fresh)| format!(", {}", self.flow_entry(*key, fresh))).collect();
            self.replace(span, format!("{{name: {name}{keys}}}"));
            return;
        }
        match name.and_then(|name| self.one_line(&name, style)) {
            Some(name) => self.replace(span, format!("name: {name}")),
            None => self.replace(Span { start: span.start, end: span.start }, "name: ".to_owned()),
        }
        let column = self.column(span.start);
        let lines: Vec<String> = keys.iter().flat_map(|(key, fresh)| self.entry(*key, fresh, column)).collect();
        self.insert_lines(self.line_end(span.end), &lines);
    }

    /// Puts more into brackets, behind what is there.
    fn insert_in_brackets(&mut self, node: NodeId, last: Option<u32>, more: Vec<String>) {
        let at = last.unwrap_or(self.editor.tree.span(node).start + 1);
        let comma = if last.is_some() { ", " } else { "" };
        self.replace(Span { start: at, end: at }, format!("{comma}{}", more.join(", ")));
    }

    fn insert_lines(&mut self, at: u32, lines: &[String]) {
        let text: String = lines.iter().flat_map(|line| [self.line_break(), line]).collect();
        self.replace(Span { start: at, end: at }, text);
    }

    fn replace(&mut self, span: Span, text: String) {
        if !text.is_empty() || span.start < span.end {
            self.edits.push(Edit { span, text });
        }
    }

    /// A key with its value, as lines.
    fn entry(&self, key: NodeId, fresh: &Fresh, column: usize) -> Vec<String> {
        let start = format!("{}{}:", spaces(column), text(self.changes.overlay, key).unwrap_or_default());
        match self.one_line_as_proposed(fresh) {
            Some(line) => vec![format!("{start} {line}")],
            None if self.text_of(fresh).is_some() => {
                let mut lines = self.block_lines(fresh, column);
                if let Some(header) = lines.first_mut() {
                    *header = format!("{start} {header}");
                }
                lines
            }
            None => std::iter::once(start).chain(self.below(fresh, column)).collect(),
        }
    }

    /// The lines of a list or mapping below a key in that column.
    fn below(&self, fresh: &Fresh, column: usize) -> Vec<String> {
        let is_list = match fresh {
            Fresh::List(_) => true,
            Fresh::Node(node) => matches!(self.changes.overlay.value(*node), Value::List(_)),
        };
        self.lines_at(fresh, column + if is_list { self.list_step() } else { STEP })
    }

    /// The lines of a list or mapping whose dashes or keys stand in that column.
    fn lines_at(&self, fresh: &Fresh, column: usize) -> Vec<String> {
        let overlay = self.changes.overlay;
        let list = |items: &[NodeId]| items.iter().flat_map(|&item| self.item(item, column, 1)).collect();
        match fresh {
            Fresh::List(items) => list(items),
            Fresh::Node(node) => match overlay.value(*node) {
                Value::List(items) => list(items),
                Value::Mapping(_) => entries(overlay, *node)
                    .flat_map(|(_, key, value)| self.entry(key, &Fresh::Node(value), column))
                    .collect(),
                Value::Text(_) | Value::Null => vec![format!("{}{}", spaces(column), self.raw(*node))],
            },
        }
    }

    /// An item of a list, behind its dash.
    fn item(&self, item: NodeId, column: usize, gap: usize) -> Vec<String> {
        let mut lines = self.lines_at(&Fresh::Node(item), column + 1 + gap);
        if let Some(first) = lines.first_mut() {
            *first = format!("{}-{}{}", spaces(column), spaces(gap), first.trim_start());
        }
        lines
    }

    /// A text of several lines with its header, below a key in that column.
    fn block_lines(&self, fresh: &Fresh, column: usize) -> Vec<String> {
        let Some(node) = self.text_of(fresh) else { return Vec::new() };
        let content = self.raw(node);
        let content = content.lines().map(|line| format!("{}{}", spaces(column + STEP), line.trim()));
        std::iter::once(">".to_owned()).chain(content).collect()
    }

    /// The node of what is new, where it is a text.
    fn text_of(&self, fresh: &Fresh) -> Option<NodeId> {
        match fresh {
            Fresh::Node(node) => self.changes.overlay.text_style(*node).map(|_| *node),
            Fresh::List(_) => None,
        }
    }

    /// What fits on the line of its key, as the reframe has it.
    fn one_line_as_proposed(&self, fresh: &Fresh) -> Option<String> {
        let overlay = self.changes.overlay;
        match fresh {
            Fresh::Node(node) if overlay.is_flow(*node) => Some(self.raw(*node)),
            Fresh::Node(node) => match overlay.text_style(*node) {
                Some(TextStyle::Block) => None,
                Some(_) => Some(self.raw(*node)),
                None => None,
            },
            Fresh::List(_) => None,
        }
    }

    /// What fits on the line of its key, in the quotes of what stood there.
    fn one_line(&self, fresh: &Fresh, style: TextStyle) -> Option<String> {
        let node = self.text_of(fresh).filter(|&node| self.changes.overlay.text_style(node) != Some(TextStyle::Block));
        match node {
            Some(node) => Some(quoted(text(self.changes.overlay, node).unwrap_or_default(), style, false)),
            None => self.one_line_as_proposed(fresh),
        }
    }

    /// A value in brackets, on one line.
    fn flow(&self, fresh: &Fresh, style: TextStyle) -> String {
        let overlay = self.changes.overlay;
        let list = |items: &[NodeId]| {
            let items = items.iter().map(|&item| self.flow(&Fresh::Node(item), TextStyle::Plain));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        };
        match fresh {
            Fresh::List(items) => list(items),
            Fresh::Node(node) => match overlay.value(*node) {
                Value::List(items) => list(items),
                Value::Mapping(_) => {
                    let keys = entries(overlay, *node);
                    let keys = keys.map(|(_, key, value)| self.flow_entry(key, &Fresh::Node(value)));
                    format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
                }
                Value::Text(text) => quoted(text.trim(), style, true),
                Value::Null => "~".to_owned(),
            },
        }
    }

    fn flow_entry(&self, key: NodeId, fresh: &Fresh) -> String {
        let name = text(self.changes.overlay, key).unwrap_or_default();
        format!("{name}: {}", self.flow(fresh, TextStyle::Plain))
    }

    /// A node of the reframe as it stands there.
    fn raw(&self, node: NodeId) -> String {
        self.changes.source.slice(self.changes.overlay.span(node)).trim_end().to_owned()
    }

    fn joined(&self, lines: &[String]) -> String {
        lines.join(self.line_break())
    }

    /// How far lists stand to the right of their keys.
    fn list_step(&self) -> usize {
        let tree = &self.editor.tree;
        let first = entries(tree, self.editor.root)
            .find(|(_, _, value)| !tree.is_flow(*value) && !items(tree, *value).is_empty());
        first.map_or(STEP, |(_, key, list)| {
            self.column(self.start(list)).saturating_sub(self.column(tree.span(key).start))
        })
    }

    /// Whether a node is a list or mapping in lines of its own.
    fn holds_parts(&self, node: NodeId) -> bool {
        let tree = &self.editor.tree;
        !tree.is_flow(node) && matches!(tree.value(node), Value::List(_) | Value::Mapping(_))
    }

    /// Where a node begins. The parser leaves out the first dash of a list that stands right below its key.
    fn start(&self, node: NodeId) -> u32 {
        let tree = &self.editor.tree;
        let start = tree.span(node).start;
        let first = items(tree, node).first().filter(|_| !tree.is_flow(node));
        let Some(item) = first.map(|&first| tree.span(first).start) else { return start };
        let line = self.editor.source.line_at(item).start;
        let before = self.text.get(line as usize..item as usize).unwrap_or_default();
        before.rfind('-').map_or(start, |dash| line + Span::new(dash, dash).start)
    }

    /// A text of several lines with the header before it.
    fn block_text(&self, span: Span, key: Option<Span>) -> Span {
        let from = key.map_or(span.start, |key| key.end);
        let before = self.text.get(from as usize..span.start as usize).unwrap_or_default();
        let header = before.find(['>', '|']).map_or(span.start, |at| from + Span::new(at, at).start);
        Span { start: header, end: self.content_end(span).max(header) }
    }

    fn line_break(&self) -> &'static str {
        match memchr::memchr2(b'\n', b'\r', self.text.as_bytes()).and_then(|at| self.text.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    /// Where what a span covers ends, without the space behind it.
    fn content_end(&self, span: Span) -> u32 {
        let covered = self.editor.source.slice(span).trim_end();
        span.start + Span::new(covered.len(), covered.len()).start
    }

    /// The end of a line, before its line break.
    fn line_end(&self, at: u32) -> u32 {
        self.editor.source.line_at(at).end.max(at)
    }

    /// The end of a line, or of the comments right below it that are indented further than a column: they belong to what ends there.
    fn with_its_comments(&self, at: u32, column: usize) -> u32 {
        let mut end = self.line_end(at);
        loop {
            let below = self.text.get(end as usize..).unwrap_or_default();
            let line_break = if below.starts_with("\r\n") { 2 } else { 1 };
            let next = end + line_break;
            let line = self.text.get(next as usize..self.line_end(next) as usize).unwrap_or_default();
            let comment = line.trim_start_matches(' ');
            if !comment.starts_with('#') || line.len() - comment.len() <= column {
                return end;
            }
            end = self.line_end(next);
        }
    }

    fn ends_its_line(&self, span: Span) -> bool {
        let rest = Span { start: span.end, end: self.line_end(span.end) };
        !has_line_break(self.editor.source.slice(span)) && self.editor.source.slice(rest).trim().is_empty()
    }

    /// The column of the keys or dashes that a node belongs to, from 0. Only what changes is asked for it: to count the
    /// columns of a long list takes longer than to read it.
    fn column_of(&self, around: &Around) -> usize {
        around.within.map_or(0, |outer| self.column(self.start(outer)))
    }

    fn column(&self, at: u32) -> usize {
        self.editor.source.position(at).column - 1
    }

    fn has_blank_line(&self, from: u32, to: u32) -> bool {
        let between = self.editor.source.slice(Span { start: from, end: to });
        let breaks: Vec<&str> = between.split('\n').collect();
        breaks.len() > 2
            && breaks.get(1..breaks.len() - 1).is_some_and(|lines| lines.iter().any(|line| line.trim().is_empty()))
    }
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}

/// A text on one line: in the quotes that are wished for where it can be read back so, else without any, else in double ones.
fn quoted(text: &str, style: TextStyle, flow: bool) -> String {
    let plain = || text.to_owned();
    let single = || format!("'{}'", text.replace('\'', "''"));
    let double = || serde_json::Value::from(text).to_string();
    let wished = match style {
        TextStyle::SingleQuoted => single(),
        TextStyle::DoubleQuoted => double(),
        TextStyle::Plain | TextStyle::Block => plain(),
    };
    [wished, plain()].into_iter().find(|written| is_read_back(written, text, flow)).unwrap_or_else(double)
}

/// Whether a value is read as one text, this one, also with more behind it.
fn is_read_back(written: &str, text: &str, flow: bool) -> bool {
    (written == text && is_word(text)) || gives(written, text, flow)
}

/// Whether a text is a word that YAML takes for one text wherever it stands, as those of the format are.
pub(super) fn is_word(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    begins
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.eq_ignore_ascii_case("null")
}

/// Whether the parser reads that text from a value.
pub(super) fn gives(written: &str, text: &str, flow: bool) -> bool {
    let line = if flow { format!("{{key: {written}, next: x}}") } else { format!("key: {written}\nnext: x") };
    let source = Arc::new(Source::new("", line));
    let (tree, faults) = yaml::parse(&source);
    let reads = |tree: &Tree, root| {
        entries(tree, root).count() == 2
            && tree.get(root, "key").is_some_and(|key| matches!(tree.value(key), Value::Text(read) if read == text))
    };
    faults.is_empty() && matches!(tree.documents(), &[root] if reads(&tree, root))
}
