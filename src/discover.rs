//! Candidate files: what the paths of a command line name, in the same order on every machine; and how each is read, in one version
//! for a whole run.

use std::collections::VecDeque;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use hashbrown::{HashMap, HashSet};
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
    let mut seen = HashSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.extend(seen.insert(PathBuf::from("-")).then_some(Candidate::Input));
        } else if path.is_dir() {
            in_folder(path, &mut seen, &mut found);
        } else if paths.len() == 1 || seen.insert(without_links(path)) {
            // A path alone is not named twice.
            found.push(Candidate::Named(path.clone()));
        }
    }
    found
}

fn in_folder(folder: &Path, seen: &mut HashSet<PathBuf>, found: &mut Vec<Candidate>) {
    let real = without_links(folder);
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Ord::cmp).build();
    for entry in walk {
        match entry {
            Ok(entry) if is_yaml(entry.path()) && is_file(&entry) => {
                // Below the folder only files can be links, so that only they have to be looked up.
                let below = entry.path().strip_prefix(folder).ok().filter(|_| !entry.path_is_symlink());
                let file = below.map_or_else(|| without_links(entry.path()), |below| real.join(below));
                // There may be tens of thousands.
                let mut path = entry.into_path();
                path.shrink_to_fit();
                found.extend(seen.insert(file).then_some(Candidate::Found(path)));
            }
            Ok(_) => {}
            Err(error) => found.push(broken(folder, &error)),
        }
    }
}

/// What could not be looked into, and why; without a path of its own, the folder that was given.
fn broken(folder: &Path, error: &ignore::Error) -> Candidate {
    match error {
        ignore::Error::WithPath { path, err } => broken(path, err),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => broken(folder, err),
        ignore::Error::Io(error) => Candidate::Broken(folder.to_owned(), in_words(error)),
        error => Candidate::Broken(folder.to_owned(), error.to_string()),
    }
}

fn without_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| tidy(path))
}

/// A link to a file is one, and one that leads nowhere is told when it is read. Links to folders are not followed, so
/// none can lead in a circle.
fn is_file(entry: &DirEntry) -> bool {
    let Some(kind) = entry.file_type() else { return false };
    kind.is_file() || (kind.is_symlink() && fs::metadata(entry.path()).map_or(true, |target| target.is_file()))
}

/// Whether a file is YAML by its name.
pub fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// Reads a file. What cannot be read is a problem of an empty text of that name.
pub fn read(path: &Path) -> (Source, Option<(Span, Unreadable)>) {
    let name = shown(path);
    match read_bytes(path, MAX_BYTES) {
        Ok((bytes, _)) => Source::from_bytes(name, bytes),
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
    let is_input = path.as_os_str() == "-";
    let read = if is_input { input_bytes(most) } else { read_bytes(path, most).map(|(bytes, _)| bytes) };
    read.map_err(|error| in_words(&error))
}

/// The bytes of a file, all of one version. One that is written to meanwhile is read again, a few times.
fn read_bytes(path: &Path, most: usize) -> io::Result<(Vec<u8>, Version)> {
    const TRIES: usize = 6;
    for _ in 0..TRIES {
        let file = open(path)?;
        let version = Version::of(&file)?;
        if version.is_fresh() {
            std::thread::sleep(FRESH);
            continue;
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(version.bytes.min(most) + 1)?;
        (&file).take(most as u64 + 1).read_to_end(&mut bytes)?;
        if Version::of(&file)? == version {
            return Ok((bytes, version));
        }
    }
    Err(io::Error::other("it changes while it is read"))
}

/// So soon after a file was written to, more may follow; and a system's clock for files is no finer than some milliseconds, so that a
/// second change would not show.
const FRESH: Duration = Duration::from_millis(20);

/// By what a file that was written to is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    bytes: usize,
    /// None where there is nothing to compare: a pipe gives every byte only once.
    modified: Option<SystemTime>,
}

impl Version {
    fn of(file: &fs::File) -> io::Result<Self> {
        let about = file.metadata()?;
        if !about.is_file() {
            return Ok(Self { bytes: 0, modified: None });
        }
        Ok(Self { bytes: usize::try_from(about.len()).unwrap_or(usize::MAX), modified: about.modified().ok() })
    }

    fn is_fresh(&self) -> bool {
        self.modified.and_then(|modified| modified.elapsed().ok()).is_some_and(|age| age < FRESH)
    }
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
    const PATIENCE: Duration = Duration::from_millis(500);
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
    let shown = tidy(path).to_string_lossy().into_owned();
    // Elsewhere a `\` is a letter of a name, and one that is read as a folder would lead out of the repository.
    if cfg!(windows) { shown.replace('\\', "/") } else { shown }
}

/// The root of the repository that a folder lies in: the nearest folder with a `.git`, itself or above.
pub(crate) fn repository_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
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

/// The files of one run, each in one version. Extended plans are loaded from inside one repository only.
#[derive(Debug, Default)]
pub struct Files {
    /// The folders that were asked for, without links: each is a root where there is no repository.
    folders: Vec<PathBuf>,
    seen: Mutex<Seen>,
    shared: SharedPlans,
}

/// What a run has read.
#[derive(Debug, Default)]
struct Seen {
    /// By the hashes of the paths: there may be tens of thousands.
    versions: HashMap<u64, Version>,
    hasher: RandomState,
    extended: Extended,
    /// The last folder whose root was sought, and the root: the plans of a folder come one after another.
    last_root: Option<(PathBuf, PathBuf)>,
}

/// Texts that plans extend, which are read once for all who do: the latest ones, as many as fit.
#[derive(Debug, Default)]
struct Extended {
    /// Each with the root that it was found to lie in.
    texts: HashMap<PathBuf, (Arc<Source>, PathBuf)>,
    /// The oldest first.
    order: VecDeque<PathBuf>,
    bytes: usize,
}

impl Extended {
    /// A text that was found to lie in that root before.
    fn within(&self, path: &Path, root: &Path) -> Option<Arc<Source>> {
        self.texts.get(path).filter(|(_, own)| own == root).map(|(text, _)| Arc::clone(text))
    }

    fn add(&mut self, path: PathBuf, text: &Arc<Source>, root: PathBuf) {
        const MOST_BYTES: usize = 2 << 20;
        self.bytes += text.text().len();
        self.texts.insert(path.clone(), (Arc::clone(text), root));
        self.order.push_back(path);
        while self.bytes > MOST_BYTES
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.texts.remove(&oldest).map_or(0, |(text, _)| text.text().len());
        }
    }
}

impl Files {
    /// For the files of a command line: outside of a repository, a plan may extend what lies in the folder that was given.
    pub fn of(paths: &[PathBuf]) -> Self {
        let folders = paths.iter().filter(|path| path.is_dir()).filter_map(|path| fs::canonicalize(path).ok());
        Self { folders: folders.collect(), ..Self::default() }
    }

    /// Reads a file. Where this run has read another version of it before, that is a problem: what it says of two plans must agree.
    pub fn read(&self, path: &Path) -> (Arc<Source>, Option<(Span, Unreadable)>) {
        let key = tidy(path);
        if let Some((text, _)) = self.seen().extended.texts.get(&key) {
            return (Arc::clone(text), None);
        }
        let name = shown(path);
        let read = read_bytes(path, MAX_BYTES).and_then(|(bytes, version)| match self.is_as_seen(&key, version) {
            true => Ok(bytes),
            false => Err(io::Error::other("it was changed while this ran; run the command again")),
        });
        let (source, problem) = match read {
            Ok(bytes) => Source::from_bytes(name, bytes),
            Err(error) => unreadable(name, &error),
        };
        (Arc::new(source), problem)
    }

    fn is_as_seen(&self, path: &Path, version: Version) -> bool {
        let mut seen = self.seen();
        let path = seen.hasher.hash_one(path);
        *seen.versions.entry(path).or_insert(version) == version
    }

    /// Forgets what was read, since a file has been written.
    pub fn forget(&self) {
        *self.seen() = Seen::default();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // What is in it is whole at any moment.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder of the nearest `.git` above a file, else the widest folder given that holds it, else its own.
    fn root_of(&self, from: &str) -> Result<PathBuf, String> {
        // A file that is a link is read where it stands, and so is what it extends.
        let folder = Path::new(from).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Some((_, root)) = self.seen().last_root.as_ref().filter(|(known, _)| known == folder) {
            return Ok(root.clone());
        }
        let real = fs::canonicalize(folder).map_err(|error| in_words(&error))?;
        let repository = repository_of(&real);
        let given = || real.ancestors().filter(|ancestor| self.folders.iter().any(|given| given == ancestor)).last();
        let root = repository.or_else(given).unwrap_or(&real).to_owned();
        self.seen().last_root = Some((folder.to_owned(), root.clone()));
        Ok(root)
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
        if let Some(known) = self.seen().extended.within(&wanted, &root) {
            return Ok(known);
        }
        let outside = || "it lies outside of the repository".to_owned();
        let real = fs::canonicalize(&wanted).map_err(|error| match (is_within(&wanted, &root), error.kind()) {
            (false, _) => outside(),
            (true, io::ErrorKind::NotFound) => "there is no such file".to_owned(),
            (true, _) => error.to_string(),
        })?;
        if !real.starts_with(&root) {
            return Err(outside());
        }
        match self.read(&wanted) {
            (source, None) => {
                let mut seen = self.seen();
                if !seen.extended.texts.contains_key(&wanted) {
                    seen.extended.add(wanted, &source, root);
                }
                Ok(source)
            }
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

    /// A folder, the one file in it, and the files of a run there.
    fn of_one_company() -> (tempfile::TempDir, PathBuf, Files) {
        let folder = tempfile::tempdir().unwrap();
        let company = folder.path().join("company.yaml");
        fs::write(&company, "plan: then").unwrap();
        let files = Files::of(&[folder.path().to_owned()]);
        (folder, company, files)
    }

    #[test]
    fn a_text_that_several_extend_is_read_once_and_is_the_same_for_all() {
        let (folder, company, files) = of_one_company();
        let load = |team: &str| files.load(&folder.path().join(team).to_string_lossy(), "company.yaml").unwrap();
        let first = load("a.yaml");
        fs::write(&company, "plan: now, and longer").unwrap();
        assert!(Arc::ptr_eq(&first, &load("b.yaml")));
        assert!(Arc::ptr_eq(&first, &files.read(&company).0));
        files.forget();
        assert_eq!(load("b.yaml").text(), "plan: now, and longer");
    }

    #[test]
    fn a_file_of_which_two_versions_would_be_read_is_an_error() {
        let (folder, company, files) = of_one_company();
        assert_eq!(files.read(&company).1, None);
        fs::write(&company, "plan: now, and longer").unwrap();
        let error = files.load(&folder.path().join("a.yaml").to_string_lossy(), "company.yaml").unwrap_err();
        assert_eq!(error, "cannot be read: it was changed while this ran; run the command again");
    }

    #[test]
    fn the_texts_that_are_kept_for_those_who_extend_them_are_bounded() {
        let mut extended = Extended::default();
        for at in 0..100 {
            extended.add(format!("{at}.yaml").into(), &Arc::new(Source::new("x", "x".repeat(100_000))), PathBuf::new());
        }
        assert_eq!((extended.texts.len(), extended.order.len(), extended.bytes), (20, 20, 2_000_000));
        extended.add("large.yaml".into(), &Arc::new(Source::new("x", "x".repeat(50_000_000))), PathBuf::new());
        assert_eq!((extended.texts.len(), extended.bytes), (0, 0));
    }

    #[test]
    #[cfg(unix)]
    fn what_is_read_of_a_file_that_changes_meanwhile_is_one_version_or_an_error() {
        use std::os::unix::fs::FileExt;
        use std::sync::atomic::{AtomicBool, Ordering};
        use std::time::Instant;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        let texts = [b"a".repeat(3_000_000), b"b".repeat(3_000_000)];
        fs::write(&path, &texts[0]).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
                for text in texts.iter().cycle().take_while(|_| !stop.load(Ordering::SeqCst)) {
                    file.write_all_at(text, 0).unwrap();
                    std::thread::sleep(FRESH * 2);
                }
            });
            let begun = Instant::now();
            let is_whole = |read: io::Result<(Vec<u8>, Version)>| match read {
                Ok((bytes, _)) => texts.contains(&bytes),
                Err(error) => error.to_string() == "it changes while it is read",
            };
            let mut are_whole = true;
            while are_whole && begun.elapsed() < Duration::from_secs(1) {
                are_whole = is_whole(read_bytes(&path, MAX_BYTES));
            }
            stop.store(true, Ordering::SeqCst);
            assert!(are_whole, "two versions in one");
        });
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
