//! `everything-is-a-must`: priorities that leave nothing out.

use std::sync::LazyLock;

use super::over_capacity::full_load;
use crate::facts::Facts;
use crate::plan::{PlanPart, Priority, Subject};
use crate::rules::page::Page;
use crate::rules::verdict::{FindingDraft, Need, Verdicts};
use crate::rules::{Area, Check, Rule};
use crate::settings::{Setting, SettingUnit};
use crate::severity::Severity;
use crate::wording::Figure;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "everything-is-a-must",
    area: Area::Work,
    weight: Severity::Medium,
    since: 1,
    on: &["plan"],
    needs: &[PlanPart::Initiatives],
    applies: |facts| facts.plan.initiatives.is_empty() || is_a_list(facts),
    yields_to: &[],
    settings: &[&MOST_MUSTS, &FEWEST],
    conventions: &[],
    page: LazyLock::new(|| Page::parse(include_str!("everything_is_a_must.md"))),
    check: Check::First(check),
};

static MOST_MUSTS: Setting = Setting {
    key: "most_musts",
    default: 0.6,
    unit: SettingUnit::Share,
    least: 0.0,
    most: 1.0,
    words: "the share of the wanted work that may be musts",
    source: "a practitioners' convention: the DSDM Agile Project Framework, on MoSCoW prioritisation",
};

static FEWEST: Setting = Setting {
    key: "fewest",
    default: 3.0,
    unit: SettingUnit::Count,
    least: 1.0,
    most: 100.0,
    words: "the initiatives from which a list is judged",
    source: "a convention: one or two may well be all that matters",
};

fn is_a_list(facts: &Facts) -> bool {
    facts.plan.initiatives_ahead().count() as f64 >= facts.settings.threshold(RULE.name, &FEWEST)
}

/// The musts, and all that is wanted.
struct Wanted {
    musts: usize,
    all: usize,
    /// Hours of work of the musts.
    must_hours: f64,
    /// Hours of work of all.
    hours: f64,
    /// Those of which it is not said how much work they are.
    without_effort: Vec<usize>,
}

impl Wanted {
    fn of(facts: &Facts) -> Self {
        let workload = facts.workload();
        let is_must = |at: usize| facts.plan.initiatives.get(at).is_some_and(|one| one.has_priority(Priority::Must));
        let musts = workload.listed.iter().filter(|work| is_must(work.initiative));
        let listed = workload.listed.iter().map(|work| work.initiative);
        let all: Vec<usize> = listed.chain(workload.without_effort.iter().copied()).collect();
        Self {
            musts: all.iter().filter(|at| is_must(**at)).count(),
            all: all.len(),
            must_hours: musts.map(|work| work.hours).sum(),
            hours: workload.hours(),
            without_effort: workload.without_effort.clone(),
        }
    }

    /// The share of the work that is a must. Where all or none of it is, no effort is needed to tell.
    fn share(&self) -> Option<f64> {
        match self.musts {
            0 => Some(0.0),
            musts if musts == self.all => Some(1.0),
            _ if !self.without_effort.is_empty() || self.hours <= 0.0 => None,
            _ => Some(self.must_hours / self.hours),
        }
    }
}

fn check(facts: &Facts, verdicts: &mut Verdicts<'_>) {
    if !is_a_list(facts) {
        return;
    }
    let wanted = Wanted::of(facts);
    let mut drafts = Vec::new();
    let share = wanted.share();
    if let Some(share) = share.filter(|share| *share > facts.settings.threshold(RULE.name, &MOST_MUSTS)) {
        let reading = if wanted.musts == wanted.all { "all-musts" } else { "mostly-musts" };
        drafts.push(draft(facts, reading).with("share", Figure::Share(share)).with("rest", Figure::Share(1.0 - share)));
    }
    let load = facts.workload().periods().filter(|load| *load > full_load(facts));
    let leaves_out = facts.plan.initiatives.iter().any(|initiative| initiative.has_priority(Priority::Wont));
    if let Some(load) = load.filter(|_| !leaves_out) {
        drafts.push(draft(facts, "nothing-left-out").with("load", Figure::Share(load)));
    }
    let drafts: Vec<FindingDraft> = drafts
        .into_iter()
        .map(|draft| {
            draft.with("musts", Figure::Count(wanted.musts as f64)).with("all", Figure::Count(wanted.all as f64))
        })
        .collect();
    if !drafts.is_empty() {
        verdicts.fail_all(Subject::Plan, drafts);
    } else if share.is_some() {
        verdicts.pass(Subject::Plan);
    } else {
        let needs = wanted.without_effort.iter().map(|at| Need::new("effort", Subject::Initiative(*at)));
        verdicts.unknown(Subject::Plan, needs);
    }
}

fn draft(facts: &Facts, reading: &'static str) -> FindingDraft {
    let place = facts.plan.head.initiatives.as_ref().map_or(facts.plan.head.place, |initiatives| initiatives.key);
    FindingDraft::at(place, reading, Severity::Medium)
}
