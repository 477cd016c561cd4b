//! From a sheet to its tables: where the headings stand, what each column is for, and which rows follow.

use super::columns::{self, Heading};
use super::periods;
use super::sheet::{Cell, Counted, Row, Sheet, Value};
use super::vocabulary::{self, Column};
use crate::metrics::Language;
use crate::plan::period::Period;

/// A table with its headings known.
#[derive(Debug)]
pub(super) struct Table {
    /// What the sheet is called, where it has a name.
    pub(super) sheet: Option<String>,
    pub(super) counted: Counted,
    /// What stands above the headings.
    pub(super) above: Vec<String>,
    pub(super) columns: Vec<TableColumn>,
    pub(super) language: Language,
    pub(super) rows: Vec<Row>,
    /// Whether its rows define what is measured, and set nothing to be reached.
    pub(super) definitions: bool,
}

/// One column of a table.
#[derive(Debug)]
pub(super) struct TableColumn {
    pub(super) heading: Heading,
    /// What its cells are used for; its cells become comments where it is nothing.
    pub(super) used_for: Option<Column>,
    /// Why a column that is known is not used.
    pub(super) passed_over: Option<String>,
}

impl Table {
    /// The cell of a row for a use, with its column.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: Column) -> Option<(usize, &'r Cell)> {
        let at = self.columns.iter().position(|own| own.used_for == Some(column))?;
        Some((at, row.cell(at))).filter(|(_, cell)| !cell.is_empty())
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|own| own.used_for == Some(column))
    }

    /// Where a row stands, in words.
    pub(super) fn place(&self, row: &Row) -> String {
        let place = self.counted.place(row.number);
        self.sheet.as_ref().map_or(place.clone(), |sheet| match self.counted {
            Counted::Rows => format!("sheet \"{sheet}\", {place}"),
            Counted::Lines => place,
        })
    }
}

/// The columns that name a row.
pub(super) const NAMING: [Column; 6] =
    [Column::KeyResult, Column::Name, Column::Initiative, Column::Product, Column::Objective, Column::Aim];
/// The columns of numbers of which a year has several.
const BY_SPAN: [Column; 4] = [Column::Target, Column::Baseline, Column::Actual, Column::Budget];

/// All tables of a sheet; none where no row of it is one of headings.
pub(super) fn find(sheet: &Sheet, period: Option<&Period>, definitions: bool) -> Vec<Table> {
    let Sheet { name, rows, counted, headed } = sheet;
    let mut tables: Vec<Table> = Vec::new();
    let mut above = Vec::new();
    let lone = rows.iter().all(|row| row.own().count() <= 1);
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let inside = tables.last().is_some();
        let read = if *headed && at == 0 { whole(rows) } else { headings(rows, at, inside, lone && !inside) };
        match read {
            Some((headings, height)) => {
                tables.push(Table {
                    sheet: name.clone(),
                    counted: *counted,
                    above: std::mem::take(&mut above),
                    language: columns::language(headings.iter()),
                    columns: headings.into_iter().map(unused).collect(),
                    rows: Vec::new(),
                    definitions,
                });
                at += height;
            }
            None => {
                match tables.last_mut() {
                    Some(table) => table.rows.push(row.clone()),
                    None => above.push(row.own().map(|(_, cell)| cell.shown()).collect::<Vec<_>>().join(" | ")),
                }
                at += 1;
            }
        }
    }
    for table in &mut tables {
        settle(table, period);
    }
    tables
}

fn unused(heading: Heading) -> TableColumn {
    TableColumn { heading, used_for: None, passed_over: None }
}

/// The first row, where it is known to be one of headings, however many of them are unknown.
fn whole(rows: &[Row]) -> Option<(Vec<Heading>, usize)> {
    let row = rows.first()?;
    let read: Vec<Heading> = (0..row.cells.len()).map(|column| Heading::read(own_text(row, column))).collect();
    names_rows(&read).then_some((read, 1))
}

/// The headings that begin in a row, and how many rows they take.
fn headings(rows: &[Row], at: usize, inside: bool, lone: bool) -> Option<(Vec<Heading>, usize)> {
    let row = rows.get(at)?;
    let texts: Vec<&str> = row.own().filter_map(|(_, cell)| text(&cell.value)).collect();
    let cells = row.own().count();
    if let Some(next) = rows.get(at + 1).filter(|next| next.number == row.number + 1)
        && let Some(both) = two_rows(row, next)
        && (!inside || texts.len() == cells)
    {
        return Some((both, 2));
    }
    let read: Vec<Heading> = (0..row.cells.len()).map(|column| Heading::read(own_text(row, column))).collect();
    let known = read.iter().filter(|heading| !heading.meanings.is_empty()).count();
    // A row below headings is one of data, unless it can be nothing else.
    let enough = if inside {
        known >= 2 && known * 4 >= cells * 3 && texts.len() == cells
    } else {
        known >= 2 && known * 2 >= cells
    };
    let enough = enough || (lone && known == 1 && cells == 1);
    (enough && names_rows(&read)).then_some((read, 1))
}

/// Two rows of headings, as merged cells make them: "Target" above "Q1" and "Q2".
fn two_rows(upper: &Row, lower: &Row) -> Option<Vec<Heading>> {
    let width = upper.cells.len().max(lower.cells.len());
    let mut read = Vec::new();
    let (mut group, mut both) = ("", 0);
    for column in 0..width {
        let (own, below) = (own_text(upper, column), own_text(lower, column));
        if !own.is_empty() {
            group = own;
        }
        if below.is_empty() {
            read.push(Heading::read(own));
        } else if own.is_empty() && group.is_empty() {
            return None;
        } else {
            both += 1;
            read.push(Heading::under(group, below));
        }
    }
    // Each cell of the lower row must say more of the one above it, or be a heading by itself.
    let lower_is_heading = lower.own().all(|(column, cell)| {
        text(&cell.value).is_some_and(|text| periods::is_span(text) || !Heading::read(text).meanings.is_empty())
            || matches!(&cell.value, Value::Number { number, .. } if periods::is_span(&number.to_string()) && column > 0)
    });
    let known = read.iter().filter(|heading| !heading.meanings.is_empty()).count();
    let upper_names =
        names_rows(&(0..upper.cells.len()).map(|column| Heading::read(own_text(upper, column))).collect::<Vec<_>>());
    (both > 0 && lower_is_heading && upper_names && known >= 2 && names_rows(&read)).then_some(read)
}

fn names_rows(headings: &[Heading]) -> bool {
    headings.iter().flat_map(|heading| &heading.meanings).any(|(column, _)| NAMING.contains(column))
}

fn own_text(row: &Row, column: usize) -> &str {
    let cell = row.cell(column);
    if cell.spread { "" } else { text(&cell.value).unwrap_or_default() }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Decides what each column is for.
fn settle(table: &mut Table, period: Option<&Period>) {
    let language = table.language;
    let wide = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    table.columns.resize_with(table.columns.len().max(wide), || unused(Heading::default()));
    let named =
        table.columns.iter().any(|own| matches!(own.heading.column(language), Some(Column::Name | Column::KeyResult)));
    let numeric: Vec<bool> = (0..table.columns.len()).map(|column| is_numeric(&table.rows, column, named)).collect();
    for (column, numeric) in table.columns.iter_mut().zip(numeric) {
        column.used_for = match column.heading.column(language) {
            Some(Column::Aim) if numeric => Some(Column::Target),
            Some(Column::Aim) => Some(Column::Objective),
            known => known,
        };
    }
    let is = |use_| table.columns.iter().any(|own| own.used_for == Some(use_));
    if is(Column::Initiative) && !is(Column::Target) && !is(Column::Start) {
        // The start of a campaign is a day, the start of a KPI a level.
        let starts = |column: &&mut TableColumn| vocabulary::fold(&column.heading.text) == "start";
        for column in table.columns.iter_mut().filter(starts) {
            column.used_for = Some(Column::Start);
        }
    }
    for use_ in Column::WORDS.iter().filter_map(|word| Column::parse(word)).filter(|use_| *use_ != Column::Note) {
        choose(table, use_, period);
    }
    for column in &mut table.columns {
        if let Some(other) = period.and_then(|period| other_period(column, period)) {
            column.used_for = None;
            column.passed_over = Some(format!("it is for {other}, and the plan is for another period"));
        }
    }
}

/// The period of a column whose numbers are for another one than the plan; what stood before may be a baseline.
fn other_period(column: &TableColumn, period: &Period) -> Option<String> {
    let bound = matches!(column.used_for, Some(Column::Target | Column::Actual | Column::Budget));
    let own = periods::find(column.heading.span.as_deref().filter(|_| bound)?, Some(period.end.year()))?;
    ((own.start, own.end) != (period.start, period.end)).then_some(own.text)
}

/// Whether the cells of a column are numbers rather than names: most of them, or a few where another column names the rows and
/// the rest may be "TBD".
fn is_numeric(rows: &[Row], column: usize, named: bool) -> bool {
    let (mut numbers, mut filled) = (0, 0);
    for row in rows {
        let is_number = match &row.cell(column).value {
            Value::Empty => continue,
            Value::Number { .. } => true,
            Value::Text(text) => text
                .trim_start_matches(|sign: char| !sign.is_alphanumeric())
                .starts_with(|first: char| first.is_ascii_digit()),
            Value::Date(_) | Value::Odd(_) => false,
        };
        filled += 1;
        numbers += usize::from(is_number);
    }
    numbers * 2 > filled || (named && numbers > 0 && numbers * 4 >= filled)
}

/// Of several columns for one use, the one of the plan's period is taken, else the first; of several spans none is a guess.
fn choose(table: &mut Table, use_: Column, period: Option<&Period>) {
    let of_use: Vec<usize> =
        table.columns.iter().enumerate().filter(|(_, own)| own.used_for == Some(use_)).map(|(at, _)| at).collect();
    if of_use.len() < 2 {
        return;
    }
    let span = |at: &usize| table.columns.get(*at).and_then(|own| own.heading.span.as_deref());
    let spans = of_use.iter().filter(|at| span(at).is_some()).count();
    let of_period = of_use.iter().copied().find(|at| {
        let found = span(at).and_then(|span| periods::find(span, period.map(|period| period.end.year())));
        found.is_some_and(|found| period.is_some_and(|period| (found.start, found.end) == (period.start, period.end)))
    });
    let (taken, why) = match of_period {
        Some(at) => (Some(at), "of another period"),
        None if spans > 1 && BY_SPAN.contains(&use_) => {
            (None, "one of several periods; --period, such as 2027-Q1, says which one the plan is for")
        }
        None => (of_use.first().copied(), "a second column for the same"),
    };
    for at in of_use {
        if let Some(column) = table.columns.get_mut(at).filter(|_| Some(at) != taken) {
            column.used_for = None;
            column.passed_over = Some(why.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::delimited;

    fn tables(text: &str, period: Option<&str>) -> Vec<Table> {
        let period = period.map(|text| Period::parse(text).unwrap());
        find(&delimited::read(text, Some(b',')).unwrap(), period.as_ref(), false)
    }

    fn uses(table: &Table) -> Vec<Option<Column>> {
        table.columns.iter().map(|column| column.used_for).collect()
    }

    #[test]
    fn headings_are_found_below_titles_and_each_table_by_itself() {
        let text = "Growth plan,,\nby the team,,\n,,\nKPI,Target,Owner\nLeads,10,Ana\n,,\nProduct,Budget,\nCore,40k,\n";
        let tables = tables(text, None);
        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].above, ["Growth plan", "by the team"]);
        assert_eq!(uses(&tables[1])[..2], [Some(Column::Product), Some(Column::Budget)]);
        assert_eq!((tables[0].rows.len(), tables[1].rows.len()), (1, 1));
    }

    #[test]
    fn an_objetivo_is_a_target_where_its_cells_are_numbers() {
        let [numbers] = &tables("Indicador,Objetivo\nLeads,1.200\nSQL,300\n", None)[..] else { panic!() };
        assert_eq!(uses(numbers), [Some(Column::Name), Some(Column::Target)]);
        let [words] = &tables("Objetivo,Indicador,Meta\nCrescer em Espanha,Leads,300\n", None)[..] else { panic!() };
        assert_eq!(uses(words), [Some(Column::Objective), Some(Column::Name), Some(Column::Target)]);
    }

    #[test]
    fn of_several_quarters_the_plan_s_own_is_taken_and_none_without_it() {
        let text = "KPI,Target,,Owner\n,Q1,Q2,\nLeads,10,20,Ana\n";
        let [with] = &tables(text, Some("2027-Q2"))[..] else { panic!() };
        assert_eq!(uses(with), [Some(Column::Name), None, Some(Column::Target), Some(Column::Owner)]);
        let [without] = &tables(text, None)[..] else { panic!() };
        assert!(!without.has(Column::Target));
        assert!(without.columns[1].passed_over.as_ref().unwrap().contains("--period"));
    }

    #[test]
    fn a_target_of_another_period_is_not_the_plan_s() {
        let text = "KPI,Target Q4 2026,Baseline Q4 2026\nLeads,10,5\n";
        let [other] = &tables(text, Some("2027-Q1"))[..] else { panic!() };
        assert_eq!(uses(other), [Some(Column::Name), None, Some(Column::Baseline)]);
        let [own] = &tables(text, Some("2026-Q4"))[..] else { panic!() };
        assert!(own.has(Column::Target));
    }

    #[test]
    fn a_goal_that_is_a_number_or_to_be_defined_is_a_target() {
        let [table] = &tables("KPI,Goal\nLeads,100\nNPS,TBD\nDemos,TBD\n", None)[..] else { panic!() };
        assert_eq!(uses(table), [Some(Column::Name), Some(Column::Target)]);
    }

    #[test]
    fn a_list_of_names_alone_is_a_table_and_prose_is_none() {
        assert_eq!(tables("KPI\nLeads\nSQLs\n", None).len(), 1);
        assert_eq!(tables("Dear all,\nplease find the target below\n", None).len(), 0);
        assert_eq!(tables("KPI,Target\n", None).len(), 1);
    }
}
