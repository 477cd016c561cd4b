//! The rules on economics.

use crate::facts::{Facts, OwnEconomics};
use crate::plan::{BusinessStage, ProductStage, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::wording::{Figure, Template, trimmed};

use super::Rule;

mod ceiling;
mod ltv_cac_out_of_band;
mod ltv_not_credible;
mod roas_below_break_even;
mod roas_over_ltv_cac;
mod slow_payback;
mod unloaded_cac;

/// One line a rule.
pub(super) const RULES: &[&Rule] = &[
    &roas_over_ltv_cac::RULE,
    &roas_below_break_even::RULE,
    &ltv_cac_out_of_band::RULE,
    &slow_payback::RULE,
    &ltv_not_credible::RULE,
    &unloaded_cac::RULE,
];

/// An area that has no figures of any customer is not judged; one of which every rule found nothing to say rightly drops out.
fn lacks_economics(facts: &Facts) -> bool {
    facts.pays_by_customer() && facts.own_economics().next().is_none()
}

/// Whether a product, or the business, is only being tried.
fn is_tried(facts: &Facts, own: &OwnEconomics<'_>) -> bool {
    let product = match own.subject() {
        Subject::Product(at) => facts.plan.products.get(at),
        _ => None,
    };
    let launches = facts.plan.head.stage.as_ref().is_some_and(|stage| stage.value == BusinessStage::Launch);
    let stage = product.and_then(|product| product.stage.as_ref());
    stage.map_or(launches, |stage| stage.value == ProductStage::Explore)
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

/// Economic keys of a product or of the plan, as they would be written where they stand.
fn written(facts: &Facts, own: &OwnEconomics<'_>, keys: impl FnOnce(Fields) -> Fields) -> String {
    match own.subject() {
        Subject::Product(at) => {
            let subject = Subject::Product(at);
            let fields = Fields::of(&facts.plan, subject);
            reframe::list("products", vec![keys(fields)])
        }
        _ => reframe::part("economics", keys(Fields::new())),
    }
}

/// A KPI of the ROAS family as it would be written with a floor: ACOS, which is cost over sales, has a ceiling instead.
fn at_roas(facts: &Facts, kpi: usize, role: Option<&str>, floor: Option<f64>) -> Fields {
    let subject = Subject::Kpi(kpi);
    let metric = facts.kpi(kpi).metric;
    let name = facts.plan.name_of(subject);
    // A number in the name was the target; it would contradict a new one.
    let contradicts = floor.is_some() && name.contains(|c: char| c.is_ascii_digit());
    let title = metric.map(|metric| metric.title.as_ref()).filter(|_| contradicts);
    let is_reciprocal = metric.is_some_and(|metric| metric.name == "acos");
    let target = floor.map(|floor| match is_reciprocal {
        true => format!("<= {}%", trimmed(100.0 / floor, 1)),
        false => format!(">= {}", trimmed(floor, 2)),
    });
    Fields::new()
        .text("id", facts.plan.id_of(subject))
        .text("name", title.unwrap_or(name))
        .maybe("role", role)
        .maybe("target", target)
}
