//! The gates of a run: which findings and scores fail it, and the exit status that follows.

use std::collections::BTreeMap;

use crate::audit::{FindingRef, PlanReport, Report};
use crate::report::text::clean;
use crate::rules::verdict::Age;
use crate::set::Across;
use crate::settings::Gate;
use crate::severity::Severity;

/// The exit status where no plan was found.
pub const NO_PLAN: u8 = 3;

impl PlanReport {
    /// Whether the plan fails by a finding: it is as grave as its settings say, and not known.
    pub fn fails_by(&self, found: &FindingRef<'_>) -> bool {
        found.finding.severity >= self.facts.settings.fail_on().value && found.finding.age != Some(Age::Known)
    }

    /// Whether the plan fails by any of its findings or by its score.
    pub fn fails(&self) -> bool {
        self.findings().any(|found| self.fails_by(&found)) || self.missed().is_some()
    }

    /// The least score that the plan misses. No grade fails every one.
    fn missed(&self) -> Option<Gate<'_, u32>> {
        let gate = self.facts.settings.min_score()?;
        let has_grade = self.is_whole && self.score.grade().is_some();
        let is_enough = has_grade && self.score.whole().is_some_and(|score| score >= gate.value);
        (!is_enough).then_some(gate)
    }
}

/// Which gates failed, and the exit status that follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gates {
    /// The gates that failed.
    pub failed: Vec<FailedGate>,
    /// The exit status.
    pub exit: u8,
}

impl Gates {
    /// Which gates failed, and why: "3 findings are high or graver (fail-on high)"; empty where none did.
    pub(crate) fn why(&self) -> String {
        let failed = self.failed.iter().map(|gate| format!("{} ({})", gate.why, gate.name));
        failed.collect::<Vec<_>>().join("; ")
    }
}

/// A gate that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedGate {
    /// The gate as it was set: "fail-on high".
    pub name: String,
    /// Why it failed, for a person: "3 findings are high or critical".
    pub why: String,
}

/// What has been seen of a run so far that decides how it ends.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    plans: usize,
    faults: usize,
    /// Findings that fail, by the gate: its value, and the settings file that sets it.
    grave: BTreeMap<(Severity, Option<String>), usize>,
    /// Plans that score too little, by the gate.
    below: BTreeMap<(u32, Option<String>), usize>,
}

impl Tally {
    /// Adds what one file gave, or several.
    pub fn add(&mut self, report: &Report) {
        self.plans += report.plans.len();
        self.faults += report.faults.len();
        for plan in &report.plans {
            let grave = plan.findings().filter(|found| plan.fails_by(found)).count();
            if grave > 0 {
                *self.grave.entry(plan.facts.settings.fail_on().owned()).or_default() += grave;
            }
            if let Some(gate) = plan.missed() {
                *self.below.entry(gate.owned()).or_default() += 1;
            }
        }
    }

    /// Adds what was found across the plans.
    pub fn add_across(&mut self, across: &Across) {
        for finding in across.failing() {
            *self.grave.entry(finding.gate.clone()).or_default() += 1;
        }
    }

    /// How many plans were audited, and how many files could not be read.
    pub fn counted(&self) -> String {
        let plans = if self.plans == 1 { "1 plan".to_owned() } else { format!("{} plans", self.plans) };
        match self.faults {
            0 => plans,
            1 => format!("{plans}, 1 file that could not be read,"),
            faults => format!("{plans}, {faults} files that could not be read,"),
        }
    }

    /// 2 where a plan could not be read, 3 where there is none.
    pub fn status(&self) -> u8 {
        match (self.faults, self.plans) {
            (1.., _) => 2,
            (0, 0) => NO_PLAN,
            (0, _) => 0,
        }
    }

    /// Which gates failed, and the exit status; `exit_zero` keeps it at 0 where a gate failed. It is decided here, for every command
    /// and format.
    pub fn gates(&self, exit_zero: bool) -> Gates {
        let failed: Vec<FailedGate> = self.fail_on().chain(self.min_score()).collect();
        let exit = match self.status() {
            0 => u8::from(!failed.is_empty() && !exit_zero),
            status => status,
        };
        Gates { failed, exit }
    }

    /// One gate for each severity that plans fail on, by where it was set.
    fn fail_on(&self) -> impl Iterator<Item = FailedGate> {
        self.grave.iter().map(|((least, file), count)| {
            let grave = match least {
                Severity::Critical => "critical".to_owned(),
                least => format!("{} or graver", least.word()),
            };
            let why = match count {
                1 => format!("1 finding is {grave}"),
                count => format!("{count} findings are {grave}"),
            };
            FailedGate { name: format!("fail-on {}{}", least.word(), set_in(file.as_deref())), why }
        })
    }

    /// One gate for each least score, by where it was set.
    fn min_score(&self) -> impl Iterator<Item = FailedGate> {
        self.below.iter().map(|((least, file), count)| {
            let why = match count {
                1 => format!("1 plan scores less than {least}, or cannot be scored"),
                count => format!("{count} plans score less than {least}, or cannot be scored"),
            };
            FailedGate { name: format!("min-score {least}{}", set_in(file.as_deref())), why }
        })
    }
}

/// Behind a gate's name, the settings file that sets it.
fn set_in(file: Option<&str>) -> String {
    file.map(|file| format!(" in {}", clean(file))).unwrap_or_default()
}
