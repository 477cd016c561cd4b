//! `ltv-not-credible`: a lifetime value that rests on customers who never leave, or on revenue instead of what is left of it.

use std::sync::LazyLock;

use crate::facts::economics::{Field, FieldSet, Lasting, Underivable, exceeds, known};
use crate::facts::interval::Interval;
use crate::facts::{Facts, OwnEconomics};
use crate::plan::PlanPart;
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{HORIZON, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

use super::{lacks_economics, of_whom, written};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "ltv-not-credible",
    area: Area::Economics,
    weight: Severity::High,
    since: 1,
    on: &["product", "plan"],
    needs: &[PlanPart::Products],
    applies: lacks_economics,
    yields_to: &[],
    settings: &[&TOO_HIGH, &LIKE_REVENUE],
    conventions: &[&HORIZON],
    page: LazyLock::new(|| Page::parse(include_str!("ltv_not_credible.md"))),
    check: Check::First(check),
};

static TOO_HIGH: Setting = Setting {
    key: "too_high",
    default: 0.15,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "how far a given LTV may be over what price, margin and the time that customers stay give without any horizon",
    source: "a convention: less may be rounding, or a price that has moved since",
};

static LIKE_REVENUE: Setting = Setting {
    key: "like_revenue",
    default: 0.05,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 0.5,
    words: "how near to a customer's whole revenue a given LTV is taken for it",
    source: "a convention: near enough for rounded figures",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if facts.pays_by_customer() {
        for own in facts.own_economics() {
            judge(facts, &own, verdicts);
        }
    }
}

fn judge(facts: &Facts, own: &OwnEconomics<'_>, verdicts: &mut Verdicts<'_>) {
    let subject = own.subject();
    let drafts: Vec<FindingDraft> = [endless(facts, own), inflated(facts, own)].into_iter().flatten().collect();
    if !drafts.is_empty() {
        return verdicts.fail_all(subject, drafts);
    }
    match &own.figures.uncapped_ltv {
        Err(Underivable::Missing(fields) | Underivable::Undefined(fields)) => {
            verdicts.unknown(subject, Need::of_economics(*fields, own.of));
        }
        Err(Underivable::DoesNotApply) => {}
        // An amount that can be read in two ways is no LTV to compare with.
        Ok(_) if own.keys.ltv.as_ref().is_some_and(|ltv| ltv.point().is_none()) => {
            verdicts.unknown(subject, [Need::new("ltv", subject)]);
        }
        // Nor is there anything to compare with where price or margin are nothing.
        Ok(computed) if own.keys.ltv.is_some() && computed.value.high() <= 0.0 => {
            verdicts.unknown(subject, Need::of_economics(FieldSet::of(&[Field::Price, Field::GrossMargin]), own.of));
        }
        Ok(_) => verdicts.pass(subject),
    }
}

/// Customers who never leave, or stay longer than anybody can count on.
fn endless(facts: &Facts, own: &OwnEconomics<'_>) -> Option<FindingDraft> {
    let horizon = facts.settings.convention(&HORIZON);
    let (reading, place, months) = match own.figures.lasting()? {
        Lasting::MonthlyChurn(0.0) => ("no-churn", own.keys.monthly_churn.as_ref()?.whole(), 0.0),
        Lasting::LifetimeMonths(months) if months > horizon => {
            ("long-life", own.keys.lifetime.as_ref()?.whole(), months)
        }
        _ => return None,
    };
    let of_whom = of_whom(RULE.page(), ["whose.product", "whose.plan"], facts, own);
    let draft = FindingDraft::at(place, reading, Severity::High)
        .with("whose", Figure::Text(of_whom))
        .with("horizon", Figure::Text(HORIZON.unit.show(horizon)))
        .with("months", Figure::Count(months));
    let shortened = || written(facts, own, |fields| fields.text("lifetime", HORIZON.unit.show(horizon)));
    Some(draft.reframe((reading == "long-life").then(shortened), false))
}

/// A given LTV well over what the plan's own figures give, whatever the horizon.
fn inflated(facts: &Facts, own: &OwnEconomics<'_>) -> Option<FindingDraft> {
    let keys = own.keys;
    let given = keys.ltv.as_ref()?;
    let (amount, margin) = (given.point()?, keys.gross_margin.as_ref()?.point()?);
    let computed = known(&own.figures.uncapped_ltv)?.middle();
    if computed <= 0.0 || !exceeds(amount, computed * (1.0 + facts.settings.threshold(RULE.name, &TOO_HIGH))) {
        return None;
    }
    let cac = known(&own.figures.cac).map(Interval::middle).filter(|cac| *cac > 0.0);
    let reading = match (is_like_revenue(facts, amount, computed / margin), cac.is_some()) {
        (true, true) => "revenue.of-cac",
        (true, false) => "revenue",
        (false, true) => "too-high.of-cac",
        (false, false) => "too-high",
    };
    let to_count = known(&own.figures.derived_ltv)?.middle();
    let lasting = match own.figures.lasting()? {
        Lasting::MonthlyChurn(_) => "lasting.churn",
        Lasting::LifetimeMonths(_) => "lasting.lifetime",
        Lasting::Orders(_) => "lasting.orders",
    };
    let page = RULE.page();
    let worth = |amount: f64| Figure::Worth(Interval::at(amount));
    let ratio = |ltv: f64| Figure::Ratio(Interval::at(ltv / cac.unwrap_or(1.0)));
    let draft = FindingDraft::at(given.whole(), reading, Severity::High)
        .with("whose", Figure::Text(of_whom(page, ["whose.product", "whose.plan"], facts, own)))
        .with("given", worth(amount))
        .with("computed", worth(computed))
        .with("limited", Figure::Text(limited(facts, to_count, computed)))
        .with("over", Figure::Share(amount / computed - 1.0))
        .with("margin", Figure::Share(margin))
        .with("lasting", Figure::Text(page.phrase(lasting).to_owned()))
        .with("ratio_given", ratio(amount))
        .with("ratio", ratio(to_count))
        .reframe(Some(written(facts, own, |fields| fields.text("ltv", format!("{to_count:.0}")))), false);
    let margin = keys.gross_margin.as_ref().map(|margin| (margin.whole(), page.phrase("margin")));
    Some(margin.into_iter().fold(draft, |draft, (place, label)| draft.beside(place, label)))
}

fn is_like_revenue(facts: &Facts, amount: f64, revenue: f64) -> bool {
    !exceeds((amount / revenue - 1.0).abs(), facts.settings.threshold(RULE.name, &LIKE_REVENUE))
}

/// That months are cut at the horizon, where they are; orders are counted whole.
fn limited(facts: &Facts, to_count: f64, computed: f64) -> String {
    if to_count >= computed {
        return String::new();
    }
    let horizon = Figure::Text(HORIZON.unit.show(facts.settings.convention(&HORIZON)));
    let figures = [("to_count", Figure::Worth(Interval::at(to_count))), ("horizon", horizon)];
    format!(" {}", Template(RULE.page().phrase("limited")).fill(&figures))
}
