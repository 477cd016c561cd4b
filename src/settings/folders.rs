//! The settings of each plan: those of the nearest settings file above it, each file read once.

use std::iter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::file::WrittenParts;
use super::{Adjustable, Flags, Settings, SettingsFile};
use crate::audit::Faulty;
use crate::discover::{self, Candidate};
use crate::plan::problem::{Problem, What};
use crate::source::{Source, Span, Unreadable};

/// The name of a settings file that is found by itself.
const SETTINGS_FILE: &str = ".kpi-audit.yaml";

/// Finds the settings that hold for each plan. It can be asked from several threads.
///
/// The nearest `.kpi-audit.yaml` above a plan holds, alone, up to the root of the repository (the nearest `.git`); outside of one, up to
/// the folder that was given or the working directory, whichever reaches further, else only the one in the plan's own folder.
#[derive(Debug)]
pub struct Folders {
    /// The working directory.
    here: PathBuf,
    /// The folders that bound the search outside of a repository.
    given: Vec<PathBuf>,
    /// The only settings file, where one is named.
    config: Option<PathBuf>,
    flags: Flags,
    adjustable: Vec<Adjustable>,
    /// What holds where there is no settings file, for all such folders.
    nothing: Arc<Below>,
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    /// What holds in a folder, by its name as it was given.
    folders: HashMap<PathBuf, Held>,
    /// Settings files by their place.
    files: HashMap<PathBuf, Result<Arc<Below>, Arc<Faulty>>>,
}

/// What holds in one folder.
#[derive(Debug, Clone)]
struct Held {
    /// The folder itself, without links.
    folder: PathBuf,
    below: Result<Arc<Below>, Arc<Faulty>>,
}

/// A settings file, or its absence, with what holds below it.
#[derive(Debug, Default)]
struct Below {
    /// The folder that its globs are taken from.
    folder: PathBuf,
    file: Option<SettingsFile>,
    /// What holds where these entries of `paths` do.
    settings: Mutex<HashMap<Vec<usize>, Arc<Settings>>>,
}

/// Candidates with the settings that hold for each.
#[derive(Debug, Default)]
pub struct Assigned {
    /// The files to audit, in their order.
    pub candidates: Vec<(Candidate, Arc<Settings>)>,
    /// The settings files that have errors, each once, in the order in which they were met.
    pub faults: Vec<Faulty>,
    /// How many files are not audited, since their settings have errors.
    pub unaudited: usize,
    /// How many files in folders the settings leave out.
    pub left_out: usize,
}

impl Folders {
    /// For the paths of a command line. A settings file that is named holds for all plans.
    pub fn new(paths: &[PathBuf], config: Option<&Path>, adjustable: Vec<Adjustable>) -> Self {
        let here = Path::new(".").canonicalize().unwrap_or_else(|_| PathBuf::from("."));
        let given = paths.iter().filter(|path| path.is_dir()).filter_map(|path| path.canonicalize().ok());
        Self {
            given: given.chain(iter::once(here.clone())).collect(),
            here,
            config: config.map(Path::to_owned),
            flags: Flags::default(),
            adjustable,
            nothing: Arc::default(),
            cache: Mutex::default(),
        }
    }

    /// With the gates of the command line, which go before those of any file.
    #[must_use]
    pub fn with_flags(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    /// The settings of each candidate. Files in folders that settings leave out are gone; those whose settings have errors are
    /// counted, never audited with other settings.
    pub fn assign(&self, candidates: Vec<Candidate>) -> Assigned {
        let mut assigned = Assigned { candidates: Vec::with_capacity(candidates.len()), ..Assigned::default() };
        let mut told: Vec<Arc<Faulty>> = Vec::new();
        // A file that is named is read, whether or not there is a plan to use it for.
        if let (true, Err(faulty)) = (self.config.is_some(), self.of(None)) {
            told.push(faulty);
        }
        for candidate in candidates {
            let held = match &candidate {
                Candidate::Found(path) if !self.admits(path) => {
                    assigned.left_out += 1;
                    continue;
                }
                Candidate::Named(path) | Candidate::Found(path) => self.of(Some(path)),
                Candidate::Input => self.of(None),
                Candidate::Broken(..) => Ok(Arc::default()),
            };
            match held {
                Ok(settings) => assigned.candidates.push((candidate, settings)),
                Err(faulty) => {
                    assigned.unaudited += 1;
                    if !told.iter().any(|known| Arc::ptr_eq(known, &faulty)) {
                        told.push(faulty);
                    }
                }
            }
        }
        assigned.faults = told.iter().map(|faulty| (**faulty).clone()).collect();
        assigned
    }

    /// The settings of a file; those of the working directory where there is none, as for standard input.
    ///
    /// # Errors
    ///
    /// What is wrong with its settings file.
    pub fn of(&self, file: Option<&Path>) -> Result<Arc<Settings>, Arc<Faulty>> {
        let Some(file) = file else { return self.of_folder(Path::new(".")) };
        let held = self.held(folder_of(file));
        Ok(held.below?.settings(&held.folder, file.file_name().map(Path::new), self.flags))
    }

    /// The settings of a folder, without what `paths` says of files in it.
    ///
    /// # Errors
    ///
    /// What is wrong with its settings file.
    pub fn of_folder(&self, folder: &Path) -> Result<Arc<Settings>, Arc<Faulty>> {
        let held = self.held(folder);
        Ok(held.below?.settings(&held.folder, None, self.flags))
    }

    /// What is shown as it is written, of the settings file that holds for a folder, or for a file.
    pub(super) fn parts_for(&self, path: &Path, is_folder: bool) -> WrittenParts {
        let folder = if is_folder { path } else { folder_of(path) };
        let below = self.held(folder).below.ok();
        below.and_then(|below| below.file.as_ref().map(|file| file.written.clone())).unwrap_or_default()
    }

    /// What a settings file can change.
    pub(super) fn adjustable(&self) -> &[Adjustable] {
        &self.adjustable
    }

    /// Whether a file that was found in a folder is looked at. Where the settings have errors it is, so that they are told.
    pub fn admits(&self, found: &Path) -> bool {
        let held = self.held(folder_of(found));
        let Ok(below) = held.below else { return true };
        let name = found.file_name().map(Path::new);
        let admits = |file: &SettingsFile| below.inside(&held.folder, name).is_none_or(|path| file.admits(&path));
        below.file.as_ref().is_none_or(admits)
    }

    fn held(&self, folder: &Path) -> Held {
        if let Some(held) = self.lock().folders.get(folder) {
            return held.clone();
        }
        let real = folder.canonicalize().unwrap_or_else(|_| discover::tidy(&self.here.join(folder)));
        let below = match (&self.config, self.nearest(&real)) {
            (Some(config), _) => self.read_once(config, &self.here),
            (None, Some(above)) => self.read_once(&above.join(SETTINGS_FILE), &above),
            (None, None) => Ok(Arc::clone(&self.nothing)),
        };
        let held = Held { folder: real, below };
        self.lock().folders.insert(folder.to_owned(), held.clone());
        held
    }

    /// The nearest folder with a settings file: this one, or one above it.
    fn nearest(&self, folder: &Path) -> Option<PathBuf> {
        let root = discover::repository_of(folder);
        let given =
            self.given.iter().filter(|given| folder.starts_with(given)).min_by_key(|given| given.as_os_str().len());
        let last = root.or(given.map(PathBuf::as_path)).unwrap_or(folder);
        let within = folder.ancestors().take_while(|above| above.starts_with(last));
        // What has the name and cannot be read, as a link that leads nowhere, is told; other settings than those that were meant would
        // not be.
        within.map(Path::to_owned).find(|above| above.join(SETTINGS_FILE).symlink_metadata().is_ok())
    }

    fn read_once(&self, path: &Path, folder: &Path) -> Result<Arc<Below>, Arc<Faulty>> {
        let mut cache = self.lock();
        let read = cache.files.entry(path.to_owned()).or_insert_with(|| {
            let file = self.read(path).map_err(Arc::new)?;
            Ok(Arc::new(Below::new(folder.to_owned(), Some(file))))
        });
        read.clone()
    }

    fn read(&self, path: &Path) -> Result<SettingsFile, Faulty> {
        let shown = self.relative(path);
        let (source, problem) = match self.unfit(path) {
            Some(why) => (Source::new(discover::shown(&shown), ""), Some((Span::default(), Unreadable::Io(why)))),
            None => discover::read(&shown),
        };
        let read = match problem {
            Some((span, why)) => Err(vec![Problem::new(span, What::Source(why))]),
            None => SettingsFile::read(&source, &self.adjustable),
        };
        read.map_err(|problems| Faulty { source: Arc::new(source), problems })
    }

    /// Why a settings file is not even opened. One that is found, not named, is a file of the repository.
    fn unfit(&self, path: &Path) -> Option<String> {
        /// Read in a moment, whatever stands in it.
        const MOST_BYTES: u64 = 1 << 20;
        let real = path.canonicalize().ok()?;
        let about = real.metadata().ok()?;
        let root = path.ancestors().skip(1).find(|above| above.join(".git").exists());
        if about.len() > MOST_BYTES && about.is_file() {
            Some("it is larger than 1 MiB, which is more than settings can be".to_owned())
        } else if self.config.is_some() || about.is_dir() {
            None
        } else if root.is_some_and(|root| !real.starts_with(root)) {
            Some("it is a link that leads out of the repository".to_owned())
        } else if !about.is_file() {
            Some("it is no file".to_owned())
        } else {
            None
        }
    }

    /// A path as it is seen from the working directory.
    fn relative(&self, path: &Path) -> PathBuf {
        let common = self.here.ancestors().enumerate().find(|(_, above)| path.starts_with(above));
        let Some((up, rest)) = common.and_then(|(up, above)| Some((up, path.strip_prefix(above).ok()?))) else {
            return path.to_owned();
        };
        iter::repeat_n(Path::new(".."), up).chain(iter::once(rest)).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        // What is in it is whole at any moment.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Below {
    fn new(folder: PathBuf, file: Option<SettingsFile>) -> Self {
        Self { folder, file, settings: Mutex::default() }
    }

    /// What holds for a file of a folder; what holds for the folder where none is named.
    fn settings(&self, folder: &Path, name: Option<&Path>, flags: Flags) -> Arc<Settings> {
        let Some(file) = &self.file else { return self.once(Vec::new(), || Settings::default().with_flags(flags)) };
        let path = name.and_then(|name| self.inside(folder, Some(name)));
        let entries = path.map(|path| file.entries_for(&path)).unwrap_or_default();
        self.once(entries.clone(), || file.with_entries(&entries).with_flags(flags))
    }

    /// A path from the folder of the settings; none where it lies outside of that.
    fn inside(&self, folder: &Path, name: Option<&Path>) -> Option<PathBuf> {
        let folder = folder.strip_prefix(&self.folder).ok()?;
        Some(name.map_or_else(|| folder.to_owned(), |name| folder.join(name)))
    }

    fn once(&self, entries: Vec<usize>, make: impl FnOnce() -> Settings) -> Arc<Settings> {
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(settings.entry(entries).or_insert_with(|| Arc::new(make())))
    }
}

/// The folder of a file.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
