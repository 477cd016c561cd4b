//! What a target of the ROAS family means: as a ROAS, of which revenue, and for the first order of a customer.

use super::Facts;
use super::economics::{BREAK_EVEN_LTV_TO_CAC, Economics, Field, FieldSet, UnderRoas, Underivable, known};
use super::interval::{Certainty, Interval};
use crate::metrics::Family;
use crate::settings::{HIGHEST_ROAS, LOWEST_ROAS};
use crate::wording::{as_shown, ratio_as_shown};

/// What shows that a ROAS counts another revenue than one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherRevenue {
    /// The CAC that it means is far from the plan's own.
    OwnCac,
    /// Its floor is below 1: nobody aims at less revenue than spend.
    Floor,
}

/// What becomes of a first order that is bought at a ROAS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstOrder {
    /// It covers what it cost, or what comes later does so as often as growth should keep.
    Covered,
    /// These keys would tell.
    Unknown(FieldSet),
    /// The ROAS counts another revenue than one payment, so that nothing follows.
    OfOtherRevenue,
    /// It loses, and what comes later does not make up for it.
    Loses(Loss),
}

/// What later orders do about a first one that loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// A customer never brings what it cost.
    Never,
    /// A customer may bring what it cost, but not as often as growth should keep.
    TooLittle,
    /// There are none.
    OneOrder,
}

impl Facts {
    /// Whether a number is likely to be meant as a ROAS: else nothing is computed from it.
    pub fn is_credible_roas(&self, roas: f64) -> bool {
        let convention = |setting| self.settings.convention(setting);
        (convention(&LOWEST_ROAS)..convention(&HIGHEST_ROAS)).contains(&roas)
    }

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

/// What becomes of the first order under a ROAS: 1 ÷ gross margin is where it covers what it cost. Figures are compared as
/// they are shown.
pub fn first_order(figures: &Economics, roas: f64, buys_once: bool, most_off: f64) -> FirstOrder {
    let break_even = match &figures.break_even_roas {
        Ok(break_even) => break_even.value.middle(),
        Err(Underivable::Missing(fields) | Underivable::Undefined(fields)) => {
            return FirstOrder::Unknown(*fields);
        }
        Err(Underivable::DoesNotApply) => return FirstOrder::OfOtherRevenue,
    };
    if as_shown(roas, 2) >= as_shown(break_even, 2) {
        return FirstOrder::Covered;
    }
    if buys_once {
        return FirstOrder::Loses(Loss::OneOrder);
    }
    let under = figures.under_roas(roas);
    if other_revenue(figures, &under, most_off).is_some() {
        return FirstOrder::OfOtherRevenue;
    }
    let ratio = match &under.ltv_to_cac {
        Ok(ratio) => Interval::new(ratio_as_shown(ratio.value.low()), ratio_as_shown(ratio.value.high())),
        Err(Underivable::Missing(fields)) => return FirstOrder::Unknown(*fields),
        // A price of nothing, or a share of new customers of nothing.
        Err(Underivable::Undefined(_)) => return FirstOrder::Unknown(FieldSet::of(&[Field::Price, Field::NewShare])),
        Err(Underivable::DoesNotApply) => return FirstOrder::OfOtherRevenue,
    };
    let ratio = ratio.unwrap_or_default();
    match (ratio.under(figures.wanted_ltv_to_cac()), ratio.under(BREAK_EVEN_LTV_TO_CAC)) {
        (Certainty::Not, _) => FirstOrder::Covered,
        (Certainty::Possibly, _) => FirstOrder::Unknown(FieldSet::of(&[Field::NewShare])),
        (Certainty::Certainly, Certainty::Certainly) => FirstOrder::Loses(Loss::Never),
        (Certainty::Certainly, _) => FirstOrder::Loses(Loss::TooLittle),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{FirstOrder, Loss, first_order};
    use crate::facts::economics::{Conventions, Economics, Field, FieldSet, Inputs, Lasting, known};
    use crate::facts::interval::Interval;

    fn shop(margin: f64, share: Option<f64>, orders: f64) -> Economics {
        let inputs = Inputs {
            price: Some(80.0),
            gross_margin: Some(margin),
            new_share: share.and_then(Interval::point),
            lasting: Some(Lasting::Orders(orders)),
            ..Inputs::default()
        };
        Economics::derive(&inputs, &Conventions::default())
    }

    fn judged(figures: &Economics, roas: f64) -> FirstOrder {
        first_order(figures, roas, false, 2.0)
    }

    #[test]
    fn a_first_order_loses_under_break_even_unless_later_ones_make_up_for_it() {
        assert_eq!(judged(&shop(0.4, Some(0.6), 1.2), 2.5), FirstOrder::Covered);
        assert_eq!(judged(&shop(0.4, Some(0.6), 1.2), 2.0), FirstOrder::Loses(Loss::Never));
        assert_eq!(judged(&shop(0.4, Some(0.95), 3.2), 1.8), FirstOrder::Loses(Loss::TooLittle));
        assert_eq!(judged(&shop(0.4, None, 6.0), 2.0), FirstOrder::Unknown(FieldSet::of(&[Field::NewShare])));
        assert_eq!(judged(&shop(0.0, Some(0.6), 6.0), 2.0), FirstOrder::Unknown(FieldSet::of(&[Field::GrossMargin])));
        assert_eq!(first_order(&shop(0.4, None, 6.0), 2.0, true, 2.0), FirstOrder::Loses(Loss::OneOrder));
    }

    proptest! {
        #[test]
        fn at_its_floor_no_roas_loses(margin in 0.05..1.0_f64, share in 0.05..1.0_f64, orders in 1.0..20.0_f64) {
            let figures = shop(margin, Some(share), orders);
            let floor = known(&figures.roas_floor).unwrap().middle();
            prop_assert_eq!(judged(&figures, floor), FirstOrder::Covered);
        }

        #[test]
        fn a_higher_roas_never_makes_a_first_order_worse(
            margin in 0.05..1.0_f64, share in 0.05..1.0_f64, orders in 1.0..20.0_f64, roas in 0.5..8.0_f64, more in 0.0..4.0_f64,
        ) {
            let figures = shop(margin, Some(share), orders);
            let rank = |outcome: FirstOrder| match outcome {
                FirstOrder::Loses(Loss::Never) => 0,
                FirstOrder::Loses(_) => 1,
                _ => 2,
            };
            prop_assert!(rank(judged(&figures, roas + more)) >= rank(judged(&figures, roas)));
        }
    }
}
