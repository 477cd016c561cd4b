//! Plans as they were at a revision, through the `git` that is installed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use hashbrown::HashMap;

use crate::discover::{shown, tidy};
use crate::plan::Loader;
use crate::source::Source;

/// Why a revision cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitFault {
    /// `git` cannot be started.
    #[error("git cannot be run: {0}")]
    NotRun(std::io::Error),
    /// There is no repository here, or none that git opens: it says why.
    #[error("this folder is in no git repository that can be read: {0}")]
    NoRepository(String),
    /// The repository has no such revision.
    #[error("git knows no revision `{0}` here (in a shallow clone, fetch it first)")]
    NoRevision(String),
    /// Git failed for another reason, which it says itself.
    #[error("git: {0}")]
    Failed(String),
}

/// The files of a repository as they were at a revision.
#[derive(Debug)]
pub struct Revision {
    /// The repository's root, without links.
    root: PathBuf,
    /// The commit.
    commit: String,
    /// What files were called then, by their name now, where it was another.
    former: HashMap<PathBuf, PathBuf>,
}

impl Revision {
    /// The revision that a name means in the repository of the working directory.
    ///
    /// # Errors
    ///
    /// Where there is no git, no repository, or no such revision.
    pub fn named(name: &str) -> Result<Self, GitFault> {
        let here = Path::new(".");
        let root = git(here, ["rev-parse", "--show-toplevel"]).map_err(|fault| match fault {
            GitFault::Failed(why) => GitFault::NoRepository(why),
            fault => fault,
        })?;
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end_matches(['\n', '\r']));
        let commit = format!("{name}^{{commit}}");
        let commit = git(&root, ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|_| GitFault::NoRevision(name.to_owned()))?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        // `^NAME` means all but that commit, and is none itself.
        if commit.starts_with('^') {
            return Err(GitFault::NoRevision(name.to_owned()));
        }
        let former = former_names(&root, &commit)?;
        Ok(Self { root, commit, former })
    }

    /// The texts of files as they were, by the names that they have now; none where there was no such file.
    ///
    /// # Errors
    ///
    /// Where git fails.
    pub fn texts<P: AsRef<Path>>(&self, files: &[P]) -> Result<Vec<Option<Source>>, GitFault> {
        let then: Vec<Option<PathBuf>> = files.iter().map(|file| self.then(file.as_ref())).collect();
        let asked: Vec<&Path> = then.iter().flatten().map(PathBuf::as_path).collect();
        let mut blobs = self.blobs(&asked)?.into_iter();
        let texts = files.iter().zip(&then).map(|(file, then)| {
            then.as_ref()?;
            let (source, fault) = Source::from_bytes(shown(file.as_ref()), blobs.next()??);
            fault.is_none().then_some(source)
        });
        Ok(texts.collect())
    }

    /// A file's name in the repository as it was, from its name now in the working directory.
    fn then(&self, file: &Path) -> Option<PathBuf> {
        let now = self.in_repository(file)?;
        Some(self.former.get(&now).cloned().unwrap_or(now))
    }

    /// A file of the working directory by its name in the repository; none outside of it. The file need not be there any more.
    fn in_repository(&self, file: &Path) -> Option<PathBuf> {
        let here = std::env::current_dir().ok()?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Links above the file are followed, as git does; a link that is the file itself is what the repository holds.
        let folder = here.join(folder).canonicalize().unwrap_or_else(|_| tidy(&here.join(folder)));
        let file = folder.join(file.file_name()?);
        file.strip_prefix(self.root.canonicalize().ok()?).ok().map(Path::to_owned)
    }

    /// The bytes of files of the revision, all from one process.
    fn blobs(&self, paths: &[&Path]) -> Result<Vec<Option<Vec<u8>>>, GitFault> {
        let mut child = command(&self.root, ["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitFault::NotRun)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Ok(Vec::new()) };
        // A name with a line end cannot be asked for; what is asked instead is never there.
        let names: Vec<String> = paths
            .iter()
            .map(|path| match path.to_str().filter(|name| !name.contains('\n')) {
                Some(_) => format!("{}:{}\n", self.commit, shown(path)),
                None => "-\n".to_owned(),
            })
            .collect();
        let asking = std::thread::spawn(move || names.iter().try_for_each(|name| stdin.write_all(name.as_bytes())));
        let mut answers = BufReader::new(stdout);
        let blobs: std::io::Result<Vec<_>> = paths.iter().map(|_| blob(&mut answers)).collect();
        // What could not be asked is missing among the answers.
        let _ = asking.join();
        let _ = child.wait();
        blobs.map_err(|error| GitFault::Failed(error.to_string()))
    }
}

/// The next answer of `git cat-file --batch`: `OBJECT blob SIZE`, the bytes and a line end; else one line that says why not.
fn blob(answers: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    answers.read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut words = head.trim_end().rsplit(' ');
    let (size, kind) = (words.next().unwrap_or_default().parse::<u64>(), words.next());
    let Ok(size) = size else { return Ok(None) };
    let mut bytes = Vec::new();
    answers.by_ref().take(size).read_to_end(&mut bytes)?;
    answers.by_ref().take(1).read_to_end(&mut Vec::new())?;
    Ok((kind == Some("blob")).then_some(bytes))
}

/// What files were called at a commit, by their name in the work tree, where git finds that they were renamed.
fn former_names(root: &Path, commit: &str) -> Result<HashMap<PathBuf, PathBuf>, GitFault> {
    let words = ["diff", "--no-ext-diff", "--no-textconv", "--name-status", "-z", "--find-renames", "--diff-filter=R"];
    let out = git(root, words.into_iter().chain([commit, "--"]))?;
    let mut names = out.split(|byte| *byte == 0).map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()));
    let mut former = HashMap::new();
    while let (Some(_), Some(then), Some(now)) = (names.next(), names.next(), names.next()) {
        former.insert(now, then);
    }
    Ok(former)
}

fn git<S: AsRef<OsStr>>(folder: &Path, words: impl IntoIterator<Item = S>) -> Result<Vec<u8>, GitFault> {
    let out = command(folder, words).stdin(Stdio::null()).output().map_err(GitFault::NotRun)?;
    if out.status.success() {
        return Ok(out.stdout);
    }
    let why = String::from_utf8_lossy(&out.stderr);
    Err(GitFault::Failed(why.trim().trim_start_matches("fatal: ").to_owned()))
}

fn command<S: AsRef<OsStr>>(folder: &Path, words: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(words).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

/// Extended plans are those of the revision too.
impl Loader for Revision {
    fn load(&self, from: &str, path: &str) -> Result<Arc<Source>, String> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let wanted = tidy(&folder.join(path));
        let mut texts = self.texts(std::slice::from_ref(&wanted)).map_err(|fault| fault.to_string())?;
        texts.pop().flatten().map(Arc::new).ok_or_else(|| "there was no such file".to_owned())
    }
}
