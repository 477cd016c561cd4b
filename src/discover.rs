//! Candidate files: what the paths of a command line name, in the same order on every machine.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use crate::plan::{Loader, SharedPlans};
use crate::source::{MAX_BYTES, Source, Span, Unreadable};

/// A file to audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidate {
    /// Named on the command line: always read as a plan.
    Named(PathBuf),
    /// Found in a folder: passed over where it is no plan.
    Found(PathBuf),
    /// Standard input.
    Input,
    /// A path or folder that could not be looked into, and why.
    Broken(PathBuf, String),
}

impl Candidate {
    /// The file, where it is one that can be read.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Found(path) => Some(path),
            Self::Input | Self::Broken(..) => None,
        }
    }
}

/// The candidates that some paths name: files themselves, the YAML files of folders (ignore files
/// are respected, links to files are followed), and `-` for standard input. Each file once.
pub fn candidates(paths: &[PathBuf]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Candidate::Input);
        } else if path.is_dir() {
            found.extend(in_folder(path));
        } else {
            found.push(Candidate::Named(path.clone()));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|candidate| match candidate {
        Candidate::Named(path) | Candidate::Found(path) => {
            seen.insert(fs::canonicalize(path).unwrap_or_else(|_| tidy(path)))
        }
        Candidate::Input => seen.insert(PathBuf::from("-")),
        Candidate::Broken(..) => true,
    });
    found
}

fn in_folder(folder: &Path) -> Vec<Candidate> {
    let mut found = Vec::new();
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Ord::cmp).build();
    for entry in walk {
        match entry {
            Ok(entry) if is_yaml(entry.path()) && is_file(&entry) => {
                found.push(Candidate::Found(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => found.push(Candidate::Broken(folder.to_owned(), error.to_string())),
        }
    }
    found
}

/// A link to a file is one, and one that leads nowhere is told when it is read. Links to folders are not followed, so
/// none can lead in a circle.
fn is_file(entry: &DirEntry) -> bool {
    let Some(kind) = entry.file_type() else { return false };
    kind.is_file() || (kind.is_symlink() && fs::metadata(entry.path()).map_or(true, |target| target.is_file()))
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// Reads a file. What cannot be read is a problem of an empty text of that name.
pub fn read(path: &Path) -> (Source, Option<(Span, Unreadable)>) {
    let name = shown(path);
    match read_bytes(path, MAX_BYTES) {
        Ok(bytes) => Source::from_bytes(name, bytes),
        Err(error) => unreadable(name, &error),
    }
}

/// Reads standard input.
pub fn read_input() -> (Source, Option<(Span, Unreadable)>) {
    match input_bytes(MAX_BYTES) {
        Ok(bytes) => Source::from_bytes("-", bytes),
        Err(error) => unreadable("-".to_owned(), &error),
    }
}

/// The bytes of a file that is no plan, or of standard input for `-`; one byte more than `most` where there are more.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let read = if path.as_os_str() == "-" { input_bytes(most) } else { read_bytes(path, most) };
    read.map_err(|error| in_words(&error))
}

fn read_bytes(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn input_bytes(most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file. A pipe can be opened only once somebody writes to it: one that nobody does is an error, not a wait without end.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::FileTypeExt;
    use std::sync::mpsc;
    const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);
    if !fs::metadata(path)?.file_type().is_fifo() {
        return fs::File::open(path);
    }
    let (opened, waiting) = mpsc::channel();
    let path = path.to_owned();
    std::thread::spawn(move || opened.send(fs::File::open(path)));
    waiting.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(io::Error::other("nobody writes to this pipe")))
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

fn unreadable(name: String, error: &io::Error) -> (Source, Option<(Span, Unreadable)>) {
    (Source::new(name, ""), Some((Span::default(), Unreadable::Io(in_words(error)))))
}

/// The usual reasons without the system's numbers.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// A path as it is shown: relative as given, with `/` on every machine.
pub fn shown(path: &Path) -> String {
    tidy(path).to_string_lossy().replace('\\', "/")
}

/// A path without `.` and without needless `..`.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidy.components().next_back(), Some(Component::Normal(_))) => {
                tidy.pop();
            }
            part => tidy.push(part),
        }
    }
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

/// Loads extended plans from the disk, from inside one repository only.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The folders that were asked for, without links: each is a root where there is no repository.
    folders: Vec<PathBuf>,
    shared: Arc<SharedPlans>,
}

impl Files {
    /// For the files of a command line: outside of a repository, a plan may extend what lies in the folder that was given.
    pub fn of(paths: &[PathBuf]) -> Self {
        let folders = paths.iter().filter(|path| path.is_dir()).filter_map(|path| fs::canonicalize(path).ok());
        Self { folders: folders.collect(), ..Self::default() }
    }

    /// The folder of the nearest `.git` above a file, else the widest folder given that holds it, else its own.
    fn root_of(&self, from: &str) -> Result<PathBuf, String> {
        // A file that is a link is read where it stands, and so is what it extends.
        let folder = Path::new(from).parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).map_err(|error| in_words(&error))?;
        let repository = folder.ancestors().find(|ancestor| ancestor.join(".git").exists());
        let given = || folder.ancestors().filter(|ancestor| self.folders.iter().any(|given| given == ancestor)).last();
        Ok(repository.or_else(given).unwrap_or(&folder).to_owned())
    }
}

impl Loader for Files {
    fn load(&self, from: &str, path: &str) -> Result<Arc<Source>, String> {
        if from == "-" {
            return Err("standard input has no folder to look in".to_owned());
        }
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let wanted = tidy(&folder.join(path));
        // What lies outside is not even looked for: that a file is there would be told as well.
        let root = self.root_of(from)?;
        let outside = || "it lies outside of the repository".to_owned();
        let real = fs::canonicalize(&wanted).map_err(|error| match (is_within(&wanted, &root), error.kind()) {
            (false, _) => outside(),
            (true, io::ErrorKind::NotFound) => "there is no such file".to_owned(),
            (true, _) => error.to_string(),
        })?;
        if !real.starts_with(&root) {
            return Err(outside());
        }
        match read(&wanted) {
            (source, None) => Ok(Arc::new(source)),
            (_, Some((_, why))) => Err(why.to_string()),
        }
    }

    fn shared(&self) -> Option<&SharedPlans> {
        Some(&self.shared)
    }
}

/// Whether a path that cannot be followed leads into a folder, as far as it can be followed.
fn is_within(path: &Path, root: &Path) -> bool {
    let Ok(path) = std::path::absolute(path) else { return false };
    let path = tidy(&path);
    path.ancestors().find_map(|ancestor| fs::canonicalize(ancestor).ok()).is_some_and(|real| real.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_without_detours() {
        assert_eq!(shown(Path::new("./a/./b/../c.yaml")), "a/c.yaml");
        assert_eq!(shown(Path::new("../up.yaml")), "../up.yaml");
        assert_eq!(shown(Path::new(".")), ".");
    }

    #[test]
    fn each_file_is_a_candidate_once() {
        let paths = ["a.yaml", "./a.yaml", "-", "-"].map(PathBuf::from);
        assert_eq!(candidates(&paths), [Candidate::Named("a.yaml".into()), Candidate::Input]);
    }

    #[test]
    #[cfg(unix)]
    fn links_to_files_are_files_and_links_to_folders_are_not_followed() {
        use std::os::unix::fs::symlink;
        let folder = std::env::temp_dir().join(format!("kpi-audit-links-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("plans")).unwrap();
        fs::create_dir_all(folder.join("shared/deep.yaml")).unwrap();
        fs::write(folder.join("shared/q1.yaml"), "plan: a").unwrap();
        fs::write(folder.join("plans/own.yaml"), "plan: b").unwrap();
        for (target, link) in [
            ("../shared/q1.yaml", "linked.yaml"),
            ("own.yaml", "twin.yaml"),
            ("../shared/deep.yaml", "folder.yaml"),
            (".", "loop"),
            ("nothing", "nowhere.yaml"),
            ("pong.yaml", "ping.yaml"),
            ("ping.yaml", "pong.yaml"),
        ] {
            symlink(target, folder.join("plans").join(link)).unwrap();
        }
        let found = candidates(&[folder.join("plans")]);
        fs::remove_dir_all(&folder).unwrap();
        let names = ["linked.yaml", "nowhere.yaml", "own.yaml", "ping.yaml", "pong.yaml"];
        let expected = names.map(|name| Candidate::Found(folder.join("plans").join(name)));
        assert_eq!(found, expected);
    }
}
