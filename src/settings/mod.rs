//! Settings: what holds for one plan, each value with where it was set, and the tree that it is read from.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::metrics::{Dictionary, dictionary};
use crate::plan::quantity::WorkCalendar;
use crate::severity::Severity;
use crate::words::words;

mod file;
mod folders;
mod history;
mod paths;
mod schema;
mod show;
mod thresholds;
pub mod written;

pub use file::{SettingsFile, newest_ruleset};
pub use folders::{Assigned, Folders};
pub use history::{Change, Former};
pub use schema::schema;
pub use thresholds::{
    Adjustable, CAC_MOST_OFF, CONVENTIONS, CONVERSIONS_A_WEEK, DAYS_A_WEEK, DRAWS, EXPLORE_SHARE, FEWEST_CUSTOMERS,
    HIGHEST_ROAS, HORIZON, HOURS_A_DAY, LEADING_SHARE, LOWEST_ROAS, LTV_TO_CAC, MOST_GROWTH, NEW_SHARE_LEAST,
    RETURNS_POWER, ROAS_HEADROOM, STAGE_CORRELATION, Setting, SettingUnit,
};

words! {
    /// The severity from which a finding fails a plan; notes never do.
    pub enum FailOn {
        /// Low or graver.
        Low = "low",
        /// Medium or graver.
        Medium = "medium",
        /// High or graver.
        High = "high",
        /// Critical only.
        Critical = "critical",
    }
}

impl FailOn {
    /// The severity itself.
    pub fn severity(self) -> Severity {
        match self {
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        }
    }
}

/// The gates of a command line, which go before those of any settings file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--fail-on`.
    pub fail_on: Option<FailOn>,
    /// `--min-score`.
    pub min_score: Option<u32>,
}

/// Where a value was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// On this line of the settings file.
    Line(usize),
    /// By a flag.
    CommandLine,
    /// It is what the ruleset had that the settings hold on to.
    Ruleset,
}

/// A value that was set, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Set<T> {
    value: T,
    origin: Origin,
}

/// What holds for a plan: the defaults, and what a settings file or the command line changes.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The settings file, as it is shown.
    file: Option<Arc<str>>,
    ruleset: Option<Set<u32>>,
    fail_on: Option<Set<FailOn>>,
    min_score: Option<Set<u32>>,
    rules: HashMap<&'static str, RuleSettings>,
    conventions: HashMap<&'static str, Set<f64>>,
    /// The weights of areas where a former ruleset had others.
    areas: HashMap<&'static str, f64>,
    dictionary: Option<&'static Dictionary>,
}

/// What is changed about one rule.
#[derive(Debug, Clone, Default)]
struct RuleSettings {
    /// Whether it runs, where that is said.
    on: Option<Set<bool>>,
    severity: Option<Set<Severity>>,
    values: HashMap<&'static str, Set<f64>>,
    /// Its own weight where a former ruleset had another.
    weight: Option<Severity>,
}

impl RuleSettings {
    /// Takes over what another one says; what it does not say stays.
    fn change(&mut self, other: &Self) {
        self.on = other.on.or(self.on);
        self.severity = other.severity.or(self.severity);
        self.weight = other.weight.or(self.weight);
        self.values.extend(&other.values);
    }
}

/// A gate of a plan: its value, and the settings file that sets it where one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gate<'s, T> {
    /// The value.
    pub value: T,
    /// The settings file.
    pub file: Option<&'s str>,
}

impl<T> Gate<'_, T> {
    /// The value, and the settings file.
    pub(crate) fn owned(self) -> (T, Option<String>) {
        (self.value, self.file.map(str::to_owned))
    }
}

impl Settings {
    /// The ruleset that they hold on to; the newest where there is none.
    pub fn ruleset(&self) -> Option<u32> {
        self.ruleset.map(|ruleset| ruleset.value)
    }

    /// Whether a rule that came with a ruleset runs.
    pub fn runs(&self, rule: &str, since: u32) -> bool {
        self.has(since) && self.rules.get(rule).and_then(|rule| rule.on).is_none_or(|on| on.value)
    }

    /// Whether something that came with a ruleset is there.
    pub fn has(&self, since: u32) -> bool {
        self.ruleset().is_none_or(|ruleset| since <= ruleset)
    }

    /// The severity that a rule's findings have at most.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.rules.get(rule).and_then(|rule| rule.severity).map(|severity| severity.value)
    }

    /// What a rule weighs in its area, where it has this weight by itself.
    pub fn weight(&self, rule: &str, own: Severity) -> Severity {
        let former = self.rules.get(rule).and_then(|rule| rule.weight);
        let own = former.unwrap_or(own);
        self.severity(rule).map_or(own, |most| most.min(own))
    }

    /// What an area weighs in the score, where it has this weight by itself.
    pub fn area_weight(&self, area: &str, own: f64) -> f64 {
        self.areas.get(area).copied().unwrap_or(own)
    }

    /// The value of a rule's threshold.
    pub fn threshold(&self, rule: &str, setting: &Setting) -> f64 {
        let given = self.rules.get(rule).and_then(|rule| rule.values.get(setting.key));
        given.map_or(setting.default, |given| given.value)
    }

    /// The value of a convention.
    pub fn convention(&self, setting: &Setting) -> f64 {
        self.conventions.get(setting.key).map_or(setting.default, |given| given.value)
    }

    /// How people work.
    pub fn calendar(&self) -> WorkCalendar {
        WorkCalendar::new(self.convention(&HOURS_A_DAY), self.convention(&DAYS_A_WEEK))
    }

    /// The dictionary, with what the settings add to it.
    #[must_use]
    pub fn dictionary(&self) -> &'static Dictionary {
        self.dictionary.unwrap_or_else(dictionary)
    }

    /// The severity from which a finding fails the plan.
    pub fn fail_on(&self) -> Gate<'_, Severity> {
        match self.fail_on {
            Some(set) => Gate { value: set.value.severity(), file: self.file_of(set.origin) },
            None => Gate { value: Severity::High, file: None },
        }
    }

    /// The score below which the plan fails.
    pub fn min_score(&self) -> Option<Gate<'_, u32>> {
        self.min_score.map(|set| Gate { value: set.value, file: self.file_of(set.origin) })
    }

    /// With the gates of a command line, which go before its own.
    #[must_use]
    pub fn with_flags(mut self, flags: Flags) -> Self {
        fn set<T>(value: T) -> Set<T> {
            Set { value, origin: Origin::CommandLine }
        }
        self.fail_on = flags.fail_on.map(set).or(self.fail_on);
        self.min_score = flags.min_score.map(set).or(self.min_score);
        self
    }

    fn file_of(&self, origin: Origin) -> Option<&str> {
        matches!(origin, Origin::Line(_)).then_some(self.file.as_deref()).flatten()
    }
}
