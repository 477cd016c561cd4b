//! `kpi-audit forecast PATH`: the odds of each goal.

use jiff::civil::Date;

use kpi_audit::discover::{self, Files};
use kpi_audit::facts::forecast::Drawing;
use kpi_audit::report::{View, forecast};
use kpi_audit::{Auditor, PlanReport};

use super::audit::{Outcome, audit, folders, status_and_faults};
use super::{ForecastArgs, TableOrJson};

pub(crate) fn run(args: &ForecastArgs, today: Date, view: &View) -> Outcome {
    let folders = folders(&args.paths, args.config.as_deref());
    let auditor = Auditor::new(today);
    let report = audit(&auditor, &folders.assign(discover::candidates(&args.paths)), &Files::of(&args.paths));
    let drawing = |plan: &PlanReport| {
        let correlation = args.correlation.unwrap_or_else(|| Drawing::new(&plan.facts.settings).correlation);
        Drawing { draws: args.draws, seed: args.seed, correlation }
    };
    let out = match args.format {
        TableOrJson::Json => forecast::json(&report, drawing),
        TableOrJson::Table => forecast::text(&report, drawing, view),
    };
    Outcome { out, ..status_and_faults(&args.paths, &report, view) }
}
