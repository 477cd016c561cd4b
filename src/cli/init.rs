//! `kpi-audit init [FILE]`: writes a commented plan to start from.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::Context;

use kpi_audit::plan;
use kpi_audit::report::text::clean;

use super::audit::Outcome;

pub(crate) fn run(file: &Path) -> anyhow::Result<Outcome> {
    let text = plan::starter();
    if file.as_os_str() == "-" {
        return Ok(Outcome { out: text.to_owned(), ..Outcome::default() });
    }
    // An existing file is somebody's work: it is never overwritten.
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(in_words)
        .with_context(|| format!("cannot write {}", file.display()))?;
    opened.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))?;
    let name = file.display().to_string();
    let name = clean(&name);
    let out = format!("{name} is written: fill it in, then run `kpi-audit {name}`\n");
    Ok(Outcome { out, ..Outcome::default() })
}

/// The usual reasons without the system's numbers.
fn in_words(error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AlreadyExists => anyhow::anyhow!("it exists already, and is left as it is; name another file"),
        ErrorKind::NotFound => anyhow::anyhow!("there is no such folder"),
        ErrorKind::PermissionDenied => anyhow::anyhow!("no permission"),
        _ => error.into(),
    }
}
