//! `ltv-cac-out-of-band`: a customer that costs more than it brings, hardly less, or far less than it might.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::economics::{BREAK_EVEN_LTV_TO_CAC, Field, FieldSet, Origin, Underivable, known};
use crate::facts::interval::Interval;
use crate::facts::roas::other_revenue;
use crate::facts::{AtStake, EconomicsOf, Facts, OwnEconomics};
use crate::plan::{PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{CAC_MOST_OFF, FEWEST_CUSTOMERS, HORIZON, LTV_TO_CAC, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template, ratio_as_shown};

use super::ceiling::{Ceilings, just_under};
use super::{is_tried, lacks_economics, of_whom};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "ltv-cac-out-of-band",
    area: Area::Economics,
    weight: Severity::Critical,
    since: 1,
    on: &["product", "plan"],
    needs: &[PlanPart::Products],
    applies: lacks_economics,
    // Room that only an LTV too high to be true would leave is told there.
    // Nor is there room where the money comes back late even now. And what a ROAS target buys is told with the target.
    yields_to: &[
        Yield::of("generous", "ltv-not-credible"),
        Yield::of("generous", "slow-payback"),
        Yield::of("loses", "roas-over-ltv-cac"),
        Yield::of("thin", "roas-over-ltv-cac"),
    ],
    settings: &[&GENEROUS],
    conventions: &[&LTV_TO_CAC, &HORIZON, &FEWEST_CUSTOMERS],
    page: LazyLock::new(|| Page::parse(include_str!("ltv_cac_out_of_band.md"))),
    check: Check::First(check),
};

static GENEROUS: Setting = Setting {
    key: "generous",
    default: 5.0,
    unit: SettingUnit::Ratio,
    least: 1.0,
    most: 1000.0,
    words: "the LTV:CAC over which there may be room to win more customers",
    source: "a practitioners' convention: well over three may mean that growth is held back",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !facts.pays_by_customer() {
        return;
    }
    let ceilings = Ceilings::new(facts);
    let bought = bought_by_roas(facts);
    for own in facts.own_economics() {
        judge(facts, &own, (&ceilings, &bought), verdicts);
    }
}

/// The ROAS targets by whose economics they are, each with the LTV:CAC that it buys at.
type Bought = HashMap<EconomicsOf, Vec<(usize, f64)>>;

/// The targets of ROAS under which a customer brings less than it should, unless they count another revenue than one payment.
fn bought_by_roas(facts: &Facts) -> Bought {
    let mut bought = Bought::new();
    let most_off = facts.settings.convention(&CAC_MOST_OFF);
    for (at, kpi) in facts.plan.kpis.iter().enumerate().filter(|(at, _)| facts.is_roas(*at)) {
        let roas = kpi
            .target_level()
            .and_then(|target| facts.as_roas(at, target))
            .filter(|roas| facts.is_credible_roas(*roas));
        let Some((roas, of)) = roas.zip(facts.economics_for(at)) else { continue };
        let Some(figures) = facts.economics(of) else { continue };
        let under = figures.under_roas(roas);
        if other_revenue(figures, &under, most_off).is_none()
            && let Some(ratio) = known(&under.ltv_to_cac)
        {
            bought.entry(of).or_default().push((at, ratio.middle()));
        }
    }
    bought
}

fn judge(facts: &Facts, own: &OwnEconomics<'_>, (ceilings, bought): (&Ceilings, &Bought), verdicts: &mut Verdicts<'_>) {
    let subject = own.subject();
    let ratio = match &own.figures.ltv_to_cac {
        Ok(ratio) => ratio.value.middle(),
        Err(Underivable::Missing(fields) | Underivable::Undefined(fields)) => {
            return verdicts.unknown(subject, Need::of_economics(*fields, own.of));
        }
        Err(Underivable::DoesNotApply) => return,
    };
    // What is given away, or sold at cost, is meant to earn elsewhere.
    if ratio <= 0.0 {
        return verdicts
            .unknown(subject, Need::of_economics(FieldSet::of(&[Field::Price, Field::GrossMargin]), own.of));
    }
    if own.rest_on_few(facts) {
        // The plan has said how many there are: only time brings more.
        return verdicts.unknown(subject, []);
    }
    match Band::of(facts, ratio) {
        Some(band) => {
            let by_roas = bought.get(&own.of).into_iter().flatten();
            // The ROAS tells it where it buys on the same side of the band.
            let told = by_roas.filter(|(_, ratio)| Band::of(facts, *ratio) == Some(band));
            let draft = draft(facts, own, band, ceilings);
            verdicts.fail(subject, told.fold(draft, |draft, (at, _)| draft.told_on(Subject::Kpi(*at))));
        }
        None => verdicts.pass(subject),
    }
}

/// On which side of the band an LTV:CAC lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Band {
    Loses,
    Thin,
    Generous,
}

impl Band {
    fn of(facts: &Facts, ratio: f64) -> Option<Self> {
        let ratio = ratio_as_shown(ratio);
        if ratio < BREAK_EVEN_LTV_TO_CAC {
            Some(Self::Loses)
        } else if facts.buys_once() {
            // Where customers buy once, the band says nothing: what is left of the order is what counts.
            None
        } else if ratio < facts.settings.convention(&LTV_TO_CAC) {
            Some(Self::Thin)
        } else {
            (ratio > facts.settings.threshold(RULE.name, &GENEROUS)).then_some(Self::Generous)
        }
    }

    fn reading(self, buys_once: bool) -> &'static str {
        match self {
            Self::Loses if buys_once => "loses.once",
            Self::Loses => "loses",
            Self::Thin => "thin",
            Self::Generous => "generous",
        }
    }

    /// While something is being tried, its money buys knowledge as well as customers.
    fn severity(self, is_tried: bool) -> Severity {
        match (self, is_tried) {
            (Self::Loses, false) => Severity::Critical,
            (Self::Loses, true) => Severity::High,
            (Self::Thin, false) => Severity::Medium,
            (Self::Thin, true) | (Self::Generous, _) => Severity::Note,
        }
    }
}

fn draft(facts: &Facts, own: &OwnEconomics<'_>, band: Band, ceilings: &Ceilings) -> FindingDraft {
    let figures = own.figures;
    let (ltv, cac) = (known(&figures.ltv).unwrap_or_default(), known(&figures.cac).unwrap_or_default());
    let wanted = facts.settings.convention(&LTV_TO_CAC);
    // Where customers buy once, what is left of the order is as much as one may cost.
    let cap = just_under(ltv.middle() / if facts.buys_once() { BREAK_EVEN_LTV_TO_CAC } else { wanted });
    let customer = of_whom(RULE.page(), ["customer.product", "customer.plan"], facts, own);
    let name = of_whom(RULE.page(), ["cap.product", "cap.plan"], facts, own);
    let mut draft =
        FindingDraft::at(own.place(facts), band.reading(facts.buys_once()), band.severity(is_tried(facts, own)))
            .with("customer", Figure::Text(customer))
            .with("cac", Figure::Worth(cac))
            .with("ltv", Figure::Worth(ltv))
            .with("basis", Figure::Text(basis(facts, own)))
            .with("ratio", Figure::Ratio(known(&figures.ltv_to_cac).unwrap_or_default()))
            .with("loss", Figure::Worth(cac.minus(ltv).unwrap_or_default()))
            .with("wanted", Figure::Text(LTV_TO_CAC.unit.show(wanted)))
            .with("cap", Figure::Worth(Interval::at(cap)))
            .at_stake(at_stake(facts, own, band))
            .reframe((cap > 0.0).then(|| ceilings.at(facts, own, &name, cap)), false);
    for (place, phrase) in sources(own) {
        draft = draft.beside(place, RULE.page().phrase(phrase));
    }
    draft
}

/// What a lifetime value rests on, in words.
fn basis(facts: &Facts, own: &OwnEconomics<'_>) -> String {
    let horizon = facts.settings.convention(&HORIZON);
    let share = |share: f64| Figure::Gain(share);
    let churn = own.keys.monthly_churn.as_ref().and_then(|churn| churn.point()).unwrap_or_default();
    let months = own.keys.lifetime.as_ref().and_then(|life| life.months()).unwrap_or_default().min(horizon);
    let orders = own.keys.orders_per_customer.as_ref().and_then(|orders| orders.point()).unwrap_or_default();
    let phrase = match own.figures.ltv.as_ref().map(|ltv| ltv.origin) {
        Ok(Origin::FromChurn) => "basis.churn",
        Ok(Origin::FromLifetime) => "basis.lifetime",
        Ok(Origin::FromOrders) => "basis.orders",
        Ok(Origin::FromOneOrder) => "basis.one-order",
        _ => "basis.given",
    };
    Template(RULE.page().phrase(phrase)).fill(&[
        ("horizon", Figure::Text(HORIZON.unit.show(horizon))),
        ("churn", share(churn)),
        ("months", Figure::Count(months)),
        ("orders", Figure::Count(orders)),
    ])
}

/// Where the figures behind the ratio stand, with a phrase each.
fn sources(own: &OwnEconomics<'_>) -> impl Iterator<Item = (crate::source::Span, &'static str)> {
    let keys = own.keys;
    let cost = keys.cac.as_ref().map(|cac| cac.whole());
    let cost = cost.or_else(|| keys.new_customers.as_ref().map(|customers| customers.whole()));
    let worth = keys.ltv.as_ref().map(|ltv| ltv.whole());
    let worth = worth.or_else(|| keys.price.as_ref().map(|price| price.whole()));
    cost.map(|place| (place, "cost")).into_iter().chain(worth.map(|place| (place, "worth")))
}

fn at_stake(facts: &Facts, own: &OwnEconomics<'_>, band: Band) -> Option<AtStake> {
    let subject = own.subject();
    let amount = facts.plan.money_of(subject).filter(|amount| *amount > 0.0 && band == Band::Loses)?;
    Some(AtStake::of_one(subject, amount, RULE.page().phrase("at-stake")))
}
