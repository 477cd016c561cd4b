//! The rules: what each is about, how grave it can be, and the check that gives its verdicts.
//!
//! # Adding a rule
//!
//! 1. Write `AREA/NAME.md`: its page, with what it checks, why, plans that are bad and good, and every sentence that it
//!    says and asks. The pages beside it show the headings.
//! 2. Write `AREA/NAME.rs`: a `RULE`, and a check that takes what it needs from [`Facts`] and gives one
//!    [`verdict::Verdict`] for each subject: a pass, a finding with its reading, or unknown with the fields to fill in.
//! 3. Add it to the `RULES` of `AREA/mod.rs`.
//!
//! A rule across plans takes the [`Outlines`] of all plans instead, and stands in `across/`.
//!
//! `tests/rule_pages.rs` then runs the page: each bad plan must be reported and each good one passed, and every sentence
//! must be said by some plan. What the rule must *not* say belongs into `tests/traps/`, its arithmetic into
//! `tests/worked_numbers.rs`.

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::plan::PlanPart;
use crate::set::{Drafts, Outlines};
use crate::settings::{Adjustable, Setting, Settings, newest_ruleset};
use crate::severity::Severity;

mod across;
mod alignment;
mod budget;
mod economics;
mod feasibility;
mod measures;
pub mod page;
mod reframe;
mod revenue;
mod upkeep;
pub mod verdict;
mod work;

use page::Page;
use verdict::{Finished, Verdicts};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as people write it.
    pub name: &'static str,
    /// The area that it belongs to.
    pub area: Area,
    /// The gravest severity that its score is weighed by.
    pub weight: Severity,
    /// The ruleset that it came with.
    pub since: u32,
    /// The kinds of subject that it judges.
    pub on: &'static [&'static str],
    /// The parts of a plan without which it can judge nothing.
    pub needs: &'static [PlanPart],
    /// Whether it can apply to a plan like this at all; where it cannot, it leaves the evidence alone.
    pub applies: fn(&Facts) -> bool,
    /// Graver rules that tell its findings as well.
    pub yields_to: &'static [Yield],
    /// Its thresholds.
    pub settings: &'static [&'static Setting],
    /// The conventions that it rests on, which other rules share.
    pub conventions: &'static [&'static Setting],
    /// Its page, taken apart when it is first asked for.
    pub page: LazyLock<Page<'static>>,
    /// The check.
    pub check: Check,
}

/// A graver rule whose finding about the same subject (or another that the finding names) tells a rule's own as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yield {
    /// The graver rule.
    pub to: &'static str,
    /// The only reading that it tells; all of them where there is none.
    pub reading: Option<&'static str>,
}

impl Yield {
    /// Every finding is told by that rule.
    pub const fn to(rule: &'static str) -> Self {
        Self { to: rule, reading: None }
    }

    /// Findings of one reading are told by that rule.
    pub const fn of(reading: &'static str, rule: &'static str) -> Self {
        Self { to: rule, reading: Some(reading) }
    }

    /// Whether it is about findings of a reading.
    pub fn is_about(self, reading: &str) -> bool {
        self.reading.is_none_or(|own| own == reading)
    }
}

/// How a rule judges.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// From the facts alone.
    First(fn(&Facts, &mut Verdicts<'_>)),
    /// From the facts and the verdicts of the rules before.
    After(fn(&Facts, &Finished<'_>, &mut Verdicts<'_>)),
    /// From the outlines of several plans, when all of them have been judged.
    Across(fn(&Outlines, &mut Drafts<'_>)),
}

impl Rule {
    /// Whether it runs by these settings.
    pub fn runs(&self, settings: &Settings) -> bool {
        settings.runs(self.name, self.since)
    }

    /// The page.
    pub fn page(&self) -> &Page<'static> {
        &self.page
    }
}

/// The areas of a plan, with their share of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Is the right thing measured, and can it be checked?
    Measures,
    /// Does it lead to money, and who shares that?
    Revenue,
    /// Do the unit economics carry it?
    Economics,
    /// Does the money go where it works?
    Budget,
    /// Does the arithmetic hold?
    Feasibility,
    /// Who agreed, who answers, how do the teams hand over?
    Alignment,
    /// What is done, in which order, and when does it stop?
    Work,
    /// Is the audit itself in order? It is never scored.
    Upkeep,
    /// Do the plans that extend one another fit together? It is never scored.
    AcrossPlans,
}

impl Area {
    /// The areas that are scored, in the order in which they are printed.
    pub const SCORED: [Self; 7] =
        [Self::Measures, Self::Revenue, Self::Economics, Self::Budget, Self::Feasibility, Self::Alignment, Self::Work];

    /// All areas, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Measures,
        Self::Revenue,
        Self::Economics,
        Self::Budget,
        Self::Feasibility,
        Self::Alignment,
        Self::Work,
        Self::Upkeep,
        Self::AcrossPlans,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measures => "measures",
            Self::Revenue => "revenue",
            Self::Economics => "economics",
            Self::Budget => "budget",
            Self::Feasibility => "feasibility",
            Self::Alignment => "alignment",
            Self::Work => "work",
            Self::Upkeep => "upkeep",
            Self::AcrossPlans => "across-plans",
        }
    }

    /// What it asks.
    pub fn question(self) -> &'static str {
        match self {
            Self::Measures => "is the right thing measured, and can it be checked?",
            Self::Revenue => "does it lead to money, and who shares that?",
            Self::Economics => "do the unit economics carry it?",
            Self::Budget => "does the money go where it works?",
            Self::Feasibility => "does the arithmetic hold?",
            Self::Alignment => "who agreed, who answers, how do the teams hand over?",
            Self::Work => "what is done, in which order, and when does it stop?",
            Self::Upkeep => "is what the plan accepts still meant? (never scored)",
            Self::AcrossPlans => "do the plans that extend one another fit together? (never scored)",
        }
    }

    /// Its weight in the plan's score, of 100.
    pub fn weight(self) -> f64 {
        match self {
            Self::Revenue => 25.0,
            Self::Economics => 20.0,
            Self::Budget | Self::Feasibility => 15.0,
            Self::Measures => 10.0,
            Self::Alignment => 8.0,
            Self::Work => 7.0,
            Self::Upkeep | Self::AcrossPlans => 0.0,
        }
    }
}

/// The newest ruleset: that in which the newest rule, metric or value came.
pub fn ruleset() -> u32 {
    static NEWEST: LazyLock<u32> = LazyLock::new(|| newest_ruleset(&adjustable()));
    *NEWEST
}

/// All rules, by area.
pub fn all() -> impl Iterator<Item = &'static Rule> + Clone {
    static ALL: LazyLock<Vec<&Rule>> = LazyLock::new(|| {
        let areas = [
            measures::RULES,
            revenue::RULES,
            economics::RULES,
            budget::RULES,
            feasibility::RULES,
            alignment::RULES,
            work::RULES,
            upkeep::RULES,
            across::RULES,
        ];
        areas.concat()
    });
    ALL.iter().copied()
}

/// The rules that judge one plan by itself.
pub fn of_one_plan() -> impl Iterator<Item = &'static Rule> + Clone {
    all().filter(|rule| rule.area != Area::AcrossPlans)
}

/// The rule of that name.
pub fn named(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

/// What a settings file can change.
pub fn adjustable() -> Vec<Adjustable> {
    all().map(|rule| Adjustable { rule: rule.name, since: rule.since, settings: rule.settings }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_stands_once_in_the_list_of_its_area() {
        let names: BTreeSet<&str> = all().map(|rule| rule.name).collect();
        assert_eq!(names.len(), all().count());
        for (area, rules) in [
            (Area::Measures, measures::RULES),
            (Area::Revenue, revenue::RULES),
            (Area::Economics, economics::RULES),
            (Area::Budget, budget::RULES),
        ] {
            assert!(rules.iter().all(|rule| rule.area == area), "{}", area.name());
        }
    }
}
