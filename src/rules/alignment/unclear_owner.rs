//! `unclear-owner`: an owner that is a team, several people, or nobody in particular.

use std::borrow::Cow;
use std::sync::LazyLock;

use hashbrown::HashSet;

use crate::facts::{Facts, Who};
use crate::plan::{OneOrMany, Placed, Plan, Role, Subject, Text};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unclear-owner",
    area: Area::Alignment,
    weight: Severity::Medium,
    since: 1,
    on: &["kpi", "initiative"],
    needs: &[],
    applies: |_| true,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("unclear_owner.md"))),
    check: Check::First(check),
};

/// Who is written where an owner belongs.
type Owners = Option<Placed<OneOrMany<Text>>>;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let people = people(facts);
    for (subject, owners) in owned(facts) {
        // Where it is missing, that is told with whatever else is missing.
        if let Some(owners) = owners.as_ref().filter(|owners| !owners.is_empty()) {
            match reading(facts, owners, &people) {
                None => verdicts.pass(subject),
                Some(reading) => verdicts.fail(subject, finding(facts, subject, owners, reading)),
            }
        }
    }
}

/// The KPIs and the initiatives still ahead, with their owners.
fn owned(facts: &Facts) -> impl Iterator<Item = (Subject, &Owners)> {
    let kpis = facts.plan.kpis.iter().enumerate().filter(|(_, kpi)| Plan::role(kpi) != Role::Diagnostic);
    let initiatives = facts.plan.initiatives.iter().enumerate().filter(|(_, initiative)| initiative.is_ahead());
    kpis.map(|(at, kpi)| (Subject::Kpi(at), &kpi.owner))
        .chain(initiatives.map(|(at, initiative)| (Subject::Initiative(at), &initiative.owner)))
}

/// The folded names of those who stand alone as an owner somewhere.
pub(super) fn people(facts: &Facts) -> HashSet<Cow<'_, str>> {
    let alone = owned(facts).filter_map(|(_, owners)| match owners.as_ref().map(|owners| &owners.0[..]) {
        Some([one]) => Some(Plan::id_from(one)),
        _ => None,
    });
    alone.collect()
}

fn reading(facts: &Facts, owners: &OneOrMany<Text>, people: &HashSet<Cow<'_, str>>) -> Option<&'static str> {
    let one = owners.iter().next().filter(|one| {
        let is_same = |other: &str| Plan::id_from(other) == Plan::id_from(one);
        owners.iter().skip(1).all(|other| is_same(other))
    });
    let Some(owner) = one else { return Some("several") };
    match facts.who(owner) {
        Who::Team => Some("team"),
        Who::Everybody | Who::Open => Some("nobody"),
        Who::Person => is_several(facts, owner, people).then_some("several"),
    }
}

/// "Ana and Paul": only where each part is known as a person or a team by itself. "Head of Sales and Marketing" is one post.
pub(super) fn is_several(facts: &Facts, owner: &str, people: &HashSet<Cow<'_, str>>) -> bool {
    const JOINS: [&str; 7] = ["and", "e", "y", "i", "und", "oraz", "et"];
    const SIGNS: [char; 5] = [',', ';', '/', '&', '+'];
    if !owner.contains(|letter: char| letter.is_whitespace() || SIGNS.contains(&letter)) {
        return false;
    }
    let spaced: String = owner.chars().map(|letter| if SIGNS.contains(&letter) { '\n' } else { letter }).collect();
    let joined = |word: &str| JOINS.contains(&word.to_lowercase().as_str());
    let words = spaced.split(' ').map(|word| if joined(word) { "\n" } else { word });
    let lines = words.collect::<Vec<_>>().join(" ");
    let parts: Vec<&str> = lines.split('\n').map(str::trim).filter(|part| !part.is_empty()).collect();
    let known = |part: &&str| {
        let member = !facts.teams().of_member(part).is_empty();
        member || people.contains(&*Plan::id_from(part)) || facts.who(part) == Who::Team
    };
    parts.len() > 1 && parts.iter().all(known)
}

fn finding(facts: &Facts, subject: Subject, owners: &Placed<OneOrMany<Text>>, reading: &'static str) -> FindingDraft {
    let names: Vec<String> = owners.iter().map(|owner| owner.value.to_string()).collect();
    FindingDraft::at(owners.whole(), reading, Severity::Medium)
        .with("name", Figure::Text(facts.plan.name_of(subject).to_owned()))
        .with("owner", Figure::Names(names))
        .reframe(reframe(facts, subject, owners, reading), false)
}

/// The team where teams belong, and room for one name.
fn reframe(facts: &Facts, subject: Subject, owners: &OneOrMany<Text>, reading: &str) -> Option<String> {
    let Subject::Kpi(at) = subject else { return None };
    let kpi = facts.plan.kpis.get(at).filter(|_| reading == "team")?;
    let team = owners.iter().next()?;
    let mut teams: Vec<String> =
        kpi.teams.iter().flat_map(|teams| teams.iter()).map(|team| team.value.to_string()).collect();
    let key = facts.teams().key(team);
    if !teams.iter().any(|known| facts.teams().key(known) == key) {
        teams.push(team.value.to_string());
    }
    let fields = Fields::named(&kpi.id, &kpi.name).text("owner", "…");
    Some(reframe::list("kpis", vec![fields.words("teams", teams)]))
}
