//! `below-viable-budget`: money in advertising auctions that buys too little for them to learn from.

use std::sync::LazyLock;

use hashbrown::HashSet;

use crate::facts::{AtStake, Conversion, CostOf, Facts, Reach, Unpriced, bought_a_week};
use crate::plan::period::Period;
use crate::plan::{Initiative, OneOrMany, Placed, PlanPart, Subject, Text};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{CONVERSIONS_A_WEEK, NEW_SHARE_LEAST};
use crate::severity::Severity;
use crate::wording::Figure;

use super::{Winning, recount, with_budget};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "below-viable-budget",
    area: Area::Budget,
    weight: Severity::Medium,
    since: 1,
    on: &["product", "initiative"],
    needs: &[],
    applies: may_buy_in_auctions,
    yields_to: &[],
    settings: &[],
    conventions: &[&CONVERSIONS_A_WEEK, &NEW_SHARE_LEAST],
    page: LazyLock::new(|| Page::parse(include_str!("below_viable_budget.md"))),
    check: Check::First(check),
};

/// Whether some money goes to auctions, or may for all that the plan says.
fn may_buy_in_auctions(facts: &Facts) -> bool {
    let may = |channels| Reach::of(channels) != Some(Reach::Others);
    let products = &facts.plan.products;
    products.is_empty() && facts.plan.lacks(PlanPart::Initiatives)
        || products.iter().any(|product| may(product.channels.as_ref()))
        || facts.plan.initiatives.iter().any(|initiative| may(initiative.channels.as_ref()))
}

/// Money in auctions, and the time for which it is meant.
struct Spend<'p> {
    subject: Subject,
    money: f64,
    months: f64,
    channels: &'p Placed<OneOrMany<Text>>,
    /// What of the stated total is given to nothing of the kind.
    room: f64,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let small = judge_products(facts, verdicts);
    judge_initiatives(facts, &small, verdicts);
}

/// What of the stated total is given to nothing, where so much is given.
fn room(facts: &Facts, given: Option<f64>) -> f64 {
    given.map_or(0.0, |given| facts.plan.stated_budget().unwrap_or_default() - given)
}

/// Gives the products with too little.
fn judge_products(facts: &Facts, verdicts: &mut Verdicts<'_>) -> HashSet<usize> {
    let plan = &facts.plan;
    let room = room(facts, plan.products.iter().map(|product| product.budget.as_ref()?.point()).sum());
    let mut small = HashSet::new();
    for (at, product) in plan.products.iter().enumerate() {
        let subject = Subject::Product(at);
        let Some(budget) = &product.budget else { continue };
        let channels = product.channels.as_ref();
        let Some((channels, money)) = in_auctions(subject, channels, budget.point(), verdicts) else { continue };
        let Some(period) = &plan.head.period else {
            verdicts.unknown(subject, [Need::new("period", Subject::Plan)]);
            continue;
        };
        let spend = Spend { subject, money, months: period.months(), channels, room };
        if judge(facts, &spend, facts.conversion_of_product(at), verdicts) {
            small.insert(at);
        }
    }
    small
}

/// What an initiative spends for a small product is that product's money, of which the same was said.
fn judge_initiatives(facts: &Facts, small: &HashSet<usize>, verdicts: &mut Verdicts<'_>) {
    let plan = &facts.plan;
    let ahead = plan.initiatives.iter().enumerate().filter(|(_, initiative)| initiative.is_ahead());
    let room = room(facts, ahead.clone().map(|(_, initiative)| initiative.money_ahead()).sum());
    for (at, initiative) in ahead {
        let mut served = plan.served_by(initiative).into_iter().filter_map(|metric| facts.product_of_metric(metric));
        if served.any(|product| small.contains(&product)) {
            continue;
        }
        let Some(conversion) = facts.conversion_of_initiative(initiative) else { continue };
        let subject = Subject::Initiative(at);
        let Some(budget) = &initiative.budget else { continue };
        let channels = initiative.channels.as_ref();
        let Some((channels, money)) = in_auctions(subject, channels, budget.point(), verdicts) else { continue };
        let Some(months) = months(facts, initiative) else {
            verdicts.unknown(subject, ["start", "end"].map(|key| Need::new(key, subject)));
            continue;
        };
        judge(facts, &Spend { subject, money, months, channels, room }, conversion, verdicts);
    }
}

/// The channels and the money of what lives on auctions alone.
fn in_auctions<'p>(
    subject: Subject,
    channels: Option<&'p Placed<OneOrMany<Text>>>,
    money: Option<f64>,
    verdicts: &mut Verdicts<'_>,
) -> Option<(&'p Placed<OneOrMany<Text>>, f64)> {
    let channels = channels?;
    match (Reach::of(Some(channels))?, money) {
        (Reach::Others, _) => None,
        (_, Some(money)) if money <= 0.0 => None,
        (Reach::Mixed, _) => {
            verdicts.unknown(subject, [Need::new("channels", subject)]);
            None
        }
        (Reach::Auctions, Some(money)) => Some((channels, money)),
        (Reach::Auctions, None) => {
            verdicts.unknown(subject, [Need::new("budget", subject)]);
            None
        }
    }
}

/// How long an initiative lasts: from its start to its end, those of the period where it gives none.
fn months(facts: &Facts, initiative: &Initiative) -> Option<f64> {
    let period = facts.plan.head.period.as_ref();
    let start = initiative.start.as_ref().map(|start| start.value).or(period.map(|period| period.start))?;
    let end = initiative.end.as_ref().map(|end| end.value).or(period.map(|period| period.end))?;
    Period::parse(&format!("{start}..{end}")).ok().map(|time| time.months()).filter(|months| *months > 0.0)
}

/// Whether the money is too little even at the least that a conversion may cost.
fn judge(
    facts: &Facts,
    spend: &Spend<'_>,
    conversion: Result<Conversion, Unpriced>,
    verdicts: &mut Verdicts<'_>,
) -> bool {
    let subject = spend.subject;
    let conversion = match conversion {
        Ok(conversion) => conversion,
        Err(Unpriced::Nothing) => return false,
        Err(unpriced) => {
            verdicts.unknown(subject, needs(unpriced));
            return false;
        }
    };
    let monthly = spend.money / spend.months;
    if monthly < facts.viable_a_month(conversion.cost.low()) {
        verdicts.fail(subject, draft(facts, spend, conversion));
        return true;
    }
    match conversion.of {
        CostOf::Cac(product) if monthly < facts.viable_a_month(conversion.cost.high()) => {
            verdicts.unknown(subject, [Need::new("new_share", Subject::Product(product))]);
        }
        _ => verdicts.pass(subject),
    }
    false
}

fn needs(unpriced: Unpriced) -> Vec<Need> {
    match unpriced {
        Unpriced::UnitCost(kpi) => vec![Need::new("unit_cost", Subject::Kpi(kpi))],
        Unpriced::Product(kpi) => vec![Need::new("product", Subject::Kpi(kpi))],
        Unpriced::Cac(product) => vec![Need::new("cac", Subject::Product(product))],
        Unpriced::Nothing => Vec::new(),
    }
}

fn draft(facts: &Facts, spend: &Spend<'_>, conversion: Conversion) -> FindingDraft {
    let cost = conversion.cost.low();
    let (monthly, minimum) = (spend.money / spend.months, facts.viable_a_month(cost));
    let (reading, kpi) = match conversion.of {
        CostOf::Kpi(at) => ("unit-cost", facts.plan.name_of(Subject::Kpi(at))),
        CostOf::Cac(_) if conversion.cost.is_point() => ("cac", ""),
        CostOf::Cac(_) => ("cac-at-least", ""),
    };
    let concern = RULE.page().phrase("at-stake");
    let raised = match spend.subject {
        Subject::Product(at) => Some((at, reframe::rounded_up(minimum * spend.months))),
        _ => None,
    };
    FindingDraft::at(spend.channels.whole(), reading, RULE.weight)
        .with("name", Figure::Text(facts.plan.name_of(spend.subject).to_owned()))
        .with("channels", Figure::Names(spend.channels.iter().map(|channel| channel.value.to_string()).collect()))
        .with("monthly", Figure::Money(whole(monthly)))
        .with("kpi", Figure::Text(kpi.to_owned()))
        .with("cost", Figure::Money(cost))
        .with("new_share", Figure::Share(facts.settings.convention(&NEW_SHARE_LEAST)))
        .with("bought", Figure::Count(bought_a_week(monthly, cost)))
        .with("wanted", Figure::Count(facts.settings.convention(&CONVERSIONS_A_WEEK)))
        .with("minimum", Figure::Money(whole(minimum)))
        .at_stake(Some(AtStake::of_one(spend.subject, spend.money, concern)))
        .with("recount", raised.map_or_else(|| Figure::Text(String::new()), |to| recount(facts, RULE.page(), [to])))
        .reframe(reframe(facts, spend, minimum), false)
}

/// A derived amount without its cents, which would say more than is known.
fn whole(money: f64) -> f64 {
    money.round().max(1.0)
}

/// The smallest budget that works, where the stated total has room for it.
fn reframe(facts: &Facts, spend: &Spend<'_>, minimum: f64) -> Option<String> {
    let budget = reframe::rounded_up(minimum * spend.months);
    let (list, fields) = match spend.subject {
        Subject::Product(at) => ("products", with_budget(facts, at, budget, Winning::AtTheSameCost)),
        subject => {
            let fields = Fields::of(&facts.plan, subject);
            ("initiatives", fields.text("budget", reframe::amount(budget)))
        }
    };
    (budget - spend.money <= spend.room).then(|| reframe::list(list, vec![fields]))
}
