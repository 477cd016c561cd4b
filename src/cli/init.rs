//! `kpi-audit init [FILE]`: writes a commented plan to start from.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::Context;

use kpi_audit::plan;

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
        .with_context(|| format!("cannot write {}", file.display()))?;
    opened.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))?;
    let name = file.display();
    let out = format!("{name} is written: fill it in, then run `kpi-audit {name}`\n");
    Ok(Outcome { out, ..Outcome::default() })
}
