//! The KPIs of the scored table, one a row.

use comfy_table::{Cell, ColumnConstraint};
use unicode_width::UnicodeWidthStr;

use super::{MOST_ROWS, PlanTable};
use crate::plan::MetricRef;
use crate::report::columns::lines;
use crate::report::kpi::{self, KpiRow, Path, Target};
use crate::report::text::{clean, clip};

/// Steps of a path that are named.
const STEPS: usize = 2;
/// The columns of the KPIs.
const KPI_HEADER: [&str; 6] = ["KPI", "Kind", "Target", "Path", "Score", "Worst"];

impl PlanTable<'_> {
    pub(super) fn kpis(&self) -> String {
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
