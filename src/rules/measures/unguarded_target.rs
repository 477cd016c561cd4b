//! `unguarded-target`: a target that can be met the wrong way, and nothing in the plan would show it.

use std::sync::LazyLock;

use crate::facts::guards::{Gaming, Guard, cost_at_next, part_of_rate_that_undoes};
use crate::facts::{Facts, Identity, Purse, names};
use crate::metrics::{Better, Kind, Metric};
use crate::plan::quantity::{Bound, Change, Quantity, Unit};
use crate::plan::{Entity, Kpi, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unguarded-target",
    area: Area::Measures,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    // A plan whose KPIs all carry their own pair needs no guard.
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[Yield::of("ad-return", "roas-over-ltv-cac")],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("unguarded_target.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi))) {
        let (subject, identity) = (Subject::Kpi(at), facts.kpi(at));
        let Some(gaming) = Gaming::of(identity) else {
            if may_be_a_cost_of_one(identity) && !names::is_work(&kpi.name, facts.dictionary) {
                verdicts.unknown(subject, [Need::new("metric", subject)]);
            }
            continue;
        };
        match facts.guard(at, gaming) {
            // Nobody is pushed by a target that asks for less than today: it is meant ("overdue leads"), or against-direction's.
            _ if asks_for_less(kpi, better(gaming)) => {}
            Guard::There => verdicts.pass(subject),
            // A name that counts leads beside a target in per cent: a share of something.
            _ if gaming == Gaming::Volume && kpi.is_target_a_percentage() => {
                verdicts.unknown(subject, [Need::new("metric", subject)]);
            }
            Guard::Unclear(metrics) => {
                verdicts.unknown(subject, metrics.into_iter().map(|metric| Need::of_metric("metric", metric)));
            }
            Guard::Missing => verdicts.fail(subject, finding(facts, at, kpi, gaming)),
        }
    }
}

/// A KPI that cannot be told, or is a cost of something that the dictionary has no name for.
fn may_be_a_cost_of_one(identity: Identity) -> bool {
    identity.metric.is_none() && identity.kind.is_none_or(|kind| kind == Kind::CostEfficiency)
}

fn better(gaming: Gaming) -> Better {
    match gaming {
        Gaming::UnitCost(_) | Gaming::CustomerCost | Gaming::ReplyTime | Gaming::CycleTime => Better::Down,
        Gaming::Volume | Gaming::Customers | Gaming::AdReturn | Gaming::NetRetention | Gaming::Revenue => Better::Up,
    }
}

/// Whether the target is worse than where the KPI stands, or a bound on the other side.
fn asks_for_less(kpi: &Kpi, better: Better) -> bool {
    let Some(target) = kpi.target.as_ref().and_then(|target| target.quantity()) else { return false };
    let baseline = kpi.baseline.as_ref().map(|baseline| baseline.quantity());
    let same_unit = |baseline: &&Quantity| baseline.unit == target.unit && baseline.per == target.per;
    let rise = match target.change {
        Some(_) => target.amount.middle(),
        None => baseline.filter(same_unit).and_then(|from| Some(target.amount.middle()? - from.amount.middle()?)),
    };
    let (worse, other_side) = match better {
        Better::Up => (rise.is_some_and(|rise| rise < 0.0), [Bound::AtMost, Bound::Under]),
        Better::Down => (rise.is_some_and(|rise| rise > 0.0), [Bound::AtLeast, Bound::Over]),
    };
    worse || target.bound.is_some_and(|bound| other_side.contains(&bound))
}

/// What is known of a target that moves a level: where it stands and should stand, and how much of the rate behind it can be
/// lost until nothing is gained.
#[derive(Debug, Clone, Copy)]
struct Move {
    levels: Option<(f64, f64)>,
    part: f64,
}

/// What the plan's own numbers say of a target: its move, and the rate behind it.
struct Known {
    moved: Option<Move>,
    was: Option<f64>,
    planned: Option<f64>,
}

impl Known {
    fn new(facts: &Facts, at: usize, kpi: &Kpi, gaming: Gaming) -> Self {
        let stage = facts.stage_counted_by(at);
        Self {
            moved: move_of(kpi, better(gaming)),
            was: stage.and_then(|stage| stage.was.as_ref()?.point()),
            planned: stage.and_then(|stage| stage.to_next.as_ref()?.point()),
        }
    }

    /// The share that goes on today, as far as the plan says.
    fn rate(&self) -> Option<f64> {
        self.was.or(self.planned)
    }

    fn levels(&self) -> Option<(f64, f64)> {
        self.moved?.levels
    }

    /// What one costs at the next stage, today and as planned.
    fn costs_at_next(&self) -> (f64, f64) {
        let at = |level: f64, rate: Option<f64>| rate.and_then(|rate| cost_at_next(level, rate)).unwrap_or_default();
        let (from, to) = self.levels().unwrap_or_default();
        (at(from, self.rate()), at(to, self.planned))
    }

    /// Whether the plan itself has cheaper ones of whom so many fewer go on that the next stage costs more.
    fn costs_rise(&self) -> bool {
        let (before, after) = self.costs_at_next();
        self.was > self.planned && self.planned.is_some() && after > before
    }

    fn reading(&self, gaming: Gaming) -> &'static str {
        let rated = self.levels().is_some() && self.rate().is_some();
        match gaming {
            Gaming::UnitCost(_) if self.levels().is_some() && self.costs_rise() => "cost.rises",
            Gaming::UnitCost(_) if rated => "cost.rate",
            Gaming::UnitCost(_) if self.moved.is_some() => "cost.part",
            Gaming::UnitCost(_) => "cost",
            Gaming::Volume if rated => "count.rate",
            Gaming::Volume if self.moved.is_some() => "count.part",
            Gaming::Volume => "count",
            Gaming::Customers => "customers",
            Gaming::CustomerCost => "customer-cost",
            Gaming::AdReturn => "ad-return",
            Gaming::ReplyTime => "reply-time",
            Gaming::CycleTime => "cycle-time",
            Gaming::NetRetention => "net-retention",
            Gaming::Revenue => "revenue",
        }
    }
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, gaming: Gaming) -> FindingDraft {
    let (identity, known) = (facts.kpi(at), Known::new(facts, at, kpi, gaming));
    let reading = known.reading(gaming);
    let severity = if gaming == Gaming::Revenue { Severity::Low } else { Severity::Medium };
    let rate = known.rate();
    let part = known.moved.map(|moved| moved.part).unwrap_or_default();
    let undoes = rate.map(|rate| rate * part).filter(|_| reading.ends_with(".rate"));
    let guard = facts.dictionary.metric(gaming.guard(identity, facts.buys_once()));
    let level = |value: f64| match gaming {
        Gaming::UnitCost(_) => Figure::Money(value),
        _ => Figure::Count(value.round()),
    };
    let (from, to) = known.levels().unwrap_or_default();
    let (before, after) = known.costs_at_next();
    FindingDraft::at(kpi.target.as_ref().map_or(kpi.place, |target| target.whole()), reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("things", Figure::Text(things(identity).to_owned()))
        .with("guard", Figure::Text(guard.map(|guard| guard.title.to_string()).unwrap_or_default()))
        .with("baseline", level(from))
        .with("target", level(to))
        .with("before", level(before))
        .with("after", level(after))
        .with("made", Figure::Count((from * rate.unwrap_or_default()).round()))
        .with("rate", Figure::Rate(rate.unwrap_or_default()))
        .with("planned", Figure::Rate(known.planned.unwrap_or_default()))
        .with("undoes", Figure::Rate(undoes.unwrap_or_default()))
        .with("part", Figure::Share(1.0 - part))
        // A target without a guard may still be met the right way; money is in question where the plan's own rates say not.
        .at_stake(Purse::behind(facts, at, RULE.page().phrase("at-stake")).filter(|_| reading == "cost.rises"))
        .recognised(identity.is_recognised())
        // A guard is only looked at; what it has to hold is a target, and those are agreed on.
        .reframe(guard.map(|guard| reframe(facts, kpi, guard, rate, undoes)), undoes.is_none())
}

/// What is counted or paid for, as the sentence calls it.
fn things(identity: Identity) -> &'static str {
    let metric = identity.metric.map(|metric| metric.name.as_ref()).unwrap_or_default();
    RULE.page().phrase(&format!("things.{metric}"))
}

/// What can be told of the target's move: from its levels, or from a relative change alone.
fn move_of(kpi: &Kpi, better: Better) -> Option<Move> {
    let target = kpi.target.as_ref()?.quantity()?;
    let plain = |unit: &Unit| matches!(unit, Unit::None | Unit::Count(_) | Unit::Money(_));
    let baseline = kpi.baseline.as_ref().filter(|baseline| plain(&baseline.quantity().unit) && target.per.is_none());
    let levels = baseline.and_then(|baseline| Some((baseline.point()?, kpi.target_level()?)));
    let levels = levels.filter(|_| plain(&target.unit) || target.change == Some(Change::Relative));
    let (from, to) = match (levels, target.change) {
        (Some(levels), _) => levels,
        (None, Some(Change::Relative)) => (1.0, 1.0 + target.amount.middle()?),
        (None, _) => return None,
    };
    part_of_rate_that_undoes(better, from, to).map(|part| Move { levels, part })
}

/// The KPI with its guard, and the guard with what is known of it: the rate of today, and the least that it has to hold.
fn reframe(facts: &Facts, kpi: &Entity<Kpi>, guard: &Metric, rate: Option<f64>, undoes: Option<f64>) -> String {
    let product = kpi.product.as_ref().map(|product| product.value.to_string());
    let wished = product.as_ref().map_or(guard.name.to_string(), |product| format!("{}-{product}", guard.name));
    let id = facts.plan.fresh_id(&wished);
    let own = Fields::named(&kpi.id, &kpi.name);
    let guardrail = Fields::new()
        .text("id", id.clone())
        .text("name", guard.title.clone())
        .text("metric", guard.name.clone())
        .text("role", "guardrail")
        .maybe("product", product)
        .maybe("baseline", rate.map(|rate| Figure::Rate(rate).to_string()))
        .maybe("target", undoes.map(|undoes| format!(">= {}", Figure::Rate(undoes))));
    reframe::list("kpis", vec![own.words("guarded_by", vec![id]), guardrail])
}
