//! Files that are written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

/// Puts a text in the place of a file, or makes it. Whoever reads meanwhile sees the old text or the new one, and so does who
/// comes after a run that was stopped half-way. A link stays one: what it leads to is replaced.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let about = fs::metadata(&file).ok();
    // A pipe or a terminal is written to as it is: there is nothing to replace.
    if about.as_ref().is_some_and(|about| !about.is_file()) {
        return Ok(fs::write(&file, text)?);
    }
    let mut beside = tempfile::Builder::new();
    beside.prefix(".kpi-audit-");
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut beside = beside.tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    if let Some(about) = about {
        beside.as_file().set_permissions(about.permissions())?;
    }
    beside.as_file().sync_all()?;
    beside.persist(&file).map_err(|error| error.error)?;
    Ok(())
}

/// Adds a text to the end of a file, or makes it.
pub(crate) fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}
