//! A progress bar on standard error, for a person who waits.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run takes before it shows a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far a run is: nothing is shown of a run that is quick, or that nobody looks at.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
}

impl Progress {
    /// Of so many files.
    pub(crate) fn of(files: usize, is_looked_at: bool) -> Self {
        let bar = (is_looked_at && files > 1).then(|| {
            let bar = ProgressBar::with_draw_target(u64::try_from(files).ok(), ProgressDrawTarget::hidden());
            let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} files");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸ "))
        });
        Self { bar, begun: Instant::now() }
    }

    /// One file more is done.
    pub(crate) fn step(&self) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && self.begun.elapsed() >= PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(1);
    }

    /// Lets something else be written meanwhile.
    pub(crate) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
