//! A closed range of numbers, for figures that rest on something known only within bounds.

use std::fmt;

/// All numbers from `low` to `high`, both included; both are finite and `low` is at most `high`.
///
/// Operations give the tightest range that holds every result, and `None` where a result would not
/// be a finite number. A range that appears twice in a formula is treated as two unrelated ones.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Interval {
    low: f64,
    high: f64,
}

/// Whether something holds over a whole range, over a part of it, or nowhere in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It holds for every number of the range.
    Certainly,
    /// It holds for some numbers of the range and not for others.
    Possibly,
    /// It holds for none.
    Not,
}

impl Interval {
    /// The range from `low` to `high`; `None` where they are backwards, infinite or not numbers.
    pub fn new(low: f64, high: f64) -> Option<Self> {
        let valid = low.is_finite() && high.is_finite() && low <= high;
        valid.then_some(Self { low, high })
    }

    /// The range that holds `value` alone; `None` where it is infinite or not a number.
    pub fn point(value: f64) -> Option<Self> {
        Self::new(value, value)
    }

    /// The range that holds `value` alone, and 0 where it is no number: for a figure that a sentence shows.
    #[must_use]
    pub fn at(value: f64) -> Self {
        Self::point(value).unwrap_or_default()
    }

    /// The smallest number of the range.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The largest number of the range.
    pub fn high(self) -> f64 {
        self.high
    }

    /// The number half way between the ends.
    pub fn middle(self) -> f64 {
        if self.is_point() { self.low } else { self.low / 2.0 + self.high / 2.0 }
    }

    /// Whether the range holds one number only.
    pub fn is_point(self) -> bool {
        self.low == self.high
    }

    /// Whether `value` lies in the range.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Every number of the range times `factor`.
    pub fn scale(self, factor: f64) -> Option<Self> {
        self.times(Self::point(factor)?)
    }

    /// Every product of a number of this range and one of `other`.
    pub fn times(self, other: Self) -> Option<Self> {
        let corners = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self::new(low, high)
    }

    /// Every number of this range divided by one of `divisor`; `None` unless all of `divisor` is
    /// above zero.
    pub fn divided_by(self, divisor: Self) -> Option<Self> {
        if divisor.low <= 0.0 {
            return None;
        }
        let corners =
            [self.low / divisor.low, self.low / divisor.high, self.high / divisor.low, self.high / divisor.high];
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self::new(low, high)
    }

    /// One over every number of the range; `None` unless all of it is above zero.
    pub fn reciprocal(self) -> Option<Self> {
        Self::point(1.0)?.divided_by(self)
    }

    /// Every number of this range less one of `other`.
    pub fn minus(self, other: Self) -> Option<Self> {
        Self::new(self.low - other.high, self.high - other.low)
    }

    /// Whether the figure is under `threshold`.
    pub fn under(self, threshold: f64) -> Certainty {
        Certainty::of(self.low < threshold, self.high < threshold)
    }

    /// Whether the figure is `threshold` or less.
    pub fn at_most(self, threshold: f64) -> Certainty {
        Certainty::of(self.low <= threshold, self.high <= threshold)
    }

    /// Whether the figure is over `threshold`.
    pub fn over(self, threshold: f64) -> Certainty {
        Certainty::of(self.low > threshold, self.high > threshold)
    }

    /// Whether the figure is `threshold` or more.
    pub fn at_least(self, threshold: f64) -> Certainty {
        Certainty::of(self.low >= threshold, self.high >= threshold)
    }
}

impl Certainty {
    fn of(at_low: bool, at_high: bool) -> Self {
        match (at_low, at_high) {
            (true, true) => Self::Certainly,
            (false, false) => Self::Not,
            (true, false) | (false, true) => Self::Possibly,
        }
    }
}

/// Prints `2.5`, or `1.2..4` for a range; a precision applies to both ends, and ends that print
/// alike are printed once.
impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: f64| match formatter.precision() {
            Some(digits) => format!("{value:.digits$}"),
            None => value.to_string(),
        };
        let (low, high) = (text(self.low), text(self.high));
        if low == high { formatter.write_str(&low) } else { write!(formatter, "{low}..{high}") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Certainty, Interval};
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

    fn range(low: f64, high: f64) -> Interval {
        Interval::new(low, high).unwrap()
    }

    #[test]
    fn a_range_that_is_backwards_or_not_finite_is_refused() {
        assert_eq!(Interval::new(2.0, 1.0), None);
        assert_eq!(Interval::new(f64::NAN, 1.0), None);
        assert_eq!(Interval::new(0.0, f64::INFINITY), None);
        assert_eq!(Interval::point(f64::NAN), None);
    }

    #[test]
    fn a_point_prints_as_a_number_and_a_range_with_both_ends() {
        assert_eq!(range(2.5, 2.5).to_string(), "2.5");
        assert_eq!(range(0.3, 1.0).to_string(), "0.3..1");
        assert_eq!(format!("{:.1}", range(20.0, 66.66)), "20.0..66.7");
        assert_eq!(format!("{:.1}", range(2.501, 2.502)), "2.5");
    }

    #[test]
    fn a_comparison_is_certain_only_where_it_holds_throughout() {
        let figure = range(0.8, 1.0);
        assert_eq!(figure.under(1.1), Certainty::Certainly);
        assert_eq!(figure.under(1.0), Certainty::Possibly);
        assert_eq!(figure.under(0.8), Certainty::Not);
        assert_eq!(figure.at_most(1.0), Certainty::Certainly);
        assert_eq!(figure.at_least(0.8), Certainty::Certainly);
        assert_eq!(figure.at_least(0.9), Certainty::Possibly);
        assert_eq!(figure.over(1.0), Certainty::Not);
        assert_eq!(figure.over(0.8), Certainty::Possibly);
    }

    #[test]
    fn dividing_by_a_range_that_touches_zero_has_no_result() {
        assert_eq!(range(1.0, 2.0).divided_by(range(0.0, 1.0)), None);
        assert_eq!(range(-1.0, 1.0).reciprocal(), None);
        assert_eq!(range(0.5, 2.0).reciprocal(), Some(range(0.5, 2.0)));
    }

    #[test]
    fn a_result_too_large_for_a_number_has_no_result() {
        assert_eq!(range(1.0, 1e300).scale(1e300), None);
        assert_eq!(range(1.0, 1e300).divided_by(range(1e-300, 1.0)), None);
        assert_eq!(range(f64::MAX, f64::MAX).middle(), f64::MAX);
        assert!(range(0.0, f64::MAX).middle().is_finite());
    }

    #[test]
    fn a_difference_runs_from_the_least_to_the_most() {
        assert_eq!(range(3.0, 5.0).minus(range(1.0, 2.0)), Some(range(1.0, 4.0)));
    }

    fn ranges() -> impl Strategy<Value = Interval> {
        (-1e6..1e6_f64, 0.0..1e6_f64).prop_map(|(low, width)| range(low, low + width))
    }

    proptest! {
        #[test]
        fn an_operation_on_ranges_holds_every_result_on_numbers(
            (left, right) in (ranges(), ranges()), one in 0.0..=1.0_f64, two in 0.0..=1.0_f64,
        ) {
            let within = |range: Interval, part: f64| {
                (range.low() + part * (range.high() - range.low())).clamp(range.low(), range.high())
            };
            let (a, b) = (within(left, one), within(right, two));
            prop_assert!(left.times(right).unwrap().contains(a * b));
            prop_assert!(left.minus(right).unwrap().contains(a - b));
            prop_assert!(left.contains(left.middle()));
            if let Some(quotient) = left.divided_by(right) {
                prop_assert!(quotient.contains(a / b));
            } else {
                prop_assert!(right.low() <= 0.0);
            }
        }

        #[test]
        fn under_and_at_least_are_each_other_s_opposite(figure in ranges(), threshold in -1e6..1e6_f64) {
            let opposite = match figure.under(threshold) {
                Certainty::Certainly => Certainty::Not,
                Certainty::Possibly => Certainty::Possibly,
                Certainty::Not => Certainty::Certainly,
            };
            prop_assert_eq!(figure.at_least(threshold), opposite);
        }
    }
}
