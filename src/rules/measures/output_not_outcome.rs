//! `output-not-outcome`: a KPI that counts what the team puts out, not what comes of it.

use std::sync::LazyLock;

use crate::facts::links::Level;
use crate::facts::{Facts, Purse, names};
use crate::metrics::Kind;
use crate::plan::quantity::{Change, Unit};
use crate::plan::{Entity, Kpi, Plan, PlanPart, Role, Subject};
use crate::rules::page::Page;
use crate::rules::reframe::{self, Fields};
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

use super::next_step;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "output-not-outcome",
    area: Area::Measures,
    weight: Severity::High,
    since: 1,
    on: &["kpi"],
    needs: &[PlanPart::Kpis],
    applies: |_| true,
    yields_to: &[],
    settings: &[&MOST_OF_PLAN, &FEWEST_FOR_A_SHARE],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("output_not_outcome.md"))),
    check: Check::First(check),
};

static MOST_OF_PLAN: Setting = Setting {
    key: "most_of_plan",
    default: 1.0 / 3.0,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of a plan's KPIs over which each one that counts output is high",
    source: "a convention: with more than a third, the plan is a list of work",
};

static FEWEST_FOR_A_SHARE: Setting = Setting {
    key: "fewest_for_a_share",
    default: 2.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the KPIs of output from which their share of the plan is looked at",
    source: "a convention: one alone says nothing of the plan",
};

/// What one KPI counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// What comes of the work; or work that the plan ties to a result, as a leading KPI.
    Results,
    /// Work.
    Output,
    /// Work that the plan ties to a result, with a number, while the target still sits on the work.
    TiedOutput,
    /// It cannot be told.
    Unclear,
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    let judged = || facts.judged_kpis().filter_map(|at| facts.plan.kpis.get(at).map(|kpi| (at, kpi)));
    let counted: Vec<Counts> = judged().map(|(at, kpi)| counts(facts, at, kpi)).collect();
    let output = counted.iter().filter(|counts| **counts == Counts::Output).count();
    let share = output as f64 / counted.len() as f64;
    let many = output as f64 >= facts.settings.threshold(RULE.name, &FEWEST_FOR_A_SHARE)
        && share > facts.settings.threshold(RULE.name, &MOST_OF_PLAN);
    for ((at, kpi), counts) in judged().zip(&counted) {
        let subject = Subject::Kpi(at);
        let (reading, severity) = match (counts, has_number(kpi), many) {
            (Counts::Results, ..) => {
                verdicts.pass(subject);
                continue;
            }
            (Counts::Unclear, ..) => {
                verdicts.unknown(subject, [Need::new("metric", subject)]);
                continue;
            }
            (Counts::TiedOutput, ..) => ("tied", Severity::Low),
            (Counts::Output, true, false) => ("counted", Severity::Medium),
            (Counts::Output, true, true) => ("counted.many", Severity::High),
            (Counts::Output, false, false) => ("milestone", Severity::Medium),
            (Counts::Output, false, true) => ("milestone.many", Severity::High),
        };
        let draft = finding(facts, at, kpi, reading, severity)
            .with("output", Figure::Count(output as f64))
            .with("total", Figure::Count(counted.len() as f64));
        verdicts.fail(subject, draft);
    }
}

fn counts(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Counts {
    let identity = facts.kpi(at);
    match identity.kind {
        Some(Kind::Activity) if !identity.is_recognised() => tied(facts, at, kpi),
        Some(Kind::Activity) if is_doubtful(facts, kpi) => Counts::Unclear,
        Some(Kind::Activity) => tied(facts, at, kpi),
        Some(_) => Counts::Results,
        None if names::is_work(&kpi.name, facts.dictionary) => tied(facts, at, kpi),
        None => Counts::Unclear,
    }
}

/// Work on which the plan builds a path to money with a number on every link is a fair thing to lead by.
fn tied(facts: &Facts, at: usize, kpi: &Entity<Kpi>) -> Counts {
    let founded = facts.way(at).is_some_and(|way| way.level == Some(Level::Founded));
    match (founded, Plan::role(kpi)) {
        (true, Role::Leading) => Counts::Results,
        (true, _) => Counts::TiedOutput,
        (false, _) => Counts::Output,
    }
}

/// A name that speaks of work may still mean a result: it says what the work is for, it has a target that no count of work
/// has, or it is one word ("Newsletter") beside a number that may count its readers.
fn is_doubtful(facts: &Facts, kpi: &Entity<Kpi>) -> bool {
    let target = kpi.target.as_ref().and_then(|target| target.quantity());
    let counts_no_work = target.is_some_and(|target| {
        let share = target.unit == Unit::Percent && target.change != Some(Change::Relative);
        share || matches!(target.unit, Unit::Points | Unit::Money(_) | Unit::Ratio | Unit::Times | Unit::Time(_))
    });
    let one_thing = !kpi.name.trim().contains(char::is_whitespace) && !kpi.name.trim_end().ends_with('s');
    let beside_a_number = target.is_some() && !kpi.from_name.target;
    counts_no_work || (one_thing && beside_a_number) || names::names_a_purpose(&kpi.name, facts.dictionary)
}

/// Whether the KPI has a number to reach.
fn has_number(kpi: &Entity<Kpi>) -> bool {
    kpi.target.as_ref().is_some_and(|target| target.quantity().is_some())
}

fn finding(facts: &Facts, at: usize, kpi: &Entity<Kpi>, reading: &'static str, severity: Severity) -> FindingDraft {
    let driven = facts.links().first_from(at).map(|next| facts.plan.metric_name(next).to_owned());
    FindingDraft::at(kpi.place, reading, severity)
        .with("name", Figure::Text(kpi.name.value.to_string()))
        .with("target", Figure::Text(kpi.target.as_ref().map(|target| target.text().to_owned()).unwrap_or_default()))
        .with("driven", Figure::Text(driven.unwrap_or_default()))
        .with("next", Figure::Text(next_step::name(RULE.page(), facts, at)))
        .at_stake(Purse::behind(facts, at, RULE.page().phrase("at-stake")).filter(|_| reading != "tied"))
        .recognised(facts.kpi(at).is_recognised())
        .reframe(Some(reframe(facts, at, kpi, reading)), false)
}

/// The work as a milestone to hold, and what it should bring as the KPI: the next step where the plan has one, else the leads
/// of what is counted; of a single piece of work nobody knows. What is tied to a result already leads to it.
fn reframe(facts: &Facts, at: usize, kpi: &Entity<Kpi>, reading: &str) -> String {
    let fields = Fields::named(&kpi.id, &kpi.name);
    if reading == "tied" {
        return reframe::list("kpis", vec![fields.text("role", "leading")]);
    }
    let milestone = fields.text("role", "guardrail");
    if facts.next_step(at).is_some() || reading.starts_with("milestone") || !facts.sells_to_leads() {
        return reframe::list("kpis", vec![milestone]);
    }
    reframe::list("kpis", vec![milestone, next_step::leads(RULE.page(), facts, at)])
}
