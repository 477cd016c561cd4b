//! What every output says of the score: the sum behind it, what caps it, and when there is none.

use std::collections::BTreeSet;

use super::text::clip;
use crate::audit::PlanReport;
use crate::plan::Subject;
use crate::rules;
use crate::rules::verdict::Status;
use crate::score::{CRITICAL_CAP, LEAST_EVIDENCE, RuleScore, Score};
use crate::wording::{Figure, decimals, trimmed};

/// How the score is made, for those who want to redo it.
pub(super) const METHOD: &str = "A rule's score is the mean over its subjects by weight, an area's the mean over its \
    rules by weight × 100, the plan's the mean over its areas by weight; an open critical finding caps it. Evidence is the mean \
    of the areas' evidence by weight, over all that apply: what this version does not judge counts as not judged. Of a subject, – \
    is not known and w waived; a finding lighter than its rule's gravest costs the share of the weights (critical 25, high 12, \
    medium 6, low 2). What a finding costs is what the plan would score more without it; a KPI's score is the mean over the \
    rules that judged it.";

/// What the rules gave each subject of a plan.
pub(super) struct Arithmetic<'r> {
    report: &'r PlanReport,
    /// What a waiver accepts, by rule and subject.
    waived: BTreeSet<(&'static str, Subject)>,
}

impl<'r> Arithmetic<'r> {
    pub(super) fn new(report: &'r PlanReport) -> Self {
        let all = report.all_findings();
        let waived = all.iter().filter(|found| matches!(found.finding.status, Status::Waived(_)));
        let waived = waived.map(|found| (found.verdict.rule.name, found.verdict.subject)).collect();
        Self { report, waived }
    }

    /// The first subjects of a rule, each with its weight and score, and how many are left.
    pub(super) fn subjects(&self, rule: &RuleScore, most: usize) -> String {
        let plan = self.report.plan();
        let mut subjects = rule.subjects(&self.report.facts, &self.report.verdicts);
        let first = subjects.by_ref().take(most).map(|(subject, weight, score)| {
            let left_out = if self.waived.contains(&(rule.rule.name, subject)) { "w" } else { "–" };
            let score = score.map_or_else(|| left_out.to_owned(), |score| trimmed(score, 3));
            format!("{} {}×{score}", clip(plan.id_of(subject), 24), trimmed(weight, 2))
        });
        let mut shown: Vec<String> = first.collect();
        let left = subjects.count();
        if left > 0 {
            shown.push(format!("and {left} more"));
        }
        if shown.is_empty() { "nothing to judge".to_owned() } else { shown.join(", ") }
    }
}

/// The plan's score from its areas: "(10×68.2 + 25×69.4) ÷ 35 = 69.1".
pub(super) fn sum(score: &Score) -> Option<String> {
    let judged = || score.areas.iter().filter_map(|area| area.score.map(|score| (area.weight, score)));
    let terms = judged().map(|(weight, score)| format!("{}×{}", decimals(weight, 0), decimals(score, 1)));
    let sum = terms.collect::<Vec<_>>().join(" + ");
    let weights: f64 = judged().map(|(weight, _)| weight).sum();
    Some(format!("({sum}) ÷ {} = {}", decimals(weights, 0), decimals(score.uncapped?, 1)))
}

/// That a critical finding holds the score back, where one does.
pub(super) fn cap(score: &Score) -> Option<String> {
    score.is_capped().then(|| format!("at most {}: a finding is critical", decimals(CRITICAL_CAP, 0)))
}

/// The score of the plan as it was: " (61 before)"; empty where it is not known.
pub(super) fn before(plan: &PlanReport) -> String {
    let score = plan.before.as_ref().and_then(|before| before.score);
    score.map(|score| format!(" ({score} before)")).unwrap_or_default()
}

/// Why there is no score.
pub(super) fn not_enough(score: &Score) -> String {
    format!(
        "Not enough in the plan to score it: the {} rules of this version could judge {} of it, and {} is the least.",
        rules::of_one_plan().count(),
        evidence_without_score(score),
        Figure::Share(LEAST_EVIDENCE)
    )
}

/// How much could be judged of a plan without a score; never rounded up to what would have been enough.
pub(super) fn evidence_without_score(score: &Score) -> String {
    let [evidence, least] = [score.evidence, LEAST_EVIDENCE].map(|share| Figure::Share(share).to_string());
    if evidence == least && score.evidence < LEAST_EVIDENCE { format!("less than {least}") } else { evidence }
}

/// That all rules passed.
pub(super) fn nothing_found() -> String {
    format!("nothing found by the {} rules of this version", rules::of_one_plan().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::severity::Severity;

    #[test]
    fn the_method_names_the_weights_that_are_used() {
        for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
            let named = format!("{} {}", severity.word(), severity.weight());
            assert!(METHOD.contains(&named), "{named}");
        }
    }
}
