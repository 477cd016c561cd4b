//! Quantities by what they measure: money, shares, counts, multiples, durations, targets and changes.

use std::sync::Arc;

use super::decode::Decoder;
use super::period::{Cadence, Rhythm};
use super::problem::What;
use super::quantity::{
    Amount, Currency, CurrencyCode, Locale, Misfit, Quantity, QuantityError, SignMeans, TimeUnit, Unit, WorkCalendar,
};
use super::table::Shape;
use super::text::Text;
use super::value::Decode;
use crate::source::Span;
use crate::words::Word;
use crate::yaml::{NodeId, Value};

/// Declares a type of quantity: what it expects in words, and the check that it must pass.
macro_rules! quantities {
    ($($(#[$meta:meta])* $name:ident, $expected:literal, $sign:ident, $check:expr;)+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $name(Arc<Quantity>);

            impl $name {
                /// The quantity as it was read.
                pub fn quantity(&self) -> &Quantity {
                    &self.0
                }

                /// The number; a range's middle. `None` where `1.000` is not settled.
                pub fn point(&self) -> Option<f64> {
                    self.0.amount.middle()
                }
            }

            impl Default for $name {
                fn default() -> Self {
                    Self(Arc::new(nothing()))
                }
            }

            impl Decode for $name {
                fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
                    let check: fn(&Quantity, &Decoder<'_>) -> Result<Amount, Misfit> = $check;
                    checked(node, decoder, SignMeans::$sign, $expected, check).map(Self)
                }

                fn shape() -> Shape {
                    Shape::Number($expected)
                }

                fn numbers<'v>(&'v self, place: Span, show: &mut dyn FnMut(Span, &'v Quantity)) {
                    show(place, &self.0);
                }
            }
        )+
    };
}

quantities! {
    /// An amount of money in the plan's currency.
    Money, "an amount, such as `40k`", Negative, |quantity, decoder| {
        quantity.nonnegative()?.money(decoder.currency)
    };
    /// A share or a rate, held as a fraction.
    Share, "a share, such as `30%`", Negative, |quantity, _| quantity.nonnegative()?.fraction();
    /// A count.
    Count, "a count, such as `1,200`", Negative, |quantity, _| quantity.nonnegative()?.count();
    /// A multiple: a ROAS.
    Multiple, "a multiple, such as `4` or `400%`", Negative, |quantity, _| quantity.nonnegative()?.ratio();
    /// A span of time.
    Duration, "a span of time, such as `6 days`", Negative, |quantity, _| {
        quantity.nonnegative()?.time_in(TimeUnit::Hour)
    };
    /// A number of any unit: where something stands.
    Standing, "a number with its unit, such as `640` or `13%`", Negative, |quantity, decoder| {
        any_level(quantity, decoder)
    };
    /// A mark: a share, or a count.
    Mark, "a share or a count, such as `10%` or `5`", Negative, |quantity, _| {
        quantity.nonnegative()?.fraction().or_else(|_| quantity.count())
    };
    /// What is added to a KPI.
    Change, "a change, such as `+40`", Change, |quantity, _| Ok(quantity.amount);
}

fn any_level(quantity: &Quantity, decoder: &Decoder<'_>) -> Result<Amount, Misfit> {
    if matches!(quantity.unit, Unit::Money(_)) { quantity.money(decoder.currency) } else { Ok(quantity.amount) }
}

fn nothing() -> Quantity {
    Quantity { amount: Amount::One(0.0), unit: Unit::None, bound: None, change: None, per: None, text: Text::default() }
}

impl From<Quantity> for Standing {
    fn from(quantity: Quantity) -> Self {
        Self(Arc::new(quantity))
    }
}

impl Money {
    /// Both readings where `1.000` is not settled.
    pub fn is_unsettled(&self) -> bool {
        self.0.amount.is_unsettled()
    }
}

impl Duration {
    /// On the calendar, in months of a twelfth of 365.25 days.
    pub fn months(&self) -> Option<f64> {
        self.0.time_in(TimeUnit::Month).ok().and_then(Amount::middle)
    }

    /// On the calendar, in hours: a day has 24.
    pub fn hours(&self) -> Option<f64> {
        self.0.time_in(TimeUnit::Hour).ok().and_then(Amount::middle)
    }

    /// As work, in hours: a day has 8 where the calendar is the default one.
    pub fn hours_of_work(&self, calendar: &WorkCalendar) -> Option<f64> {
        self.0.work_in(TimeUnit::Hour, calendar).ok().and_then(Amount::middle)
    }
}

/// What a goal or KPI should reach.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A number.
    Quantity(Arc<Quantity>),
    /// Words without a digit: a placeholder.
    Words(Text),
    /// Nothing, perhaps since a `#` began a comment.
    Empty {
        /// Whether a comment stands where the target should.
        comment: bool,
    },
}

impl Target {
    /// The number, where there is one.
    pub fn quantity(&self) -> Option<&Quantity> {
        match self {
            Self::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// The number as a level, not a change; a range's middle.
    pub fn level(&self) -> Option<f64> {
        self.quantity().filter(|quantity| quantity.change.is_none()).and_then(|quantity| quantity.amount.middle())
    }

    /// The target as the plan writes it.
    pub fn text(&self) -> &str {
        match self {
            Self::Quantity(quantity) => &quantity.text,
            Self::Words(words) => words,
            Self::Empty { .. } => "",
        }
    }
}

impl Decode for Target {
    const TAKES_NOTHING: bool = true;

    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let expected = "a target, such as `1,000` or `30%`";
        if decoder.is_null(node) {
            return Some(Self::Empty { comment: comment_follows(decoder, decoder.span(node)) });
        }
        if matches!(decoder.value(node), Value::Text(text) if text.trim().is_empty()) {
            return Some(Self::Empty { comment: false });
        }
        let text = decoder.text(node, expected)?;
        if let Err(QuantityError::NoDigits { .. }) = decoder.quantity(text, SignMeans::Change) {
            return Some(Self::Words(decoder.own(text)));
        }
        let check = |quantity: &Quantity, decoder: &Decoder<'_>| any_level(quantity, decoder);
        checked(node, decoder, SignMeans::Change, expected, check).map(Self::Quantity)
    }

    fn shape() -> Shape {
        Shape::Number("a number with its unit, such as `1,000`, `30%`, `+8 pp`, `>= 5` or `10%..15%`")
    }

    fn numbers<'v>(&'v self, place: Span, show: &mut dyn FnMut(Span, &'v Quantity)) {
        if let Self::Quantity(quantity) = self {
            show(place, quantity);
        }
    }
}

/// Whether a comment stands on the line after a place.
fn comment_follows(decoder: &Decoder<'_>, span: Span) -> bool {
    let line = decoder.source.line_at(span.start);
    let rest = decoder.source.slice(Span { start: span.start, end: line.end });
    rest.trim_start().starts_with('#')
}

/// Reads a quantity and checks that it measures what its key does.
fn checked(
    node: NodeId,
    decoder: &mut Decoder<'_>,
    sign: SignMeans,
    expected: &'static str,
    check: impl Fn(&Quantity, &Decoder<'_>) -> Result<Amount, Misfit>,
) -> Option<Arc<Quantity>> {
    let text = decoder.text(node, expected)?;
    let span = decoder.span(node);
    let quantity = decoder.quantity(text, sign);
    let quantity = quantity.map_err(|error| decoder.report(span, What::Quantity(error))).ok()?;
    settle_currency(&quantity, span, decoder);
    match check(&quantity, decoder) {
        Ok(_) => Some(quantity),
        Err(misfit) => {
            decoder.report(span, What::Misfit(misfit));
            None
        }
    }
}

/// The first amount that names a currency settles the plan's, where the plan does not.
fn settle_currency(quantity: &Quantity, span: Span, decoder: &mut Decoder<'_>) {
    let (Unit::Money(currency), None) = (&quantity.unit, decoder.currency) else { return };
    match currency {
        Currency::Dollar => decoder.dollar = true,
        Currency::Exact(code) => {
            if decoder.dollar && !Currency::Dollar.fits(*code) {
                decoder.report(span, What::Contradiction("this plan has amounts in `$` too: convert one of the two"));
            }
            decoder.currency = Some(*code);
        }
    }
}

/// What a number outside of a plan measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A share, as a fraction.
    Share,
    /// A count, or a plain number.
    Count,
    /// A ratio to one.
    Ratio,
    /// Months; a bare number counts them.
    Months,
}

/// One number that measures what is expected.
pub(crate) fn measured(node: NodeId, measure: Measure, decoder: &mut Decoder<'_>) -> Option<f64> {
    let check = |quantity: &Quantity, _: &Decoder<'_>| match measure {
        Measure::Share => quantity.fraction(),
        Measure::Count => quantity.count(),
        Measure::Ratio => quantity.ratio(),
        Measure::Months if quantity.unit == Unit::None => quantity.count(),
        Measure::Months => quantity.time_in(TimeUnit::Month),
    };
    let quantity = checked(node, decoder, SignMeans::Negative, "a number", check)?;
    match check(&quantity, decoder) {
        Ok(Amount::One(number)) => Some(number),
        _ => decoder.unexpected(node, "one number", "a range, or a number with two readings"),
    }
}

impl Decode for CurrencyCode {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a currency, such as EUR")?;
        let span = decoder.span(node);
        CurrencyCode::parse(text).map_err(|error| decoder.report(span, What::Quantity(error))).ok()
    }

    fn shape() -> Shape {
        Shape::Text("a currency by its ISO 4217 code, such as `EUR`")
    }
}

impl Decode for Locale {
    fn decode(node: NodeId, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a locale, such as pt")?;
        let span = decoder.span(node);
        Locale::parse(text).map_err(|error| decoder.report(span, What::Locale(error))).ok()
    }

    fn shape() -> Shape {
        Shape::Words(Locale::WORDS)
    }
}

impl Word for Cadence {
    const WORDS: &'static [&'static str] = Cadence::WORDS;

    fn parse(word: &str) -> Option<Self> {
        Cadence::parse(word).ok()
    }
}

impl Word for Rhythm {
    const WORDS: &'static [&'static str] = Rhythm::WORDS;

    fn parse(word: &str) -> Option<Self> {
        Rhythm::parse(word).ok()
    }
}
