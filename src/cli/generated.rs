//! `kpi-audit schema`, `completions` and `man`: what follows from the tables of keys and from the definitions of the command line.

use clap::CommandFactory;

use kpi_audit::{plan, rules, settings};

use super::Cli;
use super::audit::Outcome;

/// The schema of a plan, or of a settings file.
pub(crate) fn schema(of_settings: bool) -> Outcome {
    let about = |rule: &str| rules::named(rule).map(|rule| rule.page().summary.replace('\n', " ")).unwrap_or_default();
    let out = if of_settings { settings::schema(&rules::adjustable(), about) } else { plan::schema() };
    Outcome { out, ..Outcome::default() }
}

/// The completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "kpi-audit", &mut out);
    text(&out)
}

/// The manual page.
pub(crate) fn man() -> anyhow::Result<Outcome> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    Ok(text(&out))
}

fn text(bytes: &[u8]) -> Outcome {
    Outcome { out: String::from_utf8_lossy(bytes).into_owned(), ..Outcome::default() }
}
