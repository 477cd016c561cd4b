//! The tables of keys: one row a key, which makes its field, its decoder, its hint, its schema and its line of the reference.

use super::decode::Decoder;
use super::quantity::Quantity;
use super::value::Entry;
use crate::source::Span;

/// The keys of one part of the plan.
#[derive(Debug)]
pub(crate) struct Table {
    /// What the part is called in a sentence, with its article: "a KPI".
    pub(crate) part: &'static str,
    /// Its keys, in the order in which the reference lists them.
    pub(crate) keys: &'static [Key],
    /// A table whose keys this part has as well.
    pub(crate) shares: Option<&'static Table>,
}

impl Table {
    /// All keys, those of the shared table last.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().chain(self.shares.map_or(&[][..], |shared| shared.keys))
    }
}

/// Other words for keys, with the keys of some part that they stand for.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    ("assigned_to", &["owner"]),
    ("assignee", &["owner"]),
    ("author", &["set_by"]),
    ("campaigns", &["initiatives"]),
    ("churn", &["monthly_churn"]),
    ("current", &["baseline"]),
    ("customers", &["new_customers"]),
    ("deadline", &["by", "until"]),
    ("due", &["by", "until"]),
    ("goal", &["drives", "serves", "goals", "name"]),
    ("handoff", &["handoffs"]),
    ("ignore", &["exclude"]),
    ("initiative", &["initiatives", "name"]),
    ("kpi", &["kpis", "serves", "on", "name"]),
    ("lead", &["owner"]),
    ("margin", &["gross_margin"]),
    ("metrics", &["kpis"]),
    ("objective", &["goals", "drives", "serves"]),
    ("objectives", &["goals", "drives"]),
    ("overrides", &["paths"]),
    ("product", &["products"]),
    ("projects", &["initiatives"]),
    ("rationale", &["because"]),
    ("reason", &["because"]),
    ("responsible", &["owner"]),
    ("spend", &["budget"]),
    ("title", &["name", "plan"]),
    ("why", &["because"]),
];

/// The keys that a word could have been meant for.
pub(crate) fn other_words(word: &str) -> impl Iterator<Item = &'static str> {
    let word = word.to_lowercase();
    let keys = OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, keys)| *keys);
    keys.unwrap_or_default().iter().copied()
}

/// One row: a key with its type and its words.
#[derive(Debug)]
pub(crate) struct Key {
    /// The key as written.
    pub(crate) name: &'static str,
    /// What it says, one line of source each.
    pub(crate) words: &'static [&'static str],
    /// What it takes.
    pub(crate) shape: fn() -> Shape,
    /// Whether the part is an error without it.
    pub(crate) required: bool,
}

/// What a value may look like.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A text; the words say which ("a date such as 2027-03-31").
    Text(&'static str),
    /// A number as people write it, bare or with its unit.
    Number(&'static str),
    /// `true` or `false`.
    Flag,
    /// One word of a list.
    Words(&'static [&'static str]),
    /// A list.
    List(Box<Shape>),
    /// One value, or a list of them.
    OneOrMany(Box<Shape>),
    /// Names of the plan's own, each with a value.
    Map(Box<Shape>),
    /// Keys of another table.
    Part(&'static Table),
    /// Keys of another table, or a plain text that stands for one of them.
    PartOrText(&'static Table),
}

/// A part of the plan that is a mapping of known keys.
pub(crate) trait Part: Default {
    /// Its keys.
    const TABLE: &'static Table;
    /// The key that a plain text in its place stands for, where one may.
    const SHORT_FORM: Option<&'static str> = None;

    /// Takes one entry of the mapping; false where the key is not one of this part's.
    fn accept(&mut self, key: &str, entry: Entry, decoder: &mut Decoder<'_>) -> bool;

    /// The required keys that have no value.
    fn missing(&self, report: &mut dyn FnMut(&'static str));

    /// Where the part stands: its name, or its first key.
    fn set_place(&mut self, place: Span);

    /// Shows every number in it, with its place.
    fn show_numbers<'v>(&'v self, show: &mut dyn FnMut(Span, &'v Quantity));
}

/// Declares a part: its struct, its table and its decoder, from one row a key. A field of type
/// `Placed<T>` is required, an `Option<Placed<T>>` is not; the doc comment is the key's words. A key that is no name in Rust
/// is written `field as "the-key"`.
macro_rules! part {
    (
        $(#[$meta:meta])*
        pub struct $name:ident, $title:literal $(, short form $short:literal)? {
            $($(#[doc = $words:literal])+ $key:ident $(as $written:literal)?: $slot:ty,)*
            $(shares $(#[doc = $shared_words:literal])+ $shared:ident: $shared_type:ty,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            $($(#[doc = $words])+ pub $key: $slot,)*
            $($(#[doc = $shared_words])+ pub $shared: $shared_type,)?
            /// Where it stands: its name, or its first key.
            pub place: $crate::source::Span,
        }

        impl $crate::plan::table::Part for $name {
            const TABLE: &'static $crate::plan::table::Table = &$crate::plan::table::Table {
                part: $title,
                keys: &[$($crate::plan::table::Key {
                    name: part!(@key $key $($written)?),
                    words: &[$($words),+],
                    shape: <$slot as $crate::plan::value::Slot>::shape,
                    required: <$slot as $crate::plan::value::Slot>::REQUIRED,
                }),*],
                shares: part!(@shares $($shared_type)?),
            };
            $(const SHORT_FORM: Option<&'static str> = Some($short);)?

            fn accept(
                &mut self,
                key: &str,
                entry: $crate::plan::value::Entry,
                decoder: &mut $crate::plan::decode::Decoder<'_>,
            ) -> bool {
                match key {
                    $(part!(@key $key $($written)?) => {
                        $crate::plan::value::Slot::fill(&mut self.$key, entry, decoder);
                        true
                    })*
                    _ => part!(@accept self key entry decoder $($shared)?),
                }
            }

            fn missing(&self, report: &mut dyn FnMut(&'static str)) {
                $(if $crate::plan::value::Slot::is_missing(&self.$key) {
                    report(part!(@key $key $($written)?));
                })*
                let _ = report;
            }

            fn set_place(&mut self, place: $crate::source::Span) {
                self.place = place;
            }

            fn show_numbers<'v>(
                &'v self,
                show: &mut dyn FnMut($crate::source::Span, &'v $crate::plan::quantity::Quantity),
            ) {
                $($crate::plan::value::Slot::numbers(&self.$key, show);)*
                $($crate::plan::table::Part::show_numbers(&self.$shared, show);)?
                let _ = show;
            }
        }
    };
    (@key $key:ident) => { stringify!($key) };
    (@key $key:ident $written:literal) => { $written };
    (@shares) => { None };
    (@shares $shared:ty) => { Some(<$shared as $crate::plan::table::Part>::TABLE) };
    (@accept $this:ident $key:ident $entry:ident $decoder:ident) => { false };
    (@accept $this:ident $key:ident $entry:ident $decoder:ident $shared:ident) => {
        $crate::plan::table::Part::accept(&mut $this.$shared, $key, $entry, $decoder)
    };
}

pub(crate) use part;
