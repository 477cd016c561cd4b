//! Remarks: findings told as a person would tell them, several of a kind in one sentence, and which questions come first.

use std::collections::{BTreeMap, BTreeSet};

use super::text::clip;
use crate::audit::FindingRef;
use crate::plan::{Plan, Subject};
use crate::rules::verdict::{Age, Finding};
use crate::severity::Severity;
use crate::wording::{Figure, Template, decimals};

/// Findings that are told as one: of one rule and one reading, where the page has a sentence for several.
pub(super) struct Remark<'r> {
    /// Its findings, the gravest first; never none.
    pub(super) findings: Vec<FindingRef<'r>>,
}

/// A question to ask, and what it rests on.
pub(super) struct Question<'a, 'r> {
    /// The findings that it is about.
    pub(super) remark: &'a Remark<'r>,
    /// What was found, with its numbers.
    pub(super) message: String,
    /// The question, in one sentence.
    pub(super) ask: String,
}

/// Findings, in their order, told together where they can be: the gravest remark first.
pub(super) fn remarks<'r>(findings: impl IntoIterator<Item = FindingRef<'r>>) -> Vec<Remark<'r>> {
    let mut remarks: Vec<Remark<'r>> = Vec::new();
    let mut together = BTreeMap::new();
    for found in findings {
        let same = (found.verdict.rule.name, found.finding.reading, found.finding.severity, found.finding.age);
        let known = together.get(&same).and_then(|&at: &usize| remarks.get_mut(at));
        match known {
            Some(remark) => remark.findings.push(found),
            None => {
                if found.finding.together.is_some() {
                    together.insert(same, remarks.len());
                }
                remarks.push(Remark { findings: vec![found] });
            }
        }
    }
    // Summed once for each remark: a remark may tell of thousands of findings.
    let weighed = remarks.into_iter().map(|remark| (remark.is_known(), remark.severity(), remark.points(), remark));
    let mut weighed: Vec<(bool, Severity, f64, Remark<'r>)> = weighed.collect();
    // What is known comes after what is new, however grave it is.
    weighed.sort_by(|(known, grave, dear, _), (other_known, other_grave, other_dear, _)| {
        known.cmp(other_known).then(other_grave.cmp(grave)).then(other_dear.total_cmp(dear))
    });
    weighed.into_iter().map(|(_, _, _, remark)| remark).collect()
}

/// The questions that come first, worst first: one of each rule, of findings that are medium or graver.
pub(super) fn questions<'a, 'r>(remarks: &'a [Remark<'r>], plan: &Plan, most: usize) -> Vec<Question<'a, 'r>> {
    let mut asked = Vec::new();
    let mut about = Vec::new();
    let mut questions = Vec::new();
    for remark in remarks.iter().filter(|remark| remark.severity() >= Severity::Medium) {
        let Some(question) = remark.question(plan) else { continue };
        let rule = remark.findings.first().map(|found| found.verdict.rule.name);
        // Two questions about the same KPIs are one too many; one about many KPIs leaves room for each.
        let subjects: BTreeSet<Subject> = remark.findings.iter().map(|found| found.verdict.subject).collect();
        let is_told = !subjects.contains(&Subject::Plan) && about.contains(&subjects);
        if questions.len() >= most || asked.contains(&rule) || is_told {
            continue;
        }
        asked.push(rule);
        about.push(subjects);
        let ask = question.split_inclusive('?').next().unwrap_or(&question).to_owned();
        questions.push(Question { remark, message: remark.message(plan), ask });
    }
    questions
}

impl Remark<'_> {
    /// The gravest of its findings.
    pub(super) fn severity(&self) -> Severity {
        self.findings.iter().map(|found| found.finding.severity).max().unwrap_or(Severity::Note)
    }

    /// Whether an earlier audit had found them: they were told together then.
    pub(super) fn is_known(&self) -> bool {
        self.findings.iter().all(|found| found.finding.age == Some(Age::Known))
    }

    /// What they cost together.
    pub(super) fn points(&self) -> f64 {
        self.findings.iter().map(|found| found.points).sum()
    }

    /// "costs 4.2 points", where that is more than rounding.
    pub(super) fn cost(&self) -> Option<String> {
        const LEAST: f64 = 0.05;
        let points = self.points();
        let shown = decimals(points, 1);
        (points >= LEAST).then(|| format!("costs {shown} {}", if shown == "1.0" { "point" } else { "points" }))
    }

    /// What they say.
    pub(super) fn message(&self, plan: &Plan) -> String {
        self.worded(plan, |finding| Some(finding.message()), |finding| finding.together).unwrap_or_default()
    }

    /// What to ask.
    pub(super) fn question(&self, plan: &Plan) -> Option<String> {
        self.worded(plan, Finding::question, |finding| finding.question_together)
    }

    /// The sentence of one finding, or that for several with their count and names.
    fn worded(
        &self,
        plan: &Plan,
        one: fn(&Finding) -> Option<String>,
        several: fn(&Finding) -> Option<Template<'static>>,
    ) -> Option<String> {
        let first = self.findings.first()?;
        match several(first.finding) {
            Some(template) if self.findings.len() > 1 => {
                let names =
                    self.findings.iter().map(|found| format!("\"{}\"", clip(plan.name_of(found.verdict.subject), 60)));
                // Names of the plan are filled in once: what looks like a slot in one of them stays as it is.
                let mut figures = first.finding.figures.to_vec();
                figures.push(("count", Figure::Count(self.findings.len() as f64)));
                figures.push(("names", Figure::Names(names.collect())));
                Some(template.fill(&figures))
            }
            _ => one(first.finding),
        }
    }
}
