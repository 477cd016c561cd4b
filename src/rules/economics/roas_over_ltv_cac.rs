//! `roas-over-ltv-cac`: a ROAS target steers where the worth of a customer should.

use std::sync::LazyLock;

use crate::facts::economics::{Economics, Figure as Derivation, Reading, RoasReading, UnderRoas, Underivable};
use crate::facts::interval::Interval;
use crate::facts::{EconomicsOf, Facts, Purse};
use crate::metrics::Family;
use crate::plan::{BusinessModel, EconomicKeys, Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{Draft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{HORIZON, LTV_TO_CAC, NEW_SHARE_LEAST, ROAS_HEADROOM};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::{Figure, trimmed};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "roas-over-ltv-cac",
    area: Area::Economics,
    weight: Severity::High,
    severity: "critical where customers are worth less than they cost; high otherwise; medium without economics; low or a note \
               where the target is about right; a note as a guardrail beside LTV:CAC",
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    yields_to: &[],
    settings: &[],
    conventions: &[&LTV_TO_CAC, &ROAS_HEADROOM, &NEW_SHARE_LEAST, &HORIZON],
    page: LazyLock::new(|| Page::parse(include_str!("roas_over_ltv_cac.md"))),
    check: Check::First(check),
};

/// A ROAS above this was written in per cent without the sign, most likely: nothing is computed from it.
const MOST_CREDIBLE_ROAS: f64 = 100.0;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let accompanied = has_customer_kpi(facts);
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        let judged = Plan::role(kpi) != Role::Diagnostic;
        if judged && family(facts, at) == Some(Family::Roas) && pays_by_customer(facts) {
            judge(facts, at, kpi, accompanied, verdicts);
        }
    }
}

fn family(facts: &Facts, at: usize) -> Option<Family> {
    facts.kpi(at).metric.map(|metric| metric.family)
}

/// Economics of customers are not what a nonprofit or an ad-funded business lives by.
fn pays_by_customer(facts: &Facts) -> bool {
    !matches!(model(facts), Some(BusinessModel::AdFunded | BusinessModel::Nonprofit))
}

fn model(facts: &Facts) -> Option<BusinessModel> {
    facts.plan.head.business_model.as_ref().map(|model| model.value)
}

fn judge(facts: &Facts, at: usize, kpi: &Entity<Kpi>, accompanied: bool, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    let steers = Plan::role(kpi) == Role::NorthStar;
    let one_off = model(facts) == Some(BusinessModel::OneOff);
    let guardrail = Plan::role(kpi) == Role::Guardrail;
    if !steers && (accompanied || one_off) && !guardrail {
        return verdicts.pass(subject);
    }
    let said = say(facts, at, kpi);
    if guardrail && (accompanied || one_off) {
        return match said.reading {
            Said::Computed(RoasReading::AboutRight) | Said::Unclear(_) => verdicts.pass(subject),
            _ => verdicts.partial(subject, 1.0, said.draft(facts, at, kpi, Severity::Note)),
        };
    }
    match said.reading {
        Said::Computed(RoasReading::AboutRight) if steers => {
            verdicts.fail(subject, said.draft(facts, at, kpi, Severity::Low));
        }
        Said::Computed(RoasReading::AboutRight) => {
            verdicts.partial(subject, 1.0, said.draft(facts, at, kpi, Severity::Note));
        }
        _ => verdicts.fail(subject, said.draft(facts, at, kpi, said.severity())),
    }
}

/// Whether a KPI of a customer's worth or cost stands in the plan.
fn has_customer_kpi(facts: &Facts) -> bool {
    (0..facts.plan.kpis.len()).any(|at| {
        let of_customers =
            matches!(family(facts, at), Some(Family::Ltv | Family::Cac | Family::Payback | Family::RepeatPurchase));
        let steering = facts.plan.kpis.get(at).is_some_and(|kpi| Plan::role(kpi) != Role::Diagnostic);
        of_customers && steering
    })
}

/// What can be said of a ROAS target.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Computed(RoasReading),
    /// It depends on the share of new customers.
    Undecided,
    /// Nothing can be computed; why not.
    Unclear(Unclear),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Unclear {
    Economics,
    Target,
}

/// A ROAS target with what follows from it.
struct Saying<'f> {
    reading: Said,
    roas: Option<f64>,
    economics: Option<(EconomicsOf, &'f Economics)>,
    under: Option<UnderRoas>,
    missing: Vec<&'static str>,
}

fn say<'f>(facts: &'f Facts, at: usize, kpi: &Entity<Kpi>) -> Saying<'f> {
    let economics = facts.economics_for(at).and_then(|of| facts.economics(of).map(|found| (of, found)));
    let roas = target_roas(facts, at, kpi);
    let (Some(target), Some((_, figures))) = (roas, economics) else {
        let unclear = if roas.is_none() { Unclear::Target } else { Unclear::Economics };
        return Saying { reading: Said::Unclear(unclear), roas, economics, under: None, missing: no_economics(facts) };
    };
    let under = figures.under_roas(target);
    let (reading, missing) = match &under.reading {
        Ok(Reading::Holds(reading)) => (Said::Computed(*reading), Vec::new()),
        Ok(Reading::Undecided { .. }) => (Said::Undecided, vec!["new_share"]),
        Err(Underivable::Missing(fields) | Underivable::Undefined(fields)) => {
            (Said::Unclear(Unclear::Economics), fields.iter().map(|field| field.key()).collect())
        }
        Err(Underivable::DoesNotApply) => (Said::Unclear(Unclear::Economics), no_economics(facts)),
    };
    Saying { reading, roas, economics, under: Some(under), missing }
}

/// The key that says whose economics count, where products have some; else those that economics begin with.
fn no_economics(facts: &Facts) -> Vec<&'static str> {
    let products = (0..facts.plan.products.len()).map(EconomicsOf::Product);
    if products.filter_map(|of| facts.economics(of)).any(|economics| economics.ltv.is_ok()) {
        return vec!["product"];
    }
    match model(facts) {
        Some(BusinessModel::Subscription) => vec!["price", "billing", "gross_margin", "monthly_churn", "new_share"],
        _ => vec!["price", "gross_margin", "orders_per_customer", "new_share"],
    }
}

/// The target as a ROAS: ACOS is its reciprocal; an ad ROI counts in several ways, so nothing follows from it.
fn target_roas(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Option<f64> {
    let level = kpi.target.as_ref()?.level().filter(|level| *level > 0.0)?;
    let roas = match facts.kpi(at).metric?.name {
        "acos" => 1.0 / level,
        "ad-roi" => return None,
        _ => level,
    };
    (roas <= MOST_CREDIBLE_ROAS).then_some(roas)
}

impl Saying<'_> {
    fn severity(&self) -> Severity {
        match self.reading {
            Said::Undecided | Said::Unclear(_) => Severity::Medium,
            _ if !self.has_point() => Severity::Medium,
            Said::Computed(RoasReading::DestroysValue | RoasReading::PassesAndStillLoses) => Severity::Critical,
            Said::Computed(_) => Severity::High,
        }
    }

    /// Whether the figures rest on a share of new customers that the plan gives.
    fn has_point(&self) -> bool {
        let share = self.economics.and_then(|(_, figures)| figures.new_share.as_ref().ok());
        share.is_some_and(|share| share.origin == crate::facts::economics::Origin::Given)
    }

    fn page_reading(&self, facts: &Facts) -> &'static str {
        match self.reading {
            Said::Computed(RoasReading::DestroysValue) => "destroys-value",
            Said::Computed(RoasReading::PassesAndStillLoses) => "passes-and-still-loses",
            Said::Computed(RoasReading::TooLow) => "too-low",
            Said::Computed(RoasReading::HoldsGrowthBack) => "holds-growth-back",
            Said::Computed(RoasReading::AboutRight) => "about-right",
            Said::Undecided => "undecided",
            Said::Unclear(_) if model(facts) == Some(BusinessModel::OneOff) => "one-off",
            Said::Unclear(Unclear::Economics) => "no-economics",
            Said::Unclear(Unclear::Target) => "no-target",
        }
    }

    fn draft(&self, facts: &Facts, at: usize, kpi: &Entity<Kpi>, severity: Severity) -> Draft {
        let place = kpi.target.as_ref().map_or(kpi.place, |target| target.whole());
        let identity = facts.kpi(at);
        let of_under = |pick: fn(&UnderRoas) -> &Derivation| self.under.as_ref().and_then(|under| value(pick(under)));
        let of_economics =
            |pick: fn(&Economics) -> &Derivation| self.economics.and_then(|(_, figures)| value(pick(figures)));
        let mut draft = Draft::at(place, self.page_reading(facts), severity)
            .with("name", Figure::Text(kpi.name.value.clone()))
            .with("wanted", Figure::Text(LTV_TO_CAC.unit.show(facts.settings.convention(&LTV_TO_CAC))))
            .with("missing", Figure::Names(self.missing.iter().map(|key| format!("`{key}`")).collect()))
            .at_stake(self.at_stake(facts, at))
            .recognised(identity.is_recognised())
            .reframe(self.reframe(facts, kpi), true);
        let figures = [
            ("target", self.roas.map(|roas| Figure::Multiple(point(roas)))),
            ("break_even", of_economics(|figures| &figures.break_even_roas).map(Figure::Multiple)),
            ("new_share", of_economics(|figures| &figures.new_share).map(|share| Figure::Share(share.middle()))),
            ("ltv", of_economics(|figures| &figures.ltv).map(Figure::Worth)),
            ("floor", of_economics(|figures| &figures.roas_floor).map(Figure::Multiple)),
            ("cac", of_under(|under| &under.cac).map(Figure::Worth)),
            ("ratio", of_under(|under| &under.ltv_to_cac).map(Figure::Ratio)),
            ("payback", of_under(|under| &under.payback_months).map(Figure::Months)),
            ("first_order", of_under(|under| &under.first_order_profit_less_cac).map(Figure::Worth)),
        ];
        for (slot, figure) in figures {
            if let Some(figure) = figure {
                draft = draft.with(slot, figure);
            }
        }
        for (place, label) in self.sources(facts) {
            draft = draft.beside(place, label);
        }
        draft
    }

    /// Where the figures behind the reading stand.
    fn sources(&self, facts: &Facts) -> Vec<(Span, String)> {
        let Some((of, _)) = self.economics.filter(|_| matches!(self.reading, Said::Computed(_))) else {
            return Vec::new();
        };
        let Some(keys) = keys(facts, of) else { return Vec::new() };
        let margin = keys.gross_margin.as_ref().map(|margin| (margin.whole(), "margin".to_owned()));
        let share = keys.new_share.as_ref().map(|share| (share.whole(), "new".to_owned()));
        margin.into_iter().chain(share).collect()
    }

    fn at_stake(&self, facts: &Facts, at: usize) -> Option<crate::facts::AtStake> {
        let concern = "steered by a ROAS that loses on customers";
        self.loses().then(|| Purse::behind(facts, at, concern)).flatten()
    }

    fn loses(&self) -> bool {
        matches!(self.reading, Said::Computed(RoasReading::DestroysValue | RoasReading::PassesAndStillLoses))
    }

    /// The ROAS to guard: the floor that keeps LTV:CAC; where that is out of reach, break-even.
    fn guard(&self) -> Option<f64> {
        let (_, figures) = self.economics?;
        let guard = value(if self.loses() { &figures.break_even_roas } else { &figures.roas_floor })?;
        guard.is_point().then(|| guard.middle())
    }

    /// LTV:CAC as the target, and ROAS as its guardrail.
    fn reframe(&self, facts: &Facts, kpi: &Entity<Kpi>) -> Option<String> {
        let guardrail =
            Fields::new().text("id", kpi.id.clone()).text("name", kpi.name.value.clone()).text("role", "guardrail");
        if model(facts) == Some(BusinessModel::OneOff) {
            let profit = Fields::new().text("name", "Profit on ad spend").text("metric", "poas");
            return Some(reframe::list("kpis", vec![profit, guardrail]));
        }
        let guardrail = guardrail.maybe("target", self.guard().map(|guard| format!(">= {}", trimmed(guard, 2))));
        let wanted = facts.settings.convention(&LTV_TO_CAC);
        let baseline = self.under.as_ref().and_then(|under| value(&under.ltv_to_cac)).filter(|ratio| ratio.is_point());
        let by = kpi.by.as_ref().map(|by| facts.plan.source.slice(by.span).to_owned());
        let owner = kpi.owner.as_ref().and_then(|owner| owner.first()).map(|owner| owner.value.clone());
        let role = if Plan::role(kpi) == Role::NorthStar { "north-star" } else { "target" };
        let of_product = kpi.product.as_ref().map(|product| format!("-{}", product.value)).unwrap_or_default();
        let ratio = Fields::new()
            .text("id", format!("ltv-cac{of_product}"))
            .text("name", "LTV:CAC")
            .text("metric", "ltv-to-cac")
            .text("role", role)
            .maybe("product", kpi.product.as_ref().map(|product| product.value.clone()))
            .text("target", format!(">= {}:1", trimmed(wanted, 1)))
            .maybe("baseline", baseline.map(|ratio| trimmed(ratio.middle(), 2)))
            .maybe("by", by)
            .maybe("owner", owner);
        Some(reframe::list("kpis", vec![ratio, guardrail]))
    }
}

fn keys(facts: &Facts, of: EconomicsOf) -> Option<&EconomicKeys> {
    match of {
        EconomicsOf::Plan => facts.plan.head.economics.as_ref().map(|economics| &economics.keys),
        EconomicsOf::Product(at) => facts.plan.products.get(at).map(|product| &product.economics),
    }
}

fn value(figure: &Derivation) -> Option<Interval> {
    figure.as_ref().ok().map(|derived| derived.value)
}

fn point(value: f64) -> Interval {
    Interval::point(value).unwrap_or_default()
}
