//! The meeting brief: one page of a plan to read before the meeting, print, or paste into a document.
//!
//! What it says is put together once, section by section, as plain text without any layout. [`text`], [`markdown`] and [`html`]
//! lay the same sections out. Its sentences stand in `brief.md`.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::head::details;
use super::remark::remarks;
use super::text::View;
use crate::audit::{PlanReport, Report};
use crate::plan::Plan;
use crate::rules::page::Page;
use crate::wording::{Figure, Template};

mod backlog;
mod blueprint;
mod budget;
mod funnels;
mod handoffs;
mod html;
mod markdown;
mod questions;
mod standing;
#[cfg(test)]
mod tests;
mod text;

pub(super) use budget::{basis, kind, role};

/// The briefs of all plans, for a terminal.
pub fn text(report: &Report, view: &View) -> String {
    text::pages(&briefs(report), view)
}

/// The briefs of all plans as Markdown.
pub fn markdown(report: &Report) -> String {
    markdown::pages(&briefs(report))
}

/// The briefs of all plans as an HTML page, a sheet for each.
pub fn html(report: &Report) -> String {
    html::pages(&briefs(report))
}

fn briefs(report: &Report) -> Vec<Brief> {
    report.plans.iter().map(Brief::new).collect()
}

/// One plan's brief. All of its text may hold text of the plan: a layout makes it harmless.
#[derive(Debug, Clone, PartialEq)]
struct Brief {
    /// The plan's name.
    name: String,
    /// Its period, currency and file.
    details: Vec<String>,
    /// Only those for which the plan has something to say.
    sections: Vec<Section>,
}

/// A part of a brief.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    title: String,
    blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq)]
enum Block {
    /// A paragraph.
    Text(String),
    /// What was found and what to ask, the gravest first.
    Questions(Vec<Asked>),
    /// A list that counts on from a number.
    Ordered { from: usize, items: Vec<String> },
    /// A list.
    Items(Vec<String>),
    /// A line across a list.
    Cut(String),
    /// Rows under a header.
    Table(Table),
}

/// One question of the meeting.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    /// What was found, with its numbers.
    found: String,
    /// What to ask, and whom, where the plan says it.
    ask: String,
}

/// A table; each cell holds the entries that stand in it, mostly one.
#[derive(Debug, Clone, PartialEq)]
struct Table {
    header: Vec<String>,
    /// The columns that hold numbers.
    numbers: Vec<usize>,
    rows: Vec<Vec<Vec<String>>>,
}

impl Brief {
    fn new(report: &PlanReport) -> Self {
        let plan = report.plan();
        let remarks = remarks(report.findings());
        let guidepoint = plan.head.guidepoint.as_ref().map(|guidepoint| guidepoint.trim().to_owned());
        let [first, reframing] = questions::sections(report, &remarks);
        let sections = [
            Section::of("guidepoint", Block::sentences(guidepoint).into_iter().collect()),
            Some(standing::section(report, first.is_some())),
            first,
            reframing,
            budget::section(report),
            funnels::section(&report.facts),
            blueprint::section(&report.facts),
            backlog::section(&report.facts),
            handoffs::section(report),
        ];
        Self {
            name: plan.name().to_owned(),
            details: details(plan),
            sections: sections.into_iter().flatten().collect(),
        }
    }
}

impl Section {
    /// A section, where it has anything to say.
    fn of(name: &str, blocks: Vec<Block>) -> Option<Self> {
        (!blocks.is_empty()).then(|| Self { title: title(name), blocks })
    }
}

impl Block {
    /// A paragraph of sentences.
    fn sentences(sentences: impl IntoIterator<Item = String>) -> Option<Self> {
        let text = sentences.into_iter().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(Self::Text(text))
    }
}

static WORDS: LazyLock<Page<'static>> = LazyLock::new(|| Page::parse(include_str!("brief.md")));

/// A sentence of the brief.
fn say(sentence: &str, figures: &[(&str, Figure)]) -> String {
    Template(WORDS.phrase(sentence)).fill(figures)
}

/// A sentence that follows another.
fn say_on(sentence: &str, figures: &[(&str, Figure)]) -> String {
    format!(" {}", say(sentence, figures))
}

/// "and 3 more", where some are left out.
fn more(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| say("more", &[("count", Figure::Count(left_out as f64))]))
}

/// Words without a slot.
fn word(name: &str) -> String {
    WORDS.phrase(name).to_owned()
}

fn title(section: &str) -> String {
    word(&format!("title.{section}"))
}

/// Text of the plan, however long it is: people are to sign it.
fn whole(text: &str) -> Figure {
    Figure::All(vec![text.trim().to_owned()])
}

/// A name of the plan.
fn name(text: &str) -> Figure {
    Figure::Text(text.to_owned())
}

/// A few names of the plan, and how many more.
fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> Figure {
    Figure::Names(names.into_iter().map(str::to_owned).collect())
}

/// The year of a plan's period, where it lies within one.
fn year(plan: &Plan) -> Option<i16> {
    let period = plan.head.period.as_ref()?;
    (period.start.year() == period.end.year()).then(|| period.start.year())
}

/// "4 Jan", and the year where it is not the one that is spoken of.
fn day(date: Date, year: Option<i16>) -> Figure {
    let form = if year == Some(date.year()) { "%-d %b" } else { "%-d %b %Y" };
    Figure::Text(date.strftime(form).to_string())
}
