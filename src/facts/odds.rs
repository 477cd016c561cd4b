//! What a test can tell: exact binomial odds of meeting a mark, and the size at which it would decide.
//!
//! A test tries `n` times something that works at a rate `p`, each time independently of the others; how often it
//! works is binomial. The odds are exact (by the incomplete beta function), not the normal approximation, which is poor
//! at the rates of a few per cent and sizes of a few dozen that such tests have.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::funnel::round_up;

/// What counts as having worked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MarkOf {
    /// At least this share of the tries, 0 to 1.
    Share(f64),
    /// At least so many.
    Count(f64),
}

impl MarkOf {
    /// The least number that meets the mark in a test of that size: rounded up, as nobody books half a meeting.
    pub fn count_of(self, size: u64) -> u64 {
        let count = match self {
            Self::Share(share) => share * size as f64,
            Self::Count(count) => count,
        };
        // A float that is too large, or none at all, ends at the bounds of the integer.
        round_up(count) as u64
    }

    /// The mark as a rate of a test of that size; `None` of a test without tries.
    pub fn rate_of(self, size: u64) -> Option<f64> {
        match self {
            Self::Share(share) => Some(share),
            Self::Count(count) => (size > 0).then(|| count / size as f64),
        }
    }
}

/// The chance that at least `least` of `size` tries work, each at `rate`; `None` where the rate is no probability.
pub fn chance_of_at_least(least: u64, size: u64, rate: f64) -> Option<f64> {
    let tries = Binomial::new(rate, size).ok()?;
    Some(least.checked_sub(1).map_or(1.0, |fewer| tries.sf(fewer)))
}

/// The chance that at most `most` of `size` tries work, each at `rate`; `None` where the rate is no probability.
pub fn chance_of_at_most(most: u64, size: u64, rate: f64) -> Option<f64> {
    Some(Binomial::new(rate, size).ok()?.cdf(most))
}

/// The chances that decide what a test can tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deciding {
    /// The least chance of meeting the mark where what is hoped for is true.
    pub power: f64,
    /// The most chance of meeting it by luck where only half the mark is true.
    pub luck: f64,
}

/// The largest size that is looked for: a test of more would not be run.
const LARGEST: u64 = 10_000_000;

/// Up to this size every one is tried, since odds rise and fall a little from one to the next where a mark is a share.
const TRIED_ONE_BY_ONE: u64 = 4_096;

/// The smallest size at which a test would decide: at the rate hoped for it meets the mark often enough, and at half the mark
/// seldom enough. `None` where no size of up to ten million would.
pub fn size_that_decides(mark: MarkOf, hope: f64, deciding: Deciding) -> Option<u64> {
    let decides = |size: u64| {
        let least = mark.count_of(size);
        let power = || chance_of_at_least(least, size, hope);
        let luck = || mark.rate_of(size).and_then(|rate| chance_of_at_least(least, size, (rate / 2.0).min(1.0)));
        power().is_some_and(|power| power >= deciding.power) && luck().is_some_and(|luck| luck <= deciding.luck)
    };
    (1..=TRIED_ONE_BY_ONE).find(|size| decides(*size)).or_else(|| {
        let enough = std::iter::successors(Some(TRIED_ONE_BY_ONE * 2), |size| Some(size * 2));
        let enough = enough.take_while(|size| *size <= LARGEST).find(|size| decides(*size))?;
        let (mut too_small, mut enough) = (enough / 2, enough);
        while enough - too_small > 1 {
            let middle = too_small + (enough - too_small) / 2;
            if decides(middle) { enough = middle } else { too_small = middle }
        }
        Some(enough)
    })
}

/// The size from which on luck alone meets a share seldom enough, where only half of it is true. `None` where no size of up to
/// ten million would do, and for a count: more tries make that likelier.
pub fn size_without_luck(mark: MarkOf, most_luck: f64) -> Option<u64> {
    let MarkOf::Share(share) = mark else { return None };
    // While a share asks for the same whole number, more tries make luck likelier: it is likeliest at the last size that does.
    let last_that_asks_for = |least: u64| (least as f64 / share * (1.0 + 1e-9)) as u64;
    let sizes = (1..=TRIED_ONE_BY_ONE).map(|least| (least, last_that_asks_for(least)));
    let mut sizes = sizes.take_while(|(_, size)| *size <= LARGEST);
    let is_rare = |least, size| chance_of_at_least(least, size, share / 2.0).is_some_and(|luck| luck <= most_luck);
    let (least, _) = sizes.find(|(least, size)| is_rare(*least, *size))?;
    Some(last_that_asks_for(least - 1) + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    const USUAL: Deciding = Deciding { power: 0.8, luck: 0.2 };

    #[test]
    fn five_meetings_at_one_in_twenty_need_134_contacts_for_an_80_percent_chance() {
        // 10% accept, and half of those book: 5%.
        let mark = MarkOf::Count(5.0);
        assert_eq!(size_that_decides(mark, 0.05, USUAL), Some(134));
        assert!(chance_of_at_least(5, 133, 0.05).unwrap() < 0.8);
        assert_eq!(format!("{:.3}", chance_of_at_least(5, 134, 0.05).unwrap()), "0.805");
    }

    #[test]
    fn luck_matters_little_from_that_size_on() {
        for share in [0.9, 0.5, 0.33, 0.1, 0.07, 0.05, 0.02] {
            let mark = MarkOf::Share(share);
            let luck = |size| chance_of_at_least(mark.count_of(size), size, share / 2.0).unwrap();
            let from = size_without_luck(mark, USUAL.luck).unwrap();
            assert!(luck(from - 1) > 0.2 && from > (1.0 / share) as u64, "{from}");
            assert!((from..from * 20).all(|size| luck(size) <= 0.2), "{from}");
        }
        assert_eq!(size_without_luck(MarkOf::Share(0.0001), USUAL.luck), Some(20_001));
        assert_eq!(size_without_luck(MarkOf::Count(1.0), USUAL.luck), None);
    }

    #[test]
    fn at_a_mark_of_10_percent_none_of_29_means_stop_and_none_of_28_does_not() {
        let so_few = |size| chance_of_at_most(0, size, 0.10).unwrap();
        assert!(so_few(29) < 0.05 && so_few(28) >= 0.05, "{} and {}", so_few(29), so_few(28));
    }

    #[test]
    fn at_30_tries_a_mark_of_10_percent_is_passed_19_percent_of_the_time_by_a_true_5() {
        let mark = MarkOf::Share(0.10);
        assert_eq!(mark.count_of(30), 3);
        assert_eq!(format!("{:.2}", chance_of_at_least(3, 30, 0.05).unwrap()), "0.19");
    }

    #[test]
    fn marks_are_rounded_up_and_not_past_a_whole_number() {
        assert_eq!(MarkOf::Share(0.1).count_of(31), 4);
        assert_eq!(MarkOf::Share(0.07).count_of(100), 7);
        assert_eq!(MarkOf::Count(4.2).count_of(9), 5);
        assert_eq!(MarkOf::Share(0.0).count_of(9), 0);
    }

    #[test]
    fn a_hope_below_its_mark_never_decides() {
        assert_eq!(size_that_decides(MarkOf::Share(0.10), 0.05, USUAL), None);
    }

    #[test]
    fn a_rate_that_is_no_probability_has_no_odds() {
        for rate in [-0.1, 1.1, f64::NAN] {
            assert_eq!(chance_of_at_least(1, 10, rate), None, "{rate}");
        }
    }

    proptest! {
        #[test]
        fn odds_are_the_sum_of_their_terms(size in 1..60_u64, least in 0..60_u64, rate in 0.0..=1.0_f64) {
            let term = |hits: u64| {
                let ways = (0..hits).fold(1.0, |ways, at| ways * (size - at) as f64 / (at + 1) as f64);
                ways * rate.powi(hits as i32) * (1.0 - rate).powi((size - hits) as i32)
            };
            let sum: f64 = (least..=size).map(term).sum();
            let odds = chance_of_at_least(least, size, rate).unwrap();
            prop_assert!((odds - sum).abs() < 1e-9, "{odds} and {sum}");
        }

        #[test]
        /// A count of three and more is met by luck seldom enough at every size that matters; of one or two, at none.
        fn the_size_that_decides_is_the_first_that_does(least in 1..30_u64, hope in 0.01..0.95_f64) {
            let mark = MarkOf::Count(least as f64);
            let power = |size| chance_of_at_least(least, size, hope).unwrap();
            match size_that_decides(mark, hope, USUAL) {
                Some(size) => {
                    let luck = |size: u64| chance_of_at_least(least, size, least as f64 / size as f64 / 2.0).unwrap();
                    prop_assert!(power(size) >= USUAL.power && luck(size) <= USUAL.luck);
                    let before = size - 1;
                    prop_assert!(before < least || power(before) < USUAL.power || luck(before) > USUAL.luck);
                }
                None => prop_assert!(least < 3, "no size for {least} at {hope}"),
            }
        }
    }
}
