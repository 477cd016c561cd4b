//! Decoding: a tree of placed nodes becomes typed parts, and every problem on the way is collected.

use std::sync::Arc;

use hashbrown::HashMap;

use super::problem::{Problem, What};
use super::quantity::{CurrencyCode, Locale, Quantity, QuantityError, SignMeans};
use super::table::{self, Part, Table};
use super::text::Text;
use super::value::Entry;
use crate::source::{Source, Span};
use crate::words::{Hints, trimmed};
use crate::yaml::{Limit, MAX_PROBLEMS, NodeId, Tree, Value, YamlFault};

/// How often each node of a document is looked at; a plain text that stands for a KPI is looked at four times.
const VISITS_A_NODE: usize = 8;
/// How many visits a file has beyond those: aliases stay pointers, so a small file could otherwise be
/// made to mean millions of values.
const FREE_VISITS: usize = 10_000;

/// How many parts (goals, KPIs, products, initiatives and so on) any file may hold, and for how many bytes one more. A part
/// that is a name alone takes about 6 KB and 30 µs of an audit: so much the audit of a file of 1.6 MB, whatever it holds, stays
/// within half a second and 128 MB, and no plan that people wrote comes near.
const FREE_PARTS: usize = 5_000;
const BYTES_A_PART: usize = 400;

/// Of how many nodes one is a quantity that was not read before. Room is made for so many, as far as that is little.
const NODES_OF_QUANTITY: usize = 10;
const MOST_QUANTITIES_EXPECTED: usize = 256;

/// What the documents of one file may still cost together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    parts: usize,
    most_parts: usize,
    problems: usize,
}

impl Allowance {
    /// What a text may cost.
    pub(crate) fn of(source: &Source) -> Self {
        let most_parts = FREE_PARTS + source.text().len() / BYTES_A_PART;
        Self { parts: most_parts, most_parts, problems: MAX_PROBLEMS }
    }
}

/// Walks a tree; holds what the reading of a value depends on, and the problems met so far.
#[derive(Debug)]
pub(crate) struct Decoder<'t> {
    /// The text.
    pub(crate) source: &'t Source,
    tree: &'t Tree,
    problems: Vec<Problem>,
    /// How numbers are written, where the plan says so.
    pub(crate) locale: Option<Locale>,
    /// The currency of the plan, or of the first amount that names one.
    pub(crate) currency: Option<CurrencyCode>,
    /// Whether an amount in a bare `$` came before the currency was known.
    pub(crate) dollar: bool,
    /// The quantities that were read, by what a sign means in them: as the locale has it that is set before the first.
    quantities: [HashMap<Text, Arc<Quantity>>; 2],
    visits_left: usize,
    allowance: Allowance,
    hints: Hints,
}

impl<'t> Decoder<'t> {
    /// A decoder for one document. What a file may cost is shared among its documents.
    pub(crate) fn new(source: &'t Source, tree: &'t Tree, document: NodeId, allowance: Allowance) -> Self {
        let documents = tree.documents().len().max(1);
        let nodes = tree.nodes_of(document);
        let quantities = (nodes / NODES_OF_QUANTITY).min(MOST_QUANTITIES_EXPECTED);
        let visits_left = nodes.saturating_mul(VISITS_A_NODE).saturating_add(FREE_VISITS / documents);
        Self {
            source,
            tree,
            problems: Vec::new(),
            locale: None,
            currency: None,
            dollar: false,
            quantities: [(); 2].map(|()| HashMap::with_capacity(quantities)),
            visits_left,
            allowance,
            hints: Hints::of_one_in(documents),
        }
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether a limit was passed, so that what was read is not what was written.
    pub(crate) fn is_stopped(&self) -> bool {
        self.visits_left == 0
    }

    /// What is left for the documents that follow.
    pub(crate) fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Hands out what was wrong.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a problem at a place.
    pub(crate) fn report(&mut self, span: Span, what: What) {
        self.push(Problem::new(span, what));
    }

    /// Notes a problem. Past a limit nothing is as it was written, so no more is noted.
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.is_stopped() {
            return;
        }
        match self.allowance.problems.checked_sub(1) {
            Some(left) => {
                self.allowance.problems = left;
                self.problems.push(problem);
            }
            None => self.stop(problem.span, Limit::Problems),
        }
    }

    /// Notes the limit that is passed. Nothing that follows is read.
    #[cold]
    fn stop(&mut self, span: Span, limit: Limit) {
        self.problems.push(Problem::new(span, What::Yaml(YamlFault::Limit(limit))));
        self.visits_left = 0;
    }

    /// The candidate that a misspelt word most likely meant.
    pub(crate) fn nearest<'c>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        self.hints.nearest(word, candidates)
    }

    /// Reads a text as a quantity, which those that read the same share.
    ///
    /// # Errors
    /// Those of [`Quantity::parse`].
    pub(super) fn quantity(&mut self, text: &str, sign: SignMeans) -> Result<Arc<Quantity>, QuantityError> {
        let [changes, levels] = &mut self.quantities;
        let known = match sign {
            SignMeans::Change => changes,
            SignMeans::Negative => levels,
        };
        if let Some(quantity) = known.get(text) {
            return Ok(Arc::clone(quantity));
        }
        let quantity = Arc::new(Quantity::read(Text::of(self.source, text), self.locale, sign)?);
        known.insert(quantity.text.clone(), Arc::clone(&quantity));
        Ok(quantity)
    }

    /// A text of the plan, as it keeps it.
    pub(super) fn own(&self, text: &str) -> Text {
        Text::of(self.source, text)
    }

    /// What a node covers.
    pub(crate) fn span(&self, node: NodeId) -> Span {
        self.tree.span(node)
    }

    /// What a node holds; nothing once a limit is passed.
    pub(crate) fn value(&mut self, node: NodeId) -> Value<'t> {
        if self.visit(node) { self.tree.value(node) } else { Value::Null }
    }

    /// Whether a node holds nothing, as it does once a limit is passed.
    pub(crate) fn is_null(&mut self, node: NodeId) -> bool {
        !self.visit(node) || self.tree.is_null(node)
    }

    /// Whether a node may still be looked at.
    fn visit(&mut self, node: NodeId) -> bool {
        if self.visits_left <= 1 {
            if self.visits_left == 1 {
                self.stop(self.span(node), Limit::Aliases);
            }
            return false;
        }
        self.visits_left -= 1;
        true
    }

    /// The value of a key, before its turn.
    pub(crate) fn peek(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.tree.get(mapping, key)
    }

    /// A text without the space around it; a problem where the node is something else.
    pub(crate) fn text(&mut self, node: NodeId, expected: &'static str) -> Option<&'t str> {
        match self.value(node) {
            Value::Text(text) => match trimmed(text) {
                "" => self.unexpected(node, expected, "an empty text"),
                text => Some(text),
            },
            other => self.unexpected(node, expected, other.kind()),
        }
    }

    /// Notes that something else was expected.
    pub(crate) fn unexpected<T>(&mut self, node: NodeId, expected: &'static str, found: &'static str) -> Option<T> {
        self.report(self.span(node), What::Shape { expected: expected.into(), found });
        None
    }

    /// Decodes a mapping of known keys. A part with problems is still returned, so that the rest
    /// of the file is read as well.
    pub(crate) fn part<P: Part>(&mut self, node: NodeId) -> Option<P> {
        if self.is_stopped() {
            return None;
        }
        match self.allowance.parts.checked_sub(1) {
            Some(left) => self.allowance.parts = left,
            None => {
                self.stop(self.span(node), Limit::Parts(self.allowance.most_parts));
                return None;
            }
        }
        let mut part = P::default();
        let mut meant = Vec::new();
        match self.value(node) {
            Value::Mapping(&[key, value]) if self.is_cut_text::<P>(key, value) => {
                let whole = self.span(key).to(self.span(value));
                let written = self.source.text().get(whole.range()).unwrap_or_default().to_owned();
                self.report(whole, What::CutText { written });
                part.set_place(whole);
                let entry = Entry { key: self.span(key), value: key };
                part.accept(P::SHORT_FORM.unwrap_or_default(), entry, self);
            }
            Value::Mapping(entries) => {
                part.set_place(self.heading(node, entries));
                let mut after_cut = false;
                for entry in entries.chunks_exact(2) {
                    let [key, value] = entry else { continue };
                    // `{budget: 1,200,300}` is one slip, not two.
                    let cut = self.is_cut_number(node, *key, *value);
                    if !(cut && after_cut) {
                        meant.extend(self.entry(&mut part, cut, *key, *value));
                    }
                    after_cut = cut;
                }
            }
            Value::Text(_) if P::SHORT_FORM.is_some() => {
                part.set_place(self.span(node));
                let entry = Entry { key: self.span(node), value: node };
                part.accept(P::SHORT_FORM.unwrap_or_default(), entry, self);
            }
            other => return self.unexpected(node, P::TABLE.part, other.kind()),
        }
        part.missing(&mut |key| {
            if !meant.contains(&key) {
                let place = self.heading_of(node);
                self.report(place, What::Missing { part: P::TABLE.part, key });
            }
        });
        Some(part)
    }

    /// Reads one entry; hands out the key that was most likely meant where the part has no such key.
    fn entry<P: Part>(&mut self, part: &mut P, cut_number: bool, key: NodeId, value: NodeId) -> Option<&'static str> {
        let Value::Text(name) = self.value(key) else { return None };
        let entry = Entry { key: self.span(key), value };
        if part.accept(name, entry, self) || name == "<<" {
            return None;
        }
        let nearest = self.nearest_key(name, P::TABLE);
        let what = What::UnknownKey { key: name.to_owned(), part: P::TABLE.part, nearest, cut_number };
        self.report(entry.key, what);
        nearest
    }

    /// The key of a part that another one was meant for: another word for it, or the same misspelt.
    pub(crate) fn nearest_key(&mut self, name: &str, table: &'static Table) -> Option<&'static str> {
        let meant = table::other_words(name).find(|meant| table.all().any(|key| key.name == *meant));
        meant.or_else(|| self.nearest(name, table.all().map(|key| key.name)))
    }

    /// Whether a mapping of one key is a text such as `Focus: cut CPL by 30%`, which its colon made one.
    fn is_cut_text<P: Part>(&mut self, key: NodeId, value: NodeId) -> bool {
        let (Value::Text(name), Value::Text(_)) = (self.tree.value(key), self.tree.value(value)) else { return false };
        let whole = self.span(key).to(self.span(value));
        let is_quoted = self.source.text().get(whole.range()).is_none_or(|text| text.contains(['"', '\'', '\n']));
        let is_key = is_quoted || P::TABLE.all().any(|key| key.name == name);
        P::SHORT_FORM.is_some() && !is_key && self.nearest_key(name, P::TABLE).is_none()
    }

    /// Whether a key is what a comma inside `{ }` left of a number.
    pub(crate) fn is_cut_number(&self, mapping: NodeId, key: NodeId, value: NodeId) -> bool {
        let digits =
            || matches!(self.tree.value(key), Value::Text(name) if name.starts_with(|c: char| c.is_ascii_digit()));
        self.tree.is_null(value) && self.tree.is_flow_mapping(mapping) && digits()
    }

    /// Where a part is shown: at its name where it has one, else at its first key.
    fn heading(&self, node: NodeId, entries: &[NodeId]) -> Span {
        let rank = |key: NodeId| match self.tree.value(key) {
            Value::Text(name) => ["name", "plan", "rule", "goal", "id"].iter().position(|known| *known == name),
            _ => None,
        };
        let named = entries.chunks_exact(2).filter_map(|entry| match entry {
            [key, value] => Some((rank(*key)?, self.span(*key).to(self.span(*value)))),
            _ => None,
        });
        let named = named.min_by_key(|(rank, _)| *rank).map(|(_, span)| span);
        let first = entries.first().map(|&key| self.span(key));
        named.or(first).unwrap_or(self.span(node))
    }

    fn heading_of(&self, node: NodeId) -> Span {
        match self.tree.value(node) {
            Value::Mapping(entries) => self.heading(node, entries),
            _ => self.span(node),
        }
    }
}
