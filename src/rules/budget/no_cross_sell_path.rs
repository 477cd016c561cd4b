//! `no-cross-sell-path`: products of which nobody says which opens the door, and how the others reach those who came in.

use std::sync::LazyLock;

use hashbrown::HashSet;

use crate::facts::allocation::Proposal;
use crate::facts::{AtStake, Facts, Share, Split, is_product};
use crate::plan::{PlanPart, Product, ProductStage, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{RETURNS_POWER, Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

use super::spread::proposed_split;
use super::{Winning, recount, with_budget};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-cross-sell-path",
    area: Area::Budget,
    weight: Severity::Medium,
    since: 1,
    on: &["plan", "product"],
    needs: &[PlanPart::Products],
    applies: |facts| facts.plan.products.is_empty() || has_several(facts),
    // Money spread over all products is a lack of a door-opener, told with what it costs.
    // A product from which a better split takes money is told with that split.
    yields_to: &[Yield::of("many-openers", "spread-thin"), Yield::of("funded-follower", "spread-thin")],
    settings: &[&FEWEST_PRODUCTS, &MOST_OPENERS, &MOST_FOR_FOLLOWERS],
    conventions: &[&RETURNS_POWER],
    page: LazyLock::new(|| Page::parse(include_str!("no_cross_sell_path.md"))),
    check: Check::First(check),
};

static FEWEST_PRODUCTS: Setting = Setting {
    key: "fewest_products",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 2.0,
    most: 100.0,
    words: "the products from which a path from one to the next is asked for",
    source: "a convention: two products are a choice, not a path",
};

static MOST_OPENERS: Setting = Setting {
    key: "most_openers",
    default: 2.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the products that may open the door to customers who buy nothing yet",
    source: "a convention: one, and a second for those whom the first does not reach",
};

static MOST_FOR_FOLLOWERS: Setting = Setting {
    key: "most_for_followers",
    default: 0.20,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the money over which a product that is sold to another's customers is funded like one that opens the door",
    source: "a convention: those customers cost little to reach, and of three products where one leads each other one may have a sixth",
};

fn has_several(facts: &Facts) -> bool {
    let products = facts.plan.products.iter().filter(|product| is_product(product)).count();
    products as f64 >= facts.settings.threshold(RULE.name, &FEWEST_PRODUCTS)
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !has_several(facts) {
        return;
    }
    let split = facts.split();
    let openers = judge_plan(facts, split, verdicts);
    let opener = openers.first().copied().filter(|_| openers.len() == 1 && split.unclear.is_empty());
    let proposal = proposed_split(facts);
    let doors: HashSet<usize> = facts.plan.products.iter().filter_map(|product| after(facts, product)).collect();
    let mut funded = split.funded.iter().peekable();
    let mut unclear = split.unclear.clone();
    unclear.sort_unstable();
    for (at, product) in facts.plan.products.iter().enumerate().filter(|(_, product)| is_product(product)) {
        match funded.next_if(|share| share.product == at) {
            Some(share) if product.sold_after.is_some() => {
                judge_follower(facts, split, share, proposal.as_ref(), verdicts);
            }
            Some(_) => {}
            None if unclear.binary_search(&at).is_ok() => {
                verdicts.unknown(Subject::Product(at), [Need::new("budget", Subject::Product(at))]);
            }
            // Where no product has money all are sold without it; and one whose customers come by themselves, or to
            // whose customers others are sold, needs no path.
            None if split.funded.is_empty() && unclear.is_empty() => {}
            None if doors.contains(&at) || wins_customers(product) => verdicts.pass(Subject::Product(at)),
            None => judge_unfunded(facts, at, product, opener, verdicts),
        }
    }
}

/// How many products open the door: one or two. Gives those that do.
fn judge_plan(facts: &Facts, split: &Split, verdicts: &mut Verdicts<'_>) -> Vec<usize> {
    let opens = |at: &usize| facts.plan.products.get(*at).is_some_and(|product| product.sold_after.is_none());
    let openers: Vec<&Share> = split.funded.iter().filter(|share| opens(&share.product)).collect();
    let unclear: Vec<usize> = split.unclear.iter().copied().filter(opens).collect();
    let most = facts.settings.threshold(RULE.name, &MOST_OPENERS);
    let may_be = (openers.len() + unclear.len()) as f64;
    if openers.len() as f64 > most {
        verdicts.fail(Subject::Plan, many_openers(facts, split, &openers, most));
    } else if may_be > most || (openers.is_empty() && !split.unclear.is_empty()) {
        let open = if unclear.is_empty() { &split.unclear } else { &unclear };
        verdicts.unknown(Subject::Plan, open.iter().map(|at| Need::new("budget", Subject::Product(*at))));
    } else if openers.is_empty() && !split.funded.is_empty() {
        let names = split.funded.iter().map(|share| name(facts, share.product)).collect();
        let draft = FindingDraft::at(facts.plan.place_of_parts(&[PlanPart::Products]), "no-opener", Severity::Medium)
            .with("funded", Figure::Names(names))
            .with("n", Figure::Count(split.funded.len() as f64));
        verdicts.fail(Subject::Plan, draft);
    } else if !openers.is_empty() {
        verdicts.pass(Subject::Plan);
    }
    openers.iter().map(|share| share.product).collect()
}

fn many_openers(facts: &Facts, split: &Split, openers: &[&Share], most: f64) -> FindingDraft {
    // Of equals, the first.
    let largest = openers.iter().rev().max_by(|one, other| one.money.total_cmp(&other.money));
    let names = openers.iter().map(|share| name(facts, share.product)).collect();
    FindingDraft::at(facts.plan.place_of_parts(&[PlanPart::Products]), "many-openers", Severity::Medium)
        .with("openers", Figure::Names(names))
        .with("count", Figure::Count(openers.len() as f64))
        .with("n", Figure::Count(split.funded.len() as f64))
        .with("most", Figure::Count(most))
        .with("largest", Figure::Text(largest.map(|share| name(facts, share.product)).unwrap_or_default()))
        .reframe(sold_after_largest(facts, openers, most), false)
}

/// The openers with the most money keep the door; the others are sold after the largest of them. Not where one that would keep it has no
/// more than one that would not: then the money does not say which.
fn sold_after_largest(facts: &Facts, openers: &[&Share], most: f64) -> Option<String> {
    // A longer list is nothing that a person pastes.
    const LONGEST: usize = 12;
    let mut by_money: Vec<&&Share> = openers.iter().collect();
    by_money.sort_by(|one, other| other.money.total_cmp(&one.money));
    let kept = most as usize;
    let money = |at: usize| by_money.get(at).map(|share| share.money);
    if kept.checked_sub(1).and_then(money) == money(kept) {
        return None;
    }
    let first = facts.plan.id_of(Subject::Product(by_money.first()?.product)).to_owned();
    let rest: Vec<Fields> = by_money
        .iter()
        .skip(kept)
        .map(|share| identified(facts, share.product).text("sold_after", first.clone()))
        .collect();
    (rest.len() <= LONGEST).then(|| reframe::list("products", rest))
}

/// A product that is sold to another's customers, and whether it is funded like one that opens the door.
fn judge_follower(
    facts: &Facts,
    split: &Split,
    share: &Share,
    proposal: Option<&Proposal>,
    verdicts: &mut Verdicts<'_>,
) {
    let subject = Subject::Product(share.product);
    let most = facts.settings.threshold(RULE.name, &MOST_FOR_FOLLOWERS);
    if share.share <= most || earns_its_money(split, share) {
        return verdicts.pass(subject);
    }
    // Of all the money it may hold less than of what is known.
    if let Some(open) = split.unclear.first() {
        return verdicts.unknown(subject, [Need::new("budget", Subject::Product(*open))]);
    }
    let Some(product) = facts.plan.products.get(share.product) else { return };
    let Some(sold_after) = &product.sold_after else { return };
    let first = after(facts, product);
    let less = first.and_then(|first| less_for(facts, share, first, most * split.total));
    let (reframe, recount) = less.unzip();
    let draft = FindingDraft::at(sold_after.whole(), "funded-follower", Severity::Medium)
        .with("product", Figure::Text(name(facts, share.product)))
        .with("first", Figure::Text(first_name(facts, sold_after)))
        .with("money", Figure::Money(share.money))
        .with("share", Figure::Gain(share.share))
        .with("most", Figure::Share(most))
        .at_stake(Some(AtStake::of_one(subject, share.money - most * split.total, RULE.page().phrase("at-stake"))))
        .with("recount", recount.unwrap_or_else(|| Figure::Text(String::new())))
        .reframe(reframe, false);
    let is_cut = proposal.is_some_and(|proposal| is_cut(split, share, proposal));
    verdicts.fail(subject, if is_cut { draft.told_on(Subject::Plan) } else { draft });
}

/// Whether a better split of all the money takes some from it.
fn is_cut(split: &Split, share: &Share, proposal: &Proposal) -> bool {
    let at = split.funded.binary_search_by_key(&share.product, |share| share.product).ok();
    at.and_then(|at| proposal.lines.get(at)).is_some_and(|line| line.proposed < line.today)
}

/// The product of this plan to whose customers another is sold.
fn after(facts: &Facts, product: &Product) -> Option<usize> {
    let (plan, first) = facts.plan.product(product.sold_after.as_ref()?)?;
    (plan == 0).then_some(first)
}

/// Whether customers are expected of it, with or without money.
fn wins_customers(product: &Product) -> bool {
    let expected = product.economics.new_customers.as_ref().and_then(|customers| customers.point());
    expected.is_some_and(|customers| customers > 0.0)
}

/// Whether the best split by LTV:CAC would take no money from it: then it is worth more than a rule of thumb.
fn earns_its_money(split: &Split, share: &Share) -> bool {
    const ROUNDING: f64 = 1e-9;
    let at = split.funded.binary_search_by_key(&share.product, |share| share.product).ok();
    let best = at.and_then(|at| split.best.get(at)).filter(|_| split.regret.is_some() && share.ltv_to_cac.is_some());
    best.is_some_and(|best| *best >= share.money * (1.0 - ROUNDING))
}

/// A budget for reaching known customers, and the rest for the product that brings them.
fn less_for(facts: &Facts, share: &Share, first: usize, most: f64) -> Option<(String, Figure)> {
    let opener = facts.split().funded.binary_search_by_key(&first, |share| share.product).ok();
    let opener = opener.and_then(|at| facts.split().funded.get(at))?;
    let less = reframe::rounded_down(most);
    let budgets = [(share.product, less), (first, opener.money + share.money - less)];
    let lines = budgets.map(|(product, money)| with_budget(facts, product, money, Winning::WithReturns));
    Some((reframe::list("products", lines.to_vec()), recount(facts, RULE.page(), budgets)))
}

/// A product without money: it can be sold where somebody says to whom, and through what.
fn judge_unfunded(facts: &Facts, at: usize, product: &Product, opener: Option<usize>, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Product(at);
    let (after, through) = (product.sold_after.is_some(), product.sold_through.as_ref().is_some_and(|t| !t.is_empty()));
    let (reading, severity) = match (after, through) {
        (true, true) => return verdicts.pass(subject),
        // What is only kept going need not be sold to anybody new.
        _ if product.stage.as_ref().is_some_and(|stage| stage.value == ProductStage::Sustain) => {
            return verdicts.pass(subject);
        }
        (false, false) => ("no-path", Severity::Medium),
        (true, false) => ("no-way", Severity::Low),
        (false, true) => ("no-customers", Severity::Low),
    };
    let first = opener.filter(|_| !after).map(|opener| facts.plan.id_of(Subject::Product(opener)).to_owned());
    let reframe = first.map(|id| reframe::list("products", vec![identified(facts, at).text("sold_after", id)]));
    let draft = FindingDraft::at(product.place, reading, severity)
        .with("product", Figure::Text(name(facts, at)))
        .with("first", Figure::Text(product.sold_after.as_ref().map(|id| first_name(facts, id)).unwrap_or_default()))
        .reframe(reframe, false);
    verdicts.fail(subject, draft);
}

fn first_name(facts: &Facts, id: &str) -> String {
    let own = facts.plan.product(id).filter(|(plan, _)| *plan == 0);
    own.map_or_else(|| id.to_owned(), |(_, first)| name(facts, first))
}

fn identified(facts: &Facts, product: usize) -> Fields {
    let subject = Subject::Product(product);
    Fields::of(&facts.plan, subject)
}

fn name(facts: &Facts, product: usize) -> String {
    facts.plan.name_of(Subject::Product(product)).to_owned()
}
