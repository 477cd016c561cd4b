//! Values with their places, and how each type of value is read from a node.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use jiff::civil::Date;

use super::decode::Decoder;
use super::period::{Deadline, Period, parse_date};
use super::problem::What;
use super::quantity::Quantity;
use super::table::{Part, Shape};
use super::text::Text;
use crate::source::Span;
use crate::words::Word;
use crate::words::nearest;
use crate::yaml::{NodeId, Value};

/// A value with the place of its key and its own. It reads like the value itself.
#[derive(Clone, Default, PartialEq)]
pub struct Placed<T, Key = Span> {
    /// What stands there.
    pub value: T,
    /// Where the value stands.
    pub span: Span,
    /// Where its key stands.
    pub key: Key,
}

/// An item of a list, which has no key.
pub type Item<T> = Placed<T, ()>;

impl<T> Placed<T> {
    /// Key and value together.
    pub fn whole(&self) -> Span {
        self.key.to(self.span)
    }
}

impl<T, Key> Deref for Placed<T, Key> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug, Key> fmt::Debug for Placed<T, Key> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

/// A key's place with the node of its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) key: Span,
    pub(crate) value: NodeId,
}

/// A type that can be read from a node.
pub(crate) trait Decode: Sized {
    /// Whether an empty value says something (an empty target does), instead of being absent.
    const TAKES_NOTHING: bool = false;

    /// Reads the value, or reports why it cannot be read.
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self>;

    /// What it looks like, for the schema and the reference.
    fn shape() -> Shape;

    /// Shows every number in it, with its place.
    fn numbers<'v>(&'v self, place: Span, show: &mut dyn FnMut(Span, &'v Quantity)) {
        let _ = (place, show);
    }
}

/// A field of a part: required, or not.
pub(crate) trait Slot {
    const REQUIRED: bool;

    fn fill(&mut self, entry: Entry, decoder: &mut Decoder<'_>);
    fn is_missing(&self) -> bool;
    fn shape() -> Shape;
    fn numbers<'v>(&'v self, show: &mut dyn FnMut(Span, &'v Quantity));
}

/// A field that few parts have: where it is absent it takes no more room than a pointer.
pub type Rare<T> = Option<Box<Placed<T>>>;

/// How the value of a field is held that is not required.
pub(crate) trait Held: From<Placed<Self::Value>> + Borrow<Placed<Self::Value>> {
    type Value: Decode;
}

impl<T: Decode> Held for Placed<T> {
    type Value = T;
}

impl<T: Decode> Held for Box<Placed<T>> {
    type Value = T;
}

impl<H: Held> Slot for Option<H> {
    const REQUIRED: bool = false;

    fn fill(&mut self, entry: Entry, decoder: &mut Decoder<'_>) {
        *self = read(entry, decoder).map(H::from);
    }

    fn is_missing(&self) -> bool {
        false
    }

    fn shape() -> Shape {
        H::Value::shape()
    }

    fn numbers<'v>(&'v self, show: &mut dyn FnMut(Span, &'v Quantity)) {
        if let Some(placed) = self.as_ref().map(H::borrow) {
            placed.value.numbers(placed.span, show);
        }
    }
}

impl<T: Decode + Default> Slot for Placed<T> {
    const REQUIRED: bool = true;

    fn fill(&mut self, entry: Entry, decoder: &mut Decoder<'_>) {
        let key = entry.key;
        let nothing = decoder.is_null(entry.value);
        if !nothing || T::TAKES_NOTHING {
            // A value that could not be read has been reported; it is not missing as well.
            *self = read(entry, decoder).unwrap_or_else(|| Placed { value: T::default(), span: key, key });
        }
    }

    fn is_missing(&self) -> bool {
        self.key == Span::default() && self.span == Span::default()
    }

    fn shape() -> Shape {
        T::shape()
    }

    fn numbers<'v>(&'v self, show: &mut dyn FnMut(Span, &'v Quantity)) {
        self.value.numbers(self.span, show);
    }
}

fn read<T: Decode>(entry: Entry, decoder: &mut Decoder<'_>) -> Option<Placed<T>> {
    if !T::TAKES_NOTHING && decoder.is_null(entry.value) {
        return None;
    }
    let span = decoder.span(entry.value);
    T::decode(entry.value, decoder).map(|value| Placed { value, span, key: entry.key })
}

impl Decode for Text {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.text(node, "a text").map(|text| decoder.own(text))
    }

    fn shape() -> Shape {
        Shape::Text("a text")
    }
}

impl Decode for bool {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        match decoder.text(node, "true or false")? {
            "true" => Some(true),
            "false" => Some(false),
            _ => decoder.unexpected(node, "true or false", "another text"),
        }
    }

    fn shape() -> Shape {
        Shape::Flag
    }
}

impl Decode for Date {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a date such as 2027-03-31")?;
        let date = parse_date(text);
        let span = decoder.span(node);
        date.map_err(|error| decoder.report(span, What::Date(error))).ok()
    }

    fn shape() -> Shape {
        Shape::Text("a date, such as `2027-03-31`")
    }
}

impl Decode for Period {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a period such as 2027-Q1")?;
        let period = Period::parse(text);
        let span = decoder.span(node);
        period.map_err(|error| decoder.report(span, What::Period(error))).ok()
    }

    fn shape() -> Shape {
        Shape::Text("a period, such as `2027-Q1`")
    }
}

impl Decode for Deadline {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a date such as 2027-03-31, or a span such as 6 months")?;
        let deadline = Self::parse(text, decoder.locale);
        let span = decoder.span(node);
        deadline.map_err(|error| decoder.report(span, What::Deadline(error))).ok()
    }

    fn shape() -> Shape {
        Shape::Text("a date, such as `2027-03-31`, or a span from the start of the period, such as `6 months`")
    }
}

impl<W: Word> Decode for W {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let given = decoder.text(node, "a word")?;
        let word = W::parse(given);
        if word.is_none() {
            let nearest = nearest(given, W::WORDS.iter().copied());
            let what = What::NotOneOf { given: given.to_owned(), allowed: W::WORDS, nearest };
            decoder.report(decoder.span(node), what);
        }
        word
    }

    fn shape() -> Shape {
        Shape::Words(W::WORDS)
    }
}

/// A list of parts. Each stands by itself, so that a list of large ones is sorted and handed on without moving them.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(pub Vec<Item<Box<T>>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [Item<Box<T>>];

    fn deref(&self) -> &[Item<Box<T>>] {
        &self.0
    }
}

impl<T: Decode> Decode for List<T> {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        items_of(node, decoder, Box::new).map(Self)
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn numbers<'v>(&'v self, _: Span, show: &mut dyn FnMut(Span, &'v Quantity)) {
        for item in &self.0 {
            item.value.numbers(item.span, show);
        }
    }
}

/// The items of a list, each as `hold` keeps it.
fn items_of<T: Decode, H>(node: NodeId, decoder: &mut Decoder<'_>, hold: fn(T) -> H) -> Option<Vec<Item<H>>> {
    let nodes = match decoder.value(node) {
        Value::List(nodes) => nodes,
        other => return decoder.unexpected(node, "a list (one item a line, each with `- `)", other.kind()),
    };
    let mut items = Vec::with_capacity(nodes.len());
    for &node in nodes {
        let item: Option<Item<T>> = item_of(node, decoder);
        items.extend(item.map(|Item { value, span, key }| Item { value: hold(value), span, key }));
    }
    Some(items)
}

fn item_of<T: Decode>(item: NodeId, decoder: &mut Decoder<'_>) -> Option<Item<T>> {
    let span = decoder.span(item);
    T::decode(item, decoder).map(|value| Item { value, span, key: () })
}

/// A list that may be written as its only item.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Box<[Item<T>]>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [Item<T>];

    fn deref(&self) -> &[Item<T>] {
        &self.0
    }
}

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        match decoder.value(node) {
            Value::Text(_) => item_of(node, decoder).map(|item| Self(Box::new([item]))),
            _ => items_of(node, decoder, |item| item).map(|items| Self(items.into_boxed_slice())),
        }
    }

    fn shape() -> Shape {
        Shape::OneOrMany(Box::new(T::shape()))
    }
}

/// A mapping whose keys are the plan's own names.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(pub Vec<(Text, Placed<T>)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Map<T> {
    type Target = [(Text, Placed<T>)];

    fn deref(&self) -> &[(Text, Placed<T>)] {
        &self.0
    }
}

impl<T: Decode + Default> Decode for Map<T> {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Value::Mapping(entries) = decoder.value(node) else {
            let found = decoder.value(node).kind();
            return decoder.unexpected(node, "a mapping of names to values", found);
        };
        let entries = entries.chunks_exact(2).filter_map(|entry| match entry {
            [key, value] => {
                let Value::Text(name) = decoder.value(*key) else { return None };
                let cut_number = decoder.is_cut_number(node, *key, *value);
                let (key, span) = (decoder.span(*key), decoder.span(*value));
                if cut_number {
                    let part = "a mapping of names";
                    decoder.report(key, What::UnknownKey { key: name.to_owned(), part, nearest: None, cut_number });
                    return None;
                }
                let nothing = decoder.is_null(*value);
                let read = if nothing { Some(T::default()) } else { T::decode(*value, decoder) };
                read.map(|value| (decoder.own(name), Placed { value, span, key }))
            }
            _ => None,
        });
        Some(Self(entries.collect()))
    }

    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }

    fn numbers<'v>(&'v self, _: Span, show: &mut dyn FnMut(Span, &'v Quantity)) {
        for (_, item) in &self.0 {
            item.value.numbers(item.span, show);
        }
    }
}

/// A part of the plan as a value. (A blanket implementation would collide with that of words.)
macro_rules! decode_part {
    ($($part:ty),+ $(,)?) => {
        $(impl $crate::plan::value::Decode for $part {
            fn decode(
                node: $crate::yaml::NodeId,
                decoder: &mut $crate::plan::decode::Decoder<'_>,
            ) -> Option<Self> {
                decoder.part(node)
            }

            fn shape() -> $crate::plan::table::Shape {
                $crate::plan::value::part_shape::<Self>()
            }

            fn numbers<'v>(
                &'v self,
                _: $crate::source::Span,
                show: &mut dyn FnMut($crate::source::Span, &'v $crate::plan::quantity::Quantity),
            ) {
                $crate::plan::table::Part::show_numbers(self, show);
            }
        })+
    };
}

pub(crate) use decode_part;

/// The shape of a part, with its short form where it has one.
pub(crate) fn part_shape<P: Part>() -> Shape {
    if P::SHORT_FORM.is_some() { Shape::PartOrText(P::TABLE) } else { Shape::Part(P::TABLE) }
}
