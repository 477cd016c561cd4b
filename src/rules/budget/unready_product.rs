//! `unready-product`: much of the money on a product about which something is not settled yet.

use std::sync::LazyLock;

use crate::facts::allocation::{Line, Proposal};
use crate::facts::{AtStake, Facts, Share, Split, is_product};
use crate::plan::{Doubt, PlanPart, Product, ProductStage, Subject};
use crate::rules::page::Page;
use crate::rules::reframe;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{MOST_GROWTH, RETURNS_POWER, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

use super::spread::proposed_split;
use super::{Winning, recount, with_budget};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unready-product",
    area: Area::Budget,
    weight: Severity::High,
    since: 1,
    on: &["product"],
    needs: &[PlanPart::Products],
    applies: |facts| facts.plan.products.is_empty() || has_others(facts),
    yields_to: &[],
    settings: &[&ROOM_TO_EXPLORE],
    conventions: &[&MOST_GROWTH, &RETURNS_POWER],
    page: LazyLock::new(|| Page::parse(include_str!("unready_product.md"))),
    check: Check::First(check),
};

static ROOM_TO_EXPLORE: Setting = Setting {
    key: "room_to_explore",
    default: 0.10,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "how far over an even share of the money a product in `stage: explore` may stand",
    source: "a convention: a test that is meant to settle a doubt may cost more than a product that only waits",
};

/// A product alone is weighed against nothing.
fn has_others(facts: &Facts) -> bool {
    facts.plan.products.iter().filter(|product| is_product(product)).count() > 1
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let split = facts.split();
    let open = split.unclear.first().map(|first| Need::new("budget", Subject::Product(*first)));
    if !has_others(facts) || (split.funded.len() < 2 && open.is_none()) {
        return;
    }
    for at in &split.unclear {
        if facts.plan.products.get(*at).is_some_and(|product| doubts(product).is_none_or(|doubts| !doubts.is_empty())) {
            verdicts.unknown(Subject::Product(*at), [Need::new("budget", Subject::Product(*at))]);
        }
    }
    let ready = split.funded.iter().filter(|share| is_a_home_for_money(facts, share));
    // The one that returns most, as far as that is known; of several, the largest, and the first.
    let worth = |share: &Share| (share.ltv_to_cac.unwrap_or_default(), share.money);
    let ready = ready.rev().max_by(|one, other| {
        let ((ratio, money), (other_ratio, other_money)) = (worth(one), worth(other));
        ratio.total_cmp(&other_ratio).then(money.total_cmp(&other_money))
    });
    let ready = ready.copied();
    let proposal = proposed_split(facts);
    for share in &split.funded {
        let subject = Subject::Product(share.product);
        let Some(product) = facts.plan.products.get(share.product) else { continue };
        match (doubts(product), open) {
            (Some([]), _) => verdicts.pass(subject),
            (Some(_), Some(open)) => verdicts.unknown(subject, [open]),
            (Some(doubts), None) if share.share >= most(facts, product) => {
                verdicts.fail(subject, draft(facts, split, share, doubts, ready, proposal.as_ref()));
            }
            (None, None) if share.share >= most(facts, product) => {
                verdicts.unknown(subject, [Need::new("doubts", subject)]);
            }
            (None, Some(_)) => verdicts.unknown(subject, [Need::new("doubts", subject)]),
            _ => verdicts.pass(subject),
        }
    }
}

fn doubts(product: &Product) -> Option<&[crate::plan::Item<Doubt>]> {
    product.doubts.as_ref().map(|doubts| &***doubts)
}

/// The share from which a product that is not ready holds too much: an even one, and room for what is being tried.
fn most(facts: &Facts, product: &Product) -> f64 {
    let even = 1.0 / facts.split().funded.len() as f64;
    let explores = product.stage.as_ref().is_some_and(|stage| stage.value == ProductStage::Explore);
    // An even share that was divided must still count as one.
    const ROUNDING: f64 = 1e-9;
    if explores { even + facts.settings.threshold(RULE.name, &ROOM_TO_EXPLORE) + ROUNDING } else { even - ROUNDING }
}

/// A product that could take more money: ready, and not known to lose on each customer.
fn is_a_home_for_money(facts: &Facts, share: &Share) -> bool {
    let losing = share.ltv_to_cac.is_some_and(|ratio| ratio < crate::facts::economics::BREAK_EVEN_LTV_TO_CAC);
    let settled = facts.plan.products.get(share.product).is_some_and(|product| product.sold_after.is_none());
    share.ready && settled && !losing
}

fn draft(
    facts: &Facts,
    split: &Split,
    share: &Share,
    doubts: &[crate::plan::Item<Doubt>],
    ready: Option<Share>,
    proposal: Option<&Proposal>,
) -> FindingDraft {
    let name = |product: usize| facts.plan.name_of(Subject::Product(product)).to_owned();
    let page = RULE.page();
    let line = proposal.and_then(|proposal| line_of(split, proposal, share.product));
    let lower = line.map(|line| line.proposed).filter(|money| *money > 0.0);
    let test = lower.map_or(f64::INFINITY, |money| money).min(test_money(split, share));
    let freed = share.money - test;
    let taker = ready.filter(|ready| freed + ready.money <= facts.settings.convention(&MOST_GROWTH) * ready.money);
    // What a better split of all the money gives the other is said there.
    let is_raised = |ready: &Share| {
        let line = proposal.and_then(|proposal| line_of(split, proposal, ready.product));
        line.is_some_and(|line| line.proposed > line.today)
    };
    let written = taker.filter(|ready| !is_raised(ready));
    let budgets = budgets(share, test, written);
    let figures = [("ready", Figure::Text(taker.map(|ready| name(ready.product)).unwrap_or_default()))];
    let rest = Template(page.phrase(match (taker, written) {
        (Some(_), Some(_)) => "rest.moves",
        (Some(_), None) => "rest.split",
        (None, _) => "rest.waits",
    }))
    .fill(&figures);
    let open = doubts.iter().map(|doubt| page.phrase(doubt_phrase(doubt.value)).to_owned());
    let place = facts.plan.products.get(share.product).and_then(|product| product.doubts.as_ref());
    FindingDraft::at(
        place.map_or(facts.plan.place_of(Subject::Product(share.product)), |doubts| doubts.whole()),
        "in-doubt",
        Severity::High,
    )
    .with("product", Figure::Text(name(share.product)))
    .with("money", Figure::Money(share.money))
    .with("share", Figure::Share(share.share))
    .with("total", Figure::Money(split.total))
    .with("n", Figure::Count(split.funded.len() as f64))
    .with("even", Figure::Share(1.0 / split.funded.len() as f64))
    .with("doubts", Figure::Names(open.collect()))
    .with("test", Figure::Money(test))
    .with("rest", Figure::Text(rest))
    .at_stake(Some(AtStake::of_one(Subject::Product(share.product), share.money, page.phrase("at-stake"))))
    .with("recount", recount(facts, page, budgets.iter().copied()))
    .reframe(Some(reframe(facts, &budgets)), false)
}

fn doubt_phrase(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Demand => "doubt.demand",
        Doubt::Price => "doubt.price",
        Doubt::Fit => "doubt.fit",
        Doubt::Competition => "doubt.competition",
    }
}

/// Money for a test: half of today's, and less than an even share.
fn test_money(split: &Split, share: &Share) -> f64 {
    const HALF: f64 = 0.5;
    let even = split.total / split.funded.len() as f64;
    let down = reframe::rounded_down((share.money * HALF).min(even));
    if down < even { down } else { reframe::rounded_down(even * HALF) }
}

/// Money for a test for the product, and the rest for the ready one.
fn budgets(share: &Share, test: f64, ready: Option<Share>) -> Vec<(usize, f64)> {
    let rest = ready.map(|ready| (ready.product, ready.money + share.money - test));
    std::iter::once((share.product, test)).chain(rest).collect()
}

fn line_of<'p>(split: &Split, proposal: &'p Proposal, product: usize) -> Option<&'p Line> {
    let at = split.funded.binary_search_by_key(&product, |share| share.product).ok()?;
    proposal.lines.get(at)
}

/// The product with money for a test, and the ready one with the rest where it can take that in.
fn reframe(facts: &Facts, budgets: &[(usize, f64)]) -> String {
    let line = |(at, (product, money)): (usize, &(usize, f64))| {
        let fields = with_budget(facts, *product, *money, Winning::WithReturns);
        fields.maybe("stage", (at == 0).then_some("explore"))
    };
    reframe::list("products", budgets.iter().enumerate().map(line).collect())
}
