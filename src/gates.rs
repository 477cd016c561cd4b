//! The gates of a run: which findings and scores fail it, and the exit status that follows.

use crate::audit::{FindingRef, PlanReport, Report};
use crate::rules::verdict::Age;
use crate::severity::Severity;

/// The exit status where no plan was found.
pub const NO_PLAN: u8 = 3;

/// What fails a run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Findings as grave as this fail, or graver.
    pub fail_on: Severity,
    /// Plans that score less fail, and those that cannot be scored.
    pub min_score: Option<u32>,
    /// Whether the exit status says so.
    pub exit_zero: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { fail_on: Severity::High, min_score: None, exit_zero: false }
    }
}

impl Limits {
    /// Whether a finding fails: it is grave enough, and not known.
    pub fn fails(&self, found: &FindingRef<'_>) -> bool {
        found.finding.severity >= self.fail_on && found.finding.age != Some(Age::Known)
    }

    /// Whether a plan fails by any of its findings or by its score.
    pub fn fail(&self, plan: &PlanReport) -> bool {
        plan.findings().any(|found| self.fails(&found)) || self.is_below(plan)
    }

    /// Whether a plan scores too little. No grade fails every least score.
    fn is_below(&self, plan: &PlanReport) -> bool {
        let is_enough = |least| {
            plan.is_whole && plan.score.grade().is_some() && plan.score.whole().is_some_and(|score| score >= least)
        };
        self.min_score.is_some_and(|least| !is_enough(least))
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
    limits: Limits,
    plans: usize,
    faults: usize,
    /// Findings that fail.
    grave: usize,
    /// Plans that score too little.
    below: usize,
}

impl Tally {
    /// Of nothing yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Adds what one file gave, or several.
    pub fn add(&mut self, report: &Report) {
        self.plans += report.plans.len();
        self.faults += report.faults.len();
        for plan in &report.plans {
            self.grave += plan.findings().filter(|found| self.limits.fails(found)).count();
            self.below += usize::from(self.limits.is_below(plan));
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

    /// Which gates failed, and the exit status. It is decided here, for every command and format.
    pub fn gates(&self) -> Gates {
        let failed: Vec<FailedGate> = [self.fail_on(), self.min_score()].into_iter().flatten().collect();
        let exit = match self.status() {
            0 => u8::from(!failed.is_empty() && !self.limits.exit_zero),
            status => status,
        };
        Gates { failed, exit }
    }

    fn fail_on(&self) -> Option<FailedGate> {
        let least = self.limits.fail_on;
        let grave = match least {
            Severity::Critical => "critical".to_owned(),
            least => format!("{} or graver", least.word()),
        };
        let why = match self.grave {
            0 => return None,
            1 => format!("1 finding is {grave}"),
            count => format!("{count} findings are {grave}"),
        };
        Some(FailedGate { name: format!("fail-on {}", least.word()), why })
    }

    fn min_score(&self) -> Option<FailedGate> {
        let least = self.limits.min_score?;
        let why = match self.below {
            0 => return None,
            1 => format!("1 plan scores less than {least}, or cannot be scored"),
            count => format!("{count} plans score less than {least}, or cannot be scored"),
        };
        Some(FailedGate { name: format!("min-score {least}"), why })
    }
}
