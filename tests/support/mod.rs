//! What the tests share: auditing texts, and overlays on the good base plan.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use kpi_audit::plan::Loader;
use kpi_audit::rules::verdict::Finding;
use kpi_audit::set::{Across, Outlines};
use kpi_audit::source::Source;
use kpi_audit::{Auditor, PlanReport, Report};
use serde_json::Value;

/// The plan that the overlays of the rules' pages are laid on.
pub const BASE: &str = include_str!("../../examples/good.yaml");

/// The plans in `examples/`, by file name.
pub const EXAMPLES: [(&str, &str); 8] = [
    ("first-plan.yaml", include_str!("../../examples/first-plan.yaml")),
    ("freight-as-counted.yaml", include_str!("../../examples/freight-as-counted.yaml")),
    ("freight-as-hoped.yaml", include_str!("../../examples/freight-as-hoped.yaml")),
    ("good.yaml", BASE),
    ("hotel-group.yaml", include_str!("../../examples/hotel-group.yaml")),
    ("shop-chasing-roas.yaml", include_str!("../../examples/shop-chasing-roas.yaml")),
    ("six-products.yaml", include_str!("../../examples/six-products.yaml")),
    ("subscription.yaml", include_str!("../../examples/subscription.yaml")),
];

/// The day of all audits here.
pub fn auditor() -> Auditor {
    Auditor::new(date(2027, 1, 25))
}

/// Audits a text that must be a plan.
pub fn audit(text: &str) -> PlanReport {
    let mut report: Report = auditor().audit_text("plan.yaml", text);
    let problems: Vec<String> =
        report.faults.iter().flat_map(|fault| &fault.problems).map(|p| p.what.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?} in\n{text}");
    assert_eq!(report.plans.len(), 1, "one plan in\n{text}");
    report.plans.remove(0)
}

/// Files in memory, by name.
pub struct Texts(BTreeMap<String, Arc<Source>>);

impl Texts {
    /// The plans of a block: each begins with its file's name in a comment, and `---` stands between them.
    pub fn of(block: &str) -> Self {
        let texts = block.split("\n---\n").map(|text| {
            let name = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a file's name");
            (name.to_owned(), Arc::new(Source::new(name, text)))
        });
        Self(texts.collect())
    }

    /// What the audit of all of them finds across them, taken in an order.
    pub fn across(&self, names: &[&str]) -> Across {
        self.across_outlines(names, Outlines::default())
    }

    /// The same, where another file could not be read.
    pub fn across_with_a_miss(&self, names: &[&str]) -> Across {
        let mut outlines = Outlines::default();
        outlines.miss();
        self.across_outlines(names, outlines)
    }

    fn across_outlines(&self, names: &[&str], mut outlines: Outlines) -> Across {
        let auditor = auditor();
        for name in names {
            let mut report = auditor.empty_report();
            auditor.audit_source(Arc::clone(&self.0[*name]), self, &mut report);
            let problems: Vec<String> = report.problems().map(|(_, problem)| problem.what.to_string()).collect();
            assert!(problems.is_empty(), "{problems:?} in {name}");
            report.plans.iter().for_each(|plan| outlines.add(plan));
        }
        auditor.across(&outlines)
    }

    /// Their names.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

impl Loader for Texts {
    fn load(&self, _: &str, path: &str) -> Result<Arc<Source>, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }
}

/// What is found across the plans of a block.
pub fn across(block: &str) -> Across {
    let texts = Texts::of(block);
    texts.across(&texts.names())
}

/// The open findings of a rule.
pub fn findings<'r>(report: &'r PlanReport, rule: &str) -> Vec<&'r Finding> {
    report.findings().filter(|found| found.verdict.rule.name == rule).map(|found| found.finding).collect()
}

/// The readings of a rule's open findings.
pub fn readings(report: &PlanReport, rule: &str) -> Vec<&'static str> {
    findings(report, rule).iter().map(|finding| finding.reading).collect()
}

/// The keys that a rule lacked, over all subjects.
pub fn unknowns(report: &PlanReport, rule: &str) -> Vec<&'static str> {
    let of_rule = report.verdicts.iter().filter(|verdict| verdict.rule.name == rule);
    of_rule.flat_map(|verdict| verdict.needs()).map(|need| need.key).collect()
}

/// A number that the first finding of a rule shows.
pub fn shown(report: &PlanReport, rule: &str, slot: &str) -> String {
    let findings = findings(report, rule);
    let figures = findings.first().map(|finding| &finding.figures).expect("a finding");
    figures.iter().find(|(name, _)| *name == slot).map(|(_, figure)| figure.to_string()).expect("the slot")
}

/// A block of a page as a whole plan: as it is where it names its plan, else laid over the base.
pub fn whole(block: &str) -> String {
    if block.starts_with("plan:") {
        return block.to_owned();
    }
    let mut base: Value = serde_yaml::from_str(BASE).expect("the base is YAML");
    let overlay: Value = serde_yaml::from_str(block).expect("an overlay is YAML");
    merge(&mut base, overlay);
    serde_yaml::to_string(&base).expect("a merged plan is YAML")
}

/// Mappings merge, lists match by id, everything else is replaced.
fn merge(base: &mut Value, overlay: Value) {
    match (base, overlay) {
        (Value::Object(base), Value::Object(overlay)) => {
            for (key, value) in overlay {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(overlay)) if overlay.iter().all(|item| item.get("id").is_some()) => {
            for item in overlay {
                match base.iter_mut().find(|known| known.get("id") == item.get("id")) {
                    Some(known) => merge(known, item),
                    None => base.push(item),
                }
            }
        }
        (base, overlay) => *base = overlay,
    }
}
