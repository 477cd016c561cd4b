//! The scored table: one plan as a person meets it in a terminal, the questions to ask last.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use comfy_table::{Attribute, Cell, CellAlignment, Color, Table};
use owo_colors::Style;

use super::Gates;
use super::arithmetic::{self, Arithmetic};
use super::columns::{bar, lines, new_table, right};
use super::economics::EconomicsTable;
use super::head::plan_head;
use super::kpi;
use super::money;
use super::output::{Ask, End, Maker, Output, Piece, Worst};
use super::remark::{Remark, questions, remarks};
use super::text::{View, clip};
use crate::audit::{FindingRef, PlanReport, Report};
use crate::rules;
use crate::rules::verdict::{Age, Status};
use crate::severity::Severity;
use crate::wording::{Figure, decimals, list, money as amount};

mod across;
mod findings;
mod kpis;

/// Rows of a table that are shown before the rest is counted.
const MOST_ROWS: usize = 15;
/// Questions that are asked at the end.
const QUESTIONS: usize = 3;
/// Fixed findings that are named before the rest is counted.
const MOST_FIXED: usize = 7;
/// Plans that are shown in full before a folder is shown as a list.
const MOST_PLANS: usize = 3;
/// Plans of such a list.
const MOST_LISTED: usize = 30;

/// The whole report: each plan, or a list of the plans where there are many; then the gates.
#[derive(Debug)]
pub struct ScoredTable {
    least: Severity,
    view: View,
    /// The first plans in full.
    full: Vec<String>,
    /// The worst plans, for a list of many.
    rows: Worst<Row>,
    /// How many findings of an earlier audit are gone, of all plans.
    fixed: usize,
}

/// A plan in a list.
#[derive(Debug)]
struct Row {
    name: String,
    file: String,
    score: Option<u32>,
    grade: &'static str,
    evidence: f64,
    counts: String,
}

impl ScoredTable {
    /// What is asked for, of which the least severity and the view matter here.
    pub fn new(ask: &Ask) -> Self {
        Self { least: ask.least, view: ask.view, full: Vec::new(), rows: Worst::new(MOST_LISTED), fixed: 0 }
    }

    fn add_plan(&mut self, plan: &PlanReport) {
        self.rows.add(plan, || Row::of(plan));
        self.fixed += plan.before.as_ref().map_or(0, |before| before.fixed.len());
        if self.rows.seen <= MOST_PLANS {
            self.full.push(PlanTable::new(plan, self.least, &self.view).text());
        }
    }
}

impl Output for ScoredTable {
    fn maker(&self) -> Maker {
        let (least, view) = (self.least, self.view);
        let in_full = move |file: &Report| {
            let plans = file.plans.iter().map(|plan| format!("\n\n{}", PlanTable::new(plan, least, &view).text()));
            Piece::Text(plans.collect())
        };
        Box::new(move |file| if view.all { in_full(file) } else { Piece::Nothing })
    }

    fn add(&mut self, file: &Arc<Report>, piece: &mut Piece, to: &mut dyn Write) -> io::Result<()> {
        let is_first = self.rows.seen == 0;
        match self.view.all {
            true => self.rows.seen += file.plans.len(),
            false => file.plans.iter().for_each(|plan| self.add_plan(plan)),
        }
        let text = piece.text();
        to.write_all(if is_first { text.trim_start_matches('\n') } else { text }.as_bytes())
    }

    fn end(&mut self, end: &End<'_>, to: &mut dyn Write) -> io::Result<()> {
        let text = match self.rows.seen > MOST_PLANS {
            true if !self.view.all => plan_list(&self.rows, self.fixed, &self.view),
            _ => self.full.join("\n\n"),
        };
        to.write_all(text.as_bytes())?;
        let across = across::across(end.across, self.least, &self.view);
        if !across.is_empty() {
            write!(to, "\n{across}")?;
        }
        let line = gate_line(end.gates, &self.view);
        let space = if line.is_empty() || self.rows.seen == 0 { "" } else { "\n" };
        write!(to, "{space}{line}")
    }
}

/// The last line: which gate failed.
pub(super) fn gate_line(gates: &Gates, view: &View) -> String {
    if gates.failed.is_empty() {
        return String::new();
    }
    let style = Style::new().red().bold();
    view.wrap("failed: ", &gates.why()).replacen("failed:", &view.paint("failed:", style), 1)
}

struct PlanTable<'r> {
    plan: &'r PlanReport,
    /// The open findings, the gravest first.
    open: Vec<FindingRef<'r>>,
    /// The worst finding of each KPI.
    worst: BTreeMap<usize, FindingRef<'r>>,
    /// Findings below this are left out.
    least: Severity,
    view: &'r View,
}

impl<'r> PlanTable<'r> {
    fn new(plan: &'r PlanReport, least: Severity, view: &'r View) -> Self {
        let open: Vec<FindingRef<'r>> = plan.findings().collect();
        let worst = kpi::worst_findings(&open);
        Self { plan, open, worst, least, view }
    }

    fn text(&self) -> String {
        let shown = self.open.iter().filter(|found| found.finding.severity >= self.least);
        let remarks = remarks(shown.copied());
        let parts = [
            self.header(),
            self.kpis(),
            self.areas(),
            self.products(),
            self.findings(&remarks),
            self.arithmetic(),
            self.would_tell_most(),
            self.ask_first(&remarks),
            self.score_line(),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    fn bold(&self, text: &str) -> String {
        self.view.paint(text, Style::new().bold())
    }

    fn dim(&self, text: &str) -> String {
        self.view.paint(text, Style::new().dimmed())
    }

    // ---- the head

    fn header(&self) -> String {
        let mut title = plan_head(self.plan.plan(), self.view);
        title.push_str(&format!("{}\n", self.counts()));
        title.push_str(&self.fixed());
        title.push_str(&self.money());
        title
    }

    fn counts(&self) -> String {
        let counts = self.plan.counts();
        let parts = counts.iter().rev().map(|(severity, count)| {
            self.view.paint(&format!("{count} {}", severity.counted(*count)), View::severity(*severity))
        });
        let mut parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            parts.push(self.view.paint(&arithmetic::nothing_found(), Style::new().green()));
        }
        let waived = |found: &&FindingRef<'_>| matches!(found.finding.status, Status::Waived(_));
        match self.plan.all_findings().iter().filter(waived).count() {
            0 => {}
            count => parts.push(self.dim(&format!("{count} waived"))),
        }
        match self.open.iter().filter(|found| found.finding.age == Some(Age::Known)).count() {
            0 => {}
            count => parts.push(self.dim(&format!("{count} of them known"))),
        }
        parts.join("  ")
    }

    /// What the audit before had found, and this one does not.
    fn fixed(&self) -> String {
        let fixed = self.plan.before.iter().flat_map(|before| &before.fixed);
        let mut names: Vec<String> = fixed.map(|gone| format!("{} on {}", gone.rule, clip(&gone.id, 40))).collect();
        if names.is_empty() {
            return String::new();
        }
        let left = if self.view.all { 0 } else { names.len().saturating_sub(MOST_FIXED) };
        names.truncate(names.len() - left);
        if left > 0 {
            names.push(format!("{left} more"));
        }
        self.view.wrap("Fixed: ", &names.join(", "))
    }

    fn money(&self) -> String {
        let question = money::in_question(self.plan).sentence();
        let question = question.map(|line| self.view.wrap("Money in question: ", &line));
        let path = money::with_path(self.plan).map(|line| self.view.wrap("With a path to money: ", &line));
        [question, path].into_iter().flatten().collect()
    }

    // ---- areas and products

    fn areas(&self) -> String {
        if !self.plan.is_whole {
            return String::new();
        }
        let mut table = self.new_table(&["Area", "", "Score", "Weight", "Evidence", "Rules"], &[2, 3, 4, 5]);
        let mut unruled = Vec::new();
        for area in &self.plan.score.areas {
            if rules::all().all(|rule| rule.area != area.area) {
                unruled.push(area.area.name().to_owned());
                continue;
            }
            let judged = if area.applies { Figure::Share(area.evidence).to_string() } else { "–".to_owned() };
            table.add_row(vec![
                Cell::new(area.area.name()),
                Cell::new(area.score.map(bar).unwrap_or_default()).fg(colour_of(area.score)),
                self.score_cell(area.score),
                Cell::new(decimals(area.weight, 0)).set_alignment(CellAlignment::Right),
                Cell::new(judged).set_alignment(CellAlignment::Right),
                Cell::new(area.rules.iter().filter(|rule| rule.score.is_some()).count())
                    .set_alignment(CellAlignment::Right),
            ]);
        }
        let mut text = lines(&table);
        if !unruled.is_empty() {
            let note = format!("Not judged by this version: {}.", list(&unruled));
            text.push_str(&self.view.wrap_styled("", &note, Style::new().dimmed()));
        }
        text
    }

    fn products(&self) -> String {
        let Some(economics) = EconomicsTable::new(self.plan) else { return String::new() };
        let header: Vec<&str> = ["Economics", "Budget"].into_iter().chain(economics.titles.iter().copied()).collect();
        let mut table = self.new_table(&header, &(1..header.len()).collect::<Vec<_>>());
        let shown = if self.view.all { economics.rows.len() } else { MOST_ROWS };
        for row in economics.rows.iter().take(shown) {
            let mut cells = vec![Cell::new(clip(row.name, 20)), right(row.budget.map(amount))];
            cells.extend(row.figures.iter().map(|figure| right(figure.as_ref().map(Figure::to_string))));
            table.add_row(cells);
        }
        let left = economics.rows.len().saturating_sub(shown);
        let mut text = lines(&table);
        if left > 0 {
            text.push_str(&self.dim(&format!("… and {left} more products: --all shows them\n")));
        }
        if let Some(note) = economics.note(self.plan, shown) {
            text.push_str(&self.view.wrap_styled("", &note, Style::new().dimmed()));
        }
        text
    }

    // ---- the arithmetic

    /// Every weight and score, so that the score can be recomputed by hand.
    fn arithmetic(&self) -> String {
        if !self.view.all || !self.plan.is_whole {
            return String::new();
        }
        let arithmetic = Arithmetic::new(self.plan);
        let mut table = self.new_table(&["Rule", "Area", "Weight", "Score", "Subjects: weight × score"], &[2, 3]);
        for area in &self.plan.score.areas {
            for rule in &area.rules {
                table.add_row(vec![
                    Cell::new(rule.rule.name),
                    Cell::new(area.area.name()),
                    Cell::new(decimals(rule.weight, 0)).set_alignment(CellAlignment::Right),
                    right(rule.score.map(|score| decimals(score, 3))),
                    Cell::new(arithmetic.subjects(rule, usize::MAX)),
                ]);
            }
        }
        let mut text = format!("{}\n{}", self.bold("The arithmetic"), lines(&table));
        if let Some(sum) = arithmetic::sum(&self.plan.score) {
            text.push_str(&self.view.wrap("score = ", &sum));
        }
        text.push_str(&self.view.wrap("", arithmetic::METHOD));
        text
    }

    // ---- what is missing

    /// The few fields that would tell most.
    fn would_tell_most(&self) -> String {
        let fields = self.plan.would_tell_most();
        if fields.is_empty() || !self.plan.is_whole {
            return String::new();
        }
        let names: Vec<String> = fields.into_iter().take(QUESTIONS).collect();
        self.view.wrap("Would tell most: ", &list(&names))
    }

    // ---- the end

    fn ask_first(&self, remarks: &[Remark<'_>]) -> String {
        let mut text = String::new();
        for (at, question) in questions(remarks, self.plan.plan(), QUESTIONS).iter().enumerate() {
            text.push_str(&self.view.wrap(&format!(" {}. ", at + 1), &question.message));
            text.push_str(&self.view.wrap_styled("    ", &question.ask, Style::new().bold()));
        }
        if text.is_empty() { text } else { format!("{}\n{text}", self.bold("Ask first")) }
    }

    fn score_line(&self) -> String {
        let score = &self.plan.score;
        if !self.plan.is_whole {
            return format!("{}\n", self.dim("No score: not all rules ran."));
        }
        let evidence = Figure::Share(score.evidence);
        match (score.whole(), score.grade()) {
            (Some(points), Some(grade)) => {
                let cap = arithmetic::cap(score).map(|cap| format!(" · {cap}")).unwrap_or_default();
                let style = Style::new().bold();
                let before = arithmetic::before(self.plan);
                let line =
                    format!("Score {points} of 100{before}, grade {} · evidence {evidence}{cap}", grade.letter());
                format!("{}\n", self.view.paint(&line, style))
            }
            _ => {
                let line = arithmetic::not_enough(score);
                self.view.wrap_styled("", &line, Style::new().bold())
            }
        }
    }

    // ---- cells

    fn new_table(&self, header: &[&str], right_aligned: &[usize]) -> Table {
        new_table(self.view, header, right_aligned)
    }

    fn score_cell(&self, score: Option<f64>) -> Cell {
        right(score.map(|score| decimals(score, 0))).fg(colour_of(score))
    }

    fn severity_cell(&self, text: &str, severity: Severity) -> Cell {
        let cell = Cell::new(text);
        match severity {
            Severity::Critical => cell.fg(Color::Red).add_attribute(Attribute::Bold),
            Severity::High => cell.fg(Color::Red),
            Severity::Medium => cell.fg(Color::Yellow),
            Severity::Low => cell.fg(Color::Cyan),
            Severity::Note => cell.add_attribute(Attribute::Dim),
        }
    }
}

impl Row {
    fn of(plan: &PlanReport) -> Self {
        let is_scored = plan.is_scored();
        let counts = plan.counts().into_iter().rev().filter(|(severity, _)| *severity > Severity::Note);
        let counts = counts.map(|(severity, count)| format!("{count} {}", severity.word()));
        Self {
            name: clip(plan.plan().name(), 36),
            file: clip(plan.plan().source.name(), 40),
            score: plan.score.whole().filter(|_| is_scored),
            grade: plan.score.grade().filter(|_| is_scored).map_or("–", |grade| grade.letter()),
            evidence: plan.score.evidence,
            counts: counts.collect::<Vec<_>>().join(", "),
        }
    }
}

/// Many plans as a list, the worst first.
fn plan_list(rows: &Worst<Row>, fixed: usize, view: &View) -> String {
    let mut table = new_table(view, &["Plan", "File", "Score", "Grade", "Evidence", "Findings"], &[2, 4]);
    for row in rows.iter() {
        table.add_row(vec![
            Cell::new(&row.name),
            Cell::new(&row.file),
            right(row.score.map(|score| score.to_string())),
            Cell::new(row.grade),
            right(Some(Figure::Share(row.evidence).to_string())),
            Cell::new(&row.counts),
        ]);
    }
    let mut text = lines(&table);
    match fixed {
        0 => {}
        1 => text.push_str("One finding of before is fixed; --all shows which.\n"),
        fixed => text.push_str(&format!("{fixed} findings of before are fixed; --all shows which.\n")),
    }
    let left = rows.left();
    if left > 0 {
        text.push_str(&format!(
            "… and {left} more plans that score better or have no score: --all shows every plan in full\n"
        ));
    } else {
        text.push_str("Name one plan to see what is found in it, or --all for every plan in full.\n");
    }
    text
}

fn colour_of(score: Option<f64>) -> Color {
    match score {
        Some(score) if score >= 80.0 => Color::Green,
        Some(score) if score >= 60.0 => Color::Yellow,
        Some(_) => Color::Red,
        None => Color::Reset,
    }
}
