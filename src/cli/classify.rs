//! `kpi-audit classify [NAME]...`: says what kind of metric each name is, and which words decided.

use std::io::{self, IsTerminal, Read};

use kpi_audit::report::{View, classify};

use super::audit::{Outcome, settings_or_fault};
use super::{ClassifyArgs, Format};

pub(crate) fn run(args: &ClassifyArgs, view: &View) -> Outcome {
    let settings = match settings_or_fault(args.config.as_deref(), view) {
        Ok(settings) => settings,
        Err(outcome) => return outcome,
    };
    let dictionary = settings.dictionary();
    if args.list {
        let out = match args.format {
            Format::Table => classify::dictionary_table(dictionary, view),
            Format::Json => classify::dictionary_json(dictionary),
        };
        return Outcome { out, ..Outcome::default() };
    }
    let from_input = match &args.names[..] {
        [] => true,
        [only] => only == "-",
        _ => false,
    };
    let input = match from_input {
        true => match input(view) {
            Ok(input) => input,
            Err(err) => return Outcome { err, status: 2, ..Outcome::default() },
        },
        false => String::new(),
    };
    let given = args.names.iter().map(String::as_str).filter(|_| !from_input);
    let of_input = input.trim_start_matches('\u{feff}').lines();
    let names = given.chain(of_input).map(str::trim).filter(|name| !name.is_empty());
    let out = match args.format {
        Format::Table => classify::table(names, dictionary, view),
        Format::Json => classify::json(names, dictionary),
    };
    Outcome { out, ..Outcome::default() }
}

/// The names on standard input, one a line.
fn input(view: &View) -> Result<String, String> {
    const HELP: &str = "`kpi-audit classify \"Cut cost per lead by 30%\"`; or one name a line on standard input; \
                        `--list` lists the metrics";
    if io::stdin().is_terminal() {
        return Err(format!("error: no name to classify\n{}", view.wrap("help: ", HELP)));
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| format!("error: cannot read standard input: {error}\n"))?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
