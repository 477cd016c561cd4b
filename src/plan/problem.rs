//! What is wrong with an input that cannot be audited: one typed problem per fault, with its place and what to do.

use std::borrow::Cow;

use super::period::{DateError, DeadlineError, PeriodError};
use super::quantity::{LocaleError, Misfit, QuantityError};
use crate::source::{Span, Unreadable};
use crate::words::excerpt;
use crate::yaml::Fault;
pub use crate::yaml::YamlFault;

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
    /// A document that is no mapping, or lacks what makes a plan.
    #[error("this is not a plan")]
    NotAPlan,
    /// A key that the format does not have.
    #[error("{part} has no key `{}`", excerpt(.key))]
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
    #[error("cannot extend `{}`: {reason}", excerpt(.path))]
    Extends {
        /// The path as written.
        path: String,
        /// Why not.
        reason: String,
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
    /// Two keys that contradict each other.
    #[error("{0}")]
    Contradiction(&'static str),
}

impl What {
    /// What to do about it.
    fn help(&self) -> Option<Cow<'static, str>> {
        let plain = |text: &'static str| Some(Cow::Borrowed(text));
        match self {
            Self::Source(unreadable) => unreadable.help().map(Cow::Borrowed),
            Self::Yaml(fault) => fault.help().map(Cow::Borrowed),
            Self::Empty => plain("`kpi-audit init` writes a plan to start from"),
            Self::NotAPlan => plain(
                "a plan is a mapping with `plan: its name` and at least one of goals, kpis, products, initiatives",
            ),
            Self::UnknownKey { cut_number: true, .. } => {
                plain("inside { } a comma ends a value: put a number such as \"9,600\" in quotes")
            }
            Self::UnknownKey { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownKey { .. } => plain("leave it out, or write it as a comment with `#`"),
            Self::NotOneOf { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::ForeignCount { .. } => plain("leave the word out, or write the unit in the KPI's name"),
            Self::ControlInId => plain("use letters, digits and hyphens"),
            Self::ReservedId => plain("choose another id"),
            Self::DoubledId(_) => plain("give each an id of its own"),
            Self::AmbiguousId(_) => plain("give the one that is meant an `id`"),
            Self::UnknownId { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownId { sought: "metric of the dictionary", .. } => {
                plain("leave `metric` out: it is recognised from the name where that is known")
            }
            Self::UnknownId { sought: "stage of a funnel", .. } => plain("write the stage's name as its funnel does"),
            Self::UnknownId { .. } => plain("an id is the `id:` of a thing, or its name in lower case with hyphens"),
            Self::Cycle(_) => plain("something must come first: take one of the links out"),
            Self::UnknownRule { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?").into()),
            Self::UnknownRule { .. } => plain("`kpi-audit explain` lists the rules"),
            Self::Missing { key: "until", .. } => plain("a waiver ends: write `until: 2027-03-31`"),
            _ => None,
        }
    }
}
