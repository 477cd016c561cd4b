//! `more-with-less`: results that should grow much faster than the money for them.

use std::sync::LazyLock;

use super::written;
use crate::facts::Facts;
use crate::facts::interval::Interval;
use crate::metrics::{Better, Kind, Metric, MetricUnit};
use crate::plan::quantity::{Change, Unit};
use crate::plan::{Counts, Goal, MetricRef, Placed, Plan, PlanPart, Role, Standing, Subject, Target};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "more-with-less",
    area: Area::Feasibility,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Goals],
    applies: |facts| facts.plan.goals.is_empty() || measured_growth(facts).is_some(),
    yields_to: &[],
    settings: &[&FASTER, &FAR],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("more_with_less.md"))),
    check: Check::First(check),
};

static FASTER: Setting = Setting {
    key: "faster",
    default: 1.25,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "how many times as much each unit of money must bring as in the last period, over which it is asked how",
    source: "a convention: a quarter more from the same money needs a reason that can be named",
};

static FAR: Setting = Setting {
    key: "far",
    default: 1.5,
    unit: SettingUnit::Number,
    least: 1.0,
    most: 100.0,
    words: "the same, over which it is high",
    source: "a convention",
};

/// What is left of a difference this small is the rounding of quotients.
const ROUNDING: f64 = 1e-9;

/// A number that should grow: where it stood, and where it should stand.
struct Growth<'f> {
    of: MetricRef,
    target: Option<&'f Placed<Target>>,
    baseline: Option<&'f Placed<Standing>>,
}

impl Growth<'_> {
    /// From where to where, both as amounts of the period.
    fn ends(&self) -> Result<(f64, f64), &'static str> {
        let baseline = self.baseline.and_then(|baseline| baseline.point()).filter(|baseline| *baseline > 0.0);
        let baseline = baseline.ok_or("baseline")?;
        let target = self.target.and_then(|target| target.quantity()).ok_or("target")?;
        let amount = target.amount.middle().ok_or("target")?;
        Ok(match target.change {
            None => (baseline, amount),
            Some(Change::Relative) => (baseline, baseline * (1.0 + amount)),
            Some(Change::Units | Change::Points) => (baseline, baseline + amount),
        })
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let Some(growth) = measured_growth(facts) else { return };
    let budget = facts.plan.head.budget.as_ref();
    let total = facts.plan.stated_budget().filter(|total| *total > 0.0);
    let last = budget.and_then(|budget| budget.last.as_ref()?.point()).filter(|last| *last > 0.0);
    let ends = growth.ends();
    let (Ok((from, to)), Some(total), Some(last)) = (ends, total, last) else {
        let of_growth = ends.err().map(|key| Need::of_metric(key, growth.of));
        let total = total.is_none().then(|| Need::new("total", Subject::Plan));
        let last = last.is_none().then(|| Need::new("last", Subject::Plan));
        return verdicts.unknown(Subject::Plan, [of_growth, total, last].into_iter().flatten());
    };
    let times = (to / from) / (total / last);
    let over = |setting| times > facts.settings.threshold(RULE.name, setting) * (1.0 + ROUNDING);
    let severity = match (over(&FASTER), over(&FAR)) {
        (false, _) => return verdicts.pass(Subject::Plan),
        (true, false) => Severity::Medium,
        (true, true) => Severity::High,
    };
    let multiple = |value| Figure::Multiple(Interval::point(value).unwrap_or_default());
    let is_money = is_money(facts, growth.of, growth.target);
    let amount = |value| if is_money { Figure::Money(value) } else { Figure::Count(value) };
    let place = growth.target.map_or_else(|| facts.plan.place_of(Subject::Plan), |target| target.whole());
    let carried = written::rounded_down(from * total / last);
    let draft = FindingDraft::at(place, if total < last { "less" } else { "faster" }, severity)
        .with("name", Figure::Text(facts.plan.metric_name(growth.of).to_owned()))
        .with("from", amount(from))
        .with("to", amount(to))
        .with("growth", multiple(to / from))
        .with("last", Figure::Money(last))
        .with("total", Figure::Money(total))
        .with("money", multiple(total / last))
        .with("times", multiple(times))
        .with("carried", amount(carried))
        .reframe(written::with_target(&facts.plan, growth.of, written::number(carried)), false);
    let budget = budget.and_then(|budget| budget.total.as_ref()).map(|total| total.whole());
    verdicts.fail(Subject::Plan, draft.beside_each(budget, RULE.page().phrase("the-money")));
}

/// The north star where it is a number that a period makes more of, else the first such goal of revenue. Rates have no
/// share in money, and of a total nobody knows what the last period added.
fn measured_growth(facts: &Facts) -> Option<Growth<'_>> {
    let mut stars = facts.plan.kpis.iter().enumerate().filter(|(_, kpi)| Plan::role(kpi) == Role::NorthStar);
    let star = stars.next().filter(|_| stars.next().is_none()).filter(|(at, kpi)| {
        let metric = facts.kpi(*at).metric;
        let grows = metric.is_some_and(|metric| is_made_more_of(metric) && !metric.balance);
        grows && facts.kpi(*at).kind.is_some_and(is_made) && kpi.target.as_ref().is_none_or(|target| is_amount(target))
    });
    let of_star = star.map(|(at, kpi)| Growth {
        of: MetricRef::kpi(at),
        target: kpi.target.as_ref(),
        baseline: kpi.baseline.as_ref(),
    });
    of_star.or_else(|| {
        let (at, goal) = facts.plan.goals.iter().enumerate().find(|(at, goal)| is_revenue_made(facts, *at, goal))?;
        let of = MetricRef::goal(at);
        Some(Growth { of, target: goal.target.as_ref(), baseline: goal.baseline.as_ref() })
    })
}

/// Whether money makes more of it, and it is a result: leads, customers, revenue.
fn is_made(kind: Kind) -> bool {
    matches!(kind, Kind::LeadVolume | Kind::Revenue)
}

/// A goal whose kind is revenue may still be a rate or an average ("revenue per visitor"): its name tells, or `counts`.
fn is_revenue_made(facts: &Facts, at: usize, goal: &Goal) -> bool {
    let metric = facts.metric_of_goal(MetricRef::goal(at));
    let is_added = match goal.counts.as_ref().map(|counts| counts.value) {
        Some(Counts::Added) => metric.is_none_or(is_made_more_of),
        Some(Counts::Total) => false,
        None => metric.is_some_and(|metric| is_made_more_of(metric) && !metric.balance),
    };
    facts.goal(at).kind == Some(Kind::Revenue)
        && is_added
        && goal.target.as_ref().is_none_or(|target| is_amount(target))
}

/// Whether a metric is a count, or an amount that can be added up: no rate, no average.
fn is_made_more_of(metric: &Metric) -> bool {
    let adds_up = metric.unit == MetricUnit::Count || metric.unit == MetricUnit::Money && metric.amount;
    adds_up && metric.better == Better::Up
}

/// Whether a target is an amount or a count of the period, or words; a share, a ratio and a pace are none.
fn is_amount(target: &Target) -> bool {
    target.quantity().is_none_or(|quantity| {
        let unit = matches!(quantity.unit, Unit::None | Unit::Money(_) | Unit::Count(_));
        quantity.per.is_none() && (unit || quantity.change == Some(Change::Relative))
    })
}

fn is_money(facts: &Facts, of: MetricRef, target: Option<&Placed<Target>>) -> bool {
    match target.and_then(|target| target.quantity()).map(|quantity| &quantity.unit) {
        Some(Unit::Money(_)) => true,
        Some(Unit::Count(_)) => false,
        _ => facts.identity(of).metric.is_none_or(|metric| metric.unit == MetricUnit::Money),
    }
}
