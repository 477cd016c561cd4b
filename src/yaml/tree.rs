//! The tree of placed nodes that a text becomes.

use std::sync::Arc;

use crate::source::{Source, Span};

/// A node of a [`Tree`]; by default the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

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
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) data: Data,
}

#[derive(Debug, PartialEq)]
pub(super) enum Data {
    Null,
    /// A text that stands in the source as it reads, perhaps in quotes.
    Text(TextStyle),
    /// Another, by its number: one with escapes, or over several lines.
    Folded(u32, TextStyle),
    List {
        children: Children,
        flow: bool,
    },
    Mapping {
        children: Children,
        flow: bool,
    },
    Alias(NodeId),
}

/// The children of a list or mapping: where their count stands among all children, before themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Children(u32);

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// In lines of its own, behind `|` or `>`.
    Block,
}

impl TextStyle {
    /// What a text says stands within its quotes, where it has any.
    pub(super) fn within(self, span: Span) -> Span {
        let quotes = u32::from(matches!(self, Self::SingleQuoted | Self::DoubleQuoted));
        Span { start: span.start + quotes, end: span.end.saturating_sub(quotes) }
    }
}

/// The documents of one text.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(super) source: Arc<Source>,
    pub(super) folded: Vec<Box<str>>,
    pub(super) nodes: Vec<Node>,
    /// Those of each list and mapping, behind their count.
    pub(super) children: Vec<NodeId>,
    pub(super) documents: Vec<NodeId>,
}

impl Tree {
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
            Some(Data::Text(style) | Data::Folded(_, style)) => Some(*style),
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
    #[inline(always)]
    pub(crate) fn value(&self, node: NodeId) -> Value<'_> {
        let followed = match self.node(node) {
            Some(Node { data: Data::Alias(target), .. }) => self.node(*target),
            node => node,
        };
        let Some(Node { span, data }) = followed else { return Value::Null };
        match data {
            Data::Null | Data::Alias(_) => Value::Null,
            Data::Text(style) => Value::Text(self.source.slice(style.within(*span))),
            Data::Folded(at, _) => Value::Text(self.folded.get(*at as usize).map_or("", |text| text)),
            Data::List { children, .. } => Value::List(self.children(*children)),
            Data::Mapping { children, .. } => Value::Mapping(self.children(*children)),
        }
    }

    /// Whether a node holds nothing.
    pub(crate) fn is_null(&self, node: NodeId) -> bool {
        let data = self.node(self.follow(node)).map(|node| &node.data);
        matches!(data, None | Some(Data::Null | Data::Alias(_)))
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

    /// Adds the children of one list or mapping.
    pub(super) fn add_children(&mut self, own: impl ExactSizeIterator<Item = NodeId>) -> Children {
        let count = offset(self.children.len());
        self.children.push(NodeId(offset(own.len())));
        self.children.extend(own);
        Children(count)
    }

    fn children(&self, Children(count): Children) -> &[NodeId] {
        let from_count = self.children.get(count as usize..).unwrap_or_default();
        let own = from_count.split_first().and_then(|(count, after)| after.get(..count.0 as usize));
        own.unwrap_or_default()
    }
}

pub(super) fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_small() {
        assert_eq!(size_of::<Node>(), 16);
    }
}
