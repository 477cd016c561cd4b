//! `roas-over-ltv-cac`: a ROAS target steers where the worth of a customer should.

use std::sync::LazyLock;

use crate::facts::economics::{
    Derivation, Economics, Field, FieldSet, Origin, Reading, RoasReading, UnderRoas, Underivable, known,
};
use crate::facts::interval::Interval;
use crate::facts::roas::{OtherRevenue, other_revenue};
use crate::facts::{EconomicsOf, Facts, Purse, economic_keys};
use crate::plan::{BusinessModel, Entity, GoalOrKpi, Kpi, MetricRef, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{CAC_MOST_OFF, HIGHEST_ROAS, HORIZON, LOWEST_ROAS, LTV_TO_CAC, NEW_SHARE_LEAST, ROAS_HEADROOM};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::{Figure, trimmed};

use super::at_roas;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "roas-over-ltv-cac",
    area: Area::Economics,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: could_be_judged,
    // Which number was meant comes first. A floor that buys customers at a loss is told with what a first order brings.
    yields_to: &[Yield::of("doubtful-target", "suspicious-number"), Yield::of("guardrail", "roas-below-break-even")],
    settings: &[],
    conventions: &[&LTV_TO_CAC, &ROAS_HEADROOM, &NEW_SHARE_LEAST, &HORIZON, &CAC_MOST_OFF, &LOWEST_ROAS, &HIGHEST_ROAS],
    page: LazyLock::new(|| Page::parse(include_str!("roas_over_ltv_cac.md"))),
    check: Check::First(check),
};

/// Products that a question names.
const MOST_PRODUCTS: usize = 20;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let around = Around::new(facts);
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        let judged = Plan::role(kpi) != Role::Diagnostic;
        if judged && facts.is_roas(at) && facts.pays_by_customer() {
            judge(facts, at, kpi, &around, verdicts);
        }
    }
}

/// A plan that knows what its customers are worth, and steers by no ROAS, needs no judgement; one that does not know
/// could be steered by anything.
fn could_be_judged(facts: &Facts) -> bool {
    facts.pays_by_customer() && products_with_worth(facts).is_empty() && facts.economics(EconomicsOf::Plan).is_none()
}

fn judge(facts: &Facts, at: usize, kpi: &Entity<Kpi>, around: &Around, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    let role = Plan::role(kpi);
    let accounted_for = around.customer_kpi || facts.buys_once();
    if role != Role::NorthStar && role != Role::Guardrail && accounted_for {
        return verdicts.pass(subject);
    }
    // A KPI that cannot be recognised may be the one that the plan would be accused of lacking.
    if role != Role::NorthStar && !accounted_for && !around.unrecognised.is_empty() {
        return verdicts.unknown(subject, around.unrecognised.iter().map(|at| Need::new("metric", Subject::Kpi(*at))));
    }
    let said = say(facts, at, kpi, around);
    if role == Role::Guardrail && accounted_for {
        // A guardrail beside what it guards: worth a note where it lets through what the other would not.
        return match said.reading {
            Said::Computed(reading) if reading.is_under_target() && said.is_whole() => {
                verdicts.partial(subject, 1.0, said.worded("guardrail", Severity::Note));
            }
            _ => verdicts.pass(subject),
        };
    }
    let reading = said.page_reading();
    match said.reading {
        Said::Computed(RoasReading::AboutRight) if role == Role::NorthStar => {
            verdicts.fail(subject, said.draft(reading, Severity::Low));
        }
        Said::Computed(RoasReading::AboutRight) => {
            verdicts.partial(subject, 1.0, said.draft(reading, Severity::Note));
        }
        _ => verdicts.fail(subject, said.draft(reading, said.severity())),
    }
}

/// The most unrecognised KPIs that are asked for at each ROAS KPI.
const MOST_NEEDS: usize = 5;

/// What stands around a ROAS KPI; the same for all of a plan's.
struct Around {
    /// Whether a KPI of a customer's worth or cost stands in the plan, or in one that it extends.
    customer_kpi: bool,
    /// The plan's own LTV:CAC, where it is a KPI.
    ltv_to_cac: Option<usize>,
    /// Whether the plan has a north star.
    north_star: bool,
    /// Whether profit on ad spend is a KPI of the plan.
    profit_kpi: bool,
    /// The first ROAS KPI that names no product.
    first: Option<usize>,
    /// KPIs that cannot be recognised, and could be of a customer's worth: the first few, as many as anybody reads.
    unrecognised: Vec<usize>,
    /// The products of which LTV is known, with LTV:CAC where that is.
    products: Vec<String>,
}

impl Around {
    fn new(facts: &Facts) -> Self {
        let kpis = &facts.plan.kpis;
        let named =
            |name: &'static str| move |at: &usize| facts.kpi(*at).metric.is_some_and(|metric| metric.name == name);
        Self {
            customer_kpi: has_customer_kpi(facts),
            ltv_to_cac: (0..kpis.len()).find(|at| named("ltv-to-cac")(at)),
            profit_kpi: (0..kpis.len()).any(|at| named("poas")(&at)),
            first: (0..kpis.len())
                .find(|&at| facts.is_roas(at) && kpis.get(at).is_some_and(|kpi| kpi.product.is_none())),
            unrecognised: facts.judged_kpis().filter(|at| facts.kpi(*at).kind.is_none()).take(MOST_NEEDS).collect(),
            north_star: kpis.iter().any(|kpi| Plan::role(kpi) == Role::NorthStar),
            products: products_with_worth(facts),
        }
    }
}

/// Whether a KPI of a customer's worth or cost stands in the plan.
fn has_customer_kpi(facts: &Facts) -> bool {
    let plans = (0..=facts.plan.extended.len()).filter_map(|number| Some((number, facts.plan.numbered(number)?)));
    let mut kpis = plans.flat_map(|(plan, of)| of.kpis.iter().enumerate().map(move |(at, kpi)| (plan, at, kpi)));
    kpis.any(|(plan, at, kpi)| {
        let identity = facts.identity(MetricRef { plan, which: GoalOrKpi::Kpi(at) });
        let of_customers = identity.metric.is_some_and(|metric| metric.family.is_of_customers());
        of_customers && Plan::role(kpi) != Role::Diagnostic
    })
}

/// What can be said of a ROAS target.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Computed(RoasReading),
    /// It depends on the share of new customers.
    Undecided,
    /// The CAC that it means is far from the plan's own, so it counts another revenue than one payment.
    OtherRevenue(OtherRevenue),
    /// Nothing can be computed; why not.
    Unclear(Unclear),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Unclear {
    Economics,
    /// The plan's numbers give no figure: a price of zero, say.
    NoFigure,
    Product,
    /// A target that is hardly meant as a ROAS.
    Doubtful,
    Target,
}

/// A ROAS target with what follows from it.
struct Saying<'f> {
    facts: &'f Facts,
    /// The KPI, by its index.
    at: usize,
    kpi: &'f Entity<Kpi>,
    reading: Said,
    roas: Option<f64>,
    economics: Option<(EconomicsOf, &'f Economics)>,
    under: Option<UnderRoas>,
    missing: Vec<String>,
    around: &'f Around,
}

fn say<'f>(facts: &'f Facts, at: usize, kpi: &'f Entity<Kpi>, around: &'f Around) -> Saying<'f> {
    let economics = facts.economics_for(at).and_then(|of| facts.economics(of).map(|found| (of, found)));
    let roas = kpi.target_level().and_then(|target| facts.as_roas(at, target));
    let unclear = |unclear, missing| Saying {
        facts,
        at,
        kpi,
        reading: Said::Unclear(unclear),
        roas,
        economics,
        under: None,
        missing,
        around,
    };
    if roas.is_some_and(|roas| !facts.is_credible_roas(roas)) {
        return unclear(Unclear::Doubtful, Vec::new());
    }
    let (Some(target), Some((_, figures))) = (roas, economics) else {
        return match (roas, around.products.is_empty()) {
            (None, _) => unclear(Unclear::Target, Vec::new()),
            (_, false) => {
                unclear(Unclear::Product, vec![format!("`product` of {}", facts.plan.name_of(Subject::Kpi(at)))])
            }
            (_, true) => unclear(Unclear::Economics, where_economics_begin(facts)),
        };
    };
    let under = figures.under_roas(target);
    let other_revenue = other_revenue(figures, &under, facts.settings.convention(&CAC_MOST_OFF));
    let (reading, missing) = match (&under.reading, other_revenue) {
        (Ok(_), Some(evidence)) => (Said::OtherRevenue(evidence), Vec::new()),
        (Ok(Reading::Holds(reading)), None) => (Said::Computed(*reading), Vec::new()),
        (Ok(Reading::Undecided { .. }), None) => (Said::Undecided, Vec::new()),
        (Err(Underivable::Missing(fields)), _) => (Said::Unclear(Unclear::Economics), quoted(*fields)),
        (Err(Underivable::Undefined(_)), _) => (Said::Unclear(Unclear::NoFigure), undefined_in(figures, &under)),
        (Err(Underivable::DoesNotApply), _) => (Said::Unclear(Unclear::Economics), where_economics_begin(facts)),
    };
    let mut saying = Saying { facts, at, kpi, reading, roas, economics, under: Some(under), missing, around };
    // A customer worth nothing has an LTV:CAC of nothing, and no floor: what it comes from is to be named.
    if let (Said::Computed(_) | Said::Undecided, false, Some(under)) = (reading, saying.is_whole(), &saying.under) {
        saying.missing = undefined_in(figures, under);
    }
    saying
}

/// The products of which LTV:CAC, or at least LTV, is known.
fn products_with_worth(facts: &Facts) -> Vec<String> {
    let products = (0..facts.plan.products.len()).filter_map(|at| {
        let figures = facts.economics(EconomicsOf::Product(at))?;
        figures.ltv.as_ref().ok()?;
        let name = facts.plan.name_of(Subject::Product(at));
        let ratio = known(&figures.ltv_to_cac).map(|ratio| format!(" ({})", Figure::Ratio(ratio)));
        Some(format!("{name}{}", ratio.unwrap_or_default()))
    });
    // Nobody reads further; and there may be as many KPIs to ask it of.
    products.take(MOST_PRODUCTS).collect()
}

/// The keys that the economics of a plan begin with.
fn where_economics_begin(facts: &Facts) -> Vec<String> {
    let lasting = match facts.business_model() {
        Some(BusinessModel::Subscription) => "`monthly_churn`",
        Some(BusinessModel::RepeatPurchase | BusinessModel::Marketplace | BusinessModel::OneOff) => {
            "`orders_per_customer`"
        }
        _ => RULE.page().phrase("lasting"),
    };
    ["`price`", "`gross_margin`", lasting, "`new_share`"].map(str::to_owned).to_vec()
}

/// Keys as a sentence shows them.
fn quoted(fields: FieldSet) -> Vec<String> {
    fields.iter().map(|field| format!("`{}`", field.key())).collect()
}

/// The keys of which no figure follows; a target that would be blamed for a price or a worth of nothing is not.
fn undefined_in(figures: &Economics, under: &UnderRoas) -> Vec<String> {
    let causes = [&figures.ltv, &figures.break_even_roas, &under.cac, &under.ltv_to_cac, &figures.roas_floor];
    let fields = causes.into_iter().find_map(|figure| match figure {
        Err(Underivable::Undefined(fields)) if !fields.has(Field::Target) => Some(quoted(*fields)),
        _ => None,
    });
    fields.unwrap_or_else(|| vec!["`price`".to_owned()])
}

impl Saying<'_> {
    fn severity(&self) -> Severity {
        match self.reading {
            Said::Undecided | Said::OtherRevenue(_) | Said::Unclear(_) => Severity::Medium,
            _ if !self.has_point() => Severity::Medium,
            Said::Computed(RoasReading::DestroysValue | RoasReading::PassesAndStillLoses) => Severity::Critical,
            // Where customers buy once, an LTV:CAC of 3 is no mark: what is left of the order is.
            Said::Computed(_) if self.facts.buys_once() => Severity::Medium,
            Said::Computed(_) => Severity::High,
        }
    }

    /// Whether the figures rest on a share of new customers that the plan gives.
    fn has_point(&self) -> bool {
        let share = self.economics.and_then(|(_, figures)| figures.new_share.as_ref().ok());
        share.is_some_and(|share| share.value.is_point())
    }

    fn is_share_given(&self) -> bool {
        let share = self.economics.and_then(|(_, figures)| figures.new_share.as_ref().ok());
        share.is_some_and(|share| share.origin == Origin::Given)
    }

    /// Whether every figure that a computed reading shows exists.
    fn is_whole(&self) -> bool {
        let economics = self.economics.is_some_and(|(_, figures)| {
            figures.break_even_roas.is_ok() && figures.roas_floor.is_ok() && figures.ltv.is_ok()
        });
        economics && self.under.as_ref().is_some_and(|under| under.cac.is_ok() && under.ltv_to_cac.is_ok())
    }

    fn page_reading(&self) -> &'static str {
        match self.reading {
            Said::Computed(_) if self.facts.buys_once() && self.is_whole() => "one-off-figures",
            _ if self.facts.buys_once() => "one-off",
            Said::Computed(_) | Said::Undecided if !self.is_whole() => "no-figure",
            Said::Computed(RoasReading::DestroysValue) => "destroys-value",
            Said::Computed(RoasReading::PassesAndStillLoses) => "passes-and-still-loses",
            Said::Computed(RoasReading::TooLow) => "too-low",
            Said::Computed(RoasReading::HoldsGrowthBack) => "holds-growth-back",
            Said::Computed(RoasReading::AboutRight) => "about-right",
            Said::Undecided if self.is_share_given() => "undecided-by-range",
            Said::Undecided => "undecided",
            Said::OtherRevenue(OtherRevenue::OwnCac) => "other-revenue",
            Said::OtherRevenue(OtherRevenue::Floor) => "more-than-a-payment",
            Said::Unclear(Unclear::Product) => "no-product",
            Said::Unclear(Unclear::Economics) => "no-economics",
            Said::Unclear(Unclear::NoFigure) => "no-figure",
            Said::Unclear(Unclear::Doubtful) => "doubtful-target",
            Said::Unclear(Unclear::Target) => "no-target",
        }
    }

    /// The finding with its reframe.
    fn draft(&self, reading: &'static str, severity: Severity) -> FindingDraft {
        // One KPI more, and ROAS as its guardrail, is safe; another north star, and another target or role of an LTV:CAC that is
        // there, is a decision.
        let changes_ratio = !self.facts.buys_once() && self.around.ltv_to_cac.is_some();
        let is_safe = self.floor().is_none() && !changes_ratio && Plan::role(self.kpi) != Role::NorthStar;
        self.worded(reading, severity).reframe(self.reframe(), is_safe)
    }

    fn worded(&self, reading: &'static str, severity: Severity) -> FindingDraft {
        // Where nothing but what is to be kept is given, that is what the ROAS should be.
        let kept = self.kpi.baseline.as_ref().filter(|_| self.kpi.keep.is_some());
        let (place, written) = match (&self.kpi.target, kept) {
            (Some(target), _) => (target.whole(), Some(target.text())),
            (None, Some(kept)) => {
                (kept.whole(), Some(self.facts.plan.source.slice(kept.span).trim_matches(['"', '\''])))
            }
            (None, None) => (self.kpi.place, None),
        };
        let identity = self.facts.kpi(self.at);
        let of_under = |pick: fn(&UnderRoas) -> &Derivation| self.under.as_ref().and_then(|under| known(pick(under)));
        let of_economics =
            |pick: fn(&Economics) -> &Derivation| self.economics.and_then(|(_, figures)| known(pick(figures)));
        let price = self.economics.and_then(|(of, _)| economic_keys(&self.facts.plan, of)?.price.as_ref()?.point());
        let mut draft = FindingDraft::at(place, reading, severity)
            .with("name", Figure::Text(self.kpi.name.value.to_string()))
            .with("wanted", Figure::Text(LTV_TO_CAC.unit.show(self.facts.settings.convention(&LTV_TO_CAC))))
            .with("missing", Figure::Text(all_of(&self.missing)))
            .needs(self.missing.clone())
            .with("products", Figure::Names(self.around.products.clone()))
            .at_stake(self.at_stake())
            .recognised(identity.is_recognised());
        let figures = [
            ("target", self.roas.map(|roas| Figure::Multiple(Interval::at(roas)))),
            ("break_even", of_economics(|figures| &figures.break_even_roas).map(Figure::Multiple)),
            ("new_share", of_economics(|figures| &figures.new_share).map(|share| Figure::Share(share.middle()))),
            ("least_new", of_economics(|figures| &figures.new_share).map(|share| Figure::Share(share.low()))),
            ("most_new", of_economics(|figures| &figures.new_share).map(|share| Figure::Share(share.high()))),
            ("written", written.map(|written| Figure::Text(written.to_owned()))),
            ("ltv", of_economics(|figures| &figures.ltv).map(Figure::Worth)),
            ("floor", of_economics(|figures| &figures.roas_floor).map(Figure::Multiple)),
            ("cac", of_under(|under| &under.cac).map(Figure::Worth)),
            ("own_cac", of_economics(|figures| &figures.cac).map(Figure::Worth)),
            ("price", price.map(Figure::Money)),
            ("ratio", of_under(|under| &under.ltv_to_cac).map(Figure::Ratio)),
            ("payback", of_under(|under| &under.payback_months).map(Figure::Months)),
            ("first_order", of_under(|under| &under.first_order_profit_less_cac).map(Figure::Worth)),
        ];
        for (slot, figure) in figures {
            if let Some(figure) = figure {
                draft = draft.with(slot, figure);
            }
        }
        for (place, label) in self.sources() {
            draft = draft.beside(place, label);
        }
        draft
    }

    /// Where the figures behind the reading stand.
    fn sources(&self) -> Vec<(Span, String)> {
        let Some((of, _)) = self.economics.filter(|_| matches!(self.reading, Said::Computed(_))) else {
            return Vec::new();
        };
        // What stands in an extended plan is shown there.
        let own = match of {
            EconomicsOf::Plan => self.facts.plan.head.economics.is_some(),
            EconomicsOf::Product(_) => true,
            EconomicsOf::Extended { .. } => false,
        };
        let Some(keys) = economic_keys(&self.facts.plan, of).filter(|_| own) else { return Vec::new() };
        let margin = keys.gross_margin.as_ref().map(|margin| (margin.whole(), RULE.page().phrase("margin").to_owned()));
        let share = keys.new_share.as_ref().map(|share| (share.whole(), RULE.page().phrase("new").to_owned()));
        margin.into_iter().chain(share).collect()
    }

    fn at_stake(&self) -> Option<crate::facts::AtStake> {
        let concern = RULE.page().phrase("at-stake");
        self.loses().then(|| Purse::behind(self.facts, self.at, concern)).flatten()
    }

    fn loses(&self) -> bool {
        matches!(self.reading, Said::Computed(RoasReading::DestroysValue | RoasReading::PassesAndStillLoses))
    }

    /// LTV:CAC as the target, and ROAS as its guardrail.
    fn reframe(&self) -> Option<String> {
        let guardrail = self.guardrail();
        if self.facts.buys_once() {
            let driven = self.kpi.drives.iter().flat_map(|ids| ids.iter()).map(|id| id.value.to_string()).collect();
            let profit = Fields::new().text("name", RULE.page().phrase("profit")).text("metric", "poas");
            let profit = profit.words("drives", driven);
            let profit = (!self.around.profit_kpi).then_some(profit);
            return Some(reframe::list("kpis", profit.into_iter().chain([guardrail]).collect()));
        }
        let existing = self.around.ltv_to_cac.and_then(|at| self.facts.plan.kpis.get(at));
        let ratio = match existing {
            Some(known) => Fields::named(&known.id, &known.name)
                .text("role", if self.around.north_star { "target" } else { "north-star" })
                .maybe("target", known.target.is_none().then(|| wanted(self.facts))),
            None => self.ratio(),
        };
        // One LTV:CAC is enough for all ROAS KPIs that name no product; a guardrail is one already.
        let ratio = (self.kpi.product.is_some() || self.around.first == Some(self.at)).then_some(ratio);
        let guardrail = (Plan::role(self.kpi) != Role::Guardrail).then_some(guardrail);
        let parts: Vec<Fields> = ratio.into_iter().chain(guardrail).collect();
        (!parts.is_empty()).then(|| reframe::list("kpis", parts))
    }

    /// The KPI as a guardrail: at the floor that keeps LTV:CAC where the target is over it. Where customers are worth
    /// too little no ROAS of the channel guards against that.
    fn guardrail(&self) -> Fields {
        at_roas(self.facts, self.at, Some("guardrail"), self.floor())
    }

    fn floor(&self) -> Option<f64> {
        let relaxed = matches!(self.reading, Said::Computed(RoasReading::HoldsGrowthBack | RoasReading::AboutRight));
        let floor = self.economics.and_then(|(_, figures)| known(&figures.roas_floor));
        floor.filter(|floor| relaxed && floor.is_point()).map(Interval::middle)
    }

    /// LTV:CAC as a KPI, with what the plan gives of it.
    fn ratio(&self) -> Fields {
        let (facts, kpi) = (self.facts, self.kpi);
        let dated = kpi.by.is_some() && !kpi.from_name.by;
        let by = facts.plan.deadline_of(MetricRef::kpi(self.at)).filter(|_| dated).map(|day| day.to_string());
        let owner = kpi.owner.as_ref().and_then(|owner| owner.first()).map(|owner| owner.value.to_string());
        let whole = kpi.product.is_none() && !self.around.north_star;
        let role = if Plan::role(kpi) == Role::NorthStar || whole { "north-star" } else { "target" };
        let of_product = kpi.product.as_ref().map(|product| format!("-{}", product.value)).unwrap_or_default();
        Fields::new()
            .text("id", facts.plan.fresh_id(&format!("ltv-cac{of_product}")))
            .text("name", "LTV:CAC")
            .text("metric", "ltv-to-cac")
            .text("role", role)
            .maybe("product", kpi.product.as_ref().map(|product| product.value.to_string()))
            .text("target", wanted(facts))
            .maybe("baseline", self.today().map(|ratio| trimmed(ratio, 2)))
            .maybe("by", by)
            .maybe("owner", owner)
    }

    /// LTV:CAC as it stands: by the plan's own CAC, else by the ROAS that it starts from.
    fn today(&self) -> Option<f64> {
        let (_, figures) = self.economics?;
        let by_own_cac = known(&figures.ltv_to_cac);
        let by_roas = || {
            let baseline = self.facts.as_roas(self.at, self.kpi.baseline.as_ref()?.point()?)?;
            known(&figures.under_roas(baseline).ltv_to_cac).filter(|_| !matches!(self.reading, Said::OtherRevenue(_)))
        };
        by_own_cac.or_else(by_roas).filter(|ratio| ratio.is_point()).map(Interval::middle)
    }
}

/// The LTV:CAC to reach, as a target.
fn wanted(facts: &Facts) -> String {
    format!(">= {}:1", trimmed(facts.settings.convention(&LTV_TO_CAC), 1))
}

/// All of some words: "a, b and c".
fn all_of(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.concat(),
    }
}
