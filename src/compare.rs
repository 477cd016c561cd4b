//! Two audits compared: which findings are new, which were there, and which are gone.

use std::collections::{HashMap, HashSet};

use crate::audit::{FindingRef, PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules::verdict::Age;
use crate::score::Score;
use crate::set::{Across, SetFinding};

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

/// What an audit of the same plans had found earlier, without the plans.
#[derive(Debug, Default)]
pub struct Earlier {
    plans: Vec<EarlierPlan>,
    by_place: HashMap<(String, usize), usize>,
    by_name: HashMap<Name, usize>,
    across: Across,
}

#[derive(Debug)]
struct EarlierPlan {
    score: Option<u32>,
    /// Its open findings, by their fingerprints within the plan.
    open: HashMap<String, Gone>,
}

impl Earlier {
    /// Adds the earlier audit of some plans. Of a text that is the same today, no plan can have moved elsewhere: one of that name in
    /// another file is a copy, and new.
    pub fn add(&mut self, report: &Report, is_same_today: bool) {
        for plan in &report.plans {
            let prints = Fingerprints::within(plan);
            let open = plan.findings().map(|found| (prints.get(found.finding).to_owned(), Gone::of(plan, found)));
            let score = Some(&plan.score).filter(|score| score.is_enough()).and_then(Score::whole);
            let at = self.plans.len();
            self.by_place.insert((plan.plan().source.name().to_owned(), plan.plan().document), at);
            if !is_same_today {
                self.by_name.insert(name(plan), at);
            }
            self.plans.push(EarlierPlan { score, open: open.collect() });
        }
    }

    /// Adds what was found across the plans.
    pub fn add_across(&mut self, across: Across) {
        self.across = across;
    }

    /// Tells what is new and what is gone of what was found across plans.
    pub fn compare_across(&self, now: &mut Across) {
        let then = || self.across.open().map(|finding| (finding.fingerprint.as_str(), finding));
        let known: HashSet<&str> = then().map(|(print, _)| print).collect();
        compare_across(now, |print| known.contains(print), then(), Gone::of_set);
    }

    /// Tells of each plan of an audit what is new and what is gone. The same plan is found by its file, else by name and period, so
    /// that a plan that moved is found again. A plan that was not there has new findings only.
    pub fn compare(&self, now: &mut Report) {
        for plan in &mut now.plans {
            let place = (plan.plan().source.name().to_owned(), plan.plan().document);
            let at = self.by_place.get(&place).or_else(|| self.by_name.get(&name(plan)));
            compare(plan, at.and_then(|at| self.plans.get(*at)));
        }
    }
}

/// A plan's name and its period.
pub type Name = (String, Option<String>);

/// What a plan is called: its name and its period.
pub fn name(plan: &PlanReport) -> Name {
    let period = plan.plan().head.period.as_ref().map(|period| period.text.clone());
    (plan.plan().name().to_owned(), period)
}

fn compare(now: &mut PlanReport, then: Option<&EarlierPlan>) {
    let prints = Fingerprints::within(now);
    let open = then.iter().flat_map(|then| &then.open).map(|(print, finding)| (print.as_str(), finding));
    let fixed = gone(&printed(now, &prints), open, Gone::clone);
    mark(now, &prints, |print| then.is_some_and(|then| then.open.contains_key(print)));
    now.before = Some(Before { score: then.and_then(|then| then.score), fixed });
}

/// Of what was found earlier, each by its fingerprint, what is not here any more.
pub(crate) fn gone<'f, T>(
    here: &HashSet<&str>,
    earlier: impl Iterator<Item = (&'f str, T)>,
    told: impl Fn(T) -> Gone,
) -> Vec<Gone> {
    let mut gone: Vec<Gone> =
        earlier.filter(|(print, _)| !here.contains(print)).map(|(_, finding)| told(finding)).collect();
    gone.sort();
    gone
}

/// Marks each finding across plans as known or new, and tells what is gone of those that may be.
pub(crate) fn compare_across<'f, T>(
    now: &mut Across,
    is_known: impl Fn(&str) -> bool,
    earlier: impl Iterator<Item = (&'f str, T)>,
    told: impl Fn(T) -> Gone,
) {
    let here = now.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    now.fixed = gone(&here, earlier, told);
    for finding in &mut now.findings {
        finding.age = Some(if is_known(&finding.fingerprint) { Age::Known } else { Age::New });
    }
}

/// The fingerprints of all findings of a plan, whatever their standing.
pub(crate) fn printed<'p>(plan: &PlanReport, prints: &'p Fingerprints) -> HashSet<&'p str> {
    plan.all_findings().into_iter().map(|found| prints.get(found.finding)).collect()
}

/// Marks each finding of a plan as known or new.
pub(crate) fn mark(plan: &mut PlanReport, prints: &Fingerprints, is_known: impl Fn(&str) -> bool) {
    for verdict in &mut plan.verdicts {
        for finding in verdict.findings_mut() {
            let known = is_known(prints.get(finding));
            finding.age = Some(if known { Age::Known } else { Age::New });
        }
    }
}

impl Gone {
    fn of_set(finding: &SetFinding) -> Self {
        Self {
            rule: finding.rule.name.to_owned(),
            kind: finding.kind.to_owned(),
            id: finding.id.clone(),
            message: Some(finding.message.clone()),
        }
    }

    fn of(plan: &PlanReport, FindingRef { verdict, finding, .. }: FindingRef<'_>) -> Self {
        Self {
            rule: verdict.rule.name.to_owned(),
            kind: verdict.subject.kind().to_owned(),
            id: plan.plan().id_of(verdict.subject).to_owned(),
            message: Some(finding.message()),
        }
    }
}
