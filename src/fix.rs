//! Fixing: the reframes of a text are written into it one by one, the worst finding first, and what came of each is audited.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::audit::{Auditor, FindingRef, PlanReport, Report};
use crate::edit::{self, ByHand, Editor, Edits};
use crate::fingerprint::Fingerprints;
use crate::plan::Loader;
use crate::rules::Rule;
use crate::rules::verdict::{Reframe, Status};
use crate::severity::Severity;
use crate::source::Source;

/// How texts are fixed.
#[derive(Clone, Copy)]
pub struct Fixer<'f> {
    /// Audits before and after, with all rules.
    pub auditor: &'f Auditor,
    /// Gives the plans that are extended.
    pub loader: &'f dyn Loader,
    /// Only findings of these rules or areas, where any are named.
    pub only: &'f [String],
    /// Whether reframes that need a decision of people are written as well.
    pub decisions: bool,
}

/// What came of fixing one text.
#[derive(Debug)]
pub struct Fixed {
    /// The text afterwards.
    pub source: Arc<Source>,
    /// What was written into it, in that order.
    pub written: Vec<Written>,
    /// The reframes that were not, the gravest finding first.
    pub left: Vec<Left>,
    /// Findings with a reframe that were not looked at, since the text has too many.
    pub passed_over: usize,
}

/// A reframe that was written.
#[derive(Debug)]
pub struct Written {
    /// Whose reframe, and of what.
    pub of: Proposal,
    /// The text before it.
    pub before: Arc<Source>,
    /// The text with it.
    pub after: Arc<Source>,
}

/// A reframe that was not written.
#[derive(Debug)]
pub struct Left {
    /// Whose reframe, and of what.
    pub of: Proposal,
    /// Why not.
    pub why: Why,
}

/// A reframe with the finding that it belongs to.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The rule.
    pub rule: &'static str,
    /// The name of the subject; `None` for the plan itself.
    pub subject: Option<String>,
    /// What is proposed.
    pub reframe: Reframe,
    /// Why it is better.
    pub why: String,
}

/// Why a reframe was not written.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It changes what people have decided.
    Decision,
    /// It has a gap that only the team can fill.
    Words,
    /// The file does not allow it.
    ByHand(ByHand),
    /// It would overwrite what another one wrote just now: that rule.
    Overwrites(&'static str),
    /// The finding would still be there.
    Stays,
    /// Another finding, no less grave, would come of it: that rule, and what it says.
    Raises(&'static str, String),
    /// The file would no longer be a plan: what is wrong with it then.
    Breaks(String),
}

/// A finding from one audit to the next: the document, and the fingerprint.
type Known = (usize, String);

impl Fixer<'_> {
    /// Fixes a text. `None` where it cannot be read as plans.
    pub fn fix(&self, source: Arc<Source>) -> Option<Fixed> {
        let mut state = State::of(self.audit(source))?;
        let mut budget = edit::most_reframes(state.source.text());
        let mut written = Vec::new();
        let mut refused: HashMap<Known, Why> = HashMap::new();
        let mut writers: HashMap<(usize, String), &'static str> = HashMap::new();
        while budget > 0 {
            let Some(next) = state.next(self, &refused) else { break };
            budget -= 1;
            let known = next.known.clone();
            let (of, severity, safe) = (next.proposal(), next.found.finding.severity, next.reframe.safe);
            let tried = match self.edits(&next, &writers) {
                Ok(_) if !safe && !self.decisions => Err(Why::Decision),
                Ok(edits) => self.after(&state, &known, severity, &edits).map(|after| (after, edits.writes)),
                Err(why) => Err(why),
            };
            match tried {
                Ok((after, writes)) => {
                    let (before, rule) = (Arc::clone(&state.source), of.rule);
                    writers.extend(writes.into_iter().map(|way| ((known.0, way), rule)));
                    // What is told to be fixed once is not fixed again, should it come back.
                    refused.insert(known, Why::Stays);
                    written.push(Written { of, before, after: Arc::clone(&after.source) });
                    state = after;
                }
                Err(why) => {
                    refused.insert(known, why);
                }
            }
        }
        let open: Vec<Next<'_>> = state.open(self).collect();
        let left = open
            .iter()
            .filter_map(|next| refused.get(&next.known).map(|why| Left { of: next.proposal(), why: why.clone() }));
        let left: Vec<Left> = left.collect();
        let passed_over = open.len() - left.len();
        Some(Fixed { source: Arc::clone(&state.source), written, left, passed_over })
    }

    fn audit(&self, source: Arc<Source>) -> Report {
        let mut report = self.auditor.empty_report();
        self.auditor.audit_source(source, self.loader, &mut report);
        report
    }

    fn edits(&self, next: &Next<'_>, writers: &HashMap<(usize, String), &'static str>) -> Result<Edits, Why> {
        let editor = Editor::new(next.plan.plan()).ok_or(Why::ByHand(ByHand::Layout { line: 1 }))?;
        let edits = editor.edits(&next.reframe.yaml).map_err(|why| match why {
            ByHand::NeedsWords => Why::Words,
            ByHand::Nothing => Why::Stays,
            why => Why::ByHand(why),
        })?;
        let document = next.known.0;
        match edits.writes.iter().find_map(|way| writers.get(&(document, way.clone()))) {
            Some(rule) => Err(Why::Overwrites(rule)),
            None => Ok(edits),
        }
    }

    /// The text with some edits, where the finding is gone for it and nothing as grave has come.
    fn after(&self, state: &State, fixed: &Known, severity: Severity, edits: &Edits) -> Result<State, Why> {
        let text = edit::apply(state.source.text(), &edits.list);
        let text = state.source.with_its_mark(&text);
        let report = self.audit(Arc::new(Source::new(state.source.name(), text)));
        if let Some(problem) = report.faults.iter().flat_map(|faulty| &faulty.problems).next() {
            return Err(Why::Breaks(problem.what.to_string()));
        }
        let after = State::of(report).ok_or(Why::Stays)?;
        if after.standing.get(fixed).is_some_and(|standing| standing.is_open) {
            return Err(Why::Stays);
        }
        let is_new = |known: &Known, severity: Severity| {
            state.standing.get(known).is_none_or(|before| severity > before.severity)
        };
        // What a rule said of the KPI that was, it may say of the one in its place.
        let says_more = |rule: &'static str| after.said(rule, severity) > state.said(rule, severity);
        let grave = after.findings().find(|(known, found)| {
            let own = found.finding.severity;
            let is_open = found.finding.status == Status::Open;
            is_open && own >= severity && is_new(known, own) && says_more(found.verdict.rule.name)
        });
        match grave {
            Some((_, found)) => Err(Why::Raises(found.verdict.rule.name, found.finding.message())),
            None => Ok(after),
        }
    }

    fn takes(&self, rule: &Rule) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == rule.name || name == rule.area.name())
    }
}

/// A text with its audit.
struct State {
    source: Arc<Source>,
    report: Report,
    fingerprints: Vec<Fingerprints>,
    standing: HashMap<Known, Standing>,
}

/// How grave a finding is, and whether it counts: one that a graver rule tells is known, but not open.
#[derive(Clone, Copy)]
struct Standing {
    severity: Severity,
    is_open: bool,
}

/// A finding that might be fixed.
struct Next<'s> {
    known: Known,
    plan: &'s PlanReport,
    found: FindingRef<'s>,
    reframe: &'s Reframe,
}

impl State {
    fn of(report: Report) -> Option<Self> {
        let source = Arc::clone(&report.plans.first().filter(|_| report.faults.is_empty())?.plan().source);
        let fingerprints = report.plans.iter().map(Fingerprints::of).collect();
        let mut state = Self { source, report, fingerprints, standing: HashMap::new() };
        let all = state.findings().map(|(known, found)| {
            let is_open = found.finding.status == Status::Open;
            (known, Standing { severity: found.finding.severity, is_open })
        });
        state.standing = all.collect();
        Some(state)
    }

    /// All findings, plan by plan, the gravest first.
    fn findings(&self) -> impl Iterator<Item = (Known, FindingRef<'_>)> {
        self.with_plans().map(|(_, known, found)| (known, found))
    }

    /// How often a rule speaks of something this grave, also where a graver rule tells it.
    fn said(&self, rule: &str, least: Severity) -> usize {
        let said = self.findings().map(|(_, found)| found);
        said.filter(|found| {
            let counts = !matches!(found.finding.status, Status::Waived(_));
            counts && found.verdict.rule.name == rule && found.finding.severity >= least
        })
        .count()
    }

    fn with_plans(&self) -> impl Iterator<Item = (&PlanReport, Known, FindingRef<'_>)> {
        self.report.plans.iter().zip(&self.fingerprints).flat_map(|(plan, fingerprints)| {
            let known = |found: FindingRef<'_>| (plan.plan().document, fingerprints.get(found.finding).to_owned());
            plan.all_findings().into_iter().map(move |found| (plan, known(found), found))
        })
    }

    /// The open findings that have a reframe and were asked for.
    fn open<'s>(&'s self, fixer: &'s Fixer<'_>) -> impl Iterator<Item = Next<'s>> {
        self.with_plans().filter_map(|(plan, known, found)| {
            let asked = found.finding.status == Status::Open && fixer.takes(found.verdict.rule);
            let reframe = found.finding.reframe.as_ref().filter(|_| asked)?;
            Some(Next { known, plan, found, reframe })
        })
    }

    fn next<'s>(&'s self, fixer: &'s Fixer<'_>, done: &HashMap<Known, Why>) -> Option<Next<'s>> {
        self.open(fixer).find(|next| !done.contains_key(&next.known))
    }
}

impl Next<'_> {
    fn proposal(&self) -> Proposal {
        let subject = self.found.verdict.subject;
        let named = subject != crate::plan::Subject::Plan;
        Proposal {
            rule: self.found.verdict.rule.name,
            subject: named.then(|| self.plan.plan().name_of(subject).to_owned()),
            reframe: self.reframe.clone(),
            why: self.found.finding.why(),
        }
    }
}

impl std::fmt::Debug for Fixer<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Fixer")
            .field("only", &self.only)
            .field("decisions", &self.decisions)
            .finish_non_exhaustive()
    }
}
