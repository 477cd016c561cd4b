//! What is wrong with an input that cannot be audited: one typed problem per fault, with its place and what to do.

use std::borrow::Cow;

use super::period::{DateError, DeadlineError, PeriodError};
use super::quantity::{CurrencyCode, LocaleError, Misfit, QuantityError};
use crate::metrics::NotAdded;
use crate::source::{Span, Unreadable};
use crate::words::excerpt;
use crate::yaml::Fault;
pub use crate::yaml::{Limit, YamlFault};

/// What a name in a settings file may mean.
pub(crate) const METRIC_OR_KIND: &str = "metric of the dictionary or kind of metric";

/// One fault of an input file. A file with a problem gives no report.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub what: What,
    /// Other places that belong to it, each with a label.
    pub related: Vec<(Span, &'static str)>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(span: Span, what: What) -> Self {
        Self { span, what, related: Vec::new() }
    }

    /// Adds another place.
    #[must_use]
    pub fn with(mut self, span: Span, label: &'static str) -> Self {
        self.related.push((span, label));
        self
    }

    /// What to do about it, where there is more to say than the message does.
    pub fn help(&self) -> Option<Cow<'static, str>> {
        self.what.help()
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let Fault { span, kind, related } = fault;
        Self { span, what: What::Yaml(kind), related }
    }
}

/// The kinds of [`Problem`]. `Display` says what is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum What {
    /// The text could not be had.
    #[error("{0}")]
    Source(#[from] Unreadable),
    /// The text is not the YAML that is read.
    #[error("{0}")]
    Yaml(#[from] YamlFault),
    /// No document at all.
    #[error("the file is empty")]
    Empty,
    /// Comments, and no document.
    #[error("the file holds only comments")]
    OnlyComments,
    /// A plan that has nothing to audit.
    #[error("this plan has no goal, KPI, product or initiative yet")]
    Nothing,
    /// A text in the place of a goal or KPI that a colon made a mapping.
    #[error("the colon cuts this text in two")]
    CutText {
        /// The text as written.
        written: String,
    },
    /// A document that is no mapping, or lacks what makes a plan.
    #[error("this is not a plan")]
    NotAPlan,
    /// A key that the format does not have.
    #[error("{}", unknown_key(.part, .key, *.cut_number))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The part that it stands in ("a KPI").
        part: &'static str,
        /// The nearest key of that part.
        nearest: Option<&'static str>,
        /// A number cut at a comma inside `{ }` was meant.
        cut_number: bool,
    },
    /// A key that must be there.
    #[error("{part} needs `{key}`")]
    Missing {
        /// The part.
        part: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A list where a text was expected, and so on.
    #[error("expected {expected}, found {found}")]
    Shape {
        /// What would be right.
        expected: Cow<'static, str>,
        /// What is there.
        found: &'static str,
    },
    /// A word that is not of a fixed list.
    #[error("`{}` is not one of {}", excerpt(.given), allowed.join(", "))]
    NotOneOf {
        /// The word as written.
        given: String,
        /// The list.
        allowed: &'static [&'static str],
        /// The nearest of the list.
        nearest: Option<&'static str>,
    },
    /// A number, share, amount or duration that cannot be read.
    #[error("{0}")]
    Quantity(#[from] QuantityError),
    /// A date that cannot be read.
    #[error("{0}")]
    Date(#[from] DateError),
    /// A deadline that cannot be read.
    #[error("{0}")]
    Deadline(#[from] DeadlineError),
    /// A period that cannot be read.
    #[error("{0}")]
    Period(#[from] PeriodError),
    /// A quantity that measures something else than its key does.
    #[error("{0}")]
    Misfit(#[from] Misfit),
    /// A locale that is not known.
    #[error("{0}")]
    Locale(#[from] LocaleError),
    /// A word after a count that the thing counted does not have in its name.
    #[error("`{}` is not what \"{}\" counts", excerpt(.word), excerpt(.name))]
    ForeignCount {
        /// The word.
        word: String,
        /// The name of what is counted.
        name: String,
    },
    /// A control character in an id.
    #[error("an id cannot hold control characters")]
    ControlInId,
    /// The id `plan` is taken.
    #[error("the id `plan` is reserved for the plan itself")]
    ReservedId,
    /// One id twice.
    #[error("the id `{}` is given twice", excerpt(.0))]
    DoubledId(String),
    /// An id that was made from a name, stands for several things, and is pointed at.
    #[error("`{}` could be several things of that name", excerpt(.0))]
    AmbiguousId(String),
    /// An id that nothing has.
    #[error("no {sought} has the id `{}`", excerpt(.id))]
    UnknownId {
        /// The id.
        id: String,
        /// What kind of thing was looked for.
        sought: &'static str,
        /// The nearest id.
        nearest: Option<String>,
    },
    /// A circle of `drives` or `sold_after`.
    #[error("this closes a circle: {0}")]
    Cycle(String),
    /// An `extends` that cannot be followed.
    #[error("cannot extend `{}`: {fault}", excerpt(.path))]
    Extends {
        /// The path as written.
        path: String,
        /// Why not.
        fault: ExtendsFault,
    },
    /// A rule that does not exist.
    #[error("there is no rule `{}`", excerpt(.given))]
    UnknownRule {
        /// The name as written.
        given: String,
        /// The nearest rule.
        nearest: Option<String>,
    },
    /// A waiver for a rule that cannot be about such a thing.
    #[error("`{rule}` is never about {subject}")]
    WaiverSubject {
        /// The rule.
        rule: String,
        /// The kind of thing that was named.
        subject: String,
    },
    /// A threshold outside of what makes sense.
    #[error("`{key}` must be {bounds}")]
    Bounds {
        /// The key.
        key: String,
        /// The bounds in words.
        bounds: String,
    },
    /// A ruleset that this version does not have.
    #[error("there is no ruleset {given}")]
    Ruleset {
        /// The number as written.
        given: u32,
        /// The newest.
        newest: u32,
    },
    /// A glob that cannot be read.
    #[error("`{}` cannot be read as a glob", excerpt(.glob))]
    Glob {
        /// The glob as written.
        glob: String,
        /// Why not.
        why: String,
    },
    /// Two keys that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
    /// A name in the settings that the dictionary does not take.
    #[error("{0}")]
    NotAdded(NotAdded),
}

/// Why a plan cannot be extended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtendsFault {
    /// The text could not be had.
    #[error("{0}")]
    Unloaded(String),
    /// It is the plan that extends.
    #[error("a plan cannot extend itself")]
    Itself,
    /// It comes back to the plan that extends.
    #[error("it extends this plan in turn")]
    Circle,
    /// Too many levels.
    #[error("plans extend one another more than 16 levels deep")]
    TooDeep,
    /// It is no plan, or has faults; none of them is told here, as it may be any file.
    #[error("it cannot be read as a plan")]
    Unreadable,
    /// Its amounts would be taken for amounts in another currency.
    #[error("its amounts are in {}, this plan's in {}", theirs.as_str(), own.as_str())]
    Currency {
        /// The currency of the plan that is extended.
        theirs: CurrencyCode,
        /// The currency of the plan that extends it.
        own: CurrencyCode,
    },
}

impl ExtendsFault {
    fn help(&self) -> &'static str {
        match self {
            Self::Unloaded(_) => "write the path as it leads from this file, to a plan in the same repository",
            Self::Itself => "take it out: what this plan has can be pointed at without it",
            Self::Circle => "take one of the two `extends` out",
            Self::TooDeep => "extend the plan that has what is needed, without those between",
            Self::Unreadable => "audit it by itself to see why",
            Self::Currency { .. } => "convert the amounts of one of the two, or take `extends` out",
        }
    }
}

/// A number that a comma cut in two leaves its second half where a key should be.
fn unknown_key(part: &str, key: &str, cut_number: bool) -> String {
    let key = excerpt(key);
    if cut_number { format!("a comma ended the value before `{key}`") } else { format!("{part} has no key `{key}`") }
}

impl What {
    /// What to do about it.
    fn help(&self) -> Option<Cow<'static, str>> {
        let plain = |text: &'static str| Some(Cow::Borrowed(text));
        match self {
            Self::Source(unreadable) => unreadable.help().map(Cow::Borrowed),
            Self::Yaml(fault) => fault.help().map(Cow::Borrowed),
            Self::Empty | Self::OnlyComments => plain("`kpi-audit init` writes a plan to start from"),
            Self::Nothing => plain("write what was handed down, one line each: `kpis: [Cut cost per lead by 30%]`"),
            Self::CutText { written } => {
                Some(format!("put it in quotes: \"{}\"; or write `name:` and `target:`", excerpt(written)).into())
            }
            Self::NotAPlan => plain(
                "a plan is a mapping with `plan: its name` and at least one of goals, kpis, products, initiatives",
            ),
            Self::UnknownKey { cut_number: true, .. } => {
                plain("inside { } a comma ends a value: put a number such as \"9,600\" in quotes")
            }
            Self::UnknownKey { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownKey { .. } => plain("leave it out, or write it as a comment with `#`"),
            Self::NotOneOf { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::Shape { expected, found } => shape_help(expected, found).map(Cow::Borrowed),
            Self::ForeignCount { .. } => plain("leave the word out, or write it in the name of what is counted"),
            Self::ControlInId => plain("use letters, digits and hyphens"),
            Self::ReservedId => plain("choose another id"),
            Self::DoubledId(_) => plain("give each an id of its own"),
            Self::AmbiguousId(_) => plain("give the one that is meant an `id`"),
            Self::UnknownId { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownId { sought: "metric of the dictionary", .. } => {
                plain("leave `metric` out: it is recognised from the name where that is known")
            }
            Self::UnknownId { sought: METRIC_OR_KIND, .. } => {
                plain("`kpi-audit classify --list` lists the metrics, and docs/format.md the kinds")
            }
            Self::UnknownId { sought: "stage of a funnel", .. } => plain("write the stage's name as its funnel does"),
            Self::UnknownId { .. } => plain("an id is the `id:` of a thing, or its name in lower case with hyphens"),
            Self::Cycle(way) if way.split_once(" → ").is_some_and(|(from, to)| from == to) => plain(
                "take it out; to point at the one of a plan that this plan extends, give one of the two another id",
            ),
            Self::Cycle(_) => plain("something must come first: take one of the links out"),
            Self::UnknownRule { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownRule { .. } => plain("`kpi-audit explain` lists the rules"),
            Self::WaiverSubject { rule, .. } => Some(
                format!("`kpi-audit explain {rule}` says what it judges; name one of those, or leave `on` out").into(),
            ),
            Self::Extends { fault, .. } => plain(fault.help()),
            Self::Bounds { .. } => plain("write a value within them, or leave the key out for the default"),
            Self::Ruleset { newest: 1, .. } => plain("this version has ruleset 1 alone"),
            Self::Ruleset { newest, .. } => {
                Some(format!("this version has the rulesets 1 to {newest}; without the key, the newest holds").into())
            }
            Self::Glob { why, .. } => Some(excerpt(why).into()),
            Self::Missing { key: "until", .. } => plain("a waiver ends: write `until: 2027-03-31`"),
            _ => None,
        }
    }
}

/// What to write in place of a value of another shape, where that does not follow from the message.
fn shape_help(expected: &str, found: &str) -> Option<&'static str> {
    match (expected, found) {
        ("a product" | "an initiative" | "a stage", "a text") => Some("write `{name: …}`"),
        ("a team", "a text") => Some("write `{people: 5}`, or any other key of a team"),
        ("a success mark", "a text") => Some("write `{measure: …, at_least: …}`"),
        ("a handoff", "a text") => Some("write `{from: …, to: …}`"),
        ("a waiver", "a text") => Some("write `{rule: …, until: 2027-03-31}`"),
        ("a whole number", _) => Some("write digits alone, such as 60"),
        ("a mapping of names to values", "a text") => Some("write `name: value` below it, one on each line"),
        ("a mapping of names to values", "a list") => Some("write `name: value` on each line, without `- `"),
        (_, "an empty text") => Some("write it, or leave the key out"),
        ("a text", "a list") => Some("write one text; one that begins with `[` needs quotes"),
        ("a text", "a mapping of keys") => Some("write one text; one that holds `: ` or begins with `{` needs quotes"),
        _ => None,
    }
}
