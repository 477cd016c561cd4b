//! Files that are written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// Puts a text in the place of a file, or makes it. Whoever reads meanwhile sees the old text or the new one, and so does who
/// comes after a run that was stopped half-way. A link stays one: what it leads to is replaced.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = Whole::of(path)?;
    file.write_all(text.as_bytes()).with_context(|| file.cannot())?;
    file.finish()
}

/// A file that is written part by part, and takes its place only when it is whole.
pub(crate) struct Whole {
    path: PathBuf,
    writer: BufWriter<Target>,
}

/// Where the parts go.
enum Target {
    /// Beside the file that they replace.
    Replacement(Box<Replacement>),
    /// To a pipe or a terminal: there is nothing to replace.
    Open(fs::File),
    /// To memory, to be added to the end of a file.
    Addition(Vec<u8>),
}

impl Whole {
    /// A file, which need not be there.
    pub(crate) fn of(path: &Path) -> anyhow::Result<Self> {
        let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let about = fs::metadata(&file).ok();
        let target = match about.as_ref().is_some_and(|about| !about.is_file()) {
            true => fs::OpenOptions::new().write(true).open(&file).map(Target::Open).map_err(anyhow::Error::from),
            false => Replacement::begin(&file, about.as_ref()).map(|begun| Target::Replacement(Box::new(begun))),
        };
        let target = target.with_context(|| cannot_write(path))?;
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(target) })
    }

    /// What is added to the end of a file once it is whole.
    pub(crate) fn added_to(path: &Path) -> Self {
        Self { path: path.to_owned(), writer: BufWriter::new(Target::Addition(Vec::new())) }
    }

    /// What to say where it cannot be written.
    pub(crate) fn cannot(&self) -> String {
        cannot_write(&self.path)
    }

    /// Lets the file take its place.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let Self { path, writer } = self;
        let target = writer.into_inner().map_err(|error| error.into_error()).with_context(|| cannot_write(&path))?;
        let finished = match target {
            Target::Replacement(replacement) => (*replacement).complete().and_then(Replacement::take_its_place),
            Target::Open(mut file) => file.flush().map_err(anyhow::Error::from),
            Target::Addition(text) => append(&path, &text),
        };
        finished.with_context(|| cannot_write(&path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacement(replacement) => replacement.beside.write(bytes),
            Self::Open(file) => file.write(bytes),
            Self::Addition(text) => text.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Adds a text to the end of a file, or makes it.
fn append(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path)?;
    Ok(file.write_all(text)?)
}

/// A text on the disk beside the file that it is to replace; it is gone where it does not come to that.
pub(crate) struct Replacement {
    file: PathBuf,
    about: Option<fs::Metadata>,
    beside: NamedTempFile,
}

impl Replacement {
    /// Writes a text beside a file, with what is known of that file where it is there: whose it is, and who may read it.
    pub(crate) fn beside(file: &Path, about: Option<&fs::Metadata>, text: &str) -> anyhow::Result<Self> {
        let mut replacement = Self::begin(file, about)?;
        replacement.beside.write_all(text.as_bytes())?;
        replacement.complete()
    }

    /// An empty one, to be written to.
    fn begin(file: &Path, about: Option<&fs::Metadata>) -> anyhow::Result<Self> {
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
        let beside = made.with_context(|| format!("no file can be made in {}", folder.display()))?;
        Ok(Self { file: file.to_owned(), about: about.cloned(), beside })
    }

    /// All of it is written: the rest is whose it is, and that it is on the disk.
    fn complete(self) -> anyhow::Result<Self> {
        if let Some(about) = &self.about {
            keep_owner(self.beside.as_file(), about)?;
            self.beside.as_file().set_permissions(about.permissions())?;
        }
        self.beside.as_file().sync_all()?;
        Ok(self)
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
