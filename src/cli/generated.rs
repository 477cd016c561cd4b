//! `kpi-audit completions` and `kpi-audit man`: what follows from the definitions of the command line.

use clap::CommandFactory;

use super::Cli;
use super::audit::Outcome;

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
