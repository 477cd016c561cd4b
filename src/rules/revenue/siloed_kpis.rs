//! `siloed-kpis`: marketing and the teams that it works for, each with numbers of its own, and no result in money that they share.

use std::sync::LazyLock;

use crate::facts::{Answering, Department, Facts};
use crate::plan::{GoalOrKpi, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "siloed-kpis",
    area: Area::Revenue,
    weight: Severity::High,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Teams],
    applies: could_apply,
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("siloed_kpis.md"))),
    check: Check::First(check),
};

/// The teams that bring the money in together with marketing.
const OTHERS: [Department; 3] = [Department::Sales, Department::RevenueManagement, Department::CustomerSuccess];

/// As many places of each side as a sentence names.
const PLACES_SHOWN: usize = 3;

/// A plan of one team has nothing to share, and one that seeks no money no money to share: its own finding says so. A plan that
/// says nothing of teams could have both.
fn could_apply(facts: &Facts) -> bool {
    let teams = facts.teams();
    let says_nothing = facts.plan.lacks(PlanPart::Teams) && teams.departments().next().is_none();
    (says_nothing || both_take_part(facts)) && !facts.results().seeks_none()
}

fn both_take_part(facts: &Facts) -> bool {
    facts.teams().has(Department::Marketing) && OTHERS.iter().any(|other| facts.teams().has(*other))
}

/// Whose a goal or KPI is.
struct Held {
    metric: MetricRef,
    by: Answering,
}

impl Held {
    fn new(facts: &Facts, metric: MetricRef) -> Self {
        Self { metric, by: facts.answering_for(metric) }
    }

    fn marketings(&self) -> bool {
        self.by.departments.contains(&Department::Marketing)
    }

    fn others(&self) -> bool {
        OTHERS.iter().any(|other| self.by.departments.contains(other))
    }

    fn is_shared(&self) -> bool {
        self.marketings() && self.others()
    }

    /// Whether it may be shared for all that the plan says of who answers.
    fn may_be_shared(&self) -> bool {
        self.by.others || self.by.is_silent()
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let results = facts.results();
    if !both_take_part(facts) || results.seeks_none() {
        return;
    }
    if results.sought.is_empty() {
        return verdicts.unknown(Subject::Plan, results.doubtful().map(Need::of_kind));
    }
    let money = results.sought.iter().chain(&results.held);
    let money: Vec<Held> = money.map(|metric| Held::new(facts, *metric)).collect();
    if money.iter().any(Held::is_shared) {
        return verdicts.pass(Subject::Plan);
    }
    let whose = money.iter().filter(|held| held.may_be_shared()).map(|held| Need::of_teams(held.metric));
    let what = results.doubtful().map(|metric| Held::new(facts, metric));
    let what = what.filter(|held| held.is_shared() || held.may_be_shared()).map(|held| Need::of_kind(held.metric));
    let needs: Vec<Need> = whose.chain(what).collect();
    if !needs.is_empty() {
        return verdicts.unknown(Subject::Plan, needs);
    }
    verdicts.fail(Subject::Plan, finding(facts, &money));
}

fn finding(facts: &Facts, money: &[Held]) -> FindingDraft {
    let names = |held: &[&Held]| facts.names_of(held.iter().map(|held| &held.metric));
    let marketings: Vec<&Held> = money.iter().filter(|held| held.marketings()).collect();
    let theirs: Vec<&Held> = money.iter().filter(|held| held.others()).collect();
    let soft = marketings_own(facts);
    let reading = match (marketings.is_empty(), theirs.is_empty()) {
        (true, false) if !soft.is_empty() => "two-scoreboards",
        (true, false) => "one-side.others",
        (false, false) => "each-its-own",
        (false, true) => "one-side.marketing",
        (true, true) => "neither",
    };
    let holders = |held: &Held| OTHERS.into_iter().filter(|other| held.by.departments.contains(other)).collect();
    let mut others: Vec<Department> = theirs.iter().copied().flat_map::<Vec<Department>, _>(holders).collect();
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        others = OTHERS.into_iter().filter(|other| facts.teams().has(*other)).collect();
    }
    let titles: Vec<String> = others.iter().map(|other| facts.teams().title(*other).to_owned()).collect();
    let rests_on = money.iter().map(|held| held.metric).chain(soft.iter().copied());
    let recognised = rests_on.into_iter().any(|metric| facts.identity(metric).is_recognised());
    let place = facts.plan.place_of_parts(&[PlanPart::Goals, PlanPart::Kpis]);
    let mut draft = FindingDraft::at(place, reading, Severity::High)
        .with("soft", Figure::Names(facts.names_of(&soft)))
        .with("own", Figure::Names(names(&marketings)))
        .with("theirs", Figure::Names(names(&theirs)))
        .with("money", Figure::Names(names(&money.iter().collect::<Vec<_>>())))
        .with("marketing", Figure::Text(facts.teams().title(Department::Marketing).to_owned()))
        .with("others", Figure::Names(titles))
        .with("n", Figure::Count(others.len() as f64))
        .recognised(recognised)
        .reframe(shared(facts, money, &others), false);
    let page = RULE.page();
    let sides = soft.iter().take(PLACES_SHOWN).map(|metric| (*metric, page.phrase("marketings")));
    let sides = sides.chain(theirs.iter().take(PLACES_SHOWN).map(|held| (held.metric, page.phrase("theirs"))));
    for (metric, label) in sides.filter(|(metric, _)| metric.plan == 0) {
        draft = draft.beside(facts.plan.place_of(metric.which.subject()), label);
    }
    draft
}

/// The KPIs that marketing alone is judged by, where none of them is money, and each can be told.
fn marketings_own(facts: &Facts) -> Vec<MetricRef> {
    let own: Vec<MetricRef> = facts
        .judged_kpis()
        .map(MetricRef::kpi)
        .filter(|kpi| {
            let held = Held::new(facts, *kpi);
            held.marketings() && !held.others()
        })
        .collect();
    let soft = |kpi: &MetricRef| facts.nature(*kpi).is_clear && !facts.nature(*kpi).is_money;
    if own.iter().all(soft) { own } else { Vec::new() }
}

/// A result of the plan with both sides at it: one of which the plan says that it depends on marketing, else the first goal,
/// else the first KPI.
fn shared(facts: &Facts, money: &[Held], others: &[Department]) -> Option<String> {
    let own = || money.iter().filter(|held| held.metric.plan == 0);
    let is_goal = |held: &&Held| matches!(held.metric.which, GoalOrKpi::Goal(_));
    let held = own().find(|held| depends_on_marketing(facts, held.metric)).or_else(|| own().find(is_goal));
    let held = held.or_else(|| own().next())?;
    let teams = facts.teams();
    let sides = [Department::Marketing].into_iter().chain(others.iter().copied());
    let mut both: Vec<Department> = held.by.departments.iter().copied().chain(sides).collect();
    let mut seen = std::collections::BTreeSet::new();
    both.retain(|team| seen.insert(*team));
    let both = both.into_iter().map(|team| teams.written(team).to_owned()).collect();
    let (part, key) = if is_goal(&held) { ("goals", "owners") } else { ("kpis", "teams") };
    let fields = Fields::new().text("id", facts.plan.metric_id(held.metric));
    let fields = fields.text("name", facts.plan.metric_name(held.metric)).words(key, both);
    Some(reframe::list(part, vec![fields]))
}

fn depends_on_marketing(facts: &Facts, metric: MetricRef) -> bool {
    let GoalOrKpi::Kpi(at) = metric.which else { return false };
    let depends = facts.plan.kpis.get(at).and_then(|kpi| kpi.depends_on.as_ref());
    depends.is_some_and(|teams| teams.iter().any(|team| facts.teams().department(team) == Some(Department::Marketing)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::Auditor;

    /// What it says of a plan of these teams, of which the second alone answers for money.
    fn said(marketing: &str, sales: &str) -> String {
        let plan = format!(
            "plan: x\nperiod: 2027-Q1\nteams: {{{marketing}: {{people: 3}}, {sales}: {{people: 8}}}}\n\
             goals: [{{name: New ARR, target: 1.2M, owners: [{sales}]}}]\n"
        );
        let report = Auditor::new(date(2026, 12, 20)).audit_text("plan.yaml", &plan);
        let mut found = report.plans[0].findings().filter(|found| found.verdict.rule.name == "siloed-kpis");
        found.next().map(|found| found.finding.message()).unwrap_or_default()
    }

    #[test]
    fn teams_are_called_what_the_plan_calls_them() {
        let vendas = "Only vendas answers for money (New ARR), and mercadotecnia shares none of it.";
        assert_eq!(said("mercadotecnia", "vendas"), vendas);
        let spaced = "Only revenue management answers for money (New ARR), and marketing shares none of it.";
        assert_eq!(said("Marketing", "revenue-management"), spaced);
    }
}
