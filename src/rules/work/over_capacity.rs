//! `over-capacity`: more work than the teams have time for, and where the list has to be cut.

use std::sync::LazyLock;

use crate::facts::capacity::Workload;
use crate::facts::interval::Interval;
use crate::facts::{AtStake, Facts};
use crate::plan::{PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::{Figure, Template};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "over-capacity",
    area: Area::Work,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Initiatives, PlanPart::Teams],
    applies: |facts| facts.plan.initiatives.is_empty() || facts.plan.initiatives_ahead().next().is_some(),
    yields_to: &[],
    settings: &[&FULL_LOAD, &GRAVE_LOAD],
    conventions: &[&crate::settings::HOURS_A_DAY, &crate::settings::DAYS_A_WEEK],
    page: LazyLock::new(|| Page::parse(include_str!("over_capacity.md"))),
    check: Check::First(check),
};

static FULL_LOAD: Setting = Setting {
    key: "full_load",
    default: 1.0,
    unit: SettingUnit::Share,
    least: 0.1,
    most: 10.0,
    words: "the work over the time for it above which the list does not fit",
    source: "arithmetic: an hour is worked once",
};

static GRAVE_LOAD: Setting = Setting {
    key: "grave_load",
    default: 1.3,
    unit: SettingUnit::Share,
    least: 0.1,
    most: 10.0,
    words: "the load above which that is high",
    source: "a convention: a list that is a third too long is cut by somebody, in the plan or out of it",
};

/// Months from which the length of a list is told in years.
const A_YEAR: f64 = 12.0;

/// The initiatives that a reframe names one by one.
const MOST_NAMED: usize = 20;

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let workload = facts.workload();
    if workload.listed.is_empty() && workload.without_effort.is_empty() {
        return;
    }
    let full = full_load(facts);
    let load = workload.periods();
    let team = workload.busiest().filter(|(_, load)| *load > full);
    let mut drafts = Vec::new();
    if let Some(load) = load.filter(|load| *load > full) {
        drafts.push(of_list(facts, workload, load));
    }
    if let Some((team, load)) = team {
        let draft = FindingDraft::at(place(facts), "team", severity(facts, load))
            .with("team", Figure::Text(team.team.clone()))
            .with("hours", Figure::Count(team.own.round()))
            .with("capacity", Figure::Count(team.capacity.round()))
            .with("load", Figure::Share(load));
        // Where the whole list is too long for the same reason, that is told once.
        if drafts.iter().all(|whole| severity(facts, load) > whole.severity()) {
            drafts.push(draft);
        }
    }
    if !drafts.is_empty() {
        verdicts.fail_all(Subject::Plan, drafts);
    } else if load.is_none() {
        verdicts.unknown(Subject::Plan, [Need::new(capacity_key(facts), Subject::Plan)]);
    } else if !workload.without_effort.is_empty() {
        let needs = workload.without_effort.iter().map(|at| Need::new("effort", Subject::Initiative(*at)));
        verdicts.unknown(Subject::Plan, needs);
    } else {
        verdicts.pass(Subject::Plan);
    }
}

/// The work over the time for it above which a list does not fit.
pub(super) fn full_load(facts: &Facts) -> f64 {
    facts.settings.threshold(RULE.name, &FULL_LOAD)
}

/// What would tell how much time there is: with people alone, the period.
fn capacity_key(facts: &Facts) -> &'static str {
    let Some(teams) = &facts.plan.head.teams else { return "teams" };
    let has_people = teams.iter().all(|(_, team)| team.value.people.is_some() || team.value.capacity.is_some());
    if has_people && facts.plan.head.period.is_none() { "period" } else { "capacity" }
}

fn severity(facts: &Facts, load: f64) -> Severity {
    let grave = load > facts.settings.threshold(RULE.name, &GRAVE_LOAD);
    if grave { Severity::High } else { Severity::Medium }
}

fn place(facts: &Facts) -> crate::source::Span {
    facts.plan.head.initiatives.as_ref().map_or(facts.plan.head.place, |initiatives| initiatives.key)
}

fn of_list(facts: &Facts, workload: &Workload, load: f64) -> FindingDraft {
    let period = facts.plan.head.period.as_ref().map(|period| period.months());
    let months = period.map_or(0.0, |months| months * load);
    let reading = match period {
        None => "list.load",
        Some(_) if months >= A_YEAR => "list.years",
        Some(_) => "list.months",
    };
    let point = |value| Interval::point(value).unwrap_or_default();
    FindingDraft::at(place(facts), reading, severity(facts, load))
        .with("hours", Figure::Count(workload.hours().round()))
        .with("capacity", Figure::Count(workload.capacity().unwrap_or_default().round()))
        .with("load", Figure::Share(load))
        .with("years", Figure::Years(months / A_YEAR))
        .with("months", Figure::Months(point(months)))
        .with("period", Figure::Multiple(point(period.unwrap_or_default())))
        .with("cut", Figure::Text(cut(facts, workload)))
        .at_stake(at_stake(facts, workload))
        .reframe(reframe(facts, workload), false)
}

/// The initiatives from the first that does not fit.
fn below_the_line(workload: &Workload) -> impl Iterator<Item = usize> {
    let fitting = workload.fitting().unwrap_or(usize::MAX);
    workload.listed.iter().skip(fitting).map(|work| work.initiative)
}

/// Where the list has to be cut, and what is not even counted.
fn cut(facts: &Facts, workload: &Workload) -> String {
    let mut below = below_the_line(workload);
    let Some(first) = below.next() else { return String::new() };
    let ranked = facts.plan.initiatives_ahead().any(|(_, initiative)| initiative.rank.is_some());
    let page = RULE.page();
    let order = page.phrase(if ranked { "order.rank" } else { "order.list" });
    let after = below.count();
    let mut figures = vec![
        ("order", Figure::Text(order.to_owned())),
        ("first", Figure::Text(facts.plan.name_of(Subject::Initiative(first)).to_owned())),
        ("after", Figure::Count(after as f64)),
    ];
    let mut text = Template(page.phrase(if after > 0 { "cut.more" } else { "cut.one" })).fill(&figures);
    if !workload.without_effort.is_empty() {
        figures.push(("uncounted", Figure::Count(workload.without_effort.len() as f64)));
        text = format!("{text} {}", Template(page.phrase("uncounted")).fill(&figures));
    }
    text
}

/// The money of what does not fit.
fn at_stake(facts: &Facts, workload: &Workload) -> Option<AtStake> {
    let money = |at: &usize| facts.plan.money_of(Subject::Initiative(*at)).filter(|money| *money > 0.0);
    let funded: Vec<usize> = below_the_line(workload).filter(|at| money(at).is_some()).collect();
    let amount: f64 = funded.iter().filter_map(money).sum();
    let of = funded.into_iter().map(Subject::Initiative).collect();
    (amount > 0.0).then(|| AtStake { amount, of, concern: RULE.page().phrase("at-stake") })
}

/// What lies below the line as work that will not be done this time. A list of which nothing fits is not cut by its order.
fn reframe(facts: &Facts, workload: &Workload) -> Option<String> {
    let below: Vec<usize> = below_the_line(workload).collect();
    if below.len() == workload.listed.len() || below.len() > MOST_NAMED {
        return None;
    }
    let parts = below.into_iter().map(|at| {
        let subject = Subject::Initiative(at);
        let fields = Fields::of(&facts.plan, subject);
        fields.text("priority", "wont")
    });
    Some(reframe::list("initiatives", parts.collect()))
}
