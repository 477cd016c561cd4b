//! What the name of a goal or KPI says of its target, baseline and deadline, where the plan does not give them.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::decode::Decoder;
use super::number::{Standing, Target};
use super::period::{Deadline, Period};
use super::quantity::{Quantity, SignMeans};
use super::text::Text;
use super::value::Placed;
use super::{Entity, FromName, Goal, Kpi};
use crate::metrics::{self, Dictionary, Sign};
use crate::source::Span;

/// A part whose name may say what its keys do not.
pub(super) trait SaysInName {
    /// What the name may say.
    fn sayings(&mut self) -> Sayings<'_>;
}

/// The keys of a part that its name may stand in for.
pub(super) struct Sayings<'p> {
    name: &'p Placed<Text>,
    target: &'p mut Option<Placed<Target>>,
    /// Whether the part says in another way what it should reach.
    has_other_aim: bool,
    baseline: &'p mut Option<Placed<Standing>>,
    by: &'p mut Option<Placed<Deadline>>,
}

impl SaysInName for Goal {
    fn sayings(&mut self) -> Sayings<'_> {
        let Self { name, target, baseline, by, .. } = self;
        Sayings { name, target, has_other_aim: false, baseline, by }
    }
}

impl SaysInName for Kpi {
    fn sayings(&mut self) -> Sayings<'_> {
        let Self { name, target, keep, baseline, by, .. } = self;
        Sayings { name, target, has_other_aim: keep.is_some(), baseline, by }
    }
}

/// Fills what is absent from what the name says. A number that cannot be read is left alone.
pub(super) fn read_name<P: SaysInName>(
    entity: &mut Entity<P>,
    period: Option<&Period>,
    dictionary: &Dictionary,
    decoder: &Decoder<'_>,
) {
    let Sayings { name, target, has_other_aim, baseline, by } = entity.part.sayings();
    if target.is_some() && baseline.is_some() && by.is_some() {
        return;
    }
    let said = dictionary.figures(name);
    let mut read = FromName::default();
    if let (None, false, Some(figure)) = (&target, has_other_aim, &said.target)
        && let Some(quantity) = quantity(name, figure.range.clone(), figure.change, decoder)
    {
        let place = part_of(name, figure.range.clone(), decoder);
        *target = Some(Placed { value: Target::Quantity(Arc::new(quantity)), span: place, key: place });
        read.target = true;
    }
    if let (None, Some(range)) = (&baseline, &said.baseline)
        && let Some(quantity) = quantity(name, range.clone(), None, decoder)
    {
        let place = part_of(name, range.clone(), decoder);
        *baseline = Some(Placed { value: Standing::from(quantity), span: place, key: place });
        read.baseline = true;
    }
    if let (None, Some(deadline)) = (&by, said.deadline)
        && let Some(day) = said_day(deadline, period)
    {
        *by = Some(Placed { value: Deadline::On(day), span: name.span, key: name.span });
        read.by = true;
    }
    entity.from_name = read;
}

fn quantity(name: &str, range: Range<usize>, change: Option<Sign>, decoder: &Decoder<'_>) -> Option<Quantity> {
    let range_start = range.start;
    let text = name.get(range)?;
    // "ROAS +20%": a sign directly before the number is a change as well.
    let before = name.get(..range_start).unwrap_or_default();
    let sign = before.chars().next_back();
    let stands_apart = before.chars().rev().nth(1).is_none_or(char::is_whitespace);
    let change = change.or(match sign {
        Some('+') if stands_apart => Some(Sign::Plus),
        Some('-' | '−') if stands_apart => Some(Sign::Minus),
        _ => None,
    });
    let signed = match change {
        Some(Sign::Plus) => format!("+{text}"),
        Some(Sign::Minus) => format!("-{text}"),
        None => text.to_owned(),
    };
    Quantity::parse(&signed, decoder.locale, SignMeans::Change).ok()
}

/// Where a part of the name stands in the text; the whole name where it is written in another way.
fn part_of(name: &Placed<Text>, range: Range<usize>, decoder: &Decoder<'_>) -> Span {
    let written = decoder.source.slice(name.span);
    let quotes = written.find(name.value.as_str());
    quotes.map_or(name.span, |from| name.span.part(range.start + from..range.end + from))
}

/// The last day of what a name calls its deadline.
pub(crate) fn said_day(deadline: metrics::Deadline, period: Option<&Period>) -> Option<Date> {
    use metrics::Deadline as Said;
    let year_of = |year: Option<i16>| year.or_else(|| period.map(|period| period.end.year()));
    match deadline {
        Said::EndOfPeriod => period.map(|period| period.end),
        Said::EndOfQuarter { quarter, year } => last_day(year_of(year)?, i8::try_from(quarter).ok()?.checked_mul(3)?),
        Said::EndOfMonth { month, year } => last_day(year_of(year)?, i8::try_from(month).ok()?),
        Said::EndOfYear { year } => last_day(year_of(year)?, 12),
        Said::Date { year, month, day } => Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(),
    }
}

fn last_day(year: i16, month: i8) -> Option<Date> {
    (1..=12).contains(&month).then(|| date(year, month, 1).last_of_month())
}
