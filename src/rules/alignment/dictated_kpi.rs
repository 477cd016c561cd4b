//! `dictated-kpi`: a target that was set for people who took no part in setting it, or who agreed after the plan was decided.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::facts::{Facts, Who};
use crate::plan::{Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "dictated-kpi",
    area: Area::Alignment,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("dictated_kpi.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    for (at, kpi) in facts.plan.kpis.iter().enumerate() {
        if Plan::role(kpi) != Role::Diagnostic {
            judge(facts, at, kpi, verdicts);
        }
    }
}

fn judge(facts: &Facts, at: usize, kpi: &Kpi, verdicts: &mut Verdicts<'_>) {
    let subject = Subject::Kpi(at);
    if kpi.mandated.as_ref().is_some_and(|mandated| mandated.value) {
        return verdicts.pass(subject);
    }
    let severity = if Plan::role(kpi) == Role::NorthStar { Severity::High } else { Severity::Medium };
    match handed_down(facts, kpi) {
        Ok(Some(absent)) => verdicts.fail(subject, handed_down_finding(kpi, absent, severity)),
        Err(_) | Ok(None) if agreed_late(facts, kpi) => verdicts.fail(subject, late_finding(facts, kpi, severity)),
        Err(missing) => verdicts.unknown(subject, missing.into_iter().map(|key| Need::new(key, subject))),
        Ok(None) => verdicts.pass(subject),
    }
}

/// The teams that answer for a KPI, did not set it and did not agree to it; none where one of them set it, or all agreed.
fn handed_down(facts: &Facts, kpi: &Kpi) -> Result<Option<Vec<String>>, Vec<&'static str>> {
    let teams: Vec<&str> = kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| team.as_str()).collect();
    let agreed = facts.teams_of_all(&kpi.agreed_with);
    let everybody =
        || kpi.agreed_with.iter().flat_map(|names| names.iter()).any(|name| facts.who(name) == Who::Everybody);
    let absent: Vec<&str> = teams.iter().copied().filter(|team| !agreed.contains(&facts.teams().key(team))).collect();
    if !teams.is_empty() && (absent.is_empty() || everybody()) {
        return Ok(None);
    }
    let setter = kpi.set_by.as_ref().filter(|setter| facts.who(setter) != Who::Open);
    let Some(setter) = setter.filter(|_| !teams.is_empty()) else {
        let lacks = [("teams", teams.is_empty()), ("set_by", setter.is_none())];
        return Err(lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(key, _)| key).collect());
    };
    let own: BTreeSet<Cow<'_, str>> = teams.iter().flat_map(|team| facts.teams_of(team)).collect();
    let set_among_them = facts.who(setter) == Who::Everybody || facts.teams_of(setter).any(|team| own.contains(&team));
    Ok((!set_among_them).then(|| absent.into_iter().map(str::to_owned).collect()))
}

fn agreed_late(facts: &Facts, kpi: &Kpi) -> bool {
    let (agreed, decided) = (kpi.agreed_on.as_ref(), facts.plan.head.decided_on.as_ref());
    agreed.zip(decided).is_some_and(|(agreed, decided)| agreed.value > decided.value)
}

fn handed_down_finding(kpi: &Kpi, absent: Vec<String>, severity: Severity) -> FindingDraft {
    let setter = kpi.set_by.as_ref();
    let teams: Vec<String> =
        kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| team.value.to_string()).collect();
    let all = absent.len() == teams.len();
    let who = if all { vec![RULE.page().phrase("all-of-them").to_owned()] } else { absent.clone() };
    // `[]` says that nobody took part; where the key is absent, nobody says that they did.
    let reading = if kpi.agreed_with.is_some() { "handed-down" } else { "handed-down.unsaid" };
    let place = setter.map_or(kpi.place, |setter| setter.whole());
    let draft = FindingDraft::at(place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("setter", Figure::Text(setter.map(|setter| setter.value.to_string()).unwrap_or_default()))
        .with("teams", Figure::Names(teams))
        .with("absent", Figure::Names(absent))
        .with("who", Figure::Names(who));
    let Some(agreed) = &kpi.agreed_with else { return draft };
    let label = if agreed.is_empty() { "agreed-with.nobody" } else { "agreed-with" };
    draft.beside(agreed.whole(), RULE.page().phrase(label))
}

fn late_finding(facts: &Facts, kpi: &Kpi, severity: Severity) -> FindingDraft {
    let agreed = kpi.agreed_on.as_ref();
    let decided = facts.plan.head.decided_on.as_ref();
    let day = |date: Option<jiff::civil::Date>| Figure::Text(date.map(|date| date.to_string()).unwrap_or_default());
    let draft = FindingDraft::at(agreed.map_or(kpi.place, |agreed| agreed.whole()), "agreed-late", severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("agreed", day(agreed.map(|agreed| agreed.value)))
        .with("decided", day(decided.map(|decided| decided.value)));
    draft.beside_each(decided.map(|decided| decided.whole()), RULE.page().phrase("decided"))
}
