//! Files that are written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// Puts a text in the place of a file, or makes it. Whoever reads meanwhile sees the old text or the new one, and so does who
/// comes after a run that was stopped half-way. A link stays one: what it leads to is replaced.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let about = fs::metadata(&file).ok();
    // A pipe or a terminal is written to as it is: there is nothing to replace.
    if about.as_ref().is_some_and(|about| !about.is_file()) {
        return Ok(fs::write(&file, text)?);
    }
    Replacement::beside(&file, about.as_ref(), text)?.take_its_place()
}

/// Adds a text to the end of a file, or makes it.
pub(crate) fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

/// A text on the disk beside the file that it is to replace; it is gone where it does not come to that.
pub(crate) struct Replacement {
    file: PathBuf,
    beside: NamedTempFile,
}

impl Replacement {
    /// Writes a text beside a file, with what is known of that file where it is there: whose it is, and who may read it.
    pub(crate) fn beside(file: &Path, about: Option<&fs::Metadata>, text: &str) -> anyhow::Result<Self> {
        if about.is_some_and(|about| about.permissions().readonly()) {
            bail!("it is write-protected");
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kpi-audit-");
        // A new file may be read by whom the user's mask lets; a private one stays so also while it is written.
        #[cfg(unix)]
        if about.is_none() {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let made = builder.tempfile_in(folder);
        let mut beside = made.with_context(|| format!("no file can be made in {}", folder.display()))?;
        beside.write_all(text.as_bytes())?;
        if let Some(about) = about {
            keep_owner(beside.as_file(), about)?;
            beside.as_file().set_permissions(about.permissions())?;
        }
        beside.as_file().sync_all()?;
        Ok(Self { file: file.to_owned(), beside })
    }

    /// Puts it in the place of the file, at once.
    pub(crate) fn take_its_place(self) -> anyhow::Result<()> {
        self.beside.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

/// The new file belongs to whom the old one did; where only its owner may give it away, at least to the same group.
#[cfg(unix)]
fn keep_owner(file: &fs::File, about: &fs::Metadata) -> anyhow::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (about.uid(), about.gid())
        || fchown(file, Some(about.uid()), Some(about.gid())).is_ok()
    {
        return Ok(());
    }
    fchown(file, None, Some(about.gid())).context("its group cannot be kept")
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &fs::Metadata) -> anyhow::Result<()> {
    Ok(())
}
