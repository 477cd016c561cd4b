//! Spreadsheets and other tools' exports from outside: each becomes a plan that audits, and nothing of it is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in its helpers"
)]

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use kpi_audit::import::{ImportError, Imported, Request, TooMuch, import};
use kpi_audit::metrics::dictionary;
use kpi_audit::plan::Plan;
use kpi_audit::plan::period::Period;
use kpi_audit::plan::quantity::CurrencyCode;
use kpi_audit::{Auditor, Date, Report};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, XlsxError};

// ---- reading what was imported

fn imported(file: &str, bytes: &[u8]) -> Imported {
    imported_for(file, bytes, None)
}

fn imported_for(file: &str, bytes: &[u8], period: Option<&str>) -> Imported {
    let period = period.map(|text| Period::parse(text).unwrap());
    let request = Request { file, bytes, period: period.as_ref(), ..Request::default() };
    import(&request, dictionary()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(file: &str, bytes: &[u8]) -> ImportError {
    import(&Request { file, bytes, ..Request::default() }, dictionary()).unwrap_err()
}

/// The audit of an imported plan, which must have no fault.
fn audited(imported: &Imported) -> Report {
    let report = Auditor::new(Date::constant(2027, 1, 15)).audit_text("plan.yaml", &imported.yaml);
    assert!(report.faults.is_empty(), "{:?}\n{}", report.faults, imported.yaml);
    assert_eq!(report.plans.len(), 1);
    report
}

fn plan(report: &Report) -> &Plan {
    report.plans[0].plan()
}

/// The lines of a part, without its comments: `name: Leads`, `target: 10`.
fn keys_of(imported: &Imported, name: &str) -> Vec<String> {
    let lines: Vec<&str> = imported.yaml.lines().collect();
    let begins = |line: &str| line.trim_start().starts_with(&format!("- name: {name}"));
    let first = lines.iter().position(|line| begins(line)).unwrap_or_else(|| panic!("no {name} in\n{}", imported.yaml));
    let own = lines[first + 1..].iter().take_while(|line| {
        let line = line.trim_start();
        !line.starts_with("- ") && !line.starts_with("kpis:") && !line.is_empty()
    });
    let code = own.filter(|line| !line.trim_start().starts_with('#'));
    code.map(|line| line.split("  # ").next().unwrap_or_default().trim().to_owned()).collect()
}

// ---- workbooks

/// Merged heads over two rows, thousands marks, per cent, dates, empty rows and a total: what people make of a sheet.
fn english_workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (thousands, percent) = (Format::new().set_num_format("#,##0"), Format::new().set_num_format("0%"));
    let (date, plain) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new());
    let sheet = workbook.add_worksheet().set_name("KPIs")?;
    sheet.merge_range(0, 0, 0, 7, "Growth plan", &plain)?;
    sheet.merge_range(2, 0, 3, 0, "Objective", &plain)?;
    sheet.merge_range(2, 1, 3, 1, "KPI", &plain)?;
    sheet.merge_range(2, 2, 2, 3, "Target", &plain)?;
    sheet.write(3, 2, "Q1")?.write(3, 3, "Q2")?;
    for (column, heading) in [(4, "Baseline"), (5, "Owner"), (6, "Due date"), (7, "Weight")] {
        sheet.merge_range(2, column, 3, column, heading, &plain)?;
    }
    sheet.merge_range(4, 0, 6, 0, "Grow new ARR", &plain)?;
    sheet.write(4, 1, "Marketing-qualified leads")?;
    sheet.write_with_format(4, 2, 1200, &thousands)?.write_with_format(4, 3, 1500, &thousands)?;
    sheet.write(4, 4, 640)?.write(4, 5, "ana")?.write(4, 7, 0.5)?;
    sheet.write_with_format(4, 6, &ExcelDateTime::from_ymd(2027, 3, 31)?, &date)?;
    sheet.write(5, 1, "MQL to SQL conversion")?;
    sheet.write_with_format(5, 2, 0.3, &percent)?.write_with_format(5, 3, 0.35, &percent)?;
    sheet.write_with_format(5, 4, 0.07, &percent)?.write(5, 5, "rui")?.write(5, 6, 46_477)?;
    sheet.write(6, 1, "Demos booked")?.write(6, 2, "4/month")?.write(6, 3, "5/month")?;
    sheet.write(8, 0, "Retain")?.write(8, 1, "Net revenue retention")?.write_with_format(8, 2, 1.05, &percent)?;
    sheet.write(9, 0, "Total")?.write(9, 2, 1500)?;
    workbook.add_worksheet().set_name("Notes")?.write(0, 0, "remember the cake")?;
    workbook.add_worksheet().set_name("Lists")?.set_hidden(true).write(0, 0, "KPI")?;
    workbook.save_to_buffer()
}

#[test]
fn an_english_workbook_becomes_a_plan_that_audits() {
    let imported = imported_for("kpis.xlsx", &english_workbook().unwrap(), Some("2027-Q1"));
    let report = audited(&imported);
    assert_eq!((imported.read, imported.rows), (4, 5), "{}", imported.yaml);
    assert_eq!(
        keys_of(&imported, "Marketing-qualified leads"),
        ["target: 1200", "baseline: 640", "by: 2027-03-31", "owner: ana"]
    );
    assert_eq!(
        keys_of(&imported, "MQL to SQL conversion"),
        ["target: 30%", "baseline: 7%", "by: 2027-03-31", "owner: rui"]
    );
    assert_eq!(keys_of(&imported, "Demos booked"), ["target: 4/month"]);
    let nested = plan(&report).kpis.iter().filter(|kpi| kpi.nested_in.is_some()).count();
    assert_eq!(nested, 4, "a merged objective is the goal of all its rows: {}", imported.yaml);
}

#[test]
fn what_a_plan_has_no_place_for_is_told_and_kept() {
    let imported = imported_for("kpis.xlsx", &english_workbook().unwrap(), Some("2027-Q1"));
    let unread: Vec<String> = imported.unread.iter().map(ToString::to_string).collect();
    for sheet in ["sheet \"Notes\"", "sheet \"Lists\""] {
        assert!(unread.iter().any(|line| line.contains(sheet)), "{unread:?}");
    }
    assert!(unread.iter().any(|line| line.contains("row 10") && line.contains("adds other rows up")), "{unread:?}");
    for kept in ["Weight: 0.5", "Target / Q2: 1500", "Total | 1500", "Growth plan"] {
        assert!(imported.yaml.contains(kept), "{kept}\n{}", imported.yaml);
    }
}

#[test]
fn of_two_quarters_none_is_taken_where_nothing_says_which() {
    let imported = imported("kpis.xlsx", &english_workbook().unwrap());
    assert!(keys_of(&imported, "Marketing-qualified leads").iter().all(|key| !key.starts_with("target")));
    assert!(imported.guessed.iter().any(|line| line.contains("--period")), "{:?}", imported.guessed);
    audited(&imported);
}

/// Decimal commas as text, a currency in a head, months in words, and a sheet of products.
fn portuguese_workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (percent, euro) = (Format::new().set_num_format("0,0%"), Format::new().set_num_format("#,##0 \"€\""));
    let sheet = workbook.add_worksheet().set_name("Indicadores")?;
    sheet.write(0, 0, "Plano de crescimento T1 2027")?;
    let heads = ["Indicador", "Meta", "Linha de base", "Responsável", "Prazo", "Equipa", "Observações"];
    for (column, heading) in (0..).zip(heads) {
        sheet.write(2, column, heading)?;
    }
    sheet.write(3, 0, "Leads qualificados")?.write(3, 1, "1.200")?.write(3, 2, "640")?.write(3, 3, "Ana")?;
    sheet.write(3, 4, "31/03/2027")?.write(3, 5, "marketing; vendas")?.write(3, 6, "só B2B")?;
    sheet.write(5, 0, "Taxa de conversão")?.write(5, 1, "12,5%")?.write_with_format(5, 2, 0.07, &percent)?;
    sheet.write(5, 3, "Rui")?.write(5, 4, "31 de março de 2027")?;
    sheet.write(6, 0, "Receita nova")?.write_with_format(6, 1, 250_000, &euro)?.write(6, 4, "03/04/2027")?;
    sheet.write(7, 0, "Notoriedade")?.write(7, 1, "a definir")?;
    let products = workbook.add_worksheet().set_name("Produtos")?;
    for (column, heading) in (0..).zip(["Produto", "Orçamento (€)", "Novos clientes", "Margem bruta (%)"]) {
        products.write(0, column, heading)?;
    }
    products.write(1, 0, "Base")?.write(1, 1, 90_000)?.write(1, 2, 30)?.write(1, 3, 74)?;
    products.write(2, 0, "Pro")?.write(2, 1, 60_000)?.write(2, 2, 14)?.write(2, 3, 0.78)?;
    workbook.save_to_buffer()
}

#[test]
fn a_portuguese_workbook_becomes_a_plan_that_audits() {
    let imported = imported("Indicadores.xlsx", &portuguese_workbook().unwrap());
    let report = audited(&imported);
    let yaml = &imported.yaml;
    for head in ["period: 2027-Q1", "currency: EUR", "locale: pt"] {
        assert!(yaml.lines().any(|line| line.starts_with(head)), "{head}\n{yaml}");
    }
    assert_eq!(
        keys_of(&imported, "Leads qualificados"),
        ["target: \"1.200\"", "baseline: 640", "by: 2027-03-31", "owner: Ana", "teams: [marketing, vendas]"]
    );
    assert_eq!(
        keys_of(&imported, "Taxa de conversão"),
        ["target: 12,5%", "baseline: 7%", "by: 2027-03-31", "owner: Rui"]
    );
    assert_eq!(keys_of(&imported, "Receita nova"), ["target: 250000", "by: 2027-04-03"]);
    assert_eq!(keys_of(&imported, "Notoriedade"), ["target: a definir"]);
    assert_eq!(keys_of(&imported, "Base"), ["budget: 90000", "new_customers: 30", "gross_margin: 74%"]);
    let leads = plan(&report).kpis.iter().find(|kpi| kpi.name.value == "Leads qualificados").unwrap();
    assert_eq!(leads.target_level(), Some(1200.0));
}

#[test]
fn a_share_that_could_be_two_is_not_guessed() {
    let imported = imported("Indicadores.xlsx", &portuguese_workbook().unwrap());
    assert!(keys_of(&imported, "Pro").iter().all(|key| !key.starts_with("gross_margin")));
    assert!(imported.unread.iter().any(|line| line.why.contains("0.78% or 78%")), "{:?}", imported.unread);
}

#[test]
fn what_a_number_is_shown_with_is_kept_where_it_says_what_it_is() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "KPI").unwrap().write(0, 1, "Target").unwrap();
    for (row, (name, number, format)) in
        (1..).zip([("Payback", 90.0, "0 \"days\""), ("Users", 40.0, "0 \"users\""), ("Visits", 40_000.0, "0,\"k\"")])
    {
        sheet.write(row, 0, name).unwrap();
        sheet.write_with_format(row, 1, number, &Format::new().set_num_format(format)).unwrap();
    }
    let imported = imported("k.xlsx", &workbook.save_to_buffer().unwrap());
    assert_eq!(keys_of(&imported, "Payback"), ["target: 90 days"]);
    assert_eq!(keys_of(&imported, "Users"), ["target: 40"]);
    assert_eq!(keys_of(&imported, "Visits"), ["target: 40000"]);
    audited(&imported);
}

#[test]
fn a_formula_without_a_result_and_an_error_are_told() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "KPI").unwrap().write(0, 1, "Target").unwrap();
    sheet.write(1, 0, "Leads").unwrap().write(1, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(2, 0, "Demos").unwrap().write(2, 1, Formula::new("=2*50").set_result("100")).unwrap();
    let imported = imported("k.xlsx", &workbook.save_to_buffer().unwrap());
    assert_eq!(keys_of(&imported, "Leads"), Vec::<String>::new());
    assert!(imported.yaml.contains("#DIV/0!"), "{}", imported.yaml);
    assert_eq!(keys_of(&imported, "Demos"), ["target: 100"]);
    audited(&imported);
}

#[test]
fn an_open_document_keeps_its_percentages_currencies_dates_and_merged_cells() {
    let imported = imported("metas.ods", include_bytes!("data/import/metas.ods"));
    let report = audited(&imported);
    assert_eq!(
        keys_of(&imported, "Tasa de conversión"),
        ["target: 30%", "baseline: 12.5%", "by: 2027-03-31", "owner: Ana"]
    );
    assert_eq!(keys_of(&imported, "Ingresos nuevos"), ["target: 40000", "by: 2027-06-30", "owner: Ana"]);
    assert!(imported.yaml.contains("currency: EUR"), "{}", imported.yaml);
    assert_eq!(plan(&report).goals.len(), 1);
    assert!(plan(&report).kpis.iter().all(|kpi| kpi.nested_in == Some(0)));
}

#[test]
fn thousands_and_millions_said_by_a_heading_or_a_unit_are_kept() {
    let products = imported("k.csv", b"Product;Budget (TEUR);Price (EUR)\nCore;90;1200\nPro;1,5;9600\nLite;90k;\n");
    assert_eq!(keys_of(&products, "Core"), ["budget: 90k", "price: 1200"]);
    assert_eq!(keys_of(&products, "Pro"), ["budget: 1,5k", "price: 9600"]);
    assert_eq!(keys_of(&products, "Lite"), Vec::<String>::new());
    assert!(products.unread.iter().any(|unread| unread.why.contains("thousands")), "{:?}", products.unread);
    let budget = plan(&audited(&products)).products[0].budget.as_ref().and_then(|budget| budget.point());
    assert_eq!(budget, Some(90_000.0));
    let text = "Kennzahl;Einheit;Ziel\nUmsatz;TEUR;1100\nBesucher;Tsd.;150\nDauer;Tage;30\n";
    let units = imported("k.csv", text.as_bytes());
    assert_eq!(keys_of(&units, "Umsatz"), ["target: 1100k"]);
    assert_eq!(keys_of(&units, "Besucher"), ["target: 150k"]);
    assert_eq!(keys_of(&units, "Dauer"), ["target: 30"]);
    audited(&units);
}

#[test]
fn a_campaign_starts_and_ends_on_a_day() {
    let imported = imported("k.csv", b"Campaign,Start,End,Budget\nWebinar,2027-01-10,2027-02-01,500\n");
    assert_eq!(keys_of(&imported, "Webinar"), ["budget: 500", "start: 2027-01-10", "end: 2027-02-01"]);
    audited(&imported);
}

#[test]
fn a_goal_of_a_yaml_list_that_is_a_number_is_a_target() {
    let imported = imported("k.yaml", b"kpis:\n  - {title: Leads, goal: 1200}\n  - {title: Churn, goal: 2%}\n");
    assert_eq!(keys_of(&imported, "Leads"), ["target: 1200"]);
    assert!(plan(&audited(&imported)).goals.is_empty(), "{}", imported.yaml);
}

#[test]
fn metrics_with_many_keys_of_their_own_are_read() {
    let text = "metrics:\n  - name: new_arr\n    label: New ARR\n    description: Booked\n    type: simple\n    \
                type_params: {measure: arr}\n    filter: \"{{ x }} = true\"\n    config: {enabled: true}\n    meta: {tier: 1}\n  \
                - name: active_users\n    type: cumulative\n";
    let imported = imported("metrics.yml", text.as_bytes());
    assert_eq!(keys_of(&imported, "New ARR"), ["role: diagnostic", "source: dbt metric new_arr"]);
    assert_eq!(keys_of(&imported, "active_users"), ["role: diagnostic"]);
    audited(&imported);
}

// ---- the way round

/// Runs the command as a user does; gives its status, and its output.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_kpi-audit")).current_dir(folder).args(arguments).output().expect("it starts");
    (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
}

/// The fingerprints of what a plan's audit says, each with its rule and what it is about; the audit ends with that status.
fn findings(folder: &Path, ends_with: i32) -> BTreeMap<String, (String, String)> {
    let (status, json) = run(folder, &["plan.yaml", "--as-of", "2027-01-25", "--format", "json"]);
    assert_eq!(status, Some(ends_with), "{json}");
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let found = report["plans"][0]["findings"].as_array().unwrap().iter();
    found.map(|own| (text(&own["fingerprint"]), (text(&own["rule"]), text(&own["subject"]["id"])))).collect()
}

/// The comments of a plan, each as it stands, also behind a value.
fn comments(yaml: &str) -> Vec<&str> {
    let comment = |line: &'_ str| {
        if line.starts_with('#') { Some(0) } else { line.find(" # ").map(|before| before + 1) }
    };
    yaml.lines().filter_map(|line| line.split_at_checked(comment(line)?).map(|(_, comment)| comment)).collect()
}

/// Imports a workbook, audits the plan, writes the fixes that are safe, and audits it again.
fn goes_round(workbook: &[u8], period: &[&str], ends_with: i32, fixed: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let (folder, plan) = (folder.path(), folder.path().join("plan.yaml"));
    std::fs::write(folder.join("kpis.xlsx"), workbook).unwrap();
    let arguments = [&["import", "kpis.xlsx", "--out", "plan.yaml"], period].concat();
    assert_eq!(run(folder, &arguments).0, Some(0));
    let (imported, before) = (std::fs::read_to_string(&plan).unwrap(), findings(folder, ends_with));

    let write = ["fix", "plan.yaml", "--write", "--as-of", "2027-01-25"];
    let (status, _) = run(folder, &["fix", "plan.yaml", "--as-of", "2027-01-25"]);
    assert_eq!(status, Some(0));
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), imported, "without --write nothing is written");
    assert_eq!(run(folder, &write).0, Some(0));
    let (written, after) = (std::fs::read_to_string(&plan).unwrap(), findings(folder, ends_with));

    let gone = before.iter().filter(|(fingerprint, _)| !after.contains_key(*fingerprint));
    let gone: Vec<(&str, &str)> = gone.map(|(_, (rule, subject))| (rule.as_str(), subject.as_str())).collect();
    for own in fixed {
        assert!(gone.contains(own), "{own:?} is still there; gone: {gone:?}\n{written}");
    }
    assert_eq!(gone.len(), fixed.len(), "{gone:?}\n{before:?}");
    assert!(comments(&imported).len() > 20, "{imported}");
    assert_eq!(comments(&written), comments(&imported));
    let kept: Vec<&str> = written.lines().filter(|line| imported.lines().any(|own| own == *line)).collect();
    assert!(imported.lines().all(|line| kept.contains(&line)), "each line of the import still stands\n{written}");

    assert_eq!(run(folder, &write).0, Some(0));
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), written, "a second time there is nothing left to write");
}

#[test]
fn an_english_workbook_goes_round() {
    let fixed = [("unguarded-target", "net-revenue-retention")];
    goes_round(&english_workbook().unwrap(), &["--period", "2027-Q1"], 0, &fixed);
}

#[test]
fn a_portuguese_workbook_goes_round() {
    let fixed = [("unguarded-target", "receita-nova")];
    goes_round(&portuguese_workbook().unwrap(), &[], 1, &fixed);
}

// ---- what nobody should give it

#[test]
fn a_broken_locked_or_endless_workbook_is_an_error() {
    let whole = english_workbook().unwrap();
    assert!(matches!(
        refused("k.xlsx", &whole[..whole.len() / 2]),
        ImportError::UnknownFormat | ImportError::Workbook(_)
    ));
    assert!(matches!(refused("k.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ImportError::OldFormat(_)));
    assert!(matches!(refused("k.xlsx", b"PK\x03\x04 no archive"), ImportError::UnknownFormat));
    assert_eq!(refused("k.csv", b""), ImportError::Empty);
    assert_eq!(refused("k.xlsx", &bomb("xl/workbook.xml")), ImportError::TooMuch(TooMuch::Unfolded));
    assert_eq!(refused("k.ods", &bomb("content.xml")), ImportError::TooMuch(TooMuch::Unfolded));
}

/// A small archive that unfolds into 80 MiB.
fn bomb(part: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 1024 * 1024];
    for _ in 0..80 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_open_document_that_repeats_a_cell_a_billion_times_is_refused() {
    let content = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="A">
        <table:table-row><table:table-cell><text:p>KPI</text:p></table:table-cell><table:table-cell><text:p>Target</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="200"><text:p>x</text:p></table:table-cell></table:table-row>
        </table:table></office:document-content>"#;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content.as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert_eq!(refused("k.ods", &bytes), ImportError::TooMuch(TooMuch::Rows));
}

/// An archive of one part.
fn archive_of(part: &str, content: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

/// An open document with headings, and these rows below them.
fn open_document(rows: &str) -> Vec<u8> {
    let heads = "<table:table-row><table:table-cell><text:p>KPI</text:p></table:table-cell></table:table-row>";
    let table = format!("<table:table table:name=\"S\">{heads}{rows}</table:table>");
    archive_of("content.xml", &format!("<d xmlns:table=\"t\" xmlns:text=\"x\">{table}</d>"))
}

#[test]
fn rows_beyond_the_end_of_any_sheet_are_an_error() {
    let empty = format!("<table:table-row table:number-rows-repeated=\"{}\"/>", u64::MAX);
    for repeated in ["1", "3"] {
        let cell = "<table:table-cell><text:p>x</text:p></table:table-cell>";
        let rows =
            format!("{empty}<table:table-row table:number-rows-repeated=\"{repeated}\">{cell}</table:table-row>");
        assert!(matches!(refused("k.ods", &open_document(&rows)), ImportError::Workbook(_)));
    }
}

#[test]
fn merged_cells_give_their_text_no_oftener_than_a_sheet_can_hold() {
    let merged = |text: &str| {
        let span = "table:number-columns-spanned=\"256\" table:number-rows-spanned=\"5000\"";
        format!(
            "<table:table-row><table:table-cell {span}><text:p>{text}</text:p></table:table-cell></table:table-row>"
        )
    };
    let plain = "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    let one_long = merged(&"y".repeat(100_000)) + &plain.repeat(100);
    assert_eq!(refused("k.ods", &open_document(&one_long)), ImportError::TooMuch(TooMuch::Text));
    let one_over_another = merged("x").repeat(1_000);
    assert_eq!(refused("k.ods", &open_document(&one_over_another)), ImportError::TooMuch(TooMuch::Merged));
}

/// The workbook with another text for its first sheet.
fn with_sheet(workbook: &[u8], sheet: &str) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        to.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        match name.as_str() {
            "xl/worksheets/sheet1.xml" => to.write_all(sheet.as_bytes()).unwrap(),
            _ => std::io::copy(&mut part, &mut to).map(|_| ()).unwrap(),
        }
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_names_a_place_no_sheet_has_is_an_error() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    let workbook = workbook.save_to_buffer().unwrap();
    let sheet = |dimension: &str, rows: &str, tail: &str| {
        let head = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>KPI</t></is></c></row>\
                    <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Leads</t></is></c></row>";
        with_sheet(
            &workbook,
            &format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
                 <dimension ref=\"{dimension}\"/><sheetData>{head}{rows}</sheetData>{tail}</worksheet>"
            ),
        )
    };
    assert_eq!(imported("k.xlsx", &sheet("A1:A2", "", "")).read, 1);
    let shared = "<row r=\"3\"><c r=\"A3\"><f t=\"shared\" ref=\"A3:A9\" si=\"4000000000\">B1</f></c></row>";
    for (dimension, rows, tail) in [
        ("C5:A1", "", ""),
        ("ZZZZZZZZ99999999999999999999", "", ""),
        ("A1:A2", "<row r=\"4294967295\"><c><v>1</v></c></row><row><c><v>1</v></c></row>", ""),
        ("A1:A2", "<row r=\"3\"><c r=\"ZZZZZZZZZZ99999999999\"><v>1</v></c></row>", ""),
        ("A1:A2", shared, ""),
        ("A1:A2", "", "<mergeCells><mergeCell ref=\"C2:A1\"/></mergeCells>"),
    ] {
        let why = refused("k.xlsx", &sheet(dimension, rows, tail));
        assert!(matches!(&why, ImportError::Workbook(why) if why.contains("no sheet has")), "{why:?}");
    }
}

#[test]
fn a_workbook_with_a_changed_byte_never_panics() {
    let whole = english_workbook().unwrap();
    // Every place of the archive's directory, and a sample of the rest.
    for at in (0..whole.len()).filter(|at| *at + 300 > whole.len() || at % 97 == 0) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = import(&Request { file: "k.xlsx", bytes: &bytes, ..Request::default() }, dictionary());
    }
}

#[test]
fn names_that_are_code_elsewhere_stay_text() {
    let names = [
        "=cmd()|'/c calc'!A1",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "# no comment",
        "- no item",
        "*alias",
        "&anchor",
        "!tag",
        "{a: b}",
        "[1, 2]",
        "key: value",
        "true",
        "null",
        "%x",
        "@x",
        "`x`",
        "\u{202e}evil",
    ];
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["KPI", "Target", "Owner"]).unwrap();
    for name in names {
        writer.write_record([name, "10", name]).unwrap();
    }
    let imported = imported("k.csv", &writer.into_inner().unwrap());
    let report = audited(&imported);
    let read: Vec<&str> = plan(&report).kpis.iter().map(|kpi| kpi.name.as_str()).collect();
    assert_eq!(read, names);
    assert!(!imported.yaml.contains('\u{202e}'), "a direction override is written as an escape");
}

// ---- texts

#[test]
fn parents_become_links_where_the_sheet_names_them() {
    let text = "Row ID,Goal Title,Type,Parent Row IDs,Owner Emails,Starting Value,Target Value,Current Value,Progress\n\
                1,Grow new ARR,Objective,,ceo@x.com,,,,10%\n\
                2,New ARR,Key Result,1,cro@x.com,0,1.2M,100k,8%\n\
                3,SQLs,Key Result,2,\"ana@x.com, rui@x.com\",380,500,400,16%\n\
                4,Webinar,Initiative,3,ana@x.com,,,,\n\
                5,Orphan,Key Result,99,ana@x.com,1,2,1,\n";
    let imported = imported("okrs.csv", text.as_bytes());
    let report = audited(&imported);
    let plan = plan(&report);
    assert_eq!(keys_of(&imported, "SQLs")[1..4], ["target: 500", "baseline: 380", "actual: 400"]);
    assert!(imported.yaml.contains("drives: [new-arr]"), "{}", imported.yaml);
    assert!(imported.yaml.contains("serves: [sqls]"), "{}", imported.yaml);
    assert!(imported.yaml.contains("# Parent Row IDs: 99"), "{}", imported.yaml);
    assert!(imported.yaml.contains("# Progress: 16%"), "{}", imported.yaml);
    assert_eq!(plan.kpis.iter().find(|kpi| kpi.name.as_str() == "New ARR").unwrap().nested_in, Some(0));
    assert_eq!(plan.kpis.iter().find(|kpi| kpi.name.as_str() == "Orphan").unwrap().nested_in, None);
}

#[test]
fn a_name_that_is_a_link_is_its_text_and_the_address_is_kept() {
    let text = "Objective,KPI,Target,Parent\n[Grow](https://n.so/g),[SQLs](https://n.so/a?b=1),5,\nGrow,MQLs,50,[SQLs](https://n.so/a?b=1)\n,[x](javascript:alert(1)),5,\n";
    let imported = imported("k.csv", text.as_bytes());
    let report = audited(&imported);
    let names: Vec<&str> = plan(&report).kpis.iter().map(|kpi| kpi.name.as_str()).collect();
    assert_eq!(names, ["SQLs", "MQLs", "[x](javascript:alert(1))"], "{}", imported.yaml);
    assert_eq!(plan(&report).goals.len(), 1, "{}", imported.yaml);
    assert!(imported.yaml.contains("# KPI: [SQLs](https://n.so/a?b=1)"), "{}", imported.yaml);
    assert!(imported.yaml.contains("https://n.so/g"), "{}", imported.yaml);
    assert_eq!(keys_of(&imported, "MQLs"), ["target: 50", "drives: [sqls]"]);
}

#[test]
fn an_objective_in_two_spellings_is_one_goal_that_keeps_both() {
    for second_row in ["Leads,GROW ADS", ",GROW ADS"] {
        let sheet = format!("KPI,Objective,Target\nSQLs,Grow ads,5\n{second_row},7\n");
        let yaml = imported("k.csv", sheet.as_bytes()).yaml;
        assert!(yaml.contains("name: Grow ads"), "{yaml}");
        assert!(comments(&yaml).iter().any(|comment| comment.contains("also written: GROW ADS")), "{yaml}");
    }
}

#[test]
fn a_circle_of_parents_is_laid_aside() {
    let text = "KPI,Target,Parent\nA,1,B\nB,2,A\n";
    let imported = imported("k.csv", text.as_bytes());
    audited(&imported);
    assert!(imported.unread.iter().any(|unread| unread.why.contains("circle")), "{:?}", imported.unread);
}

#[test]
fn of_amounts_in_two_currencies_one_stays_and_the_other_is_told() {
    let text = "KPI,Target,Budget (USD)\nNew ARR,€40k,1000\n";
    let imported = imported("k.csv", text.as_bytes());
    assert!(!imported.yaml.contains("\ncurrency:"));
    assert_eq!(keys_of(&imported, "New ARR"), ["target: €40k"]);
    assert!(imported.guessed.iter().any(|line| line.contains("EUR and USD")), "{:?}", imported.guessed);
    audited(&imported);
    let request = Request {
        file: "k.csv",
        bytes: text.as_bytes(),
        currency: CurrencyCode::parse("USD").ok(),
        ..Request::default()
    };
    let in_dollars = import(&request, dictionary()).unwrap();
    assert_eq!(keys_of(&in_dollars, "New ARR"), ["budget: 1000"]);
    assert!(in_dollars.unread.iter().any(|unread| unread.why.contains("not in USD")), "{:?}", in_dollars.unread);
    audited(&in_dollars);
}

#[test]
fn one_euro_among_dollars_makes_no_plan_in_euros() {
    let text = "KPI,Target\nNew ARR,€1.5M\nPipeline,$2m\nCAC,\"$4,300\"\n";
    let imported = imported("k.csv", text.as_bytes());
    assert!(!imported.yaml.contains("\ncurrency:"), "{}", imported.yaml);
    assert!(imported.guessed.iter().any(|line| line.contains("EUR and in $")), "{:?}", imported.guessed);
    audited(&imported);
}

#[test]
fn a_product_in_several_rows_gets_no_part_of_its_budget() {
    let text = "Product,Channel,Budget\nCore,paid search,20k\nCore,paid social,30k\nPro,email,5k\n";
    let imported = imported("k.csv", text.as_bytes());
    assert_eq!(keys_of(&imported, "Core"), Vec::<String>::new());
    assert_eq!(keys_of(&imported, "Pro"), ["budget: 5k", "channels: [email]"]);
    assert!(imported.yaml.contains("# Budget: 30k"));
    audited(&imported);
}

#[test]
fn a_target_from_one_to_the_other_is_told_as_a_guess_and_contradicted_by_a_baseline() {
    let text = "KPI,Target,Baseline\nSQLs,10 to 20,\nDemos,10 to 20,10\nMQLs,10 to 20,5\nSales,10 to 20,-\n";
    let imported = imported("k.csv", text.as_bytes());
    assert_eq!(keys_of(&imported, "SQLs"), ["target: 20", "baseline: 10"]);
    assert_eq!(keys_of(&imported, "Demos"), ["target: 20", "baseline: 10"]);
    assert_eq!(keys_of(&imported, "MQLs"), ["baseline: 5"]);
    assert_eq!(keys_of(&imported, "Sales"), ["target: 20", "baseline: 10"], "{}", imported.yaml);
    assert!(
        imported.guessed.iter().any(|line| line.contains("from 10, the baseline, to 20")),
        "{:?}",
        imported.guessed
    );
    let [unread] = &imported.unread[..] else { panic!("{:?}", imported.unread) };
    assert!(unread.why.contains("the baseline's own cell says 5"), "{unread}");
    audited(&imported);
}

#[test]
fn about_so_much_and_a_stretch_are_read_and_told() {
    let imported = imported("k.csv", "KPI,Target\nChurn,~15%\nSQLs,500 (stretch: 700)\n".as_bytes());
    assert_eq!(keys_of(&imported, "Churn"), ["target: 15%"]);
    assert_eq!(keys_of(&imported, "SQLs"), ["target: 500"]);
    assert!(imported.yaml.contains("in the sheet: 500 (stretch: 700)"), "{}", imported.yaml);
    assert_eq!(imported.guessed.len(), 2, "{:?}", imported.guessed);
    audited(&imported);
}

#[test]
fn a_deadline_in_its_own_column_wins_over_one_in_the_target() {
    let imported = imported(
        "k.csv",
        b"KPI,Target,Due date\nLeads,6000 by end of Q1 2027,2027-06-30\nDemos,60 by end of Q1 2027,\n",
    );
    assert_eq!(keys_of(&imported, "Leads"), ["target: 6000", "by: 2027-06-30"]);
    assert_eq!(keys_of(&imported, "Demos"), ["target: 60", "by: 2027-03-31"]);
    assert!(imported.yaml.contains("6000 by end of Q1 2027"), "{}", imported.yaml);
}

#[test]
fn campaigns_become_initiatives() {
    let text = "Campanha;Orçamento;Responsável;Data de início;Data de fim;Estado\n\
                Webinar;2.000,50 €;Ana;10/01/2027;31/01/2027;Em curso\nFeira;TBD;Rui;;;adiado\n";
    let imported = imported("k.csv", text.as_bytes());
    assert_eq!(
        keys_of(&imported, "Webinar"),
        ["budget: 2.000,50 €", "owner: Ana", "start: 2027-01-10", "end: 2027-01-31", "status: running"]
    );
    assert_eq!(keys_of(&imported, "Feira"), ["owner: Rui"]);
    assert!(imported.yaml.contains("adiado") && imported.yaml.contains("TBD"));
    audited(&imported);
}

#[test]
fn a_table_of_goals_is_split_by_what_they_are_about() {
    let imported = imported("k.csv", b"Goal,Target,Deadline\nNew ARR,1.2M,2027-03-31\nNewsletter subscribers,900,\n");
    let report = audited(&imported);
    assert_eq!(plan(&report).goals.len(), 1);
    assert_eq!(plan(&report).kpis[0].nested_in, None, "no link is made up: {}", imported.yaml);
}

#[test]
fn markdown_tables_and_yaml_lists_become_plans() {
    let markdown = "# OKRs Q1 2027\n\n| Objective | Key result | Target |\n|---|---|---|\n| Grow | New ARR | 1M |\n| | SQLs | 300 |\n";
    let from_markdown = imported("okrs.md", markdown.as_bytes());
    let report = audited(&from_markdown);
    assert!(plan(&report).kpis.iter().all(|kpi| kpi.nested_in == Some(0)), "{}", from_markdown.yaml);
    assert!(from_markdown.yaml.contains("period: 2027-Q1"));
    let dbt = "metrics:\n  - name: new_arr\n    label: New ARR\n    type: simple\n    type_params: {measure: arr}\n";
    let from_dbt = imported("metrics.yml", dbt.as_bytes());
    assert_eq!(keys_of(&from_dbt, "New ARR"), ["role: diagnostic", "source: dbt metric new_arr"]);
    assert!(from_dbt.guessed.iter().any(|line| line.contains("diagnostic")), "{:?}", from_dbt.guessed);
    audited(&from_dbt);
    assert_eq!(refused("plan.yaml", b"plan: a\nkpis: [b]\n"), ImportError::Plan);
}

#[test]
fn a_cell_longer_than_any_is_refused_and_a_long_one_is_kept() {
    for (file, text) in [("k.csv", "KPI,Target\n{},5\n"), ("k.md", "| KPI | Target |\n|---|---|\n| {} | 5 |\n")] {
        let filled = |letters: usize| text.replace("{}", &"ã".repeat(letters));
        assert_eq!(refused(file, filled(32_768).as_bytes()), ImportError::TooMuch(TooMuch::Letters), "{file}");
        assert!(imported(file, filled(30_000).as_bytes()).yaml.contains(&"ã".repeat(30_000)), "{file}");
    }
    let unclosed = "KPI,Target\n\"SQLs,5\n".to_owned() + &"MQLs,10\n".repeat(10_000);
    let error = refused("k.csv", unclosed.as_bytes());
    assert!(error.to_string().contains("a quotation mark that is not closed"), "{error}");
}

#[test]
fn a_table_wider_than_any_is_refused_in_every_format() {
    let wide = format!("|{}\n|{}\n|{}\n", " KPI |".repeat(300), "---|".repeat(300), " 1 |".repeat(300));
    assert_eq!(refused("k.md", wide.as_bytes()), ImportError::TooMuch(TooMuch::Columns));
}

#[test]
fn a_file_without_headings_says_what_was_looked_at() {
    let error = refused("k.csv", b"Dear all\nsee you, on Monday\n");
    assert_eq!(error.to_string(), "no row of headings was found in 2 rows");
    assert!(error.help().contains("KPI, Target, Owner"));
    assert_eq!(refused("k.csv", b"KPI,Target\n,5\n"), ImportError::NoRows);
}

#[test]
fn a_key_that_the_sheet_does_not_give_counts_once_its_mark_is_taken_away() {
    for (csv, currency) in [("KPI,Target\nMQLs,1000\n", "none"), ("KPI,Target\nSales,€5k\nRevenue,£9k\n", "several")]
    {
        let imported = imported("k.csv", csv.as_bytes());
        assert!(imported.yaml.contains(&format!("currency: EUR  # the sheet names {currency};")), "{}", imported.yaml);
        let mut opened = imported.clone();
        opened.yaml =
            imported.yaml.replace("# period: 2027", "period: 2027").replace("# currency: EUR", "currency: EUR");
        assert_ne!(opened.yaml, imported.yaml);
        audited(&opened);
    }
}

#[test]
fn a_dollar_beside_euros_is_a_currency_that_is_not_known() {
    let yaml = imported("k.csv", "KPI,Target\nSales,€5k\nRevenue,$9k\n".as_bytes()).yaml;
    assert!(yaml.contains("amounts are in EUR and in $, so no currency is taken"), "{yaml}");
    assert!(!yaml.contains("\ncurrency:") && yaml.contains("$9k"), "{yaml}");
}

#[test]
fn no_cell_is_measured_by_a_currency_that_was_not_taken() {
    for text in ["KPI,Budget\nSales,€5k\nRevenue,$9k\n", "KPI,Budget\nSales,€5k\nRevenue,£9k\n"] {
        let imported = imported("k.csv", text.as_bytes());
        assert!(!imported.yaml.contains("the plan's currency"), "{}", imported.yaml);
        let [unread] = &imported.unread[..] else { panic!("{:?}", imported.unread) };
        assert!(unread.why.contains("no currency is taken; --currency says"), "{unread}");
        audited(&imported);
    }
}

#[test]
fn the_sheet_that_is_named_is_the_one_that_is_read() {
    let bytes = portuguese_workbook().unwrap();
    let read = |sheet| {
        import(&Request { file: "p.xlsx", bytes: &bytes, sheet: Some(sheet), ..Request::default() }, dictionary())
    };
    let products = read("Produtos").unwrap();
    assert_eq!(products.rows, 2);
    let ImportError::NoSheet { sheets, .. } = read("Vendas").unwrap_err() else { panic!() };
    assert_eq!(sheets, ["Indicadores", "Produtos"]);
}

#[test]
fn the_ending_of_a_file_says_its_format_whatever_its_case() {
    let table = "| KPI | Target |\n| --- | --- |\n| MQLs | 1000 |\n";
    let texts = [
        ("k.csv", "KPI,Target\nMQLs,1000\n"),
        ("K.CSV", "KPI,Target\nMQLs,1000\n"),
        ("k.tsv", "KPI\tTarget\nMQLs\t1000\n"),
        ("k.md", table),
        ("k.markdown", table),
        ("k.yaml", "- {name: MQLs, target: 1000}\n"),
        ("k.YML", "- {name: MQLs, target: 1000}\n"),
    ];
    for (file, text) in texts {
        let yaml = imported(file, text.as_bytes()).yaml;
        assert!(yaml.contains("name: MQLs") && yaml.contains("target: 1000"), "{file}:\n{yaml}");
    }
    assert_eq!(refused("k.docx", b"KPI,Target\nMQLs,1000\n"), ImportError::UnknownFormat);
}

// ---- nothing is lost

/// Cells that look like code, like numbers of every kind, like dates, and like nothing at all.
fn hostile_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        4 => "[A-Za-zãéłñ ]{1,12}",
        4 => "[-+<>=]{0,2}[0-9]{1,4}([.,][0-9]{1,3}){0,2}[ %kM€$x]{0,2}",
        2 => "[0-3]?[0-9][/.-][01]?[0-9][/.-]202[67]",
        2 => "[0-9]{1,4} (by|until|do|até|bis) (end of )?(Q[1-4]|March|2027)",
        2 => "[-#*&!|>'\"%@`{}\\[\\],:?~=<a-c0-9 \\\\]{1,14}",
        1 => "(TBD|n/a|-|null|true|~|Total|#REF!|=A1[+]B1|plan|\\.nan)",
        1 => any::<String>(),
    ]
}

fn headings() -> impl Strategy<Value = Vec<String>> {
    let heading = prop::sample::select(vec![
        "Target",
        "Meta",
        "Baseline",
        "Actual",
        "Owner",
        "Responsável",
        "Due date",
        "Prazo",
        "Team",
        "Budget (EUR)",
        "Orçamento",
        "Objective",
        "Key result",
        "Parent",
        "ID",
        "Type",
        "Product",
        "Campaign",
        "Cadence",
        "Unit",
        "Notes",
        "Weird # one",
        "Start date",
        "Status",
        "Gross margin %",
        "Target Q1",
        "Target Q2",
        "Zielwert",
        "Cel",
        "Source",
        "",
    ]);
    prop::collection::vec(heading.prop_map(str::to_owned), 2..8)
}

/// All texts of a plan: its values, and its lines with their comments.
fn said(yaml: &str) -> Vec<String> {
    fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => texts.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            serde_json::Value::Object(entries) => entries.values().for_each(|value| collect(value, texts)),
            other => texts.push(other.to_string()),
        }
    }
    let mut texts = vec![yaml.to_owned()];
    collect(&serde_yaml::from_str(yaml).unwrap(), &mut texts);
    texts
}

/// A cell as a comment shows it.
fn escaped(text: &str) -> String {
    let acts = |letter: char| {
        letter.is_control() || ('\u{200b}'..='\u{206f}').contains(&letter) || "\u{61c}\u{feff}".contains(letter)
    };
    let shown = |letter: char| match letter {
        letter if acts(letter) && !('\u{200b}'..='\u{200d}').contains(&letter) => letter.escape_default().to_string(),
        letter => letter.to_string(),
    };
    text.chars().map(shown).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_a_sheet_holds_the_plan_reads_and_nothing_is_lost(
        headings in headings(),
        rows in prop::collection::vec(prop::collection::vec(hostile_cell(), 1..9), 1..7),
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(std::iter::once("KPI").chain(headings.iter().map(String::as_str)).chain(["Target"])).unwrap();
        writer.write_record(["First KPI", "1"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let request = Request { file: "k.csv", bytes: &bytes, format: None, ..Request::default() };
        let imported = import(&request, dictionary()).unwrap();
        let report = Auditor::new(Date::constant(2027, 1, 15)).audit_text("plan.yaml", &imported.yaml);
        prop_assert!(report.faults.is_empty(), "{:?}\n{}", report.faults, imported.yaml);
        let texts = said(&imported.yaml);
        let found = |text: &str| text.is_empty() || texts.iter().any(|own| own.contains(text) || own.contains(&escaped(text)));
        for cell in rows.iter().flatten().map(|cell| cell.trim()) {
            let whole = found(cell) || cell.split([',', ';', '/', '\n']).all(|piece| found(piece.trim()));
            prop_assert!(whole, "{cell:?} is lost in\n{}", imported.yaml);
        }
    }
}
