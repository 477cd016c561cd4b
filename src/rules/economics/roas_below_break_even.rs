//! `roas-below-break-even`: a ROAS target at which the first order loses, and what comes later does not make up for it.

use std::sync::LazyLock;

use crate::facts::economics::{Economics, Field, Origin, known};
use crate::facts::interval::Interval;
use crate::facts::roas::{FirstOrder, Loss, first_order};
use crate::facts::{EconomicsOf, Facts, Purse, economic_keys};
use crate::plan::{Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{CAC_MOST_OFF, HORIZON, LTV_TO_CAC, NEW_SHARE_LEAST};
use crate::severity::Severity;
use crate::source::Span;
use crate::wording::{Figure, as_shown};

use super::at_roas;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "roas-below-break-even",
    area: Area::Economics,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: could_be_judged,
    yields_to: &[Yield::to("roas-over-ltv-cac")],
    settings: &[],
    conventions: &[&LTV_TO_CAC, &HORIZON, &NEW_SHARE_LEAST, &CAC_MOST_OFF],
    page: LazyLock::new(|| Page::parse(include_str!("roas_below_break_even.md"))),
    check: Check::First(check),
};

/// A plan that is steered by no ROAS needs no judgement; one without KPIs, or with names that nobody knows, may be.
fn could_be_judged(facts: &Facts) -> bool {
    let nameless = || facts.judged_kpis().any(|at| facts.kpi(at).kind.is_none());
    facts.pays_by_customer() && (facts.plan.kpis.is_empty() || nameless())
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        if facts.is_roas(at) && Plan::role(kpi) != Role::Diagnostic && facts.pays_by_customer() {
            judge(facts, at, kpi, verdicts);
        }
    }
}

fn judge(facts: &Facts, at: usize, kpi: &Entity<Kpi>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    // Bought at a loss on purpose: the plan says when it will have been paid back.
    if kpi.payback.is_some() {
        return verdicts.pass(subject);
    }
    let Some(level) = kpi.target_level() else {
        return verdicts.unknown(subject, [Need::new(Field::Target.key(), subject)]);
    };
    // An ad ROI counts in several ways: nothing follows from it.
    let Some(roas) = facts.as_roas(at, level) else { return };
    if !facts.is_credible_roas(roas) {
        return verdicts.unknown(subject, [Need::new(Field::Target.key(), subject)]);
    }
    let found = facts.economics_for(at).and_then(|of| Some((of, facts.economics(of)?)));
    let Some((of, figures)) = found else {
        // Either would say what is left of a sale.
        let several = facts.plan.products.len() > 1;
        let need = if several { Need::new("product", subject) } else { Need::new("gross_margin", Subject::Plan) };
        return verdicts.unknown(subject, [need]);
    };
    let most_off = facts.settings.convention(&CAC_MOST_OFF);
    match first_order(figures, roas, facts.buys_once(), most_off) {
        FirstOrder::Covered => verdicts.pass(subject),
        FirstOrder::Unknown(fields) => verdicts.unknown(subject, Need::of_economics(fields, of)),
        FirstOrder::OfOtherRevenue => {}
        FirstOrder::Loses(loss) => match severity(kpi, figures, loss) {
            Some(severity) => verdicts.fail(subject, draft(facts, at, kpi, (of, figures), roas, loss, severity)),
            None => verdicts.pass(subject),
        },
    }
}

/// A floor lies under what is aimed at: only one that lets each customer lose is worth more than a note, which
/// roas-over-ltv-cac gives.
fn severity(kpi: &Entity<Kpi>, figures: &Economics, loss: Loss) -> Option<Severity> {
    let assumed = figures.new_share.as_ref().is_ok_and(|share| share.origin == Origin::Assumed);
    match (Plan::role(kpi), loss) {
        (Role::Guardrail, Loss::TooLittle) => None,
        (Role::Guardrail, _) => Some(Severity::Medium),
        (_, Loss::OneOrder) => Some(Severity::High),
        _ if assumed => Some(Severity::Medium),
        _ => Some(Severity::High),
    }
}

fn draft(
    facts: &Facts,
    at: usize,
    kpi: &Entity<Kpi>,
    (of, figures): (EconomicsOf, &Economics),
    roas: f64,
    loss: Loss,
    severity: Severity,
) -> FindingDraft {
    let page = RULE.page();
    let under = figures.under_roas(roas);
    let break_even = known(&figures.break_even_roas).unwrap_or_default();
    let floor = known(&figures.roas_floor).filter(|floor| floor.is_point());
    let (reading, floor) = match loss {
        Loss::OneOrder => ("one-order", Some(break_even)),
        Loss::Never => ("never", floor),
        Loss::TooLittle if floor.is_some() => ("too-little", floor),
        Loss::TooLittle => ("too-little.range", None),
    };
    let back = as_shown(100.0 * roas / break_even.middle(), 1);
    let first = if figures.monthly_gross_profit.is_ok() { "first.payment" } else { "first.order" };
    let place = kpi.target.as_ref().map_or(kpi.place, |target| target.whole());
    let raised = floor.map(|floor| reframe::list("kpis", vec![at_roas(facts, at, None, Some(floor.middle()))]));
    let draft = FindingDraft::at(place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("target", Figure::Multiple(Interval::at(roas)))
        .with("break_even", Figure::Multiple(break_even))
        .with("margin", Figure::Share(1.0 / break_even.middle()))
        .with("back", Figure::Money(back))
        .with("lost", Figure::Money(100.0 - back))
        .with("first", Figure::Text(page.phrase(first).to_owned()))
        .with("cac", Figure::Worth(known(&under.cac).unwrap_or_default()))
        .with("ltv", Figure::Worth(known(&figures.ltv).unwrap_or_default()))
        .with("ratio", Figure::Ratio(known(&under.ltv_to_cac).unwrap_or_default()))
        .with("wanted", Figure::Text(LTV_TO_CAC.unit.show(facts.settings.convention(&LTV_TO_CAC))))
        .with("floor", Figure::Multiple(floor.unwrap_or_default()))
        .at_stake(Purse::behind(facts, at, page.phrase("at-stake")))
        .recognised(facts.kpi(at).is_recognised())
        .reframe(raised, false);
    draft.beside_each(margin_of(facts, of), page.phrase("margin"))
}

/// Where the margin stands, in the plan itself.
fn margin_of(facts: &Facts, of: EconomicsOf) -> Option<Span> {
    let own = match of {
        EconomicsOf::Plan => facts.plan.head.economics.is_some(),
        EconomicsOf::Product(_) => true,
        EconomicsOf::Extended { .. } => false,
    };
    let keys = economic_keys(&facts.plan, of).filter(|_| own)?;
    keys.gross_margin.as_ref().map(|margin| margin.whole())
}
