//! `spread-thin`: money spread over all products, instead of the one or two that open the door.

use std::sync::LazyLock;

use crate::facts::allocation::Proposal;
use crate::facts::economics::BREAK_EVEN_LTV_TO_CAC;
use crate::facts::interval::Interval;
use crate::facts::{AtStake, Facts, Share, Split, is_product};
use crate::plan::{Doubt, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe;
use crate::rules::verdict::{FindingDraft, Need, NewBudgets, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{
    CONVERSIONS_A_WEEK, EXPLORE_SHARE, FEWEST_CUSTOMERS, LEADING_SHARE, MOST_GROWTH, RETURNS_POWER, Setting,
    SettingUnit,
};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

use super::spread::{self, ALIKE, EVEN, FEWEST_PRODUCTS, LOSING, REGRET, Spread};
use super::{Winning, recount, with_budget};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: spread::RULE_NAME,
    area: Area::Budget,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Products],
    applies: is_spread,
    // Much money on a product in doubt is told of that product.
    yields_to: &[Yield::of("all-eggs", "unready-product")],
    settings: &[&FEWEST_PRODUCTS, &EVEN, &LOSING, &REGRET, &ALIKE, &ALL_EGGS],
    conventions: &[
        &LEADING_SHARE,
        &RETURNS_POWER,
        &FEWEST_CUSTOMERS,
        &EXPLORE_SHARE,
        &MOST_GROWTH,
        &CONVERSIONS_A_WEEK,
    ],
    page: LazyLock::new(|| Page::parse(include_str!("spread_thin.md"))),
    check: Check::First(check),
};

static ALL_EGGS: Setting = Setting {
    key: "all_eggs",
    default: 0.90,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share over which a product whose fit is in doubt holds all eggs",
    source: "a convention",
};

/// Fewer products are a choice, not a spread.
fn is_spread(facts: &Facts) -> bool {
    facts.plan.products.is_empty() || spread::has_several(facts, facts.split())
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let split = facts.split();
    let products = facts.plan.products.iter().filter(|product| is_product(product)).count();
    if products < 2 || split.funded.is_empty() && split.unclear.is_empty() {
        return;
    }
    if !split.unclear.is_empty() {
        return verdicts
            .unknown(Subject::Plan, split.unclear.iter().map(|at| Need::new("budget", Subject::Product(*at))));
    }
    let several = spread::has_several(facts, split);
    let spread = Spread::of(facts, split).filter(|_| several);
    let egg = split.funded.iter().find(|share| is_all_eggs(facts, share));
    match (spread, egg) {
        (Some(spread), _) if spread.is_told() => verdicts.fail(Subject::Plan, draft(facts, split, spread)),
        (_, Some(egg)) => verdicts.fail(Subject::Plan, all_eggs(facts, split, egg)),
        (Some(spread), None) => verdicts.partial(Subject::Plan, 1.0, draft(facts, split, spread)),
        (None, None) if several => verdicts.pass(Subject::Plan),
        // Fewer products are a choice, not a spread: there is nothing to judge.
        (None, None) => {}
    }
}

fn is_all_eggs(facts: &Facts, share: &Share) -> bool {
    let doubts = facts.plan.products.get(share.product).and_then(|product| product.doubts.as_ref());
    let fit = doubts.is_some_and(|doubts| doubts.iter().any(|doubt| doubt.value == Doubt::Fit));
    fit && share.share > facts.settings.threshold(RULE.name, &ALL_EGGS)
}

fn all_eggs(facts: &Facts, split: &Split, egg: &Share) -> FindingDraft {
    let place = facts.plan.products.get(egg.product).and_then(|product| product.doubts.as_ref());
    FindingDraft::at(
        place.map_or(facts.plan.place_of(Subject::Product(egg.product)), |doubts| doubts.whole()),
        "all-eggs",
        Severity::Low,
    )
    .with("product", Figure::Text(name(facts, egg.product)))
    .with("share", Figure::Share(egg.share))
    .with("total", Figure::Money(split.total))
    .told_on(Subject::Product(egg.product))
}

fn draft(facts: &Facts, split: &Split, spread: Spread) -> FindingDraft {
    let reading = spread.reading();
    let (low, high) = spread::ratios(split).unwrap_or_default();
    let with_ratio = |wanted: f64| split.funded.iter().find(|share| share.ltv_to_cac == Some(wanted));
    let named = |share: Option<&Share>| Figure::Text(share.map(|share| name(facts, share.product)).unwrap_or_default());
    let losing: Vec<&Share> = split
        .funded
        .iter()
        .filter(|share| share.ltv_to_cac.is_some_and(|ratio| ratio < BREAK_EVEN_LTV_TO_CAC))
        .collect();
    let lost: f64 = losing.iter().map(|share| share.money).sum();
    let most = split.funded.iter().map(|share| share.share).fold(0.0, f64::max);
    let proposal = split.proposal(facts).filter(|_| spread.is_told());
    let raised = proposal.as_ref().map(|proposal| raised(facts, split, proposal)).unwrap_or_default();
    let place = facts.plan.place_of_parts(&[PlanPart::Products]);
    let mut draft = FindingDraft::at(place, reading, spread.severity())
        .with("n", Figure::Count(split.funded.len() as f64))
        .with("known", Figure::Count(split.funded.iter().filter(|share| share.ltv_to_cac.is_some()).count() as f64))
        .with("total", Figure::Money(split.total))
        .with("evenness", Figure::Index(split.evenness.unwrap_or_default()))
        .with("most", Figure::Share(most))
        .with("low", Figure::Ratio(Interval::at(low)))
        .with("high", Figure::Ratio(Interval::at(high)))
        .with("best", named(with_ratio(high)))
        .with("worst", named(with_ratio(low)))
        .with("lost", Figure::Money(lost))
        .with("lost_share", Figure::Share(if split.total > 0.0 { lost / split.total } else { 0.0 }))
        .with("losing", Figure::Names(losing.iter().map(|share| name(facts, share.product)).collect()))
        .with("regret", Figure::Gain(split.regret.unwrap_or_default()))
        .with("regret_money", Figure::Money(split.regret_money.unwrap_or_default()))
        .with("power", Figure::Multiple(Interval::at(facts.settings.convention(&RETURNS_POWER))))
        .with("openers", Figure::Names(raised))
        .at_stake(at_stake(split, reading, &losing, lost));
    if let Some(proposal) = &proposal {
        let budgets = split.funded.iter().zip(&proposal.lines).map(|(share, line)| (share.product, line.proposed));
        draft = draft.with("recount", recount(facts, RULE.page(), budgets));
    }
    if let Some(gain) = proposal.as_ref().and_then(|proposal| proposal.gain) {
        draft = draft.with("gain", Figure::Gain(gain));
    }
    let telling = split.funded.iter().filter(|share| {
        share.ltv_to_cac.is_some_and(|ratio| {
            ratio == high
                || (reading == "losing" && ratio < BREAK_EVEN_LTV_TO_CAC)
                || (reading == "regret" && ratio == low)
        })
    });
    for share in telling.take(PLACES_SHOWN) {
        let budget = facts.plan.products.get(share.product).and_then(|product| product.budget.as_ref());
        if let Some(budget) = budget {
            let ratio = Interval::at(share.ltv_to_cac.unwrap_or_default());
            let figures = [("share", Figure::Share(share.share)), ("ratio", Figure::Ratio(ratio))];
            let label = Template(RULE.page().phrase("share")).fill(&figures);
            draft = draft.beside(budget.whole(), label);
        }
    }
    let yaml = proposal.as_ref().map(|proposal| proposed(facts, split, proposal));
    let products = split.funded.iter().map(|share| share.product).collect();
    draft.reframe(yaml, false).new_budgets(proposal.map(|proposal| NewBudgets { products, proposal }))
}

/// Products whose money is shown beside the finding: nobody reads further.
const PLACES_SHOWN: usize = 20;

/// The money of the products that lose; else what another split would gain.
fn at_stake(split: &Split, reading: &str, losing: &[&Share], lost: f64) -> Option<AtStake> {
    match reading {
        "losing" => {
            let of = losing.iter().map(|share| Subject::Product(share.product)).collect();
            Some(AtStake { amount: lost, of, concern: RULE.page().phrase("at-stake.losing") })
        }
        "regret" => {
            let concern = RULE.page().phrase("at-stake.regret");
            Some(AtStake::of_one(Subject::Plan, split.regret_money?, concern))
        }
        _ => None,
    }
}

/// The products that get more in a proposal.
fn raised(facts: &Facts, split: &Split, proposal: &Proposal) -> Vec<String> {
    let lines = split.funded.iter().zip(&proposal.lines);
    lines.filter(|(_, line)| line.proposed > line.today).map(|(share, _)| name(facts, share.product)).collect()
}

/// The proposed budgets as plan YAML, with what the plan says of when and through what each is sold.
fn proposed(facts: &Facts, split: &Split, proposal: &Proposal) -> String {
    let parts = split.funded.iter().zip(&proposal.lines).filter_map(|(share, line)| {
        let product = facts.plan.products.get(share.product)?;
        let after = product.sold_after.as_ref().map(|after| after.value.to_string());
        let through = product.sold_through.iter().flat_map(|paths| paths.iter()).map(|path| path.word().to_owned());
        let fields = with_budget(facts, share.product, line.proposed, Winning::WithReturns).maybe("sold_after", after);
        Some(fields.words("sold_through", through.collect()))
    });
    reframe::list("products", parts.collect())
}

fn name(facts: &Facts, product: usize) -> String {
    facts.plan.name_of(Subject::Product(product)).to_owned()
}
