//! The rules on economics.

use crate::facts::{Facts, OwnEconomics};
use crate::plan::Subject;
use crate::rules::page::Page;
use crate::wording::{Figure, Template};

use super::Rule;

mod ltv_cac_out_of_band;
mod roas_over_ltv_cac;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[&roas_over_ltv_cac::RULE, &ltv_cac_out_of_band::RULE];

/// An area that has no figures of any customer is not judged; one of which every rule found nothing to say rightly drops out.
fn lacks_economics(facts: &Facts) -> bool {
    facts.pays_by_customer() && facts.own_economics().next().is_none()
}

/// A phrase of a page in its form for a product, with the product's name, or in its form for the plan as a whole.
fn of_whom(page: &Page<'_>, phrase: [&str; 2], facts: &Facts, own: &OwnEconomics<'_>) -> String {
    let [of_product, of_plan] = phrase;
    match own.subject() {
        Subject::Plan => page.phrase(of_plan).to_owned(),
        subject => {
            let name = Figure::Text(facts.plan.name_of(subject).to_owned());
            Template(page.phrase(of_product)).fill(&[("name", name)])
        }
    }
}
