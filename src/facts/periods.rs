//! Numbers of different lengths of time that were written side by side: they differ by the months of a quarter or a year.

/// A month in a quarter, a quarter in a year, a month in a year.
const FACTORS: [f64; 3] = [3.0, 4.0, 12.0];

/// How far a quotient may be from such a factor, as a share of it.
const NEAR: f64 = 0.05;

/// The factor between two lengths of time that two numbers differ by, either way.
pub fn factor_between(one: f64, other: f64) -> Option<f64> {
    let quotient = if one > other { one / other } else { other / one };
    FACTORS.into_iter().find(|factor| (quotient / factor - 1.0).abs() <= NEAR)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_same_either_way_and_in_any_unit(one in 0.1..1e9_f64, other in 0.1..1e9_f64) {
            prop_assert_eq!(factor_between(one, other), factor_between(other, one));
            prop_assert_eq!(factor_between(one, one * 3.0), Some(3.0));
        }
    }

    #[test]
    fn a_month_beside_a_quarter_or_a_year_is_known_by_its_factor() {
        assert_eq!(factor_between(100.0, 300.0), Some(3.0));
        assert_eq!(factor_between(4.1, 1.0), Some(4.0));
        assert_eq!(factor_between(1.0, 12.0), Some(12.0));
        assert_eq!(factor_between(1.0, 2.0), None);
        assert_eq!(factor_between(0.0, 0.0), None);
    }
}
