//! What an audit of one plan costs, by step: `cargo bench`.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use jiff::civil::{Date, date};
use kpi_audit::plan::{self, NoFiles};
use kpi_audit::report::{Gates, View, json, table};
use kpi_audit::severity::Severity;
use kpi_audit::source::Source;
use kpi_audit::{Auditor, metrics};

const PLAN: &str = include_str!("../examples/subscription.yaml");
const DAY: Date = date(2027, 1, 15);

fn main() {
    divan::main();
}

/// From a text to typed plans.
#[divan::bench]
fn read_a_plan(bencher: Bencher<'_, '_>) {
    let source = Arc::new(Source::new("plan.yaml", PLAN));
    bencher.bench(|| plan::read(black_box(&source), metrics::dictionary(), &NoFiles));
}

/// From a text to verdicts and a score.
#[divan::bench]
fn audit_a_plan(bencher: Bencher<'_, '_>) {
    let auditor = Auditor::new(DAY);
    bencher.bench(|| auditor.audit_text("plan.yaml", black_box(PLAN)));
}

/// From a report to the scored table.
#[divan::bench]
fn print_the_table(bencher: Bencher<'_, '_>) {
    let report = Auditor::new(DAY).audit_text("plan.yaml", PLAN);
    let view = View { width: 80, colour: true, all: false };
    let shown = table::Shown { least: Severity::Note };
    bencher.bench(|| table::table(black_box(&report), shown, &Gates::default(), &view));
}

/// From a report to JSON.
#[divan::bench]
fn print_json(bencher: Bencher<'_, '_>) {
    let report = Auditor::new(DAY).audit_text("plan.yaml", PLAN);
    bencher.bench(|| json::json(black_box(&report), &Gates::default()));
}

/// The kind of metric of a name.
#[divan::bench(args = ["Cut cost per lead by 30%", "LinkedIn followers", "Nº de seguidores no Instagram"])]
fn recognise_a_name(name: &str) -> bool {
    metrics::dictionary().recognise(black_box(name)).is_some()
}
