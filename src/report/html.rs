//! The report as one page that stands alone: nothing is fetched, nothing needs a script, and no text of a plan is markup.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use maud::{Markup, html};

use super::fault;
use super::output::{Ask, End, Output, Piece, Worst};
use super::remark::Remark;
use crate::audit::{PlanReport, Report};
use crate::fingerprint::Fingerprints;
use crate::rules;
use crate::rules::verdict::Finding;
use crate::severity::Severity;

mod across;
mod areas;
mod budget;
mod economics;
mod faults;
mod findings;
mod forecast;
mod funnel;
mod index;
mod kpis;
mod map;
mod method;
pub(super) mod page;
mod plan;
mod rule_pages;
pub(super) mod text;

use faults::FaultList;
use index::Row;
use page::{Page, SORT_TABLES};
use plan::PlanSection;
use text::prose;

/// Plans that are shown in full: nobody reads further, and no browser likes to.
const MOST_PLANS: usize = 60;

/// The report as an HTML page, without the findings that are less grave than this.
#[derive(Debug)]
pub struct Html {
    least: Severity,
    /// The worst plans: what their file gave, and which of its plans each is.
    worst: Worst<(Arc<Report>, usize)>,
    rows: Worst<Row>,
    faults: FaultList,
    /// The rulesets that the plans are judged by: one, unless the settings of some hold on to a former one.
    rulesets: BTreeSet<u32>,
}

impl Html {
    /// What is asked for, of which only the least severity matters here.
    pub fn new(ask: &Ask) -> Self {
        let (worst, rows) = (Worst::new(MOST_PLANS), Worst::new(MOST_PLANS + index::MOST_LISTED));
        Self { least: ask.least, worst, rows, faults: FaultList::default(), rulesets: BTreeSet::new() }
    }
}

impl Output for Html {
    fn add(&mut self, file: &Arc<Report>, _: &mut Piece, _: &mut dyn Write) -> io::Result<()> {
        for (at, plan) in file.plans.iter().enumerate() {
            self.worst.add(plan, || (Arc::clone(file), at));
            self.rows.add(plan, || Row::of(plan));
            self.rulesets.insert(plan.ruleset());
        }
        self.faults.add(file);
        Ok(())
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        if self.rulesets.is_empty() {
            self.rulesets.insert(rules::ruleset());
        }
        let plans: Vec<&PlanReport> = self.worst.iter().filter_map(|(file, at)| file.plans.get(*at)).collect();
        let mut anchors = Anchors::default();
        let level = if let [_] = plans.as_slice() { 1 } else { 2 };
        let sections: Vec<PlanSection<'_>> =
            plans.iter().map(|plan| PlanSection::new(plan, self.least, level, &mut anchors)).collect();
        let title = match plans.as_slice() {
            [] => "No plan could be audited".to_owned(),
            [plan] => plan.plan().name().to_owned(),
            _ => format!("{} plans", self.worst.seen),
        };
        let body = html! {
            @if level > 1 { (index::index(&title, &self.rows, &sections)) }
            @for section in &sections { (section.html()) }
            (across::section(end.across, self.least))
            (self.faults.html())
            (rule_pages::rule_pages(&sections))
        };
        let page = Page { title: &title, body, footer: footer(end, &self.rulesets), script: Some(SORT_TABLES) };
        to.write_all(page.html().as_bytes())
    }
}

fn footer(end: &End<'_>, rulesets: &BTreeSet<u32>) -> Markup {
    let rulesets = rulesets.iter().map(u32::to_string).collect::<Vec<_>>().join(" and ");
    html! {
        @for gate in &end.gates.failed { p { strong { "Check failed: " } (prose(&gate.why)) " (" (gate.name) ")." } }
        @if let Some(passed_over) = fault::passed_over(end.passed_over) { p { (passed_over) } }
        p {
            "Made by kpi-audit " (env!("CARGO_PKG_VERSION")) ", ruleset " (rulesets) ". This page is one file. It loads nothing \
            and sends nothing; its only script sorts tables. Everything in it, as data: " code { "--format json" } "."
        }
    }
}

/// The names of places in the page. Each is given once.
#[derive(Default)]
struct Anchors {
    given: HashSet<String>,
    /// How often a name was wished for, so that thousands of the same name need not be tried one by one.
    wished: HashMap<String, usize>,
}

impl Anchors {
    /// The name wished for, or with a number where that is taken.
    fn give(&mut self, wished: &str) -> String {
        let next = self.wished.entry(wished.to_owned()).or_insert(1);
        loop {
            let name = if *next == 1 { wished.to_owned() } else { format!("{wished}-{next}") };
            *next += 1;
            if self.given.insert(name.clone()) {
                return name;
            }
        }
    }

    /// One for each finding of a plan, of its fingerprint: it stays where lines and wording change.
    fn of_findings(&mut self, plan: &PlanReport) -> FindingAnchors {
        let fingerprints = Fingerprints::of(plan);
        let all = plan.all_findings().into_iter();
        let by_finding = all.map(|found| {
            let anchor = self.give(&format!("f-{}", fingerprints.get(found.finding)));
            (std::ptr::from_ref(found.finding), anchor)
        });
        FindingAnchors { by_finding: by_finding.collect() }
    }
}

/// The names of the places of a plan's findings.
struct FindingAnchors {
    /// By where the finding is held: two findings may be alike in everything.
    by_finding: HashMap<*const Finding, String>,
}

impl FindingAnchors {
    fn get(&self, finding: &Finding) -> &str {
        self.by_finding.get(&std::ptr::from_ref(finding)).map(String::as_str).unwrap_or_default()
    }

    /// Where each finding can be read: at its own place, or with the remark that tells it where its list is cut. Findings of
    /// remarks that are left out are left out.
    fn shown(&self, remarks: &[Remark<'_>]) -> FindingAnchors {
        let mut by_finding = HashMap::new();
        for remark in remarks.iter().take(findings::MOST_REMARKS) {
            let Some(first) = remark.findings.first() else { continue };
            for (at, found) in remark.findings.iter().enumerate() {
                let place = if at <= findings::MOST_SUBJECTS { found.finding } else { first.finding };
                by_finding.insert(std::ptr::from_ref(found.finding), self.get(place).to_owned());
            }
        }
        FindingAnchors { by_finding }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_given_once_also_where_a_numbered_one_is_taken() {
        let mut anchors = Anchors::default();
        let given = ["a", "a-2", "a", "a", "a-2"].map(|wished| anchors.give(wished));
        assert_eq!(given, ["a", "a-2", "a-3", "a-4", "a-2-2"]);
    }
}
