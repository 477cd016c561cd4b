//! `no-outcome`: work that nothing of what the plan measures would notice, or only a count of attention or output.

use std::sync::LazyLock;

use crate::facts::links::Level;
use crate::facts::{AtStake, Facts};
use crate::metrics::{Kind, Vanity};
use crate::plan::{Entity, GoalOrKpi, Initiative, InitiativeKind, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-outcome",
    area: Area::Work,
    weight: Severity::High,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || judged(facts).next().is_some(),
    // Much money without a goal or KPI is told of the plan as a whole.
    yields_to: &[Yield::of("serves-nothing", "unmeasured-spend")],
    settings: &[&GRAVE_SHARE],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_outcome.md"))),
    check: Check::First(check),
};

static GRAVE_SHARE: Setting = Setting {
    key: "grave_share",
    default: 0.2,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the initiatives' money over which one without an outcome is high",
    source: "a convention: a fifth of the money is more than a try",
};

/// The work that is ahead, but for what must simply be done.
fn judged(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>)> {
    facts.plan.initiatives_ahead().filter(|(_, initiative)| !initiative.is(InitiativeKind::Upkeep))
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let money: f64 = facts.plan.initiatives.iter().filter_map(|initiative| initiative.money_ahead()).sum();
    for (at, initiative) in judged(facts) {
        let subject = Subject::Initiative(at);
        let served = facts.plan.served_by(initiative);
        if served.is_empty() {
            verdicts.fail(subject, finding(facts, at, initiative, "serves-nothing", &served, money));
        } else if served.iter().any(|metric| is_outcome(facts, *metric) == Some(true)) {
            verdicts.pass(subject);
        } else if served.iter().all(|metric| is_outcome(facts, *metric) == Some(false)) {
            verdicts.fail(subject, finding(facts, at, initiative, "attention-only", &served, money));
        } else {
            let unclear = served.iter().filter(|metric| is_outcome(facts, **metric).is_none());
            verdicts.unknown(subject, unclear.map(|metric| Need::of_metric(kind_key(*metric), *metric)));
        }
    }
}

/// Whether a goal or KPI is more than a count of attention or output: by its kind, or because a path to money with a
/// number on every link answers for it. `None` where it cannot be told.
fn is_outcome(facts: &Facts, metric: MetricRef) -> Option<bool> {
    let identity = facts.identity(metric);
    let answered = match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => {
            facts.way(at).is_some_and(|way| way.level == Some(Level::Founded))
        }
        _ => false,
    };
    let counts_attention =
        |kind: Kind| (kind.is_attention() && identity.vanity != Some(Vanity::No)) || kind == Kind::Activity;
    identity.kind.map(|kind| answered || !counts_attention(kind))
}

/// The key that says what a goal or KPI is.
fn kind_key(metric: MetricRef) -> &'static str {
    match metric.which {
        GoalOrKpi::Goal(_) => "outcome",
        GoalOrKpi::Kpi(_) => "metric",
    }
}

fn finding(
    facts: &Facts,
    at: usize,
    initiative: &Entity<Initiative>,
    reading: &'static str,
    served: &[MetricRef],
    all_money: f64,
) -> FindingDraft {
    let money = initiative.money_ahead().filter(|money| *money > 0.0);
    let share = money.map_or(0.0, |money| money / all_money);
    let grave = share > facts.settings.threshold(RULE.name, &GRAVE_SHARE);
    let names = served.iter().map(|metric| facts.plan.metric_name(*metric).to_owned()).collect();
    let draft = FindingDraft::at(initiative.place, reading, if grave { Severity::High } else { Severity::Medium })
        .with("name", Figure::Text(initiative.name.value.to_string()))
        .with("money", Figure::Text(money.map(|money| spending(money, share)).unwrap_or_default()))
        .with("served", Figure::Names(names))
        .recognised(served.iter().any(|metric| facts.identity(*metric).is_recognised()))
        .at_stake(money.map(|amount| AtStake::of_one(Subject::Initiative(at), amount, RULE.page().phrase("at-stake"))))
        .reframe(reframe(facts, initiative, served), false);
    // Money that serves nothing may be told of the plan as a whole.
    if served.is_empty() && money.is_some() { draft.told_on(Subject::Plan) } else { draft }
}

/// What it takes, as it stands behind its name.
fn spending(money: f64, share: f64) -> String {
    let figures = [("money", Figure::Money(money)), ("share", Figure::Share(share))];
    format!(" {}", Template(RULE.page().phrase("money")).fill(&figures))
}

/// The initiative with what it could serve: the step after what it serves now, else the goal of money.
fn reframe(facts: &Facts, initiative: &Entity<Initiative>, served: &[MetricRef]) -> Option<String> {
    let next = served.iter().find_map(|metric| match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Kpi(at) } => facts.next_step(*at),
        _ => None,
    });
    let mut serves = served.to_vec();
    serves.push(next.or_else(|| facts.money_goal())?);
    let ids = serves.into_iter().map(|metric| facts.plan.metric_id(metric).to_owned()).collect();
    let fields = Fields::named(&initiative.id, &initiative.name);
    Some(reframe::list("initiatives", vec![fields.words("serves", ids)]))
}
