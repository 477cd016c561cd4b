//! Holds the JSON report to its schema, and the schema and its page in `docs/` to the code.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic, also in its helpers")]

use std::path::PathBuf;

use kpi_audit::report::json::schema;
use kpi_audit::report::output::{Ask, Format, written};
use kpi_audit::report::{FailedGate, Gates};
use kpi_audit::{Auditor, Choice, Report};
use serde_json::Value;

/// What to do where a generated file differs.
const BLESS: &str = "run the test again with KPI_AUDIT_BLESS=1 to write it, and look at the difference";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    // A checkout may turn line ends.
    std::fs::read_to_string(path(name)).unwrap_or_default().replace("\r\n", "\n")
}

/// Compares a file with what it should hold, or writes it.
fn hold(name: &str, expected: &str) {
    if std::env::var_os("KPI_AUDIT_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path(name), expected).unwrap();
    }
    assert!(read(name) == expected, "{name} is not what the code says: {BLESS}");
}

fn auditor() -> Auditor {
    Auditor::new(jiff::civil::date(2027, 1, 15))
}

fn audited(auditor: &Auditor, example: &str) -> Report {
    let name = format!("examples/{example}.yaml");
    auditor.audit_text(&name, &read(&name))
}

fn failed() -> Gates {
    let failed = FailedGate { name: "fail-on high".to_owned(), why: "1 finding is high or graver".to_owned() };
    Gates { failed: vec![failed], exit: 1 }
}

fn json(report: Report) -> String {
    let ask = Ask { is_whole: report.is_whole, ..Ask::default() };
    written(Format::Json, &ask, report, &failed())
}

fn value(report: Report) -> Value {
    serde_json::from_str(&json(report)).unwrap()
}

/// The same JSON, for a person to read.
fn indented(json: &str) -> String {
    let mut text = Vec::new();
    let mut writer = serde_json::Serializer::pretty(&mut text);
    serde_transcode::transcode(&mut serde_json::Deserializer::from_str(json), &mut writer).unwrap();
    String::from_utf8(text).unwrap()
}

/// What is wrong with a report by the schema.
fn faults(report: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_in_docs_is_that_of_the_code() {
    hold("docs/report.schema.json", &schema());
}

#[test]
fn the_schema_describes_every_field_and_allows_no_null() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    assert!(!schema.to_string().contains("\"null\""));
    let definitions = schema["$defs"].as_object().unwrap().values();
    for object in definitions.chain([&schema]) {
        for (name, field) in object["properties"].as_object().into_iter().flatten() {
            assert!(field["description"].is_string(), "{name} of {object}");
        }
    }
}

#[test]
fn real_reports_hold_to_the_schema() {
    for example in ["first-plan", "good", "hotel-group", "shop-chasing-roas", "six-products", "subscription"] {
        let report = audited(&auditor(), example);
        assert_eq!(report.plans.len(), 1, "{example}");
        assert_eq!(faults(&value(report)), [""; 0], "{example}");
    }
    let faulty = auditor().audit_text("plan.yaml", "plan: x\nkpis: [{name: Leads, onwer: jana}]");
    assert_eq!(faults(&value(faulty)), [""; 0]);
    let choice = Choice { only: vec!["measures".to_owned()], skip: Vec::new() };
    assert_eq!(faults(&value(audited(&auditor().choice(choice), "subscription"))), [""; 0]);
}

#[test]
fn a_report_that_breaks_the_schema_is_caught() {
    let broken = |pointer: &str, with: Value| {
        let mut report = value(audited(&auditor(), "subscription"));
        *report.pointer_mut(pointer).unwrap() = with;
        faults(&report).len()
    };
    assert_eq!(broken("/plans/0/findings/0/severity", "grave".into()), 1);
    assert_eq!(broken("/plans/0/findings/0/fingerprint", "xyz".into()), 1);
    assert_eq!(broken("/plans/0/score", Value::Null), 1);
    assert_eq!(broken("/plans/0/evidence", 1.5.into()), 1);
}

/// The same report with each list cut to its first item. Its lines are kept as they are, and with them the order of the
/// fields: no text of JSON goes over a line.
fn shortened(report: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut lists: Vec<usize> = Vec::new();
    let mut lines = report.lines();
    while let Some(line) = lines.next() {
        let depth = line.len() - line.trim_start().len();
        if line.ends_with('[') {
            lists.push(depth);
        }
        let is_item_of_a_list = lists.last().is_some_and(|list| depth == list + 2);
        if line.trim_start().starts_with(']') {
            lists.pop();
        }
        match line.strip_suffix(',') {
            Some(item) if is_item_of_a_list => {
                kept.push(item);
                let end = lines.find(|line| line.len() - line.trim_start().len() + 2 == depth);
                kept.extend(end);
                lists.pop();
            }
            _ => kept.push(line),
        }
    }
    kept.join("\n")
}

#[test]
fn the_example_in_docs_is_the_report_of_an_example() {
    let report = audited(&auditor(), "shop-chasing-roas");
    let example = shortened(&indented(&json(report)));
    assert_eq!(faults(&serde_json::from_str(&example).unwrap()), [""; 0]);
    let page = read("docs/report.md");
    let (before, rest) = page.split_once("```json\n").expect("the page has an example");
    let (_, after) = rest.split_once("```\n").expect("the example ends");
    hold("docs/report.md", &format!("{before}```json\n{example}\n```\n{after}"));
}
