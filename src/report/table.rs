//! The scored table: one plan as a person meets it in a terminal, the questions to ask last.

use std::collections::BTreeMap;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, Table};
use owo_colors::Style;
use unicode_width::UnicodeWidthStr;

use super::Gates;
use super::arithmetic::{self, Arithmetic};
use super::columns::{bar, lines, new_table, right};
use super::economics::EconomicsTable;
use super::head::plan_head;
use super::kpi::{self, KpiRow, Path, Target};
use super::money;
use super::remark::{Remark, questions, remarks};
use super::snippet::{Mark, snippet};
use super::text::{View, clean, clip};
use crate::audit::{FindingRef, PlanReport, Report};
use crate::plan::MetricRef;
use crate::rules;
use crate::rules::verdict::{StageRow, Status};
use crate::severity::Severity;
use crate::wording::{Figure, decimals, list, money as amount};

/// Rows of a table that are shown before the rest is counted.
const MOST_ROWS: usize = 15;
/// Remarks that are shown in full before the rest is counted.
const MOST_REMARKS: usize = 7;
/// Questions that are asked at the end.
const QUESTIONS: usize = 3;
/// Plans that are shown in full before a folder is shown as a list.
const MOST_PLANS: usize = 3;
/// Columns of a line to paste; a longer one is no line that people wrote.
const LONGEST_YAML: usize = 120;
/// Steps of a path that are named.
const STEPS: usize = 2;
/// The columns of the KPIs.
const KPI_HEADER: [&str; 6] = ["KPI", "Kind", "Target", "Path", "Score", "Worst"];
/// The columns of a funnel worked both ways.
const STAGE_HEADER: [&str; 3] = ["Stage", "Planned", "Needed"];

/// What of a report is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Findings below this are left out.
    pub least: Severity,
}

/// The whole report: each plan, or a list of the plans where there are many; then the gates.
pub fn table(report: &Report, shown: Shown, gates: &Gates, view: &View) -> String {
    let mut text = String::new();
    if report.plans.len() > MOST_PLANS && !view.all {
        text.push_str(&plan_list(report, view));
    } else {
        let plans = report.plans.iter().map(|plan| PlanTable::new(report, plan, shown, view).text());
        text.push_str(&plans.collect::<Vec<_>>().join("\n\n"));
    }
    match gate_line(gates, view) {
        line if line.is_empty() || text.is_empty() => text + &line,
        line => format!("{text}\n{line}"),
    }
}

/// The last line: which gate failed.
pub fn gate_line(gates: &Gates, view: &View) -> String {
    if gates.failed.is_empty() {
        return String::new();
    }
    let style = Style::new().red().bold();
    let failed = gates.failed.iter().map(|gate| format!("{} ({})", gate.why, gate.name));
    view.wrap("failed: ", &failed.collect::<Vec<_>>().join("; ")).replacen("failed:", &view.paint("failed:", style), 1)
}

struct PlanTable<'r> {
    report: &'r Report,
    plan: &'r PlanReport,
    /// The open findings, the gravest first.
    open: Vec<FindingRef<'r>>,
    /// The worst finding of each KPI.
    worst: BTreeMap<usize, FindingRef<'r>>,
    shown: Shown,
    view: &'r View,
}

impl<'r> PlanTable<'r> {
    fn new(report: &'r Report, plan: &'r PlanReport, shown: Shown, view: &'r View) -> Self {
        let open: Vec<FindingRef<'r>> = plan.findings().collect();
        let worst = kpi::worst_findings(&open);
        Self { report, plan, open, worst, shown, view }
    }

    fn text(&self) -> String {
        let shown = self.open.iter().filter(|found| found.finding.severity >= self.shown.least);
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
        parts.join("  ")
    }

    fn money(&self) -> String {
        let question = money::in_question(self.plan).sentence();
        let question = question.map(|line| self.view.wrap("Money in question: ", &line));
        let path = money::with_path(self.plan).map(|line| self.view.wrap("With a path to money: ", &line));
        [question, path].into_iter().flatten().collect()
    }

    // ---- KPIs

    fn kpis(&self) -> String {
        let plan = self.plan.plan();
        if plan.kpis.is_empty() {
            return String::new();
        }
        let capped = plan.kpis.len() > MOST_ROWS && !self.view.all;
        let rows: Vec<usize> = match capped {
            true => kpi::worst_first(self.plan).into_iter().take(MOST_ROWS).collect(),
            false => (0..plan.kpis.len()).collect(),
        };
        let mut table = self.new_table(&KPI_HEADER, &[4]);
        let shown: Vec<KpiRow<'_>> = rows.iter().filter_map(|&at| KpiRow::new(self.plan, at, STEPS)).collect();
        let rest: Vec<Vec<Cell>> = rows.iter().zip(&shown).map(|(&at, row)| self.kpi_cells(at, row)).collect();
        let names = self.name_column(&rest, self.view.width);
        for (row, cells) in shown.iter().zip(rest) {
            let name = Cell::new(self.kpi_name(row, names));
            table.add_row(std::iter::once(name).chain(cells).collect::<Vec<_>>());
        }
        for column in table.column_iter_mut() {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        let mut text = lines(&table);
        if capped {
            let left = plan.kpis.len() - rows.len();
            text.push_str(&self.dim(&format!("… and {left} more KPIs that score better: --all shows them\n")));
        }
        text.push_str(&kpi::legend(&shown).map(|legend| self.dim(&format!("{legend}\n"))).unwrap_or_default());
        text
    }

    /// The columns left for names: everything else is words that must not be cut.
    fn name_column(&self, rest: &[Vec<Cell>], width: usize) -> usize {
        const NARROWEST: usize = 12;
        let widest = |column: usize| {
            let cells = rest.iter().filter_map(|cells| cells.get(column)).map(Cell::content);
            let lines = cells.flat_map(|text| text.lines().map(UnicodeWidthStr::width).collect::<Vec<_>>());
            lines.max().unwrap_or_default().max(KPI_HEADER.get(column + 1).map_or(0, |title| title.width()))
        };
        // Beside its content each column has a space of padding and one where a border would be.
        let others: usize = (0..KPI_HEADER.len() - 1).map(|column| widest(column) + 2).sum();
        width.saturating_sub(others + 1).clamp(NARROWEST, 48)
    }

    /// A KPI's name in at most two lines, broken between words.
    fn kpi_name(&self, row: &KpiRow<'_>, columns: usize) -> String {
        let star = if row.is_north_star { "★ " } else { "" };
        let name = format!("{star}{}", clean(row.name));
        let lines = textwrap::wrap(&name, columns);
        match lines.as_slice() {
            [first, second, _, ..] => format!("{first}\n{}", clip(&format!("{second} …"), columns)),
            lines => lines.join("\n"),
        }
    }

    fn kpi_cells(&self, at: usize, row: &KpiRow<'_>) -> Vec<Cell> {
        let wide = self.view.width >= 110;
        let worst_cell = match self.worst.get(&at) {
            Some(found) if wide => self.severity_cell(found.verdict.rule.name, found.finding.severity),
            Some(found) => self.severity_cell(found.finding.severity.word(), found.finding.severity),
            None => Cell::new(""),
        };
        let kind = match row.kind {
            None => "?".to_owned(),
            Some(kind) if row.is_recognised => format!("{}*", kind.word()),
            Some(kind) => kind.word().to_owned(),
        };
        vec![
            Cell::new(kind),
            Cell::new(target(row, wide)),
            Cell::new(self.path(&row.path, wide)),
            self.score_cell(row.score),
            worst_cell,
        ]
    }

    fn path(&self, path: &Path, wide: bool) -> String {
        let name = |metric: MetricRef| clip(self.plan.plan().metric_name(metric), 18);
        match path {
            Path::Role(role) => role.word().to_owned(),
            Path::Unknown => "?".to_owned(),
            Path::None => "none".to_owned(),
            Path::Speaks => "speaks of it".to_owned(),
            Path::Money => "is money".to_owned(),
            Path::Links { hops, first, end, is_founded } => {
                let links = match hops {
                    _ if wide => {
                        let end = end.map(|end| format!("… → {}", name(end)));
                        first.iter().map(|step| name(*step)).chain(end).collect::<Vec<_>>().join(" → ")
                    }
                    1 => "1 link".to_owned(),
                    hops => format!("{hops} links"),
                };
                match is_founded {
                    true => links,
                    false if wide => format!("{links}\nno number"),
                    false => format!("{links},\nno number"),
                }
            }
        }
    }

    // ---- areas and products

    fn areas(&self) -> String {
        if !self.report.is_whole {
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
                Cell::new(decimals(area.area.weight(), 0)).set_alignment(CellAlignment::Right),
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

    // ---- findings

    fn findings(&self, remarks: &[Remark<'_>]) -> String {
        let most = if self.view.all { remarks.len() } else { MOST_REMARKS };
        let mut shown = Vec::new();
        let mut rules = Vec::new();
        for remark in remarks.iter().take(most) {
            // A rule's case is made once; its other remarks are told in short.
            let rule = remark.findings.first().map(|found| found.verdict.rule.name);
            let again = rules.contains(&rule) && !self.view.all;
            rules.push(rule);
            shown.push(if again { self.short_remark(remark) } else { self.remark(remark) });
        }
        let mut text: String = shown.join("\n");
        let left = remarks.len().saturating_sub(most);
        if left > 0 {
            text.push_str(&self.dim(&format!("\n… and {left} more {}: --all shows them\n", noun(left, "remark"))));
        }
        if self.view.all {
            text.push_str(&self.accepted());
        }
        text
    }

    /// Severity, rule, what it costs, and whether it rests on a name.
    fn remark_head(&self, remark: &Remark<'_>, first: &FindingRef<'_>) -> String {
        let severity = remark.severity();
        let is_scored = self.report.is_scored(self.plan);
        let cost = remark.cost().filter(|_| is_scored).map(|cost| format!("  {cost}")).unwrap_or_default();
        let head = self.view.paint(severity.word(), View::severity(severity));
        let rule = first.verdict.rule.name;
        let read = if first.finding.recognised { "(kind read from the name)" } else { "" };
        let so_far = severity.word().width() + 1 + rule.width() + cost.width();
        // Where both do not fit on the line, what it rests on stands on the next.
        let gap = match so_far + 2 + read.width() > self.view.width {
            _ if read.is_empty() => "",
            true => "\n",
            false => "  ",
        };
        format!("{head} {}{}{gap}{}\n", self.bold(rule), self.dim(&cost), self.dim(read))
    }

    /// A remark of a rule whose case was made above.
    fn short_remark(&self, remark: &Remark<'_>) -> String {
        let Some(first) = remark.findings.first() else { return String::new() };
        let position = self.plan.position(first.finding);
        let place = format!("  ╰▸ {}:{}:{}\n", clean(self.plan.plan().source.name()), position.line, position.column);
        let message = self.view.wrap("", &remark.message(self.plan.plan()));
        format!("{}{message}{}", self.remark_head(remark, first), self.dim(&place))
    }

    fn remark(&self, remark: &Remark<'_>) -> String {
        let Some(first) = remark.findings.first() else { return String::new() };
        let mut text = self.remark_head(remark, first);
        text.push_str(&self.view.wrap("", &remark.message(self.plan.plan())));
        text.push_str(&self.stages(&first.finding.stages));
        text.push_str(&snippet(&self.plan.plan().source, &Mark::of(first.finding), self.view));
        text.push('\n');
        if let [_, others @ ..] = remark.findings.as_slice()
            && !others.is_empty()
        {
            text.push_str(&self.others(others));
        }
        if let Some(question) = remark.question(self.plan.plan()) {
            text.push_str(&self.labelled("ask: ", &question));
        }
        if let Some(reframe) = &first.finding.reframe {
            text.push_str(&self.labelled("reframe: ", &reframe.why));
            for line in reframe.yaml.lines() {
                // A line that nobody would paste is shown as far as the screen goes; JSON has the whole.
                let columns =
                    if line.width() > LONGEST_YAML { self.view.width.saturating_sub(4) } else { LONGEST_YAML };
                let line = clip(line, columns);
                text.push_str(&format!("    {}\n", self.view.paint(&line, Style::new().green())));
            }
        }
        text
    }

    /// A funnel both ways, stage by stage.
    fn stages(&self, stages: &[StageRow]) -> String {
        const NAME: usize = 32;
        if stages.is_empty() {
            return String::new();
        }
        let mut table = self.new_table(&STAGE_HEADER, &[1, 2]);
        let shown = if self.view.all { stages.len() } else { MOST_ROWS };
        for stage in stages.iter().take(shown) {
            let (planned, needed) = (Figure::Count(stage.planned), stage.needed.map(Figure::Count));
            let needed = needed.map(|figure| figure.to_string());
            table.add_row(vec![Cell::new(clip(&stage.name, NAME)), right(Some(planned.to_string())), right(needed)]);
        }
        for column in table.column_iter_mut() {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        let mut text = lines(&table);
        if stages.len() > shown {
            text.push_str(&self.dim(&format!("… and {} more stages: --all shows them\n", stages.len() - shown)));
        }
        text
    }

    fn labelled(&self, label: &str, text: &str) -> String {
        let wrapped = self.view.wrap(label, text);
        wrapped.replacen(label, &self.bold(label), 1)
    }

    fn others(&self, others: &[FindingRef<'_>]) -> String {
        let plan = self.plan.plan();
        let named = others.iter().map(|found| {
            let line = self.plan.position(found.finding).line;
            format!("{} (line {line})", clip(plan.name_of(found.verdict.subject), 40))
        });
        let shown = if self.view.all { others.len() } else { 4 };
        let mut names: Vec<String> = named.take(shown).collect();
        let left = others.len().saturating_sub(shown);
        if left > 0 {
            names.push(format!("{left} more"));
        }
        self.labelled("also: ", &names.join(", "))
    }

    /// Findings that a waiver accepts, and those that another one tells.
    fn accepted(&self) -> String {
        let plan = self.plan.plan();
        let mut text = String::new();
        for found in self.plan.all_findings() {
            let name = clip(plan.name_of(found.verdict.subject), 40);
            let rule = found.verdict.rule.name;
            match found.finding.status {
                Status::Waived(at) => {
                    let waiver = plan.head.waivers.as_ref().and_then(|waivers| waivers.get(at));
                    let until = waiver.map(|waiver| waiver.until.value.to_string()).unwrap_or_default();
                    let because = waiver.and_then(|waiver| waiver.because.as_ref());
                    let because = because.map(|because| format!(": {}", because.value)).unwrap_or_default();
                    text.push_str(&self.view.wrap("waived  ", &format!("{rule} on {name}, until {until}{because}")));
                }
                Status::Told(by) => {
                    text.push_str(&self.view.wrap("told  ", &format!("{rule} on {name}, by {by}")));
                }
                Status::Open => {}
            }
        }
        if text.is_empty() { text } else { format!("\n{text}") }
    }

    // ---- the arithmetic

    /// Every weight and score, so that the score can be recomputed by hand.
    fn arithmetic(&self) -> String {
        if !self.view.all || !self.report.is_whole {
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
                    Cell::new(arithmetic.subjects(rule, rule.subjects.len())),
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
        if fields.is_empty() || !self.report.is_whole {
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
        if !self.report.is_whole {
            return format!("{}\n", self.dim("No score: not all rules ran."));
        }
        let evidence = Figure::Share(score.evidence);
        match (score.whole(), score.grade()) {
            (Some(points), Some(grade)) => {
                let cap = arithmetic::cap(score).map(|cap| format!(" · {cap}")).unwrap_or_default();
                let style = Style::new().bold();
                let line = format!("Score {points} of 100, grade {} · evidence {evidence}{cap}", grade.letter());
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

/// A KPI's target; below it where it stands, and how much of the time is gone.
fn target(row: &KpiRow<'_>, wide: bool) -> String {
    let columns = if wide { 24 } else { 10 };
    let target = match row.target {
        Target::None => "–".to_owned(),
        Target::At(text) => clip(text, columns),
        Target::InName(text) => format!("{}*", clip(text, columns)),
        Target::Within(text) => format!("± {}", clip(text, columns)),
    };
    let Some(actual) = row.actual else { return target };
    let time = row.elapsed.as_ref().map(|share| format!("\n{share} of time")).unwrap_or_default();
    format!("{target}\nnow {}{time}", clip(actual, columns))
}

/// Many plans as a list, the worst first.
fn plan_list(report: &Report, view: &View) -> String {
    let plans = report.worst_first();
    let mut table = new_table(view, &["Plan", "File", "Score", "Grade", "Evidence", "Findings"], &[2, 4]);
    for plan in plans.iter().take(MOST_ROWS * 2) {
        let is_scored = report.is_scored(plan);
        let score = plan.score.whole().filter(|_| is_scored).map(|score| score.to_string());
        let counts = plan.counts().into_iter().rev().filter(|(severity, _)| *severity > Severity::Note);
        let counts = counts.map(|(severity, count)| format!("{count} {}", severity.word()));
        table.add_row(vec![
            Cell::new(clip(plan.plan().name(), 36)),
            Cell::new(clip(plan.plan().source.name(), 40)),
            right(score),
            Cell::new(plan.score.grade().filter(|_| is_scored).map_or("–", |grade| grade.letter())),
            right(Some(Figure::Share(plan.score.evidence).to_string())),
            Cell::new(counts.collect::<Vec<_>>().join(", ")),
        ]);
    }
    let mut text = lines(&table);
    let left = plans.len().saturating_sub(MOST_ROWS * 2);
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

fn noun(count: usize, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
}
