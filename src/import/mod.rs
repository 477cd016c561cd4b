//! Other formats in: spreadsheets, Markdown tables and lists of other tools become a plan, with a comment on all that was guessed.
//!
//! A file becomes sheets, one reader for each format; a sheet becomes tables whose columns are known; their rows become the parts
//! of a plan; and the plan is written, read back by the plan's own reader, and whatever that refuses is laid aside as a comment.
//! So what comes out can always be audited.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::metrics::Dictionary;
use crate::plan::period::Period;
use crate::plan::problem::What;
use crate::plan::quantity::{CurrencyCode, Misfit};
use crate::plan::{self, NoFiles};
use crate::source::Source;
use crate::words::{excerpt, words};

mod archive;
mod build;
mod cells;
mod columns;
mod dates;
mod delimited;
mod encoding;
mod error;
mod list;
mod markdown;
mod numerals;
mod opendocument;
mod periods;
mod references;
mod sheet;
mod tables;
mod target;
mod vocabulary;
mod workbook;
mod write;

use build::{Outline, Part};
use cells::Writing;
use sheet::Sheet;
use tables::Table;
use vocabulary::Column;
use write::{At, Head, HeadKey};

pub use error::{ImportError, TooMuch};

words! {
    /// A format that is read.
    pub enum Format {
        /// Values with commas, semicolons or tabs between them.
        Csv = "csv",
        /// Values with tabs between them.
        Tsv = "tsv",
        /// An Excel workbook.
        Xlsx = "xlsx",
        /// An OpenDocument spreadsheet.
        Ods = "ods",
        /// The tables of a Markdown text.
        Markdown = "markdown",
        /// A list of KPIs or objectives, or a metric file of dbt; JSON too.
        Yaml = "yaml",
    }
}

/// A file to import, and what the user says of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// The file's name; empty for standard input.
    pub file: &'r str,
    /// What it holds.
    pub bytes: &'r [u8],
    /// Its format, where its name does not say it.
    pub format: Option<Format>,
    /// The encoding of a text that is not UTF-8, by its name: `windows-1252`.
    pub encoding: Option<&'r str>,
    /// The one sheet to read.
    pub sheet: Option<&'r str>,
    /// The name of the plan.
    pub plan: Option<&'r str>,
    /// The period of the plan.
    pub period: Option<&'r Period>,
    /// The currency of the plan.
    pub currency: Option<CurrencyCode>,
}

/// A plan that was made of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The plan, with its comments.
    pub yaml: String,
    /// Rows below headings.
    pub rows: usize,
    /// Rows that became a part of the plan.
    pub read: usize,
    /// What was guessed, one sentence each.
    pub guessed: Vec<String>,
    /// What is not in the plan but in its comments.
    pub unread: Vec<Unread>,
}

/// Something of a sheet that a plan cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where it stands: `row 7`.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Why it is not in the plan.
    pub why: String,
    /// The table and the row, for their order.
    order: (usize, usize),
}

impl std::fmt::Display for Unread {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}, {}: {}", self.place, self.what, self.why)
    }
}

/// Makes a plan of a file.
///
/// # Errors
/// [`ImportError`] where nothing could be read.
pub fn import(request: &Request<'_>, dictionary: &Dictionary) -> Result<Imported, ImportError> {
    let Read { sheets, hidden, definitions } = read(request)?;
    let found = tables_of(&sheets, request.period, definitions);
    let period = request.period.cloned().map(|period| (period, "as asked for".to_owned()));
    let period = period.or_else(|| period_of(request.file, &found));
    let tables = match (&period, request.period) {
        // Which of several quarters a sheet's numbers are for is known only now.
        (Some((period, _)), None) => tables_of(&sheets, Some(period), definitions),
        _ => found,
    };
    if tables.is_empty() {
        return Err(ImportError::NoHeadings { looked_at: sheets.iter().map(looked_at).collect() });
    }
    let currencies = build::currencies(&tables);
    let only = match currencies.as_slice() {
        [only] if is_of_dollars(*only) || !build::has_bare_dollars(&tables) => Some(*only),
        _ => None,
    };
    let marks = build::marks(&tables);
    let writing = Writing {
        period: period.as_ref().map(|(period, _)| period),
        currency: request.currency.or(only),
        locale: tables.first().and_then(|table| marks.locale(table.language)),
        marks,
        dictionary,
    };
    let mut outline = build::outline(&tables, writing);
    if definitions {
        outline.guessed.push(
            "these metrics set no targets, so each is `role: diagnostic`; change it where one is to be reached"
                .to_owned(),
        );
    }
    outline.guessed.splice(0..0, guesses(&tables, &currencies, request));
    outline.unread.splice(0..0, unread_sheets(&sheets, &tables, &hidden));
    let language = tables.first().map_or("en", |table| table.language.word());
    let keys = keys(request, &writing, language, period.as_ref().map(|(_, why)| why.as_str()));
    settle(request, dictionary, &tables, keys, outline)
}

/// What a file holds.
struct Read {
    sheets: Vec<Sheet>,
    /// The names of sheets that are not shown.
    hidden: Vec<String>,
    /// Whether it defines metrics and sets nothing to be reached.
    definitions: bool,
}

fn read(request: &Request<'_>) -> Result<Read, ImportError> {
    if request.bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    let text = || encoding::text(request.bytes, request.encoding);
    let (mut hidden, mut definitions) = (Vec::new(), false);
    let mut sheets = match format(request)? {
        Format::Csv => vec![delimited::read(&text()?, None)?],
        Format::Tsv => vec![delimited::read(&text()?, Some(b'\t'))?],
        Format::Xlsx => {
            let (sheets, unseen) = workbook::read(request.bytes, request.sheet)?;
            hidden = unseen;
            sheets
        }
        Format::Ods => opendocument::read(request.bytes)?,
        Format::Markdown => markdown::read(&text()?)?,
        Format::Yaml => {
            let (sheets, defines) = list::read(request.file, &text()?)?;
            definitions = defines;
            sheets
        }
    };
    sheets.iter().try_for_each(Sheet::check)?;
    if let Some(wanted) = request.sheet {
        let names: Vec<String> = sheets.iter().filter_map(|sheet| sheet.name.clone()).collect();
        sheets.retain(|sheet| sheet.name.as_deref() == Some(wanted));
        if sheets.is_empty() {
            return Err(ImportError::NoSheet { name: wanted.to_owned(), sheets: names });
        }
    }
    Ok(Read { sheets, hidden, definitions })
}

/// What a file is: its content says it of workbooks, its name of the rest.
fn format(request: &Request<'_>) -> Result<Format, ImportError> {
    const ARCHIVE: &[u8] = b"PK\x03\x04";
    const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
    if request.bytes.starts_with(OLD_OFFICE) {
        return Err(ImportError::OldFormat("old Excel (.xls) and locked"));
    }
    if request.bytes.starts_with(ARCHIVE) {
        return match () {
            () if archive::has(request.bytes, "xl/workbook.xml") => Ok(Format::Xlsx),
            () if archive::has(request.bytes, "content.xml") => Ok(Format::Ods),
            () if archive::has(request.bytes, "xl/workbook.bin") => Err(ImportError::OldFormat("binary Excel (.xlsb)")),
            () => request.format.ok_or(ImportError::UnknownFormat),
        };
    }
    let extension = request.file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let by_name = match extension.as_deref() {
        Some("csv" | "txt") => Some(Format::Csv),
        Some("tsv" | "tab") => Some(Format::Tsv),
        Some("xlsx" | "xlsm") => Some(Format::Xlsx),
        Some("ods") => Some(Format::Ods),
        Some("md" | "markdown") => Some(Format::Markdown),
        Some("yaml" | "yml" | "json") => Some(Format::Yaml),
        _ => None,
    };
    request.format.or(by_name).ok_or(ImportError::UnknownFormat)
}

fn tables_of(sheets: &[Sheet], period: Option<&Period>, definitions: bool) -> Vec<Table> {
    sheets.iter().flat_map(|sheet| tables::find(sheet, period, definitions)).collect()
}

/// The one period that the file's name, its sheets, its titles and its rows name, and where it stands.
fn period_of(file: &str, tables: &[Table]) -> Option<(Period, String)> {
    let mut found: Vec<(Period, String)> = Vec::new();
    let mut see = |text: &str, place: &str| {
        if let Some(period) = periods::find(text, None) {
            found.push((period, place.to_owned()));
        }
    };
    for table in tables {
        for title in &table.above {
            see(title, "from the title");
        }
        for cell in table.rows.iter().filter_map(|row| table.cell(row, Column::Period)) {
            see(&cell.1.shown(), "from the rows");
        }
        if let Some(name) = &table.sheet {
            see(name, "from the sheet's name");
        }
        let target = table.columns.iter().find(|column| column.used_for == Some(Column::Target));
        if let Some(span) = target.and_then(|column| column.heading.span.as_deref()) {
            see(span, "from the headings");
        }
    }
    see(stem(file), "from the file's name");
    // "2027" does not contradict "2027-Q1".
    let narrowest = found.iter().min_by_key(|(period, _)| period.days())?.clone();
    let agrees = |(other, _): &(Period, String)| other.contains(narrowest.0.start) && other.contains(narrowest.0.end);
    found.iter().all(agrees).then_some(narrowest)
}

/// A file's name without its folders and its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn looked_at(sheet: &Sheet) -> String {
    let rows = rows_of(sheet);
    sheet.name.as_ref().map_or(rows.clone(), |name| format!("sheet \"{}\" ({rows})", excerpt(name)))
}

fn rows_of(sheet: &Sheet) -> String {
    let rows = sheet.rows.len();
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

/// Whether people write a bare `$` for it.
fn is_of_dollars(code: CurrencyCode) -> bool {
    const DOLLARS: [&str; 14] =
        ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "DOP", "BRL"];
    DOLLARS.contains(&code.as_str())
}

/// What the headings left open.
fn guesses(tables: &[Table], currencies: &[CurrencyCode], request: &Request<'_>) -> Vec<String> {
    let mut guesses = Vec::new();
    for table in tables {
        for column in &table.columns {
            if let Some(why) = &column.passed_over {
                guesses.push(format!("\"{}\" is not used: {why}", excerpt(&column.heading.text)));
            }
        }
    }
    if let ([only], None) = (currencies, request.currency)
        && !is_of_dollars(*only)
        && build::has_bare_dollars(tables)
    {
        guesses
            .push(format!("amounts are in {only} and in $, so no currency is taken; --currency says which one stays"));
    }
    if let ([_, _, ..], None) = (currencies, request.currency) {
        let named: Vec<&str> = currencies.iter().map(|code| code.as_str()).collect();
        guesses.push(format!(
            "amounts are in {}, and a plan is in one currency: the others are kept as comments; --currency says which one stays",
            named.join(" and ")
        ));
    }
    guesses
}

/// The sheets without headings, and those that are hidden.
fn unread_sheets(sheets: &[Sheet], tables: &[Table], hidden: &[String]) -> Vec<Unread> {
    let read = |sheet: &&Sheet| !tables.iter().any(|table| table.sheet == sheet.name);
    let left = sheets.iter().filter(read).filter(|sheet| !sheet.rows.is_empty());
    let unread = |name: &str, what: String, why: &str| Unread {
        place: format!("sheet \"{}\"", excerpt(name)),
        what,
        why: why.to_owned(),
        order: (0, 0),
    };
    let left = left.map(|sheet| {
        let name = sheet.name.as_deref().unwrap_or_default();
        unread(name, rows_of(sheet), "no row of headings is known; nothing of it is in the plan")
    });
    let hidden = hidden.iter().map(|name| unread(name, "hidden".to_owned(), "name it with --sheet to read it"));
    left.chain(hidden).collect()
}

/// The keys at the top of the plan.
fn keys(request: &Request<'_>, writing: &Writing<'_>, language: &str, period_from: Option<&str>) -> Vec<HeadKey> {
    let from_file = || match stem(request.file).trim() {
        "" => ("Imported plan".to_owned(), None),
        stem => (stem.to_owned(), Some("the file's name".to_owned())),
    };
    let (name, note) = request.plan.map_or_else(from_file, |plan| (plan.to_owned(), None));
    let mut keys = vec![HeadKey { key: "plan", value: name, note }];
    if let Some(period) = writing.period {
        let note = period_from.filter(|_| request.period.is_none()).map(str::to_owned);
        keys.push(HeadKey { key: "period", value: period.text.clone(), note });
    }
    if let Some(code) = writing.currency {
        let note = request.currency.is_none().then(|| "the only one that the sheet names".to_owned());
        keys.push(HeadKey { key: "currency", value: code.to_string(), note });
    }
    if writing.locale.is_some() {
        let note = Some("1.000 is a thousand, as the headings' language writes it".to_owned());
        keys.push(HeadKey { key: "locale", value: language.to_owned(), note });
    }
    keys
}

/// Writes the plan and reads it back, until its reader has nothing against it.
fn settle(
    request: &Request<'_>,
    dictionary: &Dictionary,
    tables: &[Table],
    keys: Vec<HeadKey>,
    mut outline: Outline,
) -> Result<Imported, ImportError> {
    if outline.parts.is_empty() {
        return Err(ImportError::NoRows);
    }
    let found = build::currencies(tables);
    let several = found.len() > 1 || (!found.is_empty() && keys.iter().all(|own| own.key != "currency"));
    loop {
        let head =
            Head { comment: opening(request, tables, &outline), keys: keys.clone(), missing: missing(&keys, several) };
        let document = write::document(&head, &outline);
        let source = Arc::new(Source::new("import", document.text.clone()));
        let problems = plan::read(&source, dictionary, &NoFiles).problems;
        if problems.is_empty() {
            let Outline { guessed, unread, rows, read, .. } = outline;
            return Ok(Imported { yaml: document.text, rows, read, guessed, unread });
        }
        let has_currency = keys.iter().any(|own| own.key == "currency");
        let mut refused = BTreeSet::new();
        for problem in &problems {
            let at = document.at(problem.span.start as usize);
            let at = at.ok_or_else(|| ImportError::NoPlan(problem.what.to_string()))?;
            if refused.insert(at) {
                refuse(&mut outline, at, &why_refused(&problem.what, has_currency));
            }
        }
        // From the last to the first, so that none moves before it is taken out.
        for at in refused.into_iter().rev() {
            if let At::Field(part, field) = at
                && let Some(part) = outline.parts.get_mut(part).filter(|part| field < part.fields.len())
            {
                part.fields.remove(field);
            }
        }
        if outline.parts.iter().all(|part| part.refused) {
            return Err(ImportError::NoRows);
        }
    }
}

/// Why the plan's reader refuses a cell. Without a currency, its reader goes by the first amount, which nobody has made the plan's.
fn why_refused(what: &What, has_currency: bool) -> String {
    match what {
        What::Misfit(Misfit::OtherCurrency { found, plan }) if !has_currency => {
            format!(
                "`{found}` is not in {plan} as an amount before it is, and no currency is taken; --currency says which one stays"
            )
        }
        other => other.to_string(),
    }
}

/// Lays aside what the plan's reader refuses.
fn refuse(outline: &mut Outline, at: At, why: &str) {
    let (At::Part(number) | At::Field(number, _)) = at;
    let Some(part) = outline.parts.get_mut(number) else { return };
    let Part { place, order, name, fields, notes, refused, .. } = part;
    let what = match at {
        At::Field(_, field) => fields.get(field).map(|field| {
            notes.push(format!("{}: not read; {}: {}", field.key, field.heading, field.text));
            format!("{} \"{}\"", field.heading, excerpt(&field.text))
        }),
        At::Part(_) => {
            *refused = true;
            outline.read = outline.read.saturating_sub(1);
            Some(format!("\"{}\"", excerpt(name)))
        }
    };
    let (place, order) = (place.clone(), *order);
    outline.unread.push(Unread { place, what: what.unwrap_or_default(), why: why.to_owned(), order });
    outline.unread.sort_by_key(|unread| unread.order);
}

/// The comment at the top: what was read, how, and what was not.
fn opening(request: &Request<'_>, tables: &[Table], outline: &Outline) -> Vec<String> {
    // Without its folders: they are nobody's business in a plan that is shared.
    let file = request.file.rsplit(['/', '\\']).next().filter(|file| !file.is_empty()).unwrap_or("standard input");
    let rows = if outline.rows == 1 { "row" } else { "rows" };
    let mut lines = vec![format!("Imported from {file}: {} of {} {rows}.", outline.read, outline.rows)];
    lines.push("Behind each name stands its place in the sheet.".to_owned());
    lines.push("Check it, then delete the comments that you do not need.".to_owned());
    for table in tables {
        lines.push(String::new());
        lines.extend(table.above.iter().map(|title| format!("Above the table: {title}")));
        let sheet = table.sheet.as_ref().map(|name| format!(" of \"{name}\"")).unwrap_or_default();
        lines.push(format!("Columns{sheet}:"));
        for column in &table.columns {
            let heading = column.heading.text.trim();
            let used_for = match (column.used_for, &column.passed_over) {
                (Some(Column::Note), _) | (None, None) => "kept as a comment",
                (Some(used_for), _) => used_for.word(),
                (None, Some(_)) => "not used, kept as a comment",
            };
            if !heading.is_empty() {
                lines.push(format!("  {heading}: {used_for}"));
            }
        }
    }
    let mut list = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(String::new());
            lines.push(title.to_owned());
            lines.extend(items.into_iter().map(|item| format!("  {item}")));
        }
    };
    list("Guessed:", outline.guessed.clone());
    list("Not read, and kept as comments:", outline.unread.iter().map(Unread::to_string).collect());
    lines
}

/// The keys that the sheet does not give, and that a plan is audited better with. Each counts once the `#` before it is taken away.
fn missing(keys: &[HeadKey], several_currencies: bool) -> Vec<&'static str> {
    let is_given = |key: &str| keys.iter().any(|own| own.key == key);
    let currency = if several_currencies {
        "currency: EUR  # the sheet names several; import again with --currency"
    } else {
        "currency: EUR  # the sheet names none; write it here, or import again with --currency"
    };
    let period = "period: 2027-Q1  # the sheet names none; write it here, or import again with --period";
    [("period", period), ("currency", currency)]
        .into_iter()
        .filter(|(key, _)| !is_given(key))
        .map(|(_, line)| line)
        .collect()
}
