//! `parts-do-not-add-up`: what several plans are to bring, or have to spend, against the plan that they extend.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::plan::GoalOrKpi;
use crate::rules::page::Page;
use crate::rules::{Area, Check, Rule};
use crate::set::{About, Budget, Drafts, Extended, Outline, Outlines, Part, SetDraft, Spot, Sum, Sureness, Whole};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "parts-do-not-add-up",
    area: Area::AcrossPlans,
    weight: Severity::Medium,
    since: 1,
    on: &["goal", "kpi", "plan"],
    needs: &[],
    applies: |_| false,
    yields_to: &[],
    settings: &[&MOST_OFF],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("parts_do_not_add_up.md"))),
    check: Check::Across(check),
};

static MOST_OFF: Setting = Setting {
    key: "most_off",
    default: 0.05,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 10.0,
    words: "how far the parts may be from the whole before it is said",
    source: "our convention: room for rounding, and for a small buffer that nobody writes down",
};

/// Two numbers that are nearer than this are the same number, written twice.
const SAME: f64 = 0.005;

fn check(outlines: &Outlines, drafts: &mut Drafts<'_>) {
    for extended in outlines.extended() {
        let most_off = outlines.settings(extended.plan).threshold(RULE.name, &MOST_OFF);
        let mut parts_of: HashMap<GoalOrKpi, Vec<(&Outline, &Part)>> = HashMap::new();
        for (plan, part) in extended.parts() {
            parts_of.entry(part.of.1).or_default().push((plan, part));
        }
        let targets = extended
            .plan
            .wholes
            .iter()
            .filter_map(|whole| of_targets(outlines, &extended, whole, parts_of.remove(&whole.which)?, most_off));
        targets.chain(of_budgets(outlines, &extended, most_off)).for_each(|draft| drafts.add(draft));
    }
}

/// The targets of a goal's or KPI's parts against its own.
fn of_targets<'o>(
    outlines: &'o Outlines,
    extended: &Extended<'o>,
    whole: &'o Whole,
    mut parts: Vec<(&'o Outline, &'o Part)>,
    most_off: f64,
) -> Option<SetDraft<'o>> {
    let target = whole.target?;
    let is_its_own = |plan: &Outline| std::ptr::eq(plan, extended.plan);
    // A KPI of the plan itself that has the goal's own number measures the goal, and is no part of it.
    parts.retain(|(plan, part)| {
        !(is_its_own(plan) && part.target.is_some_and(|own| is_same(own.amount, target.amount)))
    });
    let plans: Vec<&Outline> = parts.iter().map(|(plan, _)| *plan).collect();
    if !are_parts(extended.plan, &plans) || parts.iter().any(|(_, part)| part.sureness == Sureness::Unsure) {
        return None;
    }
    let sums: Vec<Sum> = parts.iter().map(|(_, part)| part.target).collect::<Option<_>>()?;
    if sums.iter().any(|sum| !is_of_one_unit(*sum, target) || is_same(sum.amount, target.amount)) {
        return None;
    }
    let sum: f64 = sums.iter().map(|sum| sum.amount).sum();
    let off = Off::of(sum, target.amount, target.amount, most_off)?;
    let is_silent = match off {
        Off::Short(_) if !outlines.shows_all_below(extended.plan) => true,
        // A plan that leads there without a number of its own may bring the rest.
        Off::Short(_) => {
            let with: HashSet<*const Outline> = plans.iter().map(|plan| std::ptr::from_ref(*plan)).collect();
            let mut without = extended.by.iter().filter(|(_, by)| !with.contains(&std::ptr::from_ref(*by)));
            without.any(|(_, by)| by.leads_to(extended.at, whole.which))
        }
        // One number that several plans carry together is no surplus where it is counted once.
        Off::Over(_) => {
            let mut amounts: Vec<f64> = sums.iter().map(|sum| sum.amount).collect();
            let is_cut_twice = is_cut_twice(&amounts, target.amount);
            amounts.sort_by(f64::total_cmp);
            amounts.dedup();
            is_cut_twice || Off::of(amounts.iter().sum(), 0.0, target.amount, most_off).is_none()
        }
    };
    if is_silent {
        return None;
    }
    let show = |sum: Sum| if sum.money.is_some() { Figure::Money(sum.amount) } else { Figure::Count(sum.amount) };
    let related = parts.iter().zip(&sums).map(|((plan, part), sum)| {
        let figures = [("name", Figure::Text(outlines.text(part.name).to_owned())), ("amount", show(*sum))];
        (*plan, part.spot, Template(RULE.page().phrase("part")).fill(&figures))
    });
    let about = About {
        plan: extended.plan,
        kind: whole.which.subject().kind(),
        id: &whole.id,
        name: &whole.name,
        spot: whole.spot,
    };
    let reading = off.reading("short", "over");
    let sum = show(Sum { amount: sum, ..target });
    Some(draft(about, reading, off, [sum, show(target)], &plans, related.collect()))
}

/// The budgets of plans against that of the one that they extend with nothing between.
fn of_budgets<'o>(outlines: &Outlines, extended: &Extended<'o>, most_off: f64) -> Option<SetDraft<'o>> {
    let whole = extended.plan.budget.as_ref()?;
    let direct = extended.by.iter().map(|(_, by)| *by).filter(|by| by.extends_directly.contains(&extended.at));
    let (with, without): (Vec<&Outline>, Vec<&Outline>) = direct.partition(|by| by.budget.is_some());
    // What a plan takes from several others cannot be told apart.
    if !are_parts(extended.plan, &with) || with.iter().any(|by| by.extends_directly.len() > 1) {
        return None;
    }
    let budgets: Vec<&Budget> = with.iter().filter_map(|by| by.budget.as_deref()).collect();
    let fits =
        |budget: &&Budget| is_one_currency(budget.currency, whole.currency) && !is_same(budget.total, whole.total);
    if !budgets.iter().all(fits) {
        return None;
    }
    let amounts: Vec<f64> = budgets.iter().map(|budget| budget.total).collect();
    let sum: f64 = amounts.iter().sum();
    let off = Off::of(sum, whole.total - whole.reserve, whole.total, most_off)?;
    let is_silent = match off {
        // What no plan has yet, or the plan spends by itself, is no gap.
        Off::Short(_) => extended.plan.spends || !without.is_empty() || !outlines.shows_all_below(extended.plan),
        Off::Over(_) => is_cut_twice(&amounts, whole.total),
    };
    if is_silent {
        return None;
    }
    let related = with.iter().zip(&budgets).map(|(plan, budget)| {
        let figures = [("name", Figure::Text(plan.title())), ("amount", Figure::Money(budget.total))];
        (*plan, budget.spot, Template(RULE.page().phrase("part")).fill(&figures))
    });
    let about = About { plan: extended.plan, kind: "plan", id: "plan", name: &extended.plan.name, spot: whole.spot };
    let figures = [Figure::Money(sum), Figure::Money(whole.total)];
    let reading = off.reading("budgets-short", "budgets-over");
    Some(draft(about, reading, off, figures, &with, related.collect()))
}

fn draft<'o>(
    about: About<'o>,
    reading: &'static str,
    off: Off,
    [sum, whole]: [Figure; 2],
    plans: &[&Outline],
    related: Vec<(&'o Outline, Spot, String)>,
) -> SetDraft<'o> {
    let mut names: Vec<String> = plans.iter().map(|plan| plan.title()).collect();
    names.dedup();
    let (Off::Short(share) | Off::Over(share)) = off;
    let figures = vec![
        ("name", Figure::Text(about.name.to_owned())),
        ("plan", Figure::Text(about.plan.title())),
        ("plans", Figure::Names(names)),
        ("sum", sum),
        ("whole", whole),
        ("off", Figure::Rate(share)),
    ];
    SetDraft { about, reading, severity: Severity::Medium, related, figures, against: None }
}

/// How far the parts are from the whole, as a share of it.
#[derive(Debug, Clone, Copy)]
enum Off {
    Short(f64),
    Over(f64),
}

impl Off {
    /// None where the parts are between the least and the most that they may be, by a share of the most.
    fn of(sum: f64, least: f64, most: f64, most_off: f64) -> Option<Self> {
        // A rounding error of the sum is no difference.
        let room = most * (most_off + 1e-9);
        match sum {
            sum if sum < least - room => Some(Self::Short((most - sum) / most)),
            sum if sum > most + room => Some(Self::Over((sum - most) / most)),
            _ => None,
        }
    }

    fn reading(self, short: &'static str, over: &'static str) -> &'static str {
        match self {
            Self::Short(_) => short,
            Self::Over(_) => over,
        }
    }
}

/// Parts of which every choice is tried.
const MOST_CHOSEN_FROM: usize = 12;

/// Whether parts that are more than the whole may be the same whole cut in two ways, such as by region and by product: all of them
/// are a multiple of it, or some of them make it up to the last.
fn is_cut_twice(amounts: &[f64], whole: f64) -> bool {
    let sum: f64 = amounts.iter().sum();
    let times = (sum / whole).round();
    let chosen =
        |choice: u32| (0..).zip(amounts).filter(move |(at, _)| (choice >> at) & 1 == 1).map(|(_, amount)| amount);
    let some_make_it_up = || (1..1_u32 << amounts.len()).any(|choice| is_same(chosen(choice).sum(), whole));
    times >= 2.0 && is_same(sum, times * whole) || amounts.len() <= MOST_CHOSEN_FROM && some_make_it_up()
}

/// Whether plans can be parts of a whole: several, for the same time, and none of them another version or a part of one of them.
fn are_parts(whole: &Outline, plans: &[&Outline]) -> bool {
    let mut distinct: Vec<&Outline> = plans.to_vec();
    distinct.dedup_by(|one, other| std::ptr::eq(*one, *other));
    let mut names = HashSet::new();
    distinct.len() > 1
        && distinct.iter().all(|plan| plan.is_of_the_time_of(whole))
        && distinct.iter().all(|plan| names.insert(&*plan.name))
        && !distinct.iter().any(|plan| is_named_after_one_of(&names, &plan.name))
}

/// Whether a plan's name is that of another and more: "Sales, Q1 (revised)" or "Sales, Q1, north" beside "Sales, Q1".
fn is_named_after_one_of(names: &HashSet<&str>, name: &str) -> bool {
    let ends = name.match_indices(|letter: char| !letter.is_alphanumeric()).map(|(at, _)| at);
    ends.filter_map(|at| name.get(..at)).any(|start| names.contains(start))
}

fn is_of_one_unit(one: Sum, other: Sum) -> bool {
    match (one.money, other.money) {
        (Some(one), Some(other)) => is_one_currency(one, other),
        (None, None) => true,
        _ => false,
    }
}

/// A plan without a currency is in that of the plan that it extends.
fn is_one_currency<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() <= SAME * other.abs()
}
