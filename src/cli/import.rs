//! `kpi-audit import FILE`: makes a plan of a spreadsheet or another tool's export, and says what was guessed and what not read.

use std::path::Path;

use owo_colors::Style;

use kpi_audit::discover;
use kpi_audit::import::{self, Imported, Request};
use kpi_audit::metrics::dictionary;
use kpi_audit::report::{View, text::clean};

use super::ImportArgs;
use super::audit::Outcome;
use super::init::{as_argument, write_new};

/// Nothing that is a plan comes near it.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// How many things are told before the rest is counted; the plan's own comments hold all of them.
const MOST_TOLD: usize = 12;

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
            let err = view.wrap("error: ", &format!("{shown}: {error}")) + &view.wrap("  help: ", &error.help());
            return Ok(Outcome { err, status: 2, ..Outcome::default() });
        }
    };
    let mut outcome = Outcome { err: told(&imported, shown, view), ..Outcome::default() };
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

/// What was read, what was guessed and what was not read.
fn told(imported: &Imported, shown: &str, view: &View) -> String {
    let rows = if imported.rows == 1 { "row" } else { "rows" };
    let mut told = view.wrap("", &format!("{shown}: {} of {} {rows} read", imported.read, imported.rows));
    let mut list = |label: &str, style: Style, items: &[String]| {
        for item in items.iter().take(MOST_TOLD) {
            // The prefix is painted after wrapping, so that its escapes are not measured.
            told.push_str(&view.wrap(label, item).replacen(label, &view.paint(label, style), 1));
        }
        if let Some(left) = items.len().checked_sub(MOST_TOLD).filter(|left| *left > 0) {
            told.push_str(&view.wrap(label, &format!("and {left} more; the comments in the plan list them all")));
        }
    };
    list("guessed: ", Style::new().cyan(), &imported.guessed);
    let unread: Vec<String> = imported.unread.iter().map(ToString::to_string).collect();
    list("not read: ", Style::new().yellow(), &unread);
    told
}
