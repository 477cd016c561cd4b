//! What was read of names, for most plans of a repository have the same ones.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::found::Found;
use super::numbers::Figures;

/// What was read of names. It holds as long as the dictionary is as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Remembered {
    /// What a name was found to be, and the bytes of it that decided.
    pub(super) found: Names<Option<(Found, Range<usize>)>>,
    pub(super) figures: Names<Figures>,
}

impl Remembered {
    pub(super) const fn new() -> Self {
        Self { found: Names::new(), figures: Names::new() }
    }
}

/// Names, and what was read of each. A copy of a dictionary, which is made to be changed, begins without any. Threads share them: to look
/// a name up takes a twentieth of the instructions of reading it.
#[derive(Debug, Default)]
pub(super) struct Names<R>(Mutex<BTreeMap<Box<str>, R>>);

impl<R: Clone> Names<R> {
    /// More than the plans of most repositories have.
    const MOST: usize = 4_096;
    /// Longer ones are seldom written twice.
    const LONGEST: usize = 64;

    const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    pub(super) fn get_or_read(&self, name: &str, read: impl FnOnce() -> R) -> R {
        if name.len() > Self::LONGEST {
            return read();
        }
        if let Some(known) = self.known().get(name) {
            return known.clone();
        }
        let read = read();
        let mut known = self.known();
        if known.len() < Self::MOST {
            known.insert(name.into(), read.clone());
        }
        read
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Box<str>, R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Clone> Clone for Names<R> {
    fn clone(&self) -> Self {
        Self::new()
    }
}
