//! What every output says of the unit economics: one row for the plan and one for each product, as far as they are known.

use crate::audit::PlanReport;
use crate::facts::EconomicsOf;
use crate::facts::economics::{BREAK_EVEN_LTV_TO_CAC, Derivation, Economics};
use crate::plan::Subject;
use crate::settings::HORIZON;
use crate::wording::{Figure, trimmed};

/// The figures of a product; the width of a line decides their names.
const TITLES: [&str; 6] = ["LTV", "CAC", "LTV:CAC", "Payback", "1st order − CAC", "Break-even ROAS"];

/// The known economics, without the columns that nobody fills: payback for shops, the first order for subscriptions.
pub(super) struct EconomicsTable<'r> {
    /// The columns after name and budget.
    pub(super) titles: Vec<&'static str>,
    /// The plan, where it has economics of its own, then its products.
    pub(super) rows: Vec<EconomicsRow<'r>>,
}

/// The economics of the plan as a whole, or of one product.
pub(super) struct EconomicsRow<'r> {
    /// Whose.
    pub(super) name: &'r str,
    /// The money that the plan gives it.
    pub(super) budget: Option<f64>,
    /// One figure for each title; `None` where it is not known.
    pub(super) figures: Vec<Option<Figure>>,
    is_capped: bool,
}

impl<'r> EconomicsTable<'r> {
    /// `None` where nothing is known.
    pub(super) fn new(report: &'r PlanReport) -> Option<Self> {
        let products = 0..report.plan().products.len();
        let whose = std::iter::once(EconomicsOf::Plan).chain(products.map(EconomicsOf::Product));
        let known: Vec<(EconomicsOf, &Economics, [Option<Figure>; TITLES.len()])> = whose
            .filter_map(|of| report.facts.economics(of).map(|economics| (of, economics, figures(economics))))
            .filter(|(_, _, figures)| figures.iter().any(Option::is_some))
            .collect();
        let is_filled: Vec<bool> = (0..TITLES.len())
            .map(|at| known.iter().any(|(_, _, figures)| figures.get(at).is_some_and(Option::is_some)))
            .collect();
        let row = |(of, economics, figures): (EconomicsOf, &Economics, [Option<Figure>; TITLES.len()])| {
            let (name, budget) = named(report, of);
            let figures = figures.into_iter().zip(&is_filled).filter(|(_, filled)| **filled);
            EconomicsRow {
                name,
                budget,
                figures: figures.map(|(figure, _)| figure).collect(),
                is_capped: economics.is_capped(),
            }
        };
        let rows: Vec<EconomicsRow<'r>> = known.into_iter().map(row).collect();
        let titles = TITLES.iter().zip(&is_filled).filter(|(_, filled)| **filled).map(|(title, _)| *title);
        (!rows.is_empty()).then(|| Self { titles: titles.collect(), rows })
    }

    /// What has to be known of the first rows to read them rightly.
    pub(super) fn note(&self, report: &PlanReport, shown: usize) -> Option<String> {
        let months = trimmed(report.facts.settings.convention(&HORIZON), 1);
        let is_capped = self.rows.iter().take(shown).any(|row| row.is_capped);
        is_capped.then(|| format!("LTV counts a customer for {months} months at most."))
    }
}

fn named(report: &PlanReport, of: EconomicsOf) -> (&str, Option<f64>) {
    match of {
        EconomicsOf::Plan | EconomicsOf::Extended { .. } => ("the plan", None),
        EconomicsOf::Product(at) => {
            let (plan, product) = (report.plan(), Subject::Product(at));
            (plan.name_of(product), plan.money_of(product))
        }
    }
}

/// Whether a customer brings less than it costs: it never pays back, however long it stays.
pub(super) fn never_pays_back(economics: &Economics) -> bool {
    economics.ltv_to_cac.as_ref().is_ok_and(|ratio| ratio.value.high() < BREAK_EVEN_LTV_TO_CAC)
}

fn figures(economics: &Economics) -> [Option<Figure>; TITLES.len()] {
    let value = |figure: &Derivation| figure.as_ref().ok().map(|found| found.value);
    [
        value(&economics.ltv).map(Figure::Worth),
        value(&economics.cac).map(Figure::Worth),
        value(&economics.ltv_to_cac).map(Figure::Ratio),
        value(&economics.payback_months).map(|months| {
            Figure::Text(if never_pays_back(economics) {
                "never".to_owned()
            } else {
                format!("{} mo", Figure::Months(months))
            })
        }),
        value(&economics.first_order_profit_less_cac).map(Figure::Worth),
        value(&economics.break_even_roas).map(Figure::Multiple),
    ]
}
