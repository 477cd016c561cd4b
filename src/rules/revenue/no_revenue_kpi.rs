//! `no-revenue-kpi`: a plan without a result in money, or without one that marketing answers for.

use std::sync::LazyLock;

use crate::facts::{Department, Facts};
use crate::plan::{BusinessModel, GoalOrKpi, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule, Yield};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "no-revenue-kpi",
    area: Area::Revenue,
    weight: Severity::Critical,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Goals, PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[Yield::of("not-marketings", "siloed-kpis")],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("no_revenue_kpi.md"))),
    check: Check::First(check),
};

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if facts.metrics().next().is_none() {
        return;
    }
    let results = facts.results();
    // Pipeline may be all the money of a plan; of a KPI that cannot be told it may not.
    let pipeline_alone = results.sought.iter().all(|metric| facts.is_pipeline(*metric));
    if pipeline_alone && results.doubtful().next().is_some() {
        return verdicts.unknown(Subject::Plan, results.doubtful().map(Need::of_kind));
    }
    if !pipeline_alone {
        return judge_marketing(facts, verdicts);
    }
    let (reading, severity) = match (results.has_none(), results.sought.is_empty()) {
        (true, _) => ("none", Severity::Critical),
        (false, true) => ("kept", Severity::Medium),
        (false, false) => ("pipeline", Severity::Medium),
    };
    verdicts.fail(Subject::Plan, finding(facts, reading, severity).reframe(Some(money_goal(facts)), false));
}

/// There is money to reach: where marketing takes part, it should answer for some of it.
fn judge_marketing(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !facts.teams().has(Department::Marketing) {
        return verdicts.pass(Subject::Plan);
    }
    let results = facts.results();
    let mut needs = Vec::new();
    for metric in results.sought.iter().chain(&results.held).copied() {
        let answering = facts.answering_for(metric);
        if answering.departments.contains(&Department::Marketing) {
            return verdicts.pass(Subject::Plan);
        }
        if answering.others || answering.is_silent() {
            needs.push(Need::of_teams(metric));
        }
    }
    let could_be_marketings = |metric: &MetricRef| {
        let answering = facts.answering_for(*metric);
        answering.others || answering.is_silent() || answering.departments.contains(&Department::Marketing)
    };
    needs.extend(results.doubtful().filter(could_be_marketings).map(Need::of_kind));
    if !needs.is_empty() {
        return verdicts.unknown(Subject::Plan, needs);
    }
    let draft = finding(facts, "not-marketings", Severity::Medium);
    verdicts.fail(Subject::Plan, draft.reframe(with_marketing(facts), false));
}

fn finding(facts: &Facts, reading: &'static str, severity: Severity) -> FindingDraft {
    let results = facts.results();
    let kept = results.held.iter().chain(&results.watched);
    let money: Vec<&MetricRef> = results.sought.iter().chain(kept).collect();
    let answering = money.iter().flat_map(|metric| facts.answering_for(**metric).departments);
    let mut teams: Vec<String> = answering.map(|department| department.title().to_owned()).collect();
    teams.sort_unstable();
    teams.dedup();
    let place = facts.plan.place_of_parts(&[PlanPart::Goals, PlanPart::Kpis]);
    // What is not money is what the finding rests on where there is none; else it rests on the money.
    let rests_on = if money.is_empty() { results.other.iter().collect() } else { money.clone() };
    let recognised = rests_on.iter().any(|metric| facts.identity(**metric).is_recognised());
    FindingDraft::at(place, reading, severity)
        .with("kinds", Figure::Names(facts.kinds_of(&results.other)))
        .with("money", Figure::Text(of_model(facts, "money")))
        .with("names", Figure::Names(facts.names_of(money.iter().copied())))
        .with("count", Figure::Count(money.len() as f64))
        .with("teams", Figure::Names(teams))
        .recognised(recognised)
}

/// A phrase of the page in the words of the plan's business model.
fn of_model(facts: &Facts, phrase: &str) -> String {
    let model = facts.business_model().map_or("", BusinessModel::word);
    RULE.page().phrase(&format!("{phrase}.{model}")).to_owned()
}

/// A goal of money, due when the period ends, for the teams that bring it in. How much, nobody knows but them.
fn money_goal(facts: &Facts) -> String {
    let name = of_model(facts, "goal");
    let end = facts.plan.head.period.as_ref().map(|period| period.end.to_string());
    let earns = |team: &Department| !matches!(team, Department::Finance | Department::Product);
    let teams = facts.teams();
    let owners = teams.departments().filter(earns).map(|team| teams.written(team).to_owned()).collect();
    let goal = Fields::new().text("id", facts.plan.fresh_id(RULE.page().phrase("goal-id"))).text("name", name);
    reframe::list("goals", vec![goal.text("outcome", "revenue").maybe("by", end).words("owners", owners)])
}

/// The plan's own goal of money with marketing among its owners.
fn with_marketing(facts: &Facts) -> Option<String> {
    let own = facts.results().sought.iter().find_map(|metric| match metric {
        MetricRef { plan: 0, which: GoalOrKpi::Goal(at) } => facts.plan.goals.get(*at),
        _ => None,
    })?;
    let owners = own.owners.iter().flat_map(|owners| owners.iter()).map(|owner| owner.value.to_string());
    let marketing = facts.teams().written(Department::Marketing).to_owned();
    let goal = Fields::named(&own.id, &own.name);
    Some(reframe::list("goals", vec![goal.words("owners", owners.chain([marketing]).collect())]))
}
