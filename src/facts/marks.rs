//! The success marks of an initiative as numbers: what counts as having worked, on how many tries, and what was seen so far.

use super::odds::MarkOf;
use crate::plan::quantity::Unit;
use crate::plan::{Initiative, Mark, Success};

/// A mark with a number.
#[derive(Debug, Clone, Copy)]
pub struct Test<'p> {
    /// The mark as the plan writes it.
    pub written: &'p Success,
    /// What counts as having worked.
    pub mark: MarkOf,
    /// The planned tries.
    pub size: Option<u64>,
    /// The rate hoped for, 0 to 1.
    pub hope: Option<f64>,
    /// How many were seen so far.
    pub observed: Option<u64>,
    /// The tries that they were seen on.
    pub tried: Option<u64>,
}

impl<'p> Test<'p> {
    fn new(written: &'p Success) -> Option<Self> {
        let mark = mark_of(written.at_least.as_ref()?)?;
        // A hope of so much more is no rate either.
        let hope = written.hope.as_ref().filter(|hope| !is_growth(&hope.quantity().text));
        let whole = |count: Option<f64>| count.map(|count| count.round() as u64);
        let size = whole(written.of.as_ref().and_then(|of| of.point()));
        Some(Self {
            written,
            mark,
            size,
            hope: hope.and_then(|hope| hope.point()).filter(|hope| *hope <= 1.0),
            observed: whole(written.observed.as_ref().and_then(|observed| observed.point())),
            tried: whole(written.so_far.as_ref().and_then(|so_far| so_far.point())).or(size),
        })
    }

    /// The mark as a rate of the planned tries. `None` where it is none: no tries, or more hits than tries, as where one
    /// try may bring several.
    pub fn rate(&self) -> Option<f64> {
        let rate = match self.mark {
            MarkOf::Share(share) => Some(share),
            MarkOf::Count(_) => self.mark.rate_of(self.size?),
        };
        rate.filter(|rate| *rate > 0.0 && *rate <= 1.0)
    }
}

impl Initiative {
    /// Its marks with a number that is settled.
    pub fn tests(&self) -> impl Iterator<Item = Test<'_>> {
        self.success.iter().flat_map(|marks| marks.iter()).filter_map(|mark| Test::new(mark))
    }
}

/// A bare number below one is a share; from one on it is a count. A signed one says by how much something should grow,
/// which is no number of tries that work.
fn mark_of(mark: &Mark) -> Option<MarkOf> {
    if is_growth(&mark.quantity().text) {
        return None;
    }
    let point = mark.point()?;
    Some(match mark.quantity().unit {
        Unit::Percent => MarkOf::Share(point),
        _ if point < 1.0 => MarkOf::Share(point),
        _ => MarkOf::Count(point),
    })
}

/// Whether a plus stands before the number.
fn is_growth(text: &str) -> bool {
    text.chars().find(|one| *one == '+' || one.is_numeric()) == Some('+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Auditor;

    fn mark(written: &str) -> Option<(MarkOf, Option<f64>)> {
        let text = format!("plan: P\ninitiatives: [{{name: A, success: [{{measure: m, {written}}}]}}]\n");
        let report = Auditor::new(jiff::civil::date(2027, 1, 1)).audit_text("p", &text);
        let test = report.plans[0].plan().initiatives[0].tests().next()?;
        Some((test.mark, test.rate()))
    }

    #[test]
    fn a_mark_is_a_share_or_a_count() {
        assert_eq!(mark("at_least: 10%"), Some((MarkOf::Share(0.1), Some(0.1))));
        assert_eq!(mark("at_least: 0.1"), Some((MarkOf::Share(0.1), Some(0.1))));
        assert_eq!(mark("at_least: 1, of: 4"), Some((MarkOf::Count(1.0), Some(0.25))));
        assert_eq!(mark("at_least: 5"), Some((MarkOf::Count(5.0), None)));
    }

    #[test]
    fn what_cannot_be_a_rate_is_none() {
        assert_eq!(mark("at_least: 300, of: 200").unwrap().1, None, "several may come of one try");
        assert_eq!(mark("at_least: 0, of: 200").unwrap().1, None);
        assert_eq!(mark("at_least: 5, of: 0").unwrap().1, None);
        assert!(mark("at_least: +10%, of: 200").is_none(), "growth is no rate of the tries");
        assert!(mark("at_least: 1.000, of: 200").is_none(), "which of two numbers it is, is not settled");
    }
}
