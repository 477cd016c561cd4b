//! `accountable-alone`: a KPI that cannot move without a team which neither shares it nor works on it by a handoff.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::{Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "accountable-alone",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: depends_on_anyone,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("accountable_alone.md"))),
    check: Check::First(check),
};

/// Where no KPI is said to need another team, there is nothing to judge.
fn depends_on_anyone(facts: &Facts) -> bool {
    facts.plan.kpis.is_empty() || facts.plan.kpis.iter().any(|kpi| kpi.depends_on.is_some())
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let handoffs = facts.plan.handoffs.iter().flat_map(|handoff| {
        let (from, to) = (facts.teams().key(&handoff.from), facts.teams().key(&handoff.to));
        [(from.clone(), to.clone()), (to, from)]
    });
    let handoffs: BTreeSet<(Cow<'_, str>, Cow<'_, str>)> = handoffs.collect();
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        if Plan::role(kpi) != Role::Diagnostic && kpi.depends_on.as_ref().is_some_and(|teams| !teams.is_empty()) {
            judge(facts, at, kpi, &handoffs, verdicts);
        }
    }
}

fn judge(
    facts: &Facts,
    at: usize,
    kpi: &Entity<Kpi>,
    handoffs: &BTreeSet<(Cow<'_, str>, Cow<'_, str>)>,
    verdicts: &mut Verdicts<'_>,
) {
    let subject = Subject::Kpi(at);
    let own = facts.teams_of_all(&kpi.teams);
    if own.is_empty() {
        return verdicts.unknown(subject, [Need::new("teams", subject)]);
    }
    let works_with = |team: &Cow<'_, str>| own.iter().any(|own| handoffs.contains(&(own.clone(), team.clone())));
    let others = kpi.depends_on.iter().flat_map(|teams| teams.iter()).map(|team| team.value.to_string());
    let alone = others.filter(|other| !facts.teams_of(other).any(|team| own.contains(&team) || works_with(&team)));
    let alone: Vec<String> = alone.collect();
    if alone.is_empty() {
        return verdicts.pass(subject);
    }
    let teams: Vec<String> =
        kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| team.value.to_string()).collect();
    let place = kpi.depends_on.as_ref().map_or(kpi.place, |teams| teams.whole());
    let shared = teams.iter().chain(&alone).cloned().collect();
    let fields = Fields::named(&kpi.id, &kpi.name).words("teams", shared);
    let draft = FindingDraft::at(place, "alone", Severity::Medium)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("others", Figure::Names(alone.clone()))
        .depends_on(alone)
        .with("teams", Figure::Names(teams))
        .reframe(Some(reframe::list("kpis", vec![fields])), false);
    verdicts.fail(subject, draft);
}
