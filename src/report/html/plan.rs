//! One plan as a section of the page, in the order in which a meeting wants it.

use std::borrow::Cow;

use maud::{Markup, html};

use super::text::{heading, own, prose, severity_count};
use super::{Anchors, FindingAnchors};
use super::{areas, budget, economics, findings, forecast, funnel, kpis, map, method};
use crate::audit::{FindingRef, PlanReport};
use crate::plan::Plan;
use crate::report::remark::{Remark, questions, remarks};
use crate::report::text::clean;
use crate::report::{arithmetic, money};
use crate::rules::verdict::Status;
use crate::severity::Severity;
use crate::wording::{Figure, list};

/// Questions that are asked first.
const QUESTIONS: usize = 3;

/// A plan on its way to the page.
pub(super) struct PlanSection<'r> {
    pub(super) plan: &'r PlanReport,
    /// The open findings, the gravest first.
    pub(super) open: Vec<FindingRef<'r>>,
    /// Those that are grave enough to be shown, as they are told.
    pub(super) remarks: Vec<Remark<'r>>,
    /// The least severity that is shown.
    pub(super) least: Severity,
    /// Where the plan stands in the page.
    pub(super) anchor: String,
    /// The name of each finding's own place.
    pub(super) finding_anchors: FindingAnchors,
    /// Where each finding can be read.
    shown: FindingAnchors,
    /// The level of the plan's heading.
    level: u8,
}

/// A part of the section: its name in links, its heading, and what it holds.
struct Part {
    name: &'static str,
    title: Cow<'static, str>,
    body: Markup,
}

impl<'r> PlanSection<'r> {
    pub(super) fn new(plan: &'r PlanReport, least: Severity, level: u8, anchors: &mut Anchors) -> Self {
        let open: Vec<FindingRef<'r>> = plan.findings().collect();
        let remarks = remarks(open.iter().filter(|found| found.finding.severity >= least).copied());
        let id = Plan::id_from(plan.plan().name());
        let anchor = anchors.give(&format!("plan-{id}"));
        let finding_anchors = anchors.of_findings(plan);
        let shown = finding_anchors.shown(&remarks);
        Self { plan, open, remarks, least, anchor, finding_anchors, shown, level }
    }

    pub(super) fn html(&self) -> Markup {
        let parts = self.parts();
        html! {
            article class="plan" id=(self.anchor) {
                (self.head())
                (self.summary())
                (self.ask_first())
                nav class="parts" aria-label=(self.nav_label()) {
                    ul { @for part in &parts { li { a href={ "#" (self.anchor_of(part.name)) } { (part.title) } } } }
                }
                @for part in &parts {
                    @let anchor = self.anchor_of(part.name);
                    section id=(anchor) {
                        (heading(self.level + 1, &anchor, &html! { (part.title) }, &self.called(&part.title)))
                        (part.body)
                    }
                }
            }
        }
    }

    fn nav_label(&self) -> String {
        format!("Parts of {}", self.name_and_file())
    }

    /// Two plans of one name are told apart by their files.
    fn name_and_file(&self) -> String {
        let plan = self.plan.plan();
        format!("{}, {}", clean(plan.name()), clean(plan.source.name()))
    }

    /// What a link to a heading of the plan is called: on a page of several plans, with the plan.
    pub(super) fn called(&self, heading: &str) -> String {
        if self.level == 1 { heading.to_owned() } else { format!("{heading}: {}", self.name_and_file()) }
    }

    /// The parts that have something to say.
    fn parts(&self) -> Vec<Part> {
        let part =
            |name, title, body: Option<Markup>| body.map(|body| Part { name, title: Cow::Borrowed(title), body });
        let budget = budget::budget(self).map(|(title, body)| Part { name: "budget", title: Cow::Owned(title), body });
        let parts = [
            part("kpis", "KPIs", kpis::kpis(self)),
            part("areas", "Score by area", areas::areas(self)),
            budget,
            part("economics", "Unit economics", economics::economics(self)),
            part("funnels", "Funnels: planned and needed", funnel::funnels(self)),
            part("map", "What leads to money", map::map(self)),
            part("forecast", "Forecast", forecast::forecast(self)),
            part("findings", "Findings", findings::findings(self)),
            part("missing", "What could not be told", method::missing(self)),
            part("score", "How the score is made", method::arithmetic(self)),
        ];
        parts.into_iter().flatten().collect()
    }

    /// The name of a place within the plan. A plan's own name has no dot in it, so none can meet another's.
    pub(super) fn anchor_of(&self, name: &str) -> String {
        format!("{}.{name}", self.anchor)
    }

    /// The rule of a finding, as a link where the finding is shown.
    pub(super) fn rule_link(&self, found: &FindingRef<'_>) -> Markup {
        let rule = found.verdict.rule.name;
        html! {
            @match self.shown.get(found.finding) {
                "" => { (rule) }
                place => { a href={ "#" (place) } { (rule) } }
            }
        }
    }

    /// The level of headings within a part.
    pub(super) fn inner_level(&self) -> u8 {
        self.level + 2
    }

    /// Whether there is a score to show.
    pub(super) fn is_scored(&self) -> bool {
        self.plan.is_scored()
    }

    // ---- the head

    fn head(&self) -> Markup {
        let plan = self.plan.plan();
        html! {
            header class="head" {
                (heading(self.level, &self.anchor, &own(plan.name()), &self.called(plan.name())))
                dl class="facts" {
                    @if let Some(period) = &plan.head.period { div { dt { "Period" } dd { (own(&period.text)) } } }
                    @if let Some(currency) = &plan.head.currency { div { dt { "Currency" } dd { (currency.as_str()) } } }
                    div { dt { "Judged as of" } dd { (self.plan.facts.as_of) } }
                    div { dt { "File" } dd { (own(plan.source.name())) } }
                }
            }
        }
    }

    fn summary(&self) -> Markup {
        let question = money::in_question(self.plan).sentence();
        let path = money::with_path(self.plan);
        html! {
            div class="summary" {
                (self.score())
                div class="said" {
                    p class="counts" { (self.counts()) }
                    @if question.is_some() || path.is_some() {
                        dl {
                            @if let Some(question) = question { dt { "Money in question" } dd { (prose(&question)) } }
                            @if let Some(path) = path { dt { "With a path to money" } dd { (prose(&path)) } }
                        }
                    }
                }
            }
        }
    }

    fn score(&self) -> Markup {
        let score = &self.plan.score;
        html! {
            div class="score" {
                @if !self.plan.is_whole {
                    p { "No score: not all rules ran." }
                } @else if let (Some(points), Some(grade)) = (score.whole(), score.grade()) {
                    p class="points" { span class="sr" { "Score " } strong { (points) } " of 100" }
                    p { "Grade " strong { (grade.letter()) } " · evidence " (Figure::Share(score.evidence)) }
                    @if let Some(cap) = arithmetic::cap(score) { p class="cap" { "Held back: " (cap) } }
                } @else {
                    p { (arithmetic::not_enough(score)) }
                }
            }
        }
    }

    fn counts(&self) -> Markup {
        let counts = self.plan.counts();
        let waived = self.plan.all_findings();
        let waived = waived.iter().filter(|found| matches!(found.finding.status, Status::Waived(_))).count();
        html! {
            @if counts.is_empty() { (arithmetic::nothing_found()) }
            @for (grave, count) in counts.iter().rev() {
                (severity_count(*grave, *count))
            }
            @if waived > 0 { span class="count" { (waived) " waived" } }
        }
    }

    fn ask_first(&self) -> Markup {
        let questions = questions(&self.remarks, self.plan.plan(), QUESTIONS);
        let fields = self.plan.would_tell_most();
        let anchor = self.anchor_of("ask-first");
        html! {
            @if !questions.is_empty() {
                section class="ask-first" id=(anchor) {
                    (heading(self.level + 1, &anchor, &html! { "Ask first" }, &self.called("Ask first")))
                    ol {
                        @for question in &questions {
                            li { p class="ask" { (prose(&question.ask)) } p { (prose(&question.message)) } }
                        }
                    }
                }
            }
            @if self.plan.is_whole && !fields.is_empty() {
                @let named: Vec<String> = fields.into_iter().take(QUESTIONS).collect();
                p class="tell" { strong { "Would tell most: " } (prose(&list(&named))) "." }
            }
        }
    }
}
