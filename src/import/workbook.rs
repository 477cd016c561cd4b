//! Excel workbooks (.xlsx): values with their number formats, dates, merged cells, and what formulas left behind.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::Date;

use super::archive::{self, broken};
use super::error::{ImportError, TooMuch};
use super::references;
use super::sheet::{Cell, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, NumberFormat, Row, Sheet, Value};

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;
/// Rows by number, and in each the cells by column, both from 0.
pub(super) type Grid = BTreeMap<usize, BTreeMap<usize, Cell>>;

/// The sheets that can be seen, or the one named; and the names of those that are hidden.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<(Vec<Sheet>, Vec<String>), ImportError> {
    references::check(&mut archive::open(bytes)?)?;
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut sheets, mut hidden) = (Vec::new(), Vec::new());
    let mut text = 0;
    let all = workbook.sheets_metadata().to_vec();
    if let Some(name) = wanted.filter(|wanted| !all.iter().any(|sheet| sheet.name == *wanted)) {
        let sheets = all.into_iter().map(|sheet| sheet.name).collect();
        return Err(ImportError::NoSheet { name: name.to_owned(), sheets });
    }
    for found in all {
        match wanted {
            Some(wanted) if wanted != found.name => {}
            None if found.visible != SheetVisible::Visible => hidden.push(found.name),
            _ if found.typ == SheetType::WorkSheet => {
                let grid = grid(&mut workbook, &found.name, &mut text)?;
                sheets.push(Sheet { name: Some(found.name), rows: rows(grid), ..Sheet::default() });
            }
            _ => {}
        }
    }
    Ok((sheets, hidden))
}

fn grid(workbook: &mut Workbook<'_>, sheet: &str, text: &mut usize) -> Result<Grid, ImportError> {
    let mut grid = Grid::new();
    let mut empty = Vec::new();
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let format = format.map_or(NumberFormat::Plain, |format| NumberFormat::of(&format.format_code));
        match value(cell.get_value(), format) {
            Value::Empty => empty.push((row, column)),
            value => put(&mut grid, row as usize, column as usize, value, text)?,
        }
    }
    drop(cells);
    if !empty.is_empty() {
        put_formulas(workbook, sheet, &mut grid, text)?;
    }
    let merged = workbook.merge_cells_by_sheet_name(sheet).map_err(broken)?;
    spread(&mut grid, merged.iter().map(Area::of), text)?;
    Ok(grid)
}

/// A formula that no program has worked out yet leaves a cell without a value.
fn put_formulas(
    workbook: &mut Workbook<'_>,
    sheet: &str,
    grid: &mut Grid,
    text: &mut usize,
) -> Result<(), ImportError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    while let Some(cell) = cells.next_formula().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let known = grid.get(&row).is_some_and(|cells| cells.contains_key(&column));
        if !known && !cell.get_value().is_empty() {
            let formula = format!("={} (a formula without a stored result)", cell.get_value());
            put(grid, row, column, Value::Odd(formula), text)?;
        }
    }
    Ok(())
}

/// Adds a cell; the limits hold here, since what a file says of its own size may be false.
pub(super) fn put(
    grid: &mut Grid,
    row: usize,
    column: usize,
    value: Value,
    text: &mut usize,
) -> Result<(), ImportError> {
    *text += value.text_bytes();
    grid.entry(row).or_default().insert(column, Cell::new(value));
    match () {
        () if column >= MOST_COLUMNS => Err(ImportError::TooMuch(TooMuch::Columns)),
        () if grid.len() > MOST_ROWS => Err(ImportError::TooMuch(TooMuch::Rows)),
        () if *text > MOST_TEXT => Err(ImportError::TooMuch(TooMuch::Text)),
        () => Ok(()),
    }
}

fn value(data: &DataRef<'_>, format: NumberFormat) -> Value {
    match data {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number { number: *number as f64, format },
        DataRef::Float(number) if number.is_finite() => Value::Number { number: *number, format },
        DataRef::Float(number) => Value::Odd(number.to_string()),
        DataRef::String(text) => Cell::text(text).value,
        DataRef::SharedString(text) => Cell::text(text).value,
        DataRef::Bool(flag) => Value::Text(if *flag { "yes" } else { "no" }.to_owned()),
        DataRef::DateTime(date) if !date.is_duration() => {
            day(date).map_or_else(|| Value::Odd(Data::DateTime(*date).to_string()), Value::Date)
        }
        DataRef::DateTime(duration) => Value::Odd(Data::DateTime(*duration).to_string()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text).value,
        DataRef::Error(error) => Value::Odd(error.to_string()),
    }
}

/// The day of a date as a workbook counts them; a time of day alone is none.
fn day(date: &ExcelDateTime) -> Option<Date> {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let day = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (date.as_f64() >= 1.0).then_some(day)
}

/// Cells that are merged: the first and last row, and the first and last column.
pub(super) struct Area {
    pub(super) rows: (usize, usize),
    pub(super) columns: (usize, usize),
}

impl Area {
    fn of(area: &Dimensions) -> Self {
        let ((first_row, first_column), (last_row, last_column)) = (area.start, area.end);
        Self { rows: (first_row as usize, last_row as usize), columns: (first_column as usize, last_column as usize) }
    }
}

/// Gives the value of merged cells to each of them, in the rows that hold something. The limits hold here as well: one long text
/// over a whole sheet is many, and areas that a false file lays over one another would be gone through for hours.
pub(super) fn spread(
    grid: &mut Grid,
    areas: impl IntoIterator<Item = Area>,
    text: &mut usize,
) -> Result<(), ImportError> {
    let mut left = MOST_ROWS * (MOST_COLUMNS + 1);
    for Area { rows, columns } in areas {
        let first = grid.get(&rows.0).and_then(|cells| cells.get(&columns.0)).filter(|cell| !cell.is_empty()).cloned();
        let Some(first) = first.filter(|_| rows.0 <= rows.1 && columns.0 <= columns.1) else { continue };
        let last_column = columns.1.min(MOST_COLUMNS);
        for (_, cells) in grid.range_mut(rows.0..=rows.1) {
            let width = last_column.saturating_sub(columns.0) + 1;
            left = left.checked_sub(width).ok_or(ImportError::TooMuch(TooMuch::Merged))?;
            for column in columns.0..=last_column {
                if let Entry::Vacant(place) = cells.entry(column) {
                    *text += first.value.text_bytes();
                    if *text > MOST_TEXT {
                        return Err(ImportError::TooMuch(TooMuch::Text));
                    }
                    place.insert(Cell { spread: true, ..first.clone() });
                }
            }
        }
    }
    Ok(())
}

/// The rows of a grid, each with all its cells.
pub(super) fn rows(grid: Grid) -> Vec<Row> {
    let row = |(number, cells): (usize, BTreeMap<usize, Cell>)| {
        let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
        let mut row = Row { number: number + 1, cells: vec![Cell::default(); width] };
        for (column, cell) in cells {
            if let Some(place) = row.cells.get_mut(column) {
                *place = cell;
            }
        }
        row
    };
    grid.into_iter().map(row).collect()
}
