//! `wrong-room`: a plan that those who decide and those who do the work did not make together.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::unclear_owner::{is_several, people};
use crate::facts::{Facts, Who};
use crate::plan::{OneOrMany, Placed, Plan, Subject, Text, Workshop};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "wrong-room",
    area: Area::Alignment,
    weight: Severity::Low,
    since: 1,
    on: &["plan"],
    needs: &[],
    applies: |facts| !is_of_one_person(facts),
    yields_to: &[],
    settings: &[&MOST_INVITED],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("wrong_room.md"))),
    check: Check::First(check),
};

static MOST_INVITED: Setting = Setting {
    key: "most_invited",
    default: 6.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the most people that the proposal for the room names",
    source: "a convention: more than a handful of owners do not talk to each other in one hour",
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if is_of_one_person(facts) {
        return;
    }
    let workshop = facts.plan.head.workshop.as_ref();
    let is_there =
        |list: Option<&Names>| list.is_some_and(|list| list.iter().any(|name| name.chars().any(char::is_alphanumeric)));
    let decide = workshop.and_then(|workshop| workshop.decide.as_ref());
    let execute = workshop.and_then(|workshop| workshop.execute.as_ref());
    let reading = match (workshop, is_there(decide), is_there(execute)) {
        (None, ..) => "none",
        (Some(_), true, true) => return verdicts.pass(Subject::Plan),
        (Some(_), true, false) => "only-deciders",
        (Some(_), false, true) => "only-doers",
        (Some(_), false, false) => {
            return verdicts.unknown(Subject::Plan, ["decide", "execute"].map(|key| Need::new(key, Subject::Plan)));
        }
    };
    let place = workshop.map_or(facts.plan.head.place, |workshop| workshop.whole());
    let there = decide.or(execute).map(names).unwrap_or_default();
    let draft = FindingDraft::at(place, reading, Severity::Low).with("there", Figure::Names(there));
    verdicts.fail(Subject::Plan, draft.reframe(room(facts, workshop.map(|workshop| &workshop.value)), false));
}

type Names = Placed<OneOrMany<Text>>;

fn names(list: &Names) -> Vec<String> {
    list.iter().map(|name| name.value.to_string()).collect()
}

/// The people who own what the plan measures and does, in its order, each once.
fn owners(facts: &Facts) -> Vec<&str> {
    let of_kpis = facts.plan.kpis.iter().map(|kpi| &kpi.owner);
    let of_initiatives = facts.plan.initiatives.iter().map(|initiative| &initiative.owner);
    let all = of_kpis.chain(of_initiatives).flatten().flat_map(|owners| owners.iter()).map(|owner| owner.as_str());
    let mut seen = BTreeSet::new();
    let people = people(facts);
    let is_one = |owner: &str| facts.who(owner) == Who::Person && !is_several(facts, owner, &people);
    all.filter(|owner| is_one(owner) && seen.insert(Plan::id_from(owner))).collect()
}

/// Whether the plan speaks of one person only, and of no team that has more.
fn is_of_one_person(facts: &Facts) -> bool {
    let of_kpis = facts.plan.kpis.iter().map(|kpi| &kpi.teams).chain(facts.plan.goals.iter().map(|goal| &goal.owners));
    let named = of_kpis.flatten().flat_map(|teams| teams.iter()).map(|team| facts.teams().key(team));
    let listed = facts.plan.head.teams.iter().flat_map(|teams| teams.iter()).map(|(name, _)| facts.teams().key(name));
    let mut teams = named.chain(listed);
    let is_one = |team: &str| facts.teams().is_one_person(team).unwrap_or(true);
    if teams.next().is_some_and(|first| !is_one(&first) || teams.any(|team| team != first)) {
        return false;
    }
    let members = facts.plan.head.teams.iter().flat_map(|teams| teams.iter()).map(|(_, team)| &team.value.members);
    let members = members.flatten().flat_map(|members| members.iter()).map(|member| member.as_str());
    let people: BTreeSet<Cow<'_, str>> = owners(facts).into_iter().chain(members).map(Plan::id_from).collect();
    people.len() == 1
}

/// The room with those who were not in it: the owners of what the plan measures and does, or whoever decides.
fn room(facts: &Facts, workshop: Option<&Workshop>) -> Option<String> {
    let most = facts.settings.threshold(RULE.name, &MOST_INVITED) as usize;
    let decide = workshop.and_then(|workshop| workshop.decide.as_ref()).map(names).unwrap_or_default();
    let execute = workshop.and_then(|workshop| workshop.execute.as_ref()).map(names).unwrap_or_default();
    let is_there = |owner: &str| decide.iter().any(|name| Plan::id_from(name) == Plan::id_from(owner));
    let invited: Vec<String> =
        owners(facts).into_iter().filter(|owner| !is_there(owner)).take(most).map(str::to_owned).collect();
    let execute = if execute.is_empty() { invited } else { execute };
    let decide = if decide.is_empty() { vec!["…".to_owned()] } else { decide };
    // Who was there is a fact: the plan gets it once they have met, with the day.
    let room = Fields::new().text("date", "…").words("decide", decide).words("execute", execute.clone());
    (!execute.is_empty()).then(|| reframe::keys(Fields::new().part("workshop", room)))
}
