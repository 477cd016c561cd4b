//! Two audits compared: which findings are new, which were there, and which are gone.

use std::collections::{HashMap, HashSet};

use crate::audit::{FindingRef, PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules::verdict::{Age, Outcome};

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

/// What a plan is called: its name and its period.
pub(crate) fn name(plan: &PlanReport) -> (String, Option<String>) {
    let period = plan.plan().head.period.as_ref().map(|period| period.text.clone());
    (plan.plan().name().to_owned(), period)
}

fn compare(now: &mut PlanReport, then: Option<&PlanReport>) {
    let prints = Fingerprints::within(now);
    let mut open_then = HashSet::new();
    let mut fixed = Vec::new();
    if let Some(then) = then {
        let prints_then = Fingerprints::within(then);
        let here = printed(now, &prints);
        for found in then.findings() {
            let print = prints_then.get(found.finding);
            if !here.contains(print) {
                fixed.push(Gone::of(then, found));
            }
            open_then.insert(print.to_owned());
        }
    }
    fixed.sort();
    mark(now, &prints, |print| open_then.contains(print));
    let score = then.filter(|then| then.score.is_enough()).and_then(|then| then.score.whole());
    now.before = Some(Before { score, fixed });
}

/// The fingerprints of all findings of a plan, whatever their standing.
pub(crate) fn printed<'p>(plan: &PlanReport, prints: &'p Fingerprints) -> HashSet<&'p str> {
    plan.all_findings().into_iter().map(|found| prints.get(found.finding)).collect()
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
    fn of(plan: &PlanReport, FindingRef { verdict, finding, .. }: FindingRef<'_>) -> Self {
        Self {
            rule: verdict.rule.name.to_owned(),
            kind: verdict.subject.kind().to_owned(),
            id: plan.plan().id_of(verdict.subject).to_owned(),
            message: Some(finding.message.clone()),
        }
    }
}
