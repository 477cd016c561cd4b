//! What the plan's money is for: making people want what is sold, catching those who do, keeping customers.

use crate::plan::{Plan, Purpose};

/// The plan's money by purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Purposes {
    /// Money that makes people want what is sold.
    pub creation: f64,
    /// Money that catches people who already want it.
    pub capture: f64,
    /// Money of initiatives that do not say what it is for.
    pub untold: f64,
    /// Where it is read.
    pub from: PurposesFrom,
}

/// Where the purposes of money are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurposesFrom {
    /// The plan's `budget` states them; or some of them, and lacks these keys.
    Budget {
        /// The keys that it lacks, or that are not settled.
        missing: Vec<&'static str>,
    },
    /// The initiatives' `purpose` and money; these, by index, have money and say no purpose.
    Initiatives {
        /// The initiatives without a purpose.
        without: Vec<usize>,
    },
}

impl Purposes {
    pub(super) fn new(plan: &Plan) -> Self {
        let budget = plan.head.budget.as_ref();
        let stated = |money: Option<&crate::plan::Placed<crate::plan::Money>>| money.map(|money| money.point());
        let creation = budget.and_then(|budget| stated(budget.creation.as_ref()));
        let capture = budget.and_then(|budget| stated(budget.capture.as_ref()));
        if creation.is_none() && capture.is_none() {
            return Self::of_initiatives(plan);
        }
        let [creation, capture] = [creation.flatten(), capture.flatten()];
        let keys = [("creation", creation), ("capture", capture)];
        let missing = keys.iter().filter(|(_, money)| money.is_none()).map(|(key, _)| *key).collect();
        Self {
            creation: creation.unwrap_or_default(),
            capture: capture.unwrap_or_default(),
            untold: 0.0,
            from: PurposesFrom::Budget { missing },
        }
    }

    fn of_initiatives(plan: &Plan) -> Self {
        let (mut creation, mut capture, mut untold) = (0.0, 0.0, 0.0);
        let mut without = Vec::new();
        for (at, initiative) in plan.initiatives.iter().enumerate() {
            let Some(money) = initiative.money_ahead().filter(|money| *money > 0.0) else { continue };
            match initiative.purpose.as_ref().map(|purpose| purpose.value) {
                Some(Purpose::Creation) => creation += money,
                Some(Purpose::Capture) => capture += money,
                Some(Purpose::Retention) => {}
                None => {
                    untold += money;
                    without.push(at);
                }
            }
        }
        Self { creation, capture, untold, from: PurposesFrom::Initiatives { without } }
    }

    /// The least and the most that creation can be of creation and capture together, whatever the money without a purpose
    /// is for; `None` where there is neither.
    pub fn creation_share(&self) -> Option<(f64, f64)> {
        let told = self.creation + self.capture;
        let all = told + self.untold;
        (told > 0.0).then(|| (self.creation / all, (self.creation + self.untold) / all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wherever_the_untold_money_goes_the_share_lies_between_the_ends(
            creation in 0.0..1e9_f64, capture in 0.0..1e9_f64, untold in 0.0..1e9_f64,
            parts in (0.0..1.0_f64, 0.0..1.0_f64),
        ) {
            let from = PurposesFrom::Initiatives { without: Vec::new() };
            let purposes = Purposes { creation, capture, untold, from };
            let Some((least, most)) = purposes.creation_share() else { return Ok(()); };
            let (to_creation, to_capture) = (untold * parts.0, untold * (1.0 - parts.0) * parts.1);
            let share = (creation + to_creation) / (creation + to_creation + capture + to_capture);
            prop_assert!(share >= least - 1e-9 && share <= most + 1e-9);
        }
    }
}
