//! A ceiling for CAC as a part of the plan: at the KPI of CAC that it has, else as a new guardrail.

use hashbrown::HashMap;

use crate::facts::{Facts, OwnEconomics};
use crate::plan::Subject;
use crate::rules::reframe::{self, Fields};

/// The metric of the dictionary that a ceiling is set for.
const CAC: &str = "customer-acquisition-cost";

/// The plan's KPIs of CAC, by the product that they name.
pub(super) struct Ceilings(HashMap<Option<usize>, usize>);

impl Ceilings {
    pub(super) fn new(facts: &Facts) -> Self {
        let kpis = facts.plan.kpis.iter().enumerate();
        let of_cac = kpis.filter(|(at, _)| facts.kpi(*at).metric.is_some_and(|metric| metric.name == CAC));
        Self(of_cac.map(|(at, kpi)| (facts.plan.product_of(kpi), at)).collect())
    }

    /// A ceiling of that much; `name` is what a new guardrail is called.
    pub(super) fn at(&self, facts: &Facts, own: &OwnEconomics<'_>, name: &str, most: f64) -> String {
        let product = match own.subject() {
            Subject::Product(at) => Some(at),
            _ => None,
        };
        let fields = match self.0.get(&product).and_then(|at| facts.plan.kpis.get(*at)) {
            Some(kpi) => Fields::named(&kpi.id, &kpi.name),
            None => guardrail(facts, product, name),
        };
        reframe::list("kpis", vec![fields.text("target", format!("<= {}", plain(most)))])
    }
}

fn guardrail(facts: &Facts, product: Option<usize>, name: &str) -> Fields {
    let id = product.map(|at| facts.plan.id_of(Subject::Product(at)));
    let of_product = id.map(|id| format!("-{id}")).unwrap_or_default();
    Fields::new()
        .text("id", facts.plan.fresh_id(&format!("cac{of_product}")))
        .text("name", name)
        .text("metric", CAC)
        .text("role", "guardrail")
        .maybe("product", id)
}

/// An amount that is not above the exact one, with the digits that matter.
pub(super) fn just_under(amount: f64) -> f64 {
    let step = match amount {
        amount if amount < 100.0 => 0.1,
        amount if amount < 10_000.0 => 1.0,
        _ => 100.0,
    };
    (amount / step).floor() * step
}

/// An amount without marks that depend on a plan's language.
fn plain(amount: f64) -> String {
    let text = format!("{amount:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{just_under, plain};
    use proptest::prelude::{prop_assert, proptest};

    #[test]
    fn a_ceiling_is_written_with_the_digits_that_matter() {
        let written = [13.87, 41.6, 239.7, 1_873.4, 15_360.0].map(|amount| plain(just_under(amount)));
        assert_eq!(written, ["13.8", "41.6", "239", "1873", "15300"]);
    }

    proptest! {
        #[test]
        fn a_ceiling_is_never_above_what_it_is_made_from(amount in 0.0..1e9_f64) {
            let down = just_under(amount);
            prop_assert!(down <= amount * (1.0 + 1e-12) && amount - down <= 100.0);
        }
    }
}
