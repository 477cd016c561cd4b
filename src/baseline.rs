//! A baseline: the findings that a repository knows already, in a file, so that only new ones fail.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::audit::Report;
use crate::compare::{Before, Gone, Name, compare_across, gone, mark, name, printed};
use crate::fingerprint::Fingerprints;
use crate::rules::{self, Area};
use crate::set::Across;

/// The version of the file's shape.
const VERSION: u32 = 1;

/// The findings that are known, by their fingerprint: of rule, plan and subject, never of a line or a wording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// What is known of each plan.
    plans: BTreeMap<Name, BTreeMap<String, Known>>,
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotABaseline {
    /// It is not JSON of this shape.
    #[error("it is no baseline that this tool wrote")]
    Shape(#[from] serde_json::Error),
    /// It was written by a later version.
    #[error("it is of version {0}, which only a later kpi-audit reads; write it again with --write-baseline")]
    Version(u32),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    plan: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    #[serde(flatten)]
    known: Known,
}

/// What is said of a known finding, for people who read the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    rule: String,
    kind: String,
    id: String,
}

impl Baseline {
    /// Adds the open findings of a report.
    pub fn add(&mut self, report: &Report) {
        for plan in &report.plans {
            let prints = Fingerprints::of(plan);
            for found in plan.findings() {
                let (rule, subject) = (found.verdict.rule.name, found.verdict.subject);
                let (kind, id) = (subject.kind().to_owned(), plan.plan().id_of(subject).to_owned());
                let known = Known { rule: rule.to_owned(), kind, id };
                self.of_plan(name(plan)).insert(prints.get(found.finding).to_owned(), known);
            }
        }
    }

    /// Adds what was found across plans.
    pub fn add_across(&mut self, across: &Across) {
        for finding in across.open() {
            let (rule, kind) = (finding.rule.name.to_owned(), finding.kind.to_owned());
            let known = Known { rule, kind, id: finding.id.clone() };
            let name = (finding.plan.clone(), finding.period.clone());
            self.of_plan(name).insert(finding.fingerprint.clone(), known);
        }
    }

    fn of_plan(&mut self, name: Name) -> &mut BTreeMap<String, Known> {
        self.plans.entry(name).or_default()
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// Where the text is no baseline, or one of a later version.
    pub fn read(text: &str) -> Result<Self, NotABaseline> {
        let file: File = serde_json::from_str(text)?;
        if file.version != VERSION {
            return Err(NotABaseline::Version(file.version));
        }
        let mut baseline = Self::default();
        for Entry { fingerprint, plan, period, known } in file.findings {
            baseline.of_plan((plan, period)).insert(fingerprint, known);
        }
        Ok(baseline)
    }

    /// The baseline as JSON, one finding a line and in a steady order, so that its changes are easy to review.
    pub fn to_json(&self) -> String {
        let mut lines = Vec::new();
        for ((plan, period), known) in &self.plans {
            let mut known: Vec<(&String, &Known)> = known.iter().collect();
            known.sort_by_key(|(print, known)| (&known.rule, &known.id, *print));
            lines.extend(known.into_iter().map(|(print, known)| {
                let (plan, period) = (plan.clone(), period.clone());
                let entry = Entry { fingerprint: print.clone(), plan, period, known: known.clone() };
                // Writing to memory fails for keys that are no text, and all keys here are.
                serde_json::to_string(&entry).unwrap_or_default()
            }));
        }
        let lines: Vec<String> = lines.into_iter().map(|line| format!("    {line}")).collect();
        let findings = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": {findings}\n}}\n")
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.plans.values().map(BTreeMap::len).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    /// Marks the findings of a report as known or new, and tells of each plan what is known and gone. Plans that the
    /// report does not hold are left alone.
    pub fn apply(&self, report: &mut Report) {
        let nothing = BTreeMap::new();
        for plan in &mut report.plans {
            let prints = Fingerprints::of(plan);
            let known = self.plans.get(&name(plan)).unwrap_or(&nothing);
            let own = known.iter().filter(|(_, known)| !known.is_across());
            let fixed = gone(&printed(plan, &prints), own.map(|(print, known)| (print.as_str(), known)), Known::gone);
            mark(plan, &prints, |print| known.contains_key(print));
            plan.before = Some(Before { score: None, fixed });
        }
    }

    /// Marks what was found across plans, and tells what is known and gone. Plans that were not read are left alone.
    pub fn apply_across(&self, across: &mut Across, read: &HashSet<Name>) {
        let of_all = self.plans.values().flatten().filter(|(_, known)| known.is_across());
        let known: HashSet<&str> = of_all.map(|(print, _)| print.as_str()).collect();
        let of_read = self.plans.iter().filter(|(name, _)| read.contains(*name)).flat_map(|(_, known)| known);
        let of_read = of_read.filter(|(_, known)| known.is_across());
        let earlier = of_read.map(|(print, known)| (print.as_str(), known));
        compare_across(across, |print| known.contains(print), earlier, Known::gone);
    }
}

impl Known {
    fn is_across(&self) -> bool {
        rules::named(&self.rule).is_some_and(|rule| rule.area == Area::AcrossPlans)
    }

    fn gone(&self) -> Gone {
        Gone { rule: self.rule.clone(), kind: self.kind.clone(), id: self.id.clone(), message: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Auditor;
    use crate::rules::verdict::Age;

    const PLAN: &str = "plan: P\nkpis: [{id: a, name: LinkedIn followers, target: 100}]\n";

    fn of(report: &Report) -> Baseline {
        let mut baseline = Baseline::default();
        baseline.add(report);
        baseline
    }

    fn audited(text: &str) -> Report {
        Auditor::new(jiff::civil::date(2027, 1, 15)).audit_text("plan.yaml", text)
    }

    #[test]
    fn what_is_written_is_read_back() {
        let baseline = of(&audited(PLAN));
        assert!(!baseline.is_empty());
        assert_eq!(Baseline::read(&baseline.to_json()).unwrap(), baseline);
        assert_eq!(Baseline::read(&Baseline::default().to_json()).unwrap(), Baseline::default());
    }

    #[test]
    fn a_known_finding_is_known_wherever_it_stands_and_a_new_one_is_new() {
        let baseline = of(&audited(PLAN));
        let mut report = audited(
            &format!("# moved\n\n{PLAN}- {{id: b, name: Instagram followers, target: 100}}\n")
                .replace("[{", "\n- {")
                .replace("}]", "}"),
        );
        baseline.apply(&mut report);
        let age = |id: &str| {
            let plan = &report.plans[0];
            let found = plan.findings().find(|found| {
                found.verdict.rule.name == "vanity-metric" && plan.plan().id_of(found.verdict.subject) == id
            });
            found.and_then(|found| found.finding.age)
        };
        assert_eq!((age("a"), age("b")), (Some(Age::Known), Some(Age::New)));
    }

    #[test]
    fn what_is_gone_is_told_of_its_own_plan_only() {
        let baseline = of(&audited(PLAN));
        let mut report = audited("plan: P\nkpis: [{id: a, name: New MRR, target: 100}]\n");
        baseline.apply(&mut report);
        let fixed = &report.plans[0].before.as_ref().unwrap().fixed;
        assert!(fixed.iter().any(|fixed| (fixed.rule.as_str(), fixed.id.as_str()) == ("vanity-metric", "a")));
        let mut other = audited("plan: Q\nkpis: [{id: a, name: New MRR, target: 100}]\n");
        baseline.apply(&mut other);
        assert!(other.plans[0].before.as_ref().unwrap().fixed.is_empty());
    }

    #[test]
    fn another_file_is_no_baseline() {
        assert!(matches!(Baseline::read("{}"), Err(NotABaseline::Shape(_))));
        assert!(matches!(Baseline::read("{\"version\": 2, \"findings\": []}"), Err(NotABaseline::Version(2))));
    }
}
