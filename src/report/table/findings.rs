//! The findings of the scored table, the gravest first: the plan's own line, what to ask, and what to write instead.

use comfy_table::{Cell, ColumnConstraint};
use owo_colors::Style;
use unicode_width::UnicodeWidthStr;

use super::{MOST_ROWS, PlanTable};
use crate::audit::FindingRef;
use crate::report::columns::{lines, right};
use crate::report::remark::Remark;
use crate::report::snippet::{Mark, snippet};
use crate::report::text::{View, clean, clip};
use crate::rules::verdict::{StageRow, Status};
use crate::wording::Figure;

/// Remarks that are shown in full before the rest is counted.
const MOST_REMARKS: usize = 7;
/// Columns of a line to paste; a longer one is no line that people wrote.
const LONGEST_YAML: usize = 120;
/// The columns of a funnel worked both ways.
const STAGE_HEADER: [&str; 3] = ["Stage", "Planned", "Needed"];

impl PlanTable<'_> {
    pub(super) fn findings(&self, remarks: &[Remark<'_>]) -> String {
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
        let is_scored = self.plan.is_scored();
        let cost = remark.cost().filter(|_| is_scored).map(|cost| format!("  {cost}")).unwrap_or_default();
        let head = self.view.paint(severity.word(), View::severity(severity));
        let rule = first.verdict.rule.name;
        let read = if first.finding.recognised { "(kind read from the name)" } else { "" };
        let cost = if remark.is_known() { cost + "  known" } else { cost };
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
            text.push_str(&self.labelled("reframe: ", &first.finding.why()));
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
}

fn noun(count: usize, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
}
