//! What was read of names, for most plans of a repository have the same ones.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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

/// Names, and what was read of each. A copy of a dictionary, which is made to be changed, begins without any. To look a name up takes a
/// twentieth of the instructions of reading it; a few threads have each their own, so that none waits for another.
#[derive(Debug, Default)]
pub(super) struct Names<R>([OfThread<R>; THREADS_APART]);

/// What one thread in so many has read. Nothing that another thread writes to stands beside it, or each would have to fetch it anew.
#[derive(Debug)]
#[repr(align(128))]
struct OfThread<R>(Mutex<BTreeMap<Box<str>, R>>);

const THREADS_APART: usize = 8;

/// Which of them is the present thread's.
fn own_place() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = THREADS.fetch_add(1, Ordering::Relaxed) % THREADS_APART;
    }
    OWN.with(|own| *own)
}

impl<R> Default for OfThread<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> OfThread<R> {
    const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<R: Clone> Names<R> {
    /// For each of the threads; more than the plans of most repositories have.
    const MOST: usize = 4_096;
    /// Longer ones are seldom written twice.
    const LONGEST: usize = 64;

    const fn new() -> Self {
        Self([const { OfThread::new() }; THREADS_APART])
    }

    pub(super) fn get_or_read(&self, name: &str, read: impl FnOnce() -> R) -> R {
        let Some(OfThread(own)) = self.0.get(own_place()).filter(|_| name.len() <= Self::LONGEST) else {
            return read();
        };
        let known = || own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(name) {
            return known.clone();
        }
        let read = read();
        let mut known = known();
        if known.len() < Self::MOST {
            known.insert(name.into(), read.clone());
        }
        read
    }
}

impl<R: Clone> Clone for Names<R> {
    fn clone(&self) -> Self {
        Self::new()
    }
}
