//! `against-direction`: a target that is worse than where the KPI stands.

use std::sync::LazyLock;

use crate::facts::{Facts, Identity, Purse};
use crate::metrics::{Better, Family, Kind, Metric, MetricUnit, sets};
use crate::plan::quantity::{Amount, Bound, Change, Quantity, TimeUnit, Unit};
use crate::plan::{Entity, Kpi, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "against-direction",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |facts| facts.plan.kpis.is_empty(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("against_direction.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi))) {
        let subject = Subject::Kpi(at);
        let Some(target) = kpi.target.as_ref().and_then(|target| target.quantity()) else { continue };
        let identity = facts.kpi(at);
        let Some(metric) = identity.metric else {
            if identity.kind.is_none() {
                verdicts.unknown(subject, [Need::new("metric", subject)]);
            }
            continue;
        };
        if !is_sure(metric) {
            continue;
        }
        match side(kpi, target, metric) {
            Side::NoBaseline => verdicts.unknown(subject, [Need::new("baseline", subject)]),
            Side::Incomparable => {}
            // "Leads to be cleared": of a count that is only a part of the name, the rest may say what is to become fewer.
            Side::Worse if !is_declared(kpi) && identity.is_recognised() && is_counted(metric) => {
                verdicts.unknown(subject, [Need::new("metric", subject)]);
            }
            Side::Worse if !is_declared(kpi) => {
                verdicts.fail(subject, finding(facts, at, kpi, identity, metric.better))
            }
            Side::Worse | Side::NotWorse => verdicts.pass(subject),
        }
    }
}

/// Whether everybody would agree on the direction. A return on ad spend is often set too high; a stock may be given by what is
/// added to it; what a team puts out, and people, may well be fewer on purpose.
fn is_sure(metric: &Metric) -> bool {
    let added = metric.balance && metric.better == Better::Up;
    let either = matches!(metric.kind, Kind::Activity | Kind::People) || metric.family == Family::Roas;
    !added && !either && !sets::EITHER_WAY.has(&metric.name)
}

/// Any reason says that it is meant, but for one that still has to be filled in.
fn is_declared(kpi: &Kpi) -> bool {
    kpi.because.as_ref().is_some_and(|because| !because.contains('…'))
}

fn is_counted(metric: &Metric) -> bool {
    metric.better == Better::Up && (metric.unit == MetricUnit::Count || metric.amount)
}

/// On which side of the baseline a target stands.
enum Side {
    NotWorse,
    Worse,
    NoBaseline,
    Incomparable,
}

fn side(kpi: &Entity<Kpi>, target: &Quantity, metric: &Metric) -> Side {
    if let Some(change) = target.change {
        return side_of_change(kpi, target, change, metric.better);
    }
    let Some(baseline) = kpi.baseline.as_ref().map(|baseline| baseline.quantity()) else { return Side::NoBaseline };
    let (Some((unit, from)), Some((other, to))) = (level(baseline, metric), level(target, metric)) else {
        return Side::Incomparable;
    };
    let (Some((low, high)), Some((least, most))) = (from.bounds(), to.bounds()) else { return Side::Incomparable };
    if unit != other || baseline.per != target.per {
        return Side::Incomparable;
    }
    // Of ranges, only what lies wholly on the other side is worse.
    let worse = match metric.better {
        Better::Up => most < low,
        Better::Down => least > high,
    };
    if worse { Side::Worse } else { Side::NotWorse }
}

/// "+10%" of a churn is worse wherever it stands. A change that was read from a name may have its sign from a verb of either
/// direction ("improve churn by 10%"), so that one is left alone.
fn side_of_change(kpi: &Entity<Kpi>, target: &Quantity, change: Change, better: Better) -> Side {
    let Some((least, most)) = target.amount.bounds().filter(|_| !kpi.from_name.target) else {
        return Side::Incomparable;
    };
    let worse = match (better, change) {
        (Better::Up, Change::Relative | Change::Points | Change::Units) => most < 0.0,
        (Better::Down, Change::Relative | Change::Points | Change::Units) => least > 0.0,
    };
    if worse { Side::Worse } else { Side::NotWorse }
}

/// What two numbers must share to be compared.
#[derive(PartialEq)]
enum Scale {
    Number,
    Percent,
    Hours,
}

/// A level on its scale: times in hours, ratios in any way of writing. A share of what is a count is on none.
fn level(quantity: &Quantity, metric: &Metric) -> Option<(Scale, Amount)> {
    match (&quantity.unit, metric.unit) {
        (Unit::Time(_), _) => Some((Scale::Hours, quantity.time_in(TimeUnit::Hour).ok()?)),
        (Unit::None | Unit::Percent | Unit::Ratio | Unit::Times, MetricUnit::Ratio) => {
            Some((Scale::Number, quantity.ratio().ok()?))
        }
        (Unit::Percent, MetricUnit::Share | MetricUnit::Score) => Some((Scale::Percent, quantity.amount)),
        (Unit::None | Unit::Count(_), MetricUnit::Count | MetricUnit::Share | MetricUnit::Score | MetricUnit::Time)
        | (Unit::None | Unit::Money(_), MetricUnit::Money) => Some((Scale::Number, quantity.amount)),
        _ => None,
    }
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, identity: Identity, better: Better) -> FindingDraft {
    let target = kpi.target.as_ref().and_then(|target| target.quantity());
    let holds = matches!(
        (better, target.and_then(|target| target.bound)),
        (Better::Up, Some(Bound::AtLeast | Bound::Over)) | (Better::Down, Some(Bound::AtMost | Bound::Under))
    );
    let baseline = kpi.baseline.as_ref().map(|baseline| baseline.quantity().text.clone());
    let reading = match (target.is_some_and(|target| target.change.is_some()), holds, better) {
        (true, ..) => "change",
        (false, true, _) => "line",
        (false, false, Better::Up) => "falls",
        (false, false, Better::Down) => "rises",
    };
    let severity = if reading == "line" { Severity::Medium } else { Severity::High };
    let direction = RULE.page().phrase(if better == Better::Up { "rise" } else { "fall" });
    let draft = FindingDraft::at(kpi.target.as_ref().map_or(kpi.place, |target| target.whole()), reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("direction", Figure::Text(direction.to_owned()))
        .with("target", Figure::Text(target.map(|target| target.text.clone()).unwrap_or_default().to_string()))
        .with("baseline", Figure::Text(baseline.unwrap_or_default().to_string()))
        .at_stake(Purse::behind(facts, at, RULE.page().phrase("at-stake")))
        .recognised(identity.is_recognised())
        .reframe(Some(reframe(kpi, reading)), false);
    let stands = kpi.baseline.as_ref().filter(|_| reading != "change");
    draft.beside_each(stands.map(|baseline| baseline.whole()), RULE.page().phrase("stands"))
}

/// What only holds a line, as a guardrail; what is meant, with the reason that says so.
fn reframe(kpi: &Entity<Kpi>, reading: &str) -> String {
    let fields = Fields::named(&kpi.id, &kpi.name);
    let fields = match reading {
        "line" => fields.text("role", "guardrail"),
        _ => fields.text("because", RULE.page().phrase("because")),
    };
    reframe::list("kpis", vec![fields])
}
