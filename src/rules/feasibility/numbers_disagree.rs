//! `numbers-disagree`: two numbers of the plan that should be one.

use std::sync::LazyLock;

use crate::facts::economics::{Derivation, Economics, Origin};
use crate::facts::interval::Interval;
use crate::facts::periods::factor_between;
use crate::facts::{EconomicsOf, Facts, economic_keys};
use crate::metrics::{Family, MetricUnit};
use crate::plan::quantity::{TimeUnit, Unit};
use crate::plan::{
    CacPart, EconomicKeys, Entity, Funnel, GoalOrKpi, Item, Kpi, MetricRef, Placed, Product, Stage, Standing, Subject,
};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "numbers-disagree",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["kpi", "product", "funnel"],
    needs: &[],
    // A plan that gives each number once has none that could disagree.
    applies: |facts| facts.plan.kpis.is_empty() && facts.plan.products.is_empty() && facts.plan.funnels.is_empty(),
    // A target that the goal takes and the funnel does not reach is what the funnel lacks.
    yields_to: &[Yield::of("cac", "budget-cannot-buy"), Yield::of("stage-target.short", "funnel-falls-short")],
    settings: &[&OFF],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("numbers_disagree.md"))),
    check: Check::First(check),
};

static OFF: Setting = Setting {
    key: "off",
    default: 0.05,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "the share by which two numbers that should be one may differ",
    source: "a convention: room for rounding, and not for another number",
};

/// A ROAS outside of these was written in another unit, most likely: nothing is compared with it.
const CREDIBLE_ROAS: std::ops::RangeInclusive<f64> = 0.5..=100.0;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, product) in facts.plan.products.iter().enumerate() {
        enter(Subject::Product(at), cac_against_spend(facts, at, product), verdicts);
    }
    let mut general =
        facts.plan.kpis.iter().enumerate().filter(|(at, kpi)| is_roas(facts, *at) && kpi.product.is_none());
    let only_roas = general.next().map(|(at, _)| at).filter(|_| general.next().is_none());
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        // One of several ROAS targets is that of a channel, and the plan's economics are those of all.
        let compared = match facts.kpi(at).metric.map(|metric| metric.family) {
            Some(Family::Roas) if kpi.product.is_some() || only_roas == Some(at) => roas_against_cac(facts, at, kpi),
            Some(Family::Ltv) => ratio_against_economics(facts, at, kpi),
            Some(Family::Payback) => payback_against_economics(facts, at, kpi),
            _ => None,
        };
        enter(Subject::Kpi(at), compared, verdicts);
    }
    for (at, funnel) in facts.plan.funnels.iter().enumerate() {
        stages_against_flow(facts, at, funnel, verdicts);
    }
}

/// What a comparison comes to: `None` where there is nothing to compare, else the finding where the two disagree.
type Compared = Option<Option<FindingDraft>>;

fn enter(subject: Subject, compared: Compared, verdicts: &mut Verdicts<'_>) {
    match compared {
        None => {}
        Some(None) => verdicts.pass(subject),
        Some(Some(draft)) => verdicts.fail(subject, draft),
    }
}

fn differ(facts: &Facts, given: f64, computed: f64) -> bool {
    (given - computed).abs() > facts.settings.threshold(RULE.name, &OFF) * computed.abs()
}

fn point(figure: &Derivation) -> Option<f64> {
    figure.as_ref().ok().filter(|figure| figure.value.is_point()).map(|figure| figure.value.low())
}

/// Whether a CAC counts what is spent on advertising alone, as far as the plan says: only that can be compared with it.
pub(super) fn is_of_media(keys: &EconomicKeys) -> bool {
    keys.cac_includes.as_ref().is_none_or(|parts| parts.iter().all(|part| part.value == CacPart::Media))
}

fn cac_against_spend(facts: &Facts, at: usize, product: &Entity<Product>) -> Compared {
    let keys = &product.economics;
    let cac = keys.cac.as_ref().filter(|_| is_of_media(keys))?;
    let economics = facts.economics(EconomicsOf::Product(at))?;
    let (given, spent) = (cac.point()?, point(&economics.cac_from_spend)?);
    if !differ(facts, given, spent) {
        return Some(None);
    }
    let factor = factor_between(given, spent);
    let reading = if factor.is_some() { "cac.period" } else { "cac" };
    let draft = FindingDraft::at(cac.whole(), reading, Severity::High)
        .with("name", Figure::Text(product.name.value.to_string()))
        .with("given", worth(given))
        .with("computed", worth(spent))
        .with("budget", Figure::Money(facts.plan.money_of(Subject::Product(at)).unwrap_or_default()))
        .with(
            "customers",
            Figure::Count(keys.new_customers.as_ref().and_then(|count| count.point()).unwrap_or_default()),
        );
    let draft = with_factor(draft, factor);
    let others = [product.budget.as_ref().map(Placed::whole), keys.new_customers.as_ref().map(Placed::whole)];
    Some(Some(beside(draft, others.into_iter().flatten())))
}

fn is_roas(facts: &Facts, at: usize) -> bool {
    facts.kpi(at).metric.is_some_and(|metric| metric.family == Family::Roas)
}

fn roas_against_cac(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Compared {
    let metric = facts.kpi(at).metric?;
    // An ACOS and an ad ROI count in other ways.
    if metric.unit != MetricUnit::Ratio || metric.name == "ad-roi" {
        return None;
    }
    let of = facts.economics_for(at)?;
    let economics = facts.economics(of)?;
    let keys = economic_keys(&facts.plan, of).filter(|keys| is_of_media(keys) && keys.cac.is_some())?;
    let is_given = |figure: &Derivation| figure.as_ref().is_ok_and(|figure| figure.origin == Origin::Given);
    let target = kpi.target_level().filter(|target| CREDIBLE_ROAS.contains(target))?;
    if !is_given(&economics.cac) || !is_given(&economics.new_share) {
        return None;
    }
    let (given, implied) = (point(&economics.cac)?, point(&economics.under_roas(target).cac)?);
    if !differ(facts, given, implied) {
        return Some(None);
    }
    let place = kpi.target.as_ref().map_or_else(|| facts.plan.place_of(Subject::Kpi(at)), |target| target.whole());
    let own_plan = !matches!(of, EconomicsOf::Extended { .. }) && facts.plan.head.extends.is_none();
    let draft = FindingDraft::at(place, "roas", Severity::High)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("target", Figure::Multiple(Interval::point(target).unwrap_or_default()))
        .with("given", worth(given))
        .with("computed", worth(implied))
        .recognised(facts.kpi(at).is_recognised());
    Some(Some(beside(draft, keys.cac.iter().filter(|_| own_plan).map(Placed::whole))))
}

/// Where a KPI stands now, or stood when the plan was made.
fn standing(kpi: &Kpi) -> Option<&Placed<Standing>> {
    kpi.actual.as_deref().or(kpi.baseline.as_ref())
}

fn ratio_against_economics(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Compared {
    facts.kpi(at).metric.filter(|metric| metric.unit == MetricUnit::Ratio)?;
    let economics = facts.economics(facts.economics_for(at)?)?;
    let given = standing(kpi)?.quantity().ratio().ok()?.middle()?;
    let computed = point(&economics.ltv_to_cac)?;
    // Whoever counts a customer for longer than we do is not wrong.
    let uncapped = point(&economics.uncapped_ltv).zip(point(&economics.cac)).map(|(ltv, cac)| ltv / cac);
    let figure = |value| Figure::Ratio(Interval::point(value).unwrap_or_default());
    compare_standing(facts, at, kpi, "ltv-cac", given, (computed, uncapped), figure, economics)
}

fn payback_against_economics(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Compared {
    let economics = facts.economics(facts.economics_for(at)?)?;
    let quantity = standing(kpi)?.quantity();
    let months = if quantity.unit == Unit::None { quantity.count() } else { quantity.time_in(TimeUnit::Month) };
    let given = months.ok()?.middle()?;
    let computed = point(&economics.payback_months)?;
    let cash = point(&economics.cash_payback_months);
    let figure = |value| Figure::Months(Interval::point(value).unwrap_or_default());
    compare_standing(facts, at, kpi, "payback", given, (computed, cash), figure, economics)
}

#[allow(clippy::too_many_arguments, reason = "one comparison, told in one place for both figures")]
fn compare_standing(
    facts: &Facts,
    at: usize,
    kpi: &Entity<Kpi>,
    reading: &'static str,
    given: f64,
    (computed, otherwise): (f64, Option<f64>),
    figure: impl Fn(f64) -> Figure,
    economics: &Economics,
) -> Compared {
    let fits = |computed: f64| !differ(facts, given, computed) || rounds_to(computed, given);
    if fits(computed) || otherwise.is_some_and(fits) {
        return Some(None);
    }
    let place = standing(kpi).map_or_else(|| facts.plan.place_of(Subject::Kpi(at)), Placed::whole);
    let draft = FindingDraft::at(place, reading, Severity::High)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("given", figure(given))
        .with("computed", figure(computed))
        .with("ltv", worth(point(&economics.ltv).unwrap_or_default()))
        .with("month", worth(point(&economics.monthly_gross_profit).unwrap_or_default()))
        .with("cac", worth(point(&economics.cac).unwrap_or_default()))
        .recognised(facts.kpi(at).is_recognised());
    Some(Some(draft))
}

/// Whether a number is another, to the decimals that the other is written with: 3 may be 3.4.
fn rounds_to(computed: f64, written: f64) -> bool {
    let step = [1.0, 0.1, 0.01, 0.001].into_iter().find(|step| {
        let steps = written / step;
        (steps - steps.round()).abs() < 1e-6
    });
    step.is_some_and(|step| (computed - written).abs() <= step / 2.0)
}

fn stages_against_flow(facts: &Facts, at: usize, funnel: &Entity<Funnel>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Funnel(at);
    let given = |(number, stage): &(usize, &Item<Box<Stage>>)| {
        let volume = stage.volume.as_ref().filter(|_| *number > 0);
        // The first stage is what its KPI's target says, unless it has a volume of its own.
        let target = stage.kpi.as_ref().filter(|_| *number > 0 || stage.volume.is_some());
        volume.is_some() || target.is_some_and(|kpi| target_of(facts, kpi).is_some())
    };
    let stages: Vec<(usize, &Item<Box<Stage>>)> = funnel.stages.iter().enumerate().filter(given).collect();
    if stages.is_empty() {
        return;
    }
    let flows = match facts.flows(at) {
        Ok(flows) => flows,
        Err(missing) => return verdicts.unknown(subject, missing.into_iter().map(|(key, of)| Need::new(key, of))),
    };
    let needed = facts.funnel_figures(at).map(|figures| figures.needed).unwrap_or_default();
    let mut drafts = Vec::new();
    for (number, stage) in stages {
        let Some(flow) = flows.get(number) else { continue };
        if let Some(volume) = stage.volume.as_ref().filter(|_| number > 0)
            && let Some(own) = volume.point()
            // With or without what comes from outside: the plan does not say which it counts.
            && differ(facts, own, flow.all)
            && differ(facts, own, flow.inside)
        {
            drafts.push(of_stage(
                "stage-volume",
                "stage-volume.period",
                Severity::High,
                volume.whole(),
                stage,
                own,
                flow.all,
            ));
        }
        if let Some(kpi) = stage.kpi.as_ref()
            && let Some(target) = target_of(facts, kpi)
            // A target below what flows in is modest, and no contradiction.
            && target > flow.all
            && differ(facts, target, flow.all)
            && (number > 0 || stage.volume.is_some())
        {
            let needed = needed.get(number).copied().flatten();
            let is_needed = needed.is_some_and(|needed| target <= needed || !differ(facts, target, needed));
            let reading = if is_needed { "stage-target.short" } else { "stage-target" };
            let draft =
                of_stage(reading, "stage-target.period", Severity::Medium, kpi.whole(), stage, target, flow.all);
            let name = facts.plan.metric(kpi).map(|kpi| facts.plan.metric_name(kpi).to_owned()).unwrap_or_default();
            drafts.push(draft.with("name", Figure::Text(name)));
        }
    }
    if drafts.is_empty() { verdicts.pass(subject) } else { verdicts.fail_all(subject, drafts) }
}

fn of_stage(
    reading: &'static str,
    of_period: &'static str,
    severity: Severity,
    place: Span,
    stage: &Stage,
    given: f64,
    flow: f64,
) -> FindingDraft {
    let factor = factor_between(given, flow);
    let draft = FindingDraft::at(place, if factor.is_some() { of_period } else { reading }, severity)
        .with("stage", Figure::Text(stage.name.value.to_string()))
        .with("given", Figure::Count(given))
        .with("computed", Figure::Count(flow));
    with_factor(draft, factor)
}

/// The count that a stage's KPI aims at in the period; of a stock, what is added to it.
fn target_of(facts: &Facts, kpi: &str) -> Option<f64> {
    let metric @ MetricRef { plan, which: GoalOrKpi::Kpi(at) } = facts.plan.metric(kpi)? else { return None };
    let kpi = facts.plan.numbered(plan)?.kpis.get(at)?;
    let target = kpi.target.as_ref()?.quantity()?;
    let counts = matches!(target.unit, Unit::None | Unit::Count(_)) || target.change.is_some();
    let level = kpi.target_level().filter(|_| counts && target.per.is_none())?;
    let metric = facts.identity(metric).metric;
    if metric.is_some_and(|metric| metric.unit != MetricUnit::Count) {
        return None;
    }
    match metric.is_some_and(|metric| metric.balance) {
        true => Some(level - kpi.baseline.as_ref()?.point()?),
        false => Some(level),
    }
}

fn with_factor(draft: FindingDraft, factor: Option<f64>) -> FindingDraft {
    match factor {
        Some(factor) => {
            let between = RULE.page().phrase(&format!("factor.{factor:.0}")).to_owned();
            draft.with("factor", Figure::Count(factor)).with("between", Figure::Text(between))
        }
        None => draft,
    }
}

fn beside(draft: FindingDraft, places: impl Iterator<Item = Span>) -> FindingDraft {
    draft.beside_each(places, RULE.page().phrase("the-other"))
}

fn worth(value: f64) -> Figure {
    Figure::Worth(Interval::point(value).unwrap_or_default())
}
