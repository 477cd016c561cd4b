//! What an audit of one plan costs, by step: `cargo bench`.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::civil::{Date, date};
use kpi_audit::facts::forecast::Drawing;
use kpi_audit::plan::{self, GoalOrKpi, MetricRef, NoFiles};
use kpi_audit::report::output::{Ask, Format, written};
use kpi_audit::report::{Gates, View};
use kpi_audit::settings::Settings;
use kpi_audit::source::Source;
use kpi_audit::{Auditor, metrics};

const PLAN: &str = include_str!("../examples/subscription.yaml");
const NAMES: &str = include_str!("../tests/data/kpi_names.csv");
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
    let view = View { width: 80, colour: true, all: false };
    print(bencher, Format::Table, &Ask { view, ..Ask::default() });
}

/// From a report to JSON.
#[divan::bench]
fn print_json(bencher: Bencher<'_, '_>) {
    print(bencher, Format::Json, &Ask::default());
}

fn print(bencher: Bencher<'_, '_>, format: Format, ask: &Ask) {
    let report = Arc::new(Auditor::new(DAY).audit_text("plan.yaml", PLAN));
    bencher.bench(|| written(format, ask, Arc::clone(black_box(&report)), &Gates::default()));
}

/// The kinds of the metrics of two hundred names in seven languages.
#[divan::bench]
fn recognise_names(bencher: Bencher<'_, '_>) {
    let names: Vec<_> = NAMES.lines().skip(1).filter_map(name).collect();
    let dictionary = metrics::dictionary();
    bencher
        .counter(ItemsCount::new(names.len()))
        .bench(|| names.iter().filter(|name| dictionary.recognise(black_box(name)).is_some()).count());
}

/// A million draws of a funnel of five stages, every quantity of it a range.
#[divan::bench(sample_count = 10)]
fn forecast_a_goal(bencher: Bencher<'_, '_>) {
    const FUNNEL: &str = "plan: Ranges\ngoals: [{name: New ARR, target: 600k}]\nfunnels:\n  - goal: new-arr\n    stages:\n\
                          \x20     - {name: Visits, volume: \"19,000..22,000\", to_next: 4%..6%}\n\
                          \x20     - {name: MQL, to_next: 20%..30%}\n      - {name: SQL, to_next: 50%..60%}\n\
                          \x20     - {name: Opportunity, to_next: 18%..26%}\n      - {name: Customer, value: 17k..22k}\n";
    let report = Auditor::new(DAY).audit_text("plan.yaml", FUNNEL);
    let goal = MetricRef { plan: 0, which: GoalOrKpi::Goal(0) };
    let model = report.plans.first().and_then(|plan| plan.facts.goal_model(goal)).and_then(Result::ok);
    let drawing = Drawing { draws: 1_000_000, ..Drawing::new(&Settings::default()) };
    bencher
        .counter(ItemsCount::new(drawing.draws))
        .bench(|| black_box(&model).as_ref().and_then(|model| model.forecast(drawing, 12)));
}

/// The name of a row of `lang,name,kind,vanity`.
fn name(row: &str) -> Option<&str> {
    let (_language, rest) = row.split_once(',')?;
    let (rest, _vanity) = rest.rsplit_once(',')?;
    Some(rest.rsplit_once(',')?.0.trim_matches('"'))
}
