//! `kpi-audit classify [NAME]...`: says what kind of metric each name is, and which words decided.

use std::io::{self, IsTerminal, Read};

use kpi_audit::report::{View, classify};

use super::audit::{Outcome, folders, refused};
use super::{ClassifyArgs, TableOrJson};

pub(crate) fn run(args: &ClassifyArgs, view: &View) -> Outcome {
    let settings = match folders(&[], args.config.as_deref()).of(None) {
        Ok(settings) => settings,
        Err(faulty) => return refused(&faulty, view),
    };
    let dictionary = settings.dictionary();
    if args.list {
        let out = match args.format {
            TableOrJson::Table => classify::dictionary_table(dictionary, view),
            TableOrJson::Json => classify::dictionary_json(dictionary),
        };
        return Outcome { out, ..Outcome::default() };
    }
    let from_input = args.names.is_empty() || args.names == ["-"];
    let read = if from_input { input(view) } else { Ok(String::new()) };
    let input = match read {
        Ok(input) => input,
        Err(err) => return Outcome { err, status: 2, ..Outcome::default() },
    };
    let names: Vec<_> = if from_input {
        input.trim_start_matches('\u{feff}').lines().collect()
    } else {
        args.names.iter().map(String::as_str).collect()
    };
    let names = names.into_iter().map(str::trim).filter(|name| !name.is_empty());
    let out = match args.format {
        TableOrJson::Table => classify::table(names, dictionary, view),
        TableOrJson::Json => classify::json(names, dictionary),
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
