//! `running-on-a-broken-kpi`: work under way for a KPI of which something grave is open.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::facts::Facts;
use crate::plan::{Entity, GoalOrKpi, Initiative, MetricRef, PlanPart, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{Finding, FindingDraft, Finished, Status, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "running-on-a-broken-kpi",
    area: Area::Work,
    weight: Severity::Medium,
    since: 1,
    on: &["initiative"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || running(facts).next().is_some(),
    yields_to: &[],
    settings: &[],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("running_on_a_broken_kpi.md"))),
    check: Check::After(check),
};

/// What is under way and serves KPIs of the plan itself, with these.
fn running(facts: &Facts) -> impl Iterator<Item = (usize, &Entity<Initiative>, Vec<usize>)> {
    let running = facts.plan.initiatives_ahead().filter(|(_, initiative)| initiative.is_running());
    running.filter_map(|(at, initiative)| {
        let served = facts.plan.served_by(initiative).into_iter();
        let kpis: Vec<usize> = served
            .filter_map(|metric| match metric {
                MetricRef { plan: 0, which: GoalOrKpi::Kpi(kpi) } => Some(kpi),
                _ => None,
            })
            .collect();
        (!kpis.is_empty()).then_some((at, initiative, kpis))
    })
}

fn check(facts: &Facts, finished: &Finished<'_>, verdicts: &mut Verdicts<'_>) {
    let broken = broken(finished);
    for (at, initiative, kpis) in running(facts) {
        let subject = Subject::Initiative(at);
        let found = kpis.iter().filter_map(|kpi| broken.get(kpi).map(|gravest| (*kpi, *gravest)));
        let found: Vec<(usize, Gravest<'_>)> = found.collect();
        // The first of the gravest.
        let worst = found.iter().rev().max_by_key(|(_, (_, finding))| finding.severity);
        let Some((kpi, (rule, finding))) = worst else {
            verdicts.pass(subject);
            continue;
        };
        let others = found.len() - 1;
        let place = initiative.status.as_ref().map_or(initiative.place, |status| status.whole());
        let draft = FindingDraft::at(place, if others > 0 { "several" } else { "one" }, Severity::Medium)
            .with("name", Figure::Text(initiative.name.value.to_string()))
            .with("kpi", Figure::Text(facts.plan.name_of(Subject::Kpi(*kpi)).to_owned()))
            .with("severity", Figure::Text(finding.severity.word().to_owned()))
            .with("rule", Figure::Text((*rule).to_owned()))
            .with("others", Figure::Count(others as f64))
            .recognised(finding.recognised)
            .beside(finding.place, *rule);
        verdicts.fail(subject, draft);
    }
}

/// A rule's name and its finding.
type Gravest<'v> = (&'static str, &'v Finding);

/// For each KPI of which something critical or high is open, the first of the gravest.
fn broken<'v>(finished: &Finished<'v>) -> HashMap<usize, Gravest<'v>> {
    let mut broken: HashMap<usize, Gravest<'v>> = HashMap::new();
    for verdict in finished.0 {
        let Subject::Kpi(kpi) = verdict.subject else { continue };
        let open = verdict.findings().iter().filter(|finding| finding.status == Status::Open);
        for finding in open.filter(|finding| finding.severity >= Severity::High) {
            let known = broken.entry(kpi).or_insert((verdict.rule.name, finding));
            if finding.severity > known.1.severity {
                *known = (verdict.rule.name, finding);
            }
        }
    }
    broken
}
