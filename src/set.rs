//! Several plans together: a small outline of each, and what the rules across plans find over all of them.
//!
//! An outline keeps what these rules need of a plan and nothing of its text, so that ten thousand plans fit into little memory. A
//! plan that extends nothing and that nothing extends stands alone, and has none.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use jiff::civil::Date;

use crate::audit::PlanReport;
use crate::compare::Gone;
use crate::fingerprint;
use crate::plan::Plan;
use crate::rules::Rule;
use crate::rules::verdict::Age;
use crate::settings::Settings;
use crate::severity::Severity;
use crate::source::{Source, Span};
use crate::wording::{Figure, Template};

mod outline;

pub(crate) use outline::{Budget, KpiOutline, Outline, Part, Sum, Sureness, Whole};

/// What was found across plans.
#[derive(Debug, Default)]
pub struct Across {
    /// The findings, whatever their standing: the gravest first, then by file and line.
    pub findings: Vec<SetFinding>,
    /// What an earlier audit had found and this one does not, where there is one to compare with.
    pub fixed: Vec<Gone>,
}

impl Across {
    /// The findings that count.
    pub fn open(&self) -> impl Iterator<Item = &SetFinding> {
        self.findings.iter().filter(|finding| finding.waiver.is_none())
    }

    /// The findings by which a run fails.
    pub fn failing(&self) -> impl Iterator<Item = &SetFinding> {
        self.open().filter(|finding| finding.fails())
    }
}

/// Something to say of several plans.
#[derive(Debug, Clone)]
pub struct SetFinding {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave it is.
    pub severity: Severity,
    /// How grave it must be to fail, and the settings file that says so.
    pub gate: (Severity, Option<String>),
    /// The name of the plan in which it is shown.
    pub plan: String,
    /// That plan's period, as written.
    pub period: Option<String>,
    /// Which document of its file that plan is.
    pub document: usize,
    /// The kind of what it is about: "kpi".
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is shown.
    pub place: Place,
    /// The places in other plans that belong to it, with a label each.
    pub related: Vec<(Place, String)>,
    /// What it says, with its numbers.
    pub message: String,
    /// What to ask in the meeting.
    pub question: Option<String>,
    /// The numbers and names that the sentences show.
    pub figures: Vec<(&'static str, Figure)>,
    /// By which it is known again: of rule, reading, subject and the names of the plans, never of lines or wording.
    pub fingerprint: String,
    /// The waiver that accepts it, in the plan in which it is shown.
    pub waiver: Option<Accepted>,
    /// How it compares with an earlier audit, where there was one.
    pub age: Option<Age>,
}

impl SetFinding {
    /// Whether a run fails by it: it is as grave as the settings of its plan say, and not known.
    pub fn fails(&self) -> bool {
        self.severity >= self.gate.0 && self.age != Some(Age::Known)
    }
}

/// What a waiver says of a finding that it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Why.
    pub because: Option<String>,
    /// The last day on which it holds.
    pub until: Date,
}

/// A place in a file of which the text is not kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
}

/// Lines and columns from 1, the end exclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line on which it begins.
    pub line: u32,
    /// The column at which it begins.
    pub column: u32,
    /// The line on which it ends.
    pub end_line: u32,
    /// The column after its last.
    pub end_column: u32,
}

impl Spot {
    pub(crate) fn of(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        let [line, column, end_line, end_column] =
            [start.line, start.column, end.line, end.column].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        Self { line, column, end_line, end_column }
    }
}

/// Which outline of several.
pub(crate) type PlanAt = u32;

/// A text that stands in several plans, kept once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Text(NonZeroU32);

#[derive(Debug, Default)]
struct Texts {
    numbers: HashMap<Arc<str>, Text>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn keep(&mut self, text: &str) -> Text {
        if let Some(&known) = self.numbers.get(text) {
            return known;
        }
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        // From one, so that a text that may be absent takes no more room.
        let number = u32::try_from(self.texts.len()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        self.numbers.insert(text, Text(number));
        Text(number)
    }
}

/// The outlines of plans that extend one another.
#[derive(Debug, Default)]
pub struct Outlines {
    plans: Vec<Outline>,
    by_place: HashMap<u64, PlanAt>,
    texts: Texts,
    /// The settings and the day of each plan that was audited itself, by its file and document.
    audited: HashMap<u64, (Arc<Settings>, Date)>,
    /// Whether a file could not be read that may hold a plan of theirs.
    is_partial: bool,
}

impl Outlines {
    /// Adds a plan, with those that it extends.
    pub fn add(&mut self, report: &PlanReport) {
        let facts = &report.facts;
        self.audited.insert(place_of(&facts.plan), (Arc::clone(&facts.settings), facts.as_of));
        if facts.plan.extended.is_empty() {
            return;
        }
        // Those that are extended first: an outline points at them.
        for number in (1..=facts.plan.extended.len()).chain([0]) {
            outline::add(self, facts, number);
        }
    }

    /// Takes note that a file could not be read, which may hold a plan that extends one of these.
    pub fn miss(&mut self) {
        self.is_partial = true;
    }

    /// Whether a file could not be read that may hold a plan of theirs.
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The outlines, by file and document.
    pub(crate) fn sorted(&self) -> Vec<(PlanAt, &Outline)> {
        let mut plans: Vec<(PlanAt, &Outline)> = (0..).zip(&self.plans).collect();
        plans.sort_by_key(|(_, plan)| (&plan.file, plan.document));
        plans
    }

    /// The plans that hang together by `extends`, over any number of levels; each family in order.
    pub(crate) fn families(&self) -> Vec<Vec<(PlanAt, &Outline)>> {
        let mut links = petgraph::unionfind::UnionFind::<u32>::new(self.plans.len());
        for (at, plan) in (0..).zip(&self.plans) {
            for extended in &plan.extends {
                links.union(at, *extended);
            }
        }
        let mut families: BTreeMap<usize, Vec<(PlanAt, &Outline)>> = BTreeMap::new();
        let mut order: HashMap<u32, usize> = HashMap::new();
        for (at, plan) in self.sorted() {
            let next = order.len();
            let family = *order.entry(links.find(at)).or_insert(next);
            families.entry(family).or_default().push((at, plan));
        }
        families.into_values().collect()
    }

    /// The plans that others extend, each with those that extend it, directly or not, in a time that is its own too.
    pub(crate) fn extended(&self) -> Vec<Extended<'_>> {
        let mut extending: BTreeMap<PlanAt, Vec<(PlanAt, &Outline)>> = BTreeMap::new();
        let sorted = self.sorted();
        for &(at, plan) in &sorted {
            for &extended in &plan.extends {
                extending.entry(extended).or_default().push((at, plan));
            }
        }
        let extended = sorted.into_iter().filter_map(|(at, plan)| {
            let mut by = extending.remove(&at)?;
            by.retain(|(_, other)| other.overlaps(plan));
            Some(Extended { at, plan, by })
        });
        extended.collect()
    }

    /// Whether what no plan does can be told of a plan that others extend: it was audited itself, and not only read since
    /// some of the others were, and nothing is missing.
    pub(crate) fn shows_all_below(&self, plan: &Outline) -> bool {
        !self.is_partial && self.audited.contains_key(&plan.key)
    }

    /// The settings that hold for a plan.
    pub(crate) fn settings<'s>(&'s self, plan: &'s Outline) -> &'s Settings {
        self.audited.get(&plan.key).map_or(&plan.settings, |(settings, _)| settings)
    }

    pub(crate) fn text(&self, text: Text) -> &str {
        let at = text.0.get() as usize - 1;
        self.texts.texts.get(at).map(|text| &**text).unwrap_or_default()
    }

    /// What some rules find over all plans.
    pub(crate) fn judged(&self, rules: impl Iterator<Item = (&'static Rule, fn(&Self, &mut Drafts<'_>))>) -> Across {
        let mut findings = Vec::new();
        for (rule, check) in rules {
            let mut drafts = Drafts { rule, outlines: self, findings: &mut findings };
            check(self, &mut drafts);
        }
        findings.sort_by(|one: &SetFinding, other| {
            let gravest = other.severity.cmp(&one.severity);
            gravest.then_with(|| one.place.cmp(&other.place)).then_with(|| one.fingerprint.cmp(&other.fingerprint))
        });
        Across { findings, fixed: Vec::new() }
    }
}

/// A plan that others extend.
#[derive(Debug)]
pub(crate) struct Extended<'o> {
    pub(crate) at: PlanAt,
    pub(crate) plan: &'o Outline,
    /// Those that extend it.
    pub(crate) by: Vec<(PlanAt, &'o Outline)>,
}

impl<'o> Extended<'o> {
    /// The KPIs that may be parts of its goals and KPIs, its own first, each with the plan that has it.
    pub(crate) fn parts(&self) -> Vec<(&'o Outline, &'o Part)> {
        let plans = std::iter::once(self.plan).chain(self.by.iter().map(|(_, by)| *by));
        let parts = plans.flat_map(|plan| plan.parts.iter().map(move |part| (plan, part)));
        parts.filter(|(_, part)| part.of.0 == self.at).collect()
    }
}

/// A plan's file and document, as one number.
fn place_of(plan: &Plan) -> u64 {
    fingerprint::hash(&[plan.source.name(), &plan.document.to_string()])
}

/// What a finding across plans is about.
#[derive(Debug, Clone)]
pub(crate) struct About<'o> {
    /// The plan in which it is shown.
    pub(crate) plan: &'o Outline,
    pub(crate) kind: &'static str,
    pub(crate) id: &'o str,
    pub(crate) name: &'o str,
    pub(crate) spot: Spot,
}

/// A finding in the making.
#[derive(Debug, Clone)]
pub(crate) struct SetDraft<'o> {
    pub(crate) about: About<'o>,
    pub(crate) reading: &'static str,
    pub(crate) severity: Severity,
    pub(crate) related: Vec<(&'o Outline, Spot, String)>,
    pub(crate) figures: Vec<(&'static str, Figure)>,
    /// Another plan without which it would be another finding.
    pub(crate) against: Option<&'o Outline>,
}

/// Takes the findings of one rule, and words them by its page.
#[derive(Debug)]
pub struct Drafts<'f> {
    rule: &'static Rule,
    outlines: &'f Outlines,
    findings: &'f mut Vec<SetFinding>,
}

/// Other places of one finding that are kept.
const MOST_RELATED: usize = 20;

impl Drafts<'_> {
    /// Words a finding; nothing where the rule is off for the plan in which it would be shown.
    pub(crate) fn add(&mut self, draft: SetDraft<'_>) {
        let (plan, rule) = (draft.about.plan, self.rule);
        let settings = self.outlines.settings(plan);
        if !rule.runs(settings) {
            return;
        }
        let page = rule.page();
        let [says, asks] = [page.say(draft.reading), page.question(draft.reading)];
        let fill = |template: Option<Template<'_>>| template.map(|text| text.fill(&draft.figures));
        let slots: HashSet<&str> = [says, asks].into_iter().flatten().flat_map(Template::slots).collect();
        let (message, question) = (fill(says).unwrap_or_default(), fill(asks));
        let place = |plan: &Outline, spot| Place { file: plan.file.to_string(), spot };
        let related = draft.related.iter().take(MOST_RELATED);
        self.findings.push(SetFinding {
            rule,
            severity: settings.severity(rule.name).map_or(draft.severity, |cap| cap.min(draft.severity)),
            gate: settings.fail_on().owned(),
            plan: plan.name.to_string(),
            period: plan.period.as_ref().map(|period| period.text.clone()),
            document: plan.document,
            kind: draft.about.kind,
            id: draft.about.id.to_owned(),
            name: draft.about.name.to_owned(),
            place: place(plan, draft.about.spot),
            related: related.map(|(plan, spot, label)| (place(plan, *spot), label.clone())).collect(),
            message,
            question,
            fingerprint: fingerprint_of(rule, &draft),
            waiver: plan.accepted(rule, draft.about.id, self.outlines.audited.get(&plan.key).map(|(_, day)| *day)),
            figures: draft.figures.into_iter().filter(|(slot, _)| slots.contains(slot)).collect(),
            age: None,
        });
    }
}

fn fingerprint_of(rule: &Rule, draft: &SetDraft<'_>) -> String {
    let name = |plan: &'_ Outline| {
        let period = plan.period.as_ref().map(|period| period.text.clone()).unwrap_or_default();
        [plan.name.to_string(), period]
    };
    let [own, period] = name(draft.about.plan);
    let [other, other_period] = draft.against.map(name).unwrap_or_default();
    let (kind, id) = (draft.about.kind, draft.about.id);
    fingerprint::print(&[rule.name, &own, &period, kind, id, draft.reading, &other, &other_period])
}
