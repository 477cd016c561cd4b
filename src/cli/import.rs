//! `kpi-audit import FILE`: makes a plan of a spreadsheet or another tool's export, and says what was guessed and what not read.

use std::path::Path;

use kpi_audit::discover;
use kpi_audit::import::{self, Request};
use kpi_audit::metrics::dictionary;
use kpi_audit::report::{self, View, text::clean};

use super::ImportArgs;
use super::audit::Outcome;
use super::init::{as_argument, write_new};

/// Nothing that is a plan comes near it.
const MOST_BYTES: usize = 32 * 1024 * 1024;

pub(crate) fn run(args: &ImportArgs, view: &View) -> anyhow::Result<Outcome> {
    let is_input = args.file.as_os_str() == "-";
    let bytes = bytes(&args.file)?;
    let name = if is_input { String::new() } else { args.file.display().to_string() };
    let request = Request {
        file: &name,
        bytes: &bytes,
        format: args.from,
        encoding: args.encoding.as_deref(),
        sheet: args.sheet.as_deref(),
        plan: args.plan.as_deref(),
        period: args.period.as_ref(),
        currency: args.currency,
    };
    let shown = if is_input { "standard input" } else { &name };
    let imported = match import::import(&request, dictionary()) {
        Ok(imported) => imported,
        Err(error) => {
            let err = report::import::refused(&error, shown, view);
            return Ok(Outcome { err, status: 2, ..Outcome::default() });
        }
    };
    let mut outcome = Outcome { err: report::import::told(&imported, shown, view), ..Outcome::default() };
    match args.out.as_deref().filter(|out| out.as_os_str() != "-") {
        None => outcome.out = imported.yaml,
        Some(out) => {
            write_new(out, &imported.yaml)?;
            let out = out.display().to_string();
            let out = clean(&out);
            outcome.out =
                format!("{out} is written: look at its comments, then run: kpi-audit {}\n", as_argument(&out));
        }
    }
    Ok(outcome)
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = file.display();
    let bytes = discover::bytes(file, MOST_BYTES).map_err(|why| anyhow::anyhow!("{shown} cannot be read: {why}"))?;
    let too_large = bytes.len() > MOST_BYTES;
    anyhow::ensure!(!too_large, "{shown} is larger than 32 MiB: copy the plan's rows into a file of their own");
    Ok(bytes)
}
