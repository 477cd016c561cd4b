//! `kpi-audit forecast PATH`: the odds of each goal.

use jiff::civil::Date;

use kpi_audit::facts::forecast::Drawing;
use kpi_audit::report::{View, forecast};
use kpi_audit::{Auditor, discover};

use super::audit::{Outcome, audit, settings_or_fault, status_and_faults};
use super::{ForecastArgs, TableOrJson};

pub(crate) fn run(args: &ForecastArgs, today: Date, view: &View) -> Outcome {
    let settings = match settings_or_fault(args.config.as_deref(), view) {
        Ok(settings) => settings,
        Err(outcome) => return outcome,
    };
    let usual = Drawing::new(&settings);
    let correlation = args.correlation.unwrap_or(usual.correlation);
    let drawing = Drawing { draws: args.draws, seed: args.seed, correlation };
    let auditor = Auditor::new(today).settings(settings);
    let report = audit(&auditor, &discover::candidates(&args.paths));
    let out = match args.format {
        TableOrJson::Json => forecast::json(&report, drawing),
        TableOrJson::Table => forecast::text(&report, drawing, view),
    };
    Outcome { out, ..status_and_faults(&args.paths, &report, view) }
}
