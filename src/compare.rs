//! Two audits compared: which findings are new, which were there, and which are gone.

use std::collections::{HashMap, HashSet};

use crate::audit::{PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules::verdict::{Age, Finding, Outcome, Status};

/// What an earlier audit of a plan had found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// The plan's score then, where it had one.
    pub score: Option<u32>,
    /// What was found then, and is not found any more.
    pub fixed: Vec<Gone>,
}

/// A finding of an earlier audit that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// The rule.
    pub rule: String,
    /// The kind of what it was about: "kpi".
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What it said, where that is known.
    pub message: Option<String>,
}

/// Compares an audit with that of the same plans earlier: by their file, else by name and period, so that a plan that moved
/// is found again. A plan that was not there has new findings only.
pub fn since(now: &mut Report, then: &Report) {
    let by_place: HashMap<_, _> =
        then.plans.iter().map(|plan| ((plan.plan().source.name(), plan.plan().document), plan)).collect();
    let by_name: HashMap<_, _> = then.plans.iter().map(|plan| (name(plan), plan)).collect();
    for plan in &mut now.plans {
        let place = (plan.plan().source.name(), plan.plan().document);
        let earlier = by_place.get(&place).or_else(|| by_name.get(&name(plan))).copied();
        compare(plan, earlier);
    }
}

fn name(plan: &PlanReport) -> (String, Option<String>) {
    let period = plan.plan().head.period.as_ref().map(|period| period.text.clone());
    (plan.plan().name().to_owned(), period)
}

fn compare(now: &mut PlanReport, then: Option<&PlanReport>) {
    let open_then: HashMap<String, (&PlanReport, usize, &Finding)> = then.into_iter().flat_map(open).collect();
    let prints = Fingerprints::within(now);
    let here: HashSet<String> = findings(now).map(|(_, finding)| prints.get(finding).to_owned()).collect();
    let gone = open_then.iter().filter(|(print, _)| !here.contains(*print));
    let mut fixed: Vec<Gone> = gone.map(|(_, (plan, verdict, finding))| Gone::of(plan, *verdict, finding)).collect();
    fixed.sort();
    mark(now, &prints, |print| open_then.contains_key(print));
    now.before =
        Some(Before { score: then.and_then(|then| then.score.whole().filter(|_| then.score.is_enough())), fixed });
}

/// The open findings of a plan by their fingerprint within it.
fn open(plan: &PlanReport) -> Vec<(String, (&PlanReport, usize, &Finding))> {
    let prints = Fingerprints::within(plan);
    let open = findings(plan).filter(|(_, finding)| finding.status == Status::Open);
    open.map(|(verdict, finding)| (prints.get(finding).to_owned(), (plan, verdict, finding))).collect()
}

/// All findings with the index of their verdict.
fn findings(plan: &PlanReport) -> impl Iterator<Item = (usize, &Finding)> {
    plan.verdicts.iter().enumerate().flat_map(|(at, verdict)| {
        let findings = match &verdict.outcome {
            Outcome::Found { findings, .. } => findings.as_slice(),
            Outcome::Pass | Outcome::Unknown(_) => &[],
        };
        findings.iter().map(move |finding| (at, finding))
    })
}

/// Marks each finding of a plan as known or new.
pub(crate) fn mark(plan: &mut PlanReport, prints: &Fingerprints, is_known: impl Fn(&str) -> bool) {
    for verdict in &mut plan.verdicts {
        let Outcome::Found { findings, .. } = &mut verdict.outcome else { continue };
        for finding in findings {
            let known = is_known(prints.get(finding));
            finding.age = Some(if known { Age::Known } else { Age::New });
        }
    }
}

impl Gone {
    fn of(plan: &PlanReport, verdict: usize, finding: &Finding) -> Self {
        let verdict = plan.verdicts.get(verdict);
        Self {
            rule: verdict.map(|verdict| verdict.rule.name.to_owned()).unwrap_or_default(),
            kind: verdict.map(|verdict| verdict.subject.kind().to_owned()).unwrap_or_default(),
            id: verdict.map(|verdict| plan.plan().id_of(verdict.subject).to_owned()).unwrap_or_default(),
            message: Some(finding.message.clone()),
        }
    }
}
