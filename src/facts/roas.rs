//! What a target of the ROAS family means: as a ROAS, and whether it counts the revenue of one payment.

use super::Facts;
use super::economics::{Economics, UnderRoas, known};
use crate::metrics::Family;

/// A ROAS above this was written in per cent without the sign, most likely: nothing is computed from it.
const MOST_CREDIBLE_ROAS: f64 = 100.0;

/// A ROAS below this was a percentage or a change, most likely: half of the money would be lost at once.
const LEAST_CREDIBLE_ROAS: f64 = 0.5;

/// What shows that a ROAS counts another revenue than one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherRevenue {
    /// The CAC that it means is far from the plan's own.
    OwnCac,
    /// Its floor is below 1: nobody aims at less revenue than spend.
    Floor,
}

impl Facts {
    /// Whether a KPI is of the ROAS family: ROAS, target ROAS, ACOS, ad ROI.
    pub fn is_roas(&self, kpi: usize) -> bool {
        self.kpi(kpi).metric.is_some_and(|metric| metric.family == Family::Roas)
    }

    /// A level of a KPI of the ROAS family as a ROAS: ACOS is its reciprocal; an ad ROI counts in several ways, so
    /// nothing follows from it.
    pub fn as_roas(&self, kpi: usize, level: f64) -> Option<f64> {
        let roas = match self.kpi(kpi).metric?.name.as_ref() {
            "acos" => 1.0 / level,
            "ad-roi" => return None,
            _ => level,
        };
        (roas > 0.0).then_some(roas)
    }
}

/// Whether a number is likely to be meant as a ROAS.
pub fn is_credible_roas(roas: f64) -> bool {
    (LEAST_CREDIBLE_ROAS..=MOST_CREDIBLE_ROAS).contains(&roas)
}

/// Whether a ROAS counts another revenue than one payment: where the CAC that it means is `most` times the plan's own
/// or more, either way. Without a CAC, the floor of a subscription tells.
pub fn other_revenue(figures: &Economics, under: &UnderRoas, most: f64) -> Option<OtherRevenue> {
    let implied = known(&under.cac)?;
    if let Some(own) = known(&figures.cac) {
        let far = own.middle() > most * implied.high() || own.middle() * most < implied.low();
        return far.then_some(OtherRevenue::OwnCac);
    }
    let recurring = figures.monthly_gross_profit.is_ok();
    let floor = known(&figures.roas_floor)?;
    (recurring && floor.high() < 1.0).then_some(OtherRevenue::Floor)
}
