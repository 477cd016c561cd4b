//! `kpi-audit brief PATH`: the meeting brief.

use jiff::civil::Date;

use kpi_audit::Auditor;
use kpi_audit::discover::{self, Files};
use kpi_audit::report::{View, brief};

use super::audit::{Outcome, audit, folders, status_and_faults};
use super::{BriefArgs, BriefFormat};

pub(crate) fn run(args: &BriefArgs, today: Date, view: &View) -> Outcome {
    let folders = folders(&args.paths, args.config.as_deref());
    let auditor = Auditor::new(today).as_of(args.as_of);
    let report = audit(&auditor, &folders.assign(discover::candidates(&args.paths)), &Files::of(&args.paths));
    let out = match args.format {
        BriefFormat::Text => brief::text(&report, view),
        BriefFormat::Markdown => brief::markdown(&report),
        BriefFormat::Html => brief::html(&report),
    };
    Outcome { out, ..status_and_faults(&args.paths, &report, view) }
}
