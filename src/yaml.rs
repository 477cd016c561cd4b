//! YAML: the one place that knows the YAML library. A text becomes a tree of placed nodes, a value becomes YAML.

use std::borrow::Cow;
use std::sync::Arc;

use granit_parser::{Parser, Span as ParsedSpan};

use crate::source::{Source, Span};
use crate::words::excerpt;

mod builder;
mod plain;
mod syntax;
mod tree;
mod write;

use builder::Builder;
use syntax::syntax_problem;
pub(crate) use tree::{NodeId, TextStyle, Tree, Value};
pub(crate) use write::{Written, write};

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

/// Reads all documents of a text. A text that stops being YAML gives the documents before that place.
pub(crate) fn parse(source: &Arc<Source>) -> (Tree, Vec<Fault>) {
    plain::read(source).map_or_else(|| parse_any(source), |tree| (tree, Vec::new()))
}

/// Reads any text, with the library.
fn parse_any(source: &Arc<Source>) -> (Tree, Vec<Fault>) {
    let mut builder = Builder::new(source);
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

#[cfg(test)]
mod tests;
