//! The budget: by product, today and as proposed, and which product opens the door to which.

use jiff::civil::Date;

use super::{Block, Section, Table, day, more, name, say, say_on, word, year};
use crate::audit::PlanReport;
use crate::facts::allocation::{Basis, Line, Proposal, Role};
use crate::facts::economics::{BREAK_EVEN_LTV_TO_CAC, Economics, known};
use crate::facts::{EconomicsOf, Facts};
use crate::plan::{Entity, GoalOrKpi, MetricRef, Money, Placed, Plan, Product, ProductKind, SalesPath, Subject};
use crate::rules::verdict::NewBudgets;
use crate::settings::RETURNS_POWER;
use crate::wording::Figure;

/// Products that are listed before the rest is summed.
const MOST_PRODUCTS: usize = 10;

/// Products of which it is told whom they are sold to.
const MOST_DOORS: usize = 6;

pub(super) fn section(report: &PlanReport) -> Option<Section> {
    let facts = &report.facts;
    let new = report.findings().find_map(|found| found.finding.new_budgets.as_ref());
    let funded: Vec<(usize, f64)> = (0..facts.plan.products.len())
        .filter_map(|at| Some((at, facts.plan.money_of(Subject::Product(at)).filter(|money| *money > 0.0)?)))
        .collect();
    let mut blocks: Vec<Block> = in_all(facts).into_iter().collect();
    if funded.len() > 1 {
        let kind = kind(&facts.plan, funded.iter().map(|(at, _)| *at));
        blocks.push(Block::Table(match new {
            Some(new) => proposed(facts, &kind, new),
            None => today(facts, &kind, &funded),
        }));
    }
    blocks.extend(new.map(|new| Block::Text(basis(facts, &new.proposal))));
    let follow_on = new.map(|new| to_be_sold(facts, new)).unwrap_or_default();
    let mut doors: Vec<String> = doors(facts).into_iter().chain(follow_on).collect();
    let left_out = more(doors.len().saturating_sub(MOST_DOORS));
    doors.truncate(MOST_DOORS);
    blocks.extend((!doors.is_empty()).then_some(Block::Items(doors)));
    blocks.extend(left_out.map(Block::Text));
    // Without an amount it is no budget.
    Section::of(if blocks.iter().all(|block| matches!(block, Block::Items(_))) { "doors" } else { "budget" }, blocks)
}

/// The whole budget, and what it is for.
fn in_all(facts: &Facts) -> Option<Block> {
    let budget = facts.plan.head.budget.as_ref()?;
    let amount = |money: &Option<Placed<Money>>| money.as_ref().and_then(|money| money.point());
    let total = amount(&budget.total)?;
    let last = amount(&budget.last).map(|last| say("budget.last", &[("last", Figure::Money(last))]));
    let parts = [
        ("budget.part.creation", &budget.creation),
        ("budget.part.capture", &budget.capture),
        ("budget.part.retention", &budget.retention),
        ("budget.part.reserve", &budget.reserve),
    ];
    let parts = parts.into_iter().filter_map(|(sentence, money)| {
        let amount = amount(money).filter(|amount| *amount > 0.0)?;
        Some(say(sentence, &[("amount", Figure::Money(amount))]))
    });
    let parts: Vec<String> = parts.collect();
    let parts = (!parts.is_empty()).then(|| say("budget.parts", &[("parts", Figure::All(parts))]));
    let figures = [
        ("total", Figure::Money(total)),
        ("last", Figure::All(last.into_iter().collect())),
        ("parts", Figure::All(parts.into_iter().collect())),
    ];
    Some(Block::Text(say("budget.total", &figures)))
}

/// What every product gets, the largest first.
fn today(facts: &Facts, kind: &str, funded: &[(usize, f64)]) -> Table {
    let total: f64 = funded.iter().map(|(_, money)| money).sum();
    let mut sorted = funded.to_vec();
    sorted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let has_ratio = funded.iter().any(|(at, _)| ratio(facts, *at).is_some());
    let (shown, rest) = sorted.split_at(sorted.len().min(MOST_PRODUCTS));
    let row = |label: String, money: f64, ratio: Option<String>| {
        let cells = [label, Figure::Money(money).to_string(), Figure::Share(money / total).to_string()];
        let cells = cells.into_iter().chain(has_ratio.then(|| ratio.unwrap_or_default()));
        cells.map(|cell| vec![cell]).collect()
    };
    let rows = shown.iter().map(|(at, money)| row(product_name(facts, *at), *money, ratio(facts, *at)));
    let mut rows: Vec<_> = rows.collect();
    if !rest.is_empty() {
        let money = rest.iter().map(|(_, money)| money).sum();
        rows.push(row(say("budget.rest", &[("count", Figure::Count(rest.len() as f64))]), money, None));
    }
    rows.push(row(word("budget.together"), total, None));
    let header = [kind.to_owned(), word("budget.today"), word("budget.share")];
    let header = header.into_iter().chain(has_ratio.then(|| word("budget.ratio"))).collect();
    Table { header, numbers: vec![1, 2, 3], rows }
}

/// What the entries of these products stand for, as the head of a column: "Region".
pub(in crate::report) fn kind(plan: &Plan, products: impl IntoIterator<Item = usize>) -> String {
    let kind = |product: &Entity<Product>| product.kind.as_ref().map_or(ProductKind::Product, |kind| kind.value);
    let mut kinds = products.into_iter().filter_map(|at| plan.products.get(at)).map(kind);
    let first = kinds.next();
    word(match first.filter(|first| kinds.all(|kind| kind == *first)) {
        Some(ProductKind::Product) => "budget.product",
        Some(ProductKind::Region) => "budget.region",
        Some(ProductKind::Segment) => "budget.segment",
        None => "budget.entry",
    })
}

/// What every product gets, and what it would get.
fn proposed(facts: &Facts, kind: &str, new: &NewBudgets) -> Table {
    let lines: Vec<(&usize, &Line)> = new.products.iter().zip(&new.proposal.lines).collect();
    let (shown, rest) = lines.split_at(lines.len().min(MOST_PRODUCTS));
    let row = |label: String, [today, proposed]: [f64; 2], ratio: String, role: String| {
        let [today, proposed] = [today, proposed].map(|amount| Figure::Money(amount).to_string());
        [label, today, proposed, ratio, role].map(|cell| vec![cell]).to_vec()
    };
    let rows = shown.iter().map(|(product, line)| {
        let ratio = ratio(facts, **product).unwrap_or_default();
        row(product_name(facts, **product), [line.today, line.proposed], ratio, role(Some(line)))
    });
    let mut rows: Vec<_> = rows.collect();
    if !rest.is_empty() {
        let sum = |amount: fn(&Line) -> f64| rest.iter().map(|(_, line)| amount(line)).sum();
        let count = say("budget.rest", &[("count", Figure::Count(rest.len() as f64))]);
        rows.push(row(count, [sum(|line| line.today), sum(|line| line.proposed)], String::new(), String::new()));
    }
    let sum = |amount: fn(&Line) -> f64| lines.iter().map(|(_, line)| amount(line)).sum();
    let together = [sum(|line| line.today), sum(|line| line.proposed)];
    rows.push(row(word("budget.together"), together, String::new(), String::new()));
    let header = ["budget.today", "budget.proposed", "budget.ratio", "budget.role"].map(word);
    let header = std::iter::once(kind.to_owned()).chain(header).collect();
    Table { header, numbers: vec![1, 2, 3], rows }
}

/// What a product is there for in a proposal; one that the proposal leaves out stays as it is.
pub(in crate::report) fn role(line: Option<&Line>) -> String {
    word(match line.map(|line| (line.role, line.proposed > line.today)) {
        Some((Role::DoorOpener, _)) => "role.opener",
        Some((Role::Explore, true)) => "role.more",
        Some((Role::Explore, false)) => "role.explore",
        Some((Role::FollowOn, _)) => "role.follow-on",
        Some((Role::Held, _)) | None => "role.held",
    })
}

/// What the proposal rests on.
pub(in crate::report) fn basis(facts: &Facts, proposal: &Proposal) -> String {
    let times = 2_f64.powf(facts.settings.convention(&RETURNS_POWER));
    match (proposal.basis, proposal.gain) {
        (Basis::LtvToCac, Some(gain)) => {
            say("basis.worth", &[("gain", Figure::Gain(gain)), ("times", Figure::Index(times))])
        }
        (Basis::LtvToCac, None) => word("basis.worth-plain"),
        (Basis::Preference, _) => word("basis.preference"),
    }
}

/// For each product that is sold to another's customers: to whose, through what and when, as far as the plan says it.
fn doors(facts: &Facts) -> Vec<String> {
    let products = facts.plan.products.iter().enumerate();
    products.filter_map(|(at, product)| door(facts, at, product)).collect()
}

fn door(facts: &Facts, at: usize, product: &Entity<Product>) -> Option<String> {
    let (plan, opener) = facts.plan.product(product.sold_after.as_ref()?)?;
    let of_opener =
        if plan == 0 { EconomicsOf::Product(opener) } else { EconomicsOf::Extended { plan, product: opener } };
    let opener = facts.plan.numbered(plan)?.name_of(Subject::Product(opener));
    let paths = product.sold_through.iter().flat_map(|paths| paths.iter()).map(|path| word(path_word(path.value)));
    let paths: Vec<String> = paths.collect();
    let sentence = if paths.is_empty() { "door.open-path" } else { "door" };
    let start = start_of(facts, at).map(|(start, work)| {
        let figures = [("date", day(start, year(&facts.plan))), ("work", name(work))];
        say(if paths.is_empty() { "door.start-of-open-path" } else { "door.start" }, &figures)
    });
    let payback = facts.economics(of_opener).and_then(payback);
    let payback = payback.map(|months| say_on("door.payback", &[("opener", name(opener)), ("months", months)]));
    let figures = [
        ("product", name(&product.name)),
        ("opener", name(opener)),
        ("paths", Figure::All(paths)),
        ("start", Figure::All(start.into_iter().collect())),
        ("payback", Figure::All(payback.into_iter().collect())),
    ];
    Some(say(sentence, &figures))
}

fn path_word(path: SalesPath) -> &'static str {
    match path {
        SalesPath::Crm => "path.crm",
        SalesPath::Lifecycle => "path.lifecycle",
        SalesPath::Sales => "path.sales",
        SalesPath::Partners => "path.partners",
        SalesPath::InProduct => "path.in-product",
    }
}

/// The first work that serves a KPI of a product, and when it starts.
fn start_of(facts: &Facts, product: usize) -> Option<(Date, &str)> {
    let plan = &facts.plan;
    let serves = |served: &MetricRef| match served.which {
        GoalOrKpi::Kpi(at) if served.plan == 0 => {
            plan.kpis.get(at).and_then(|kpi| plan.product_of(kpi)) == Some(product)
        }
        _ => false,
    };
    let work =
        plan.initiatives_ahead().filter_map(|(_, initiative)| Some((initiative.start.as_ref()?.value, initiative)));
    let work = work.filter(|(_, initiative)| plan.served_by(initiative).iter().any(serves));
    work.min_by_key(|(start, _)| *start).map(|(start, initiative)| (start, initiative.name.as_str()))
}

/// When a customer is paid back. Of one that may never be, no month is told.
fn payback(economics: &Economics) -> Option<Figure> {
    let is_paid_back = known(&economics.ltv_to_cac).is_none_or(|ratio| ratio.low() >= BREAK_EVEN_LTV_TO_CAC);
    known(&economics.payback_months).filter(|months| is_paid_back && months.is_point()).map(Figure::Months)
}

/// Products that lose their own money in a proposal, and of which nothing says whose customers they are sold to.
fn to_be_sold(facts: &Facts, new: &NewBudgets) -> Vec<String> {
    let lines = new.products.iter().zip(&new.proposal.lines).filter(|(_, line)| line.role == Role::FollowOn);
    let untold = lines.filter_map(|(product, _)| facts.plan.products.get(*product));
    let untold = untold.filter(|product| product.sold_after.is_none());
    untold.map(|product| say("door.untold", &[("product", name(&product.name))])).collect()
}

fn ratio(facts: &Facts, product: usize) -> Option<String> {
    let economics = facts.economics(EconomicsOf::Product(product))?;
    known(&economics.ltv_to_cac).map(|ratio| Figure::Ratio(ratio).to_string())
}

fn product_name(facts: &Facts, product: usize) -> String {
    facts.plan.name_of(Subject::Product(product)).to_owned()
}
