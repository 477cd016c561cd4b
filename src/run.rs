//! Many files at once, what they gave in their order: the work is done in several threads, and never runs far ahead.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Items that each thread may be ahead of those that are being taken. Those are as many at most, so that no more than twice as many are
/// in memory.
const AHEAD: usize = 2;
/// A plan may nest, and is read by functions that call themselves: the room of the main thread on most systems.
const STACK: usize = 8 << 20;

/// Does some work for each item, in that many threads, and hands what came of it to `take` in the order of the items. Where `take`
/// breaks off, what is not begun is left. What `take` leaves goes back to the thread that made it, as long as that works: memory that is
/// given back by another thread makes both wait.
pub fn in_order<T: Sync, R: Send>(
    jobs: NonZeroUsize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&mut R) -> ControlFlow<()>,
) {
    let jobs = threads(jobs, items.len());
    if jobs == 1 {
        return alone(items, &work, &mut take);
    }
    let line = Line::new(jobs);
    thread::scope(|scope| {
        let (line, work) = (&line, &work);
        let start = |worker: usize| {
            let work = move || line.work(worker, items, work);
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_ok()
        };
        if (0..jobs).filter(|worker| start(*worker)).count() == 0 {
            return alone(items, work, &mut take);
        }
        // Whatever ends this early, the threads must not wait for it.
        let _stop = Stop(line);
        let mut next = 0;
        while next < items.len() {
            let mut done = line.take(next);
            next += done.len();
            if done.is_empty() || done.iter_mut().try_for_each(|(_, done)| take(done)).is_break() {
                return;
            }
            line.give_back(done);
        }
    });
}

/// In this thread alone.
fn alone<T, R>(items: &[T], work: impl Fn(&T) -> R, mut take: impl FnMut(&mut R) -> ControlFlow<()>) {
    let _ = items.iter().try_for_each(|item| take(&mut work(item)));
}

/// How many threads work on so many items: no more than there are items, and one at least.
pub fn threads(jobs: NonZeroUsize, items: usize) -> usize {
    jobs.get().min(items).max(1)
}

/// What is to be done and what is done.
struct Line<R> {
    ahead: usize,
    state: Mutex<State<R>>,
    /// Something is done.
    done: Condvar,
    /// Something was taken.
    taken: Condvar,
}

struct State<R> {
    /// The next item to begin.
    next: usize,
    /// The next item to be taken.
    turn: usize,
    waiting: BTreeMap<usize, Made<R>>,
    /// What was taken, by the thread that made it.
    used: Vec<Vec<R>>,
    stopped: bool,
}

/// What came of an item, with the number of the thread that made it.
type Made<R> = (usize, R);

impl<R> Line<R> {
    fn new(jobs: usize) -> Self {
        let used = (0..jobs).map(|_| Vec::new()).collect();
        let state = State { next: 0, turn: 0, waiting: BTreeMap::new(), used, stopped: false };
        Self { ahead: jobs * AHEAD, state: Mutex::new(state), done: Condvar::new(), taken: Condvar::new() }
    }

    fn work<T>(&self, worker: usize, items: &[T], work: impl Fn(&T) -> R) {
        // A panic in one thread ends the others too, and is then told by the scope.
        let stop = Stop(self);
        while let Some((at, item, used)) = self.begin(worker, items) {
            drop(used);
            let done = work(item);
            if self.keep(at, (worker, done), items.len()) {
                self.done.notify_one();
            }
        }
        std::mem::forget(stop);
    }

    /// The next item, once it is not too far ahead, and what the thread has back.
    fn begin<'i, T>(&self, worker: usize, items: &'i [T]) -> Option<(usize, &'i T, Vec<R>)> {
        let too_far = |state: &mut State<R>| !state.stopped && state.next >= state.turn + self.ahead;
        let mut state = self.taken.wait_while(self.state(), too_far).unwrap_or_else(PoisonError::into_inner);
        let at = state.next;
        let item = items.get(at).filter(|_| !state.stopped)?;
        state.next += 1;
        Some((at, item, state.used.get_mut(worker).map(std::mem::take).unwrap_or_default()))
    }

    /// Keeps what came of an item, and says whether it is time to wake who takes: for several at once, as waking takes as long as a part
    /// of an item. So the first of large items is shown a little later than it could be. Near the end each may be the last.
    fn keep(&self, at: usize, done: Made<R>, items: usize) -> bool {
        let mut state = self.state();
        state.waiting.insert(at, done);
        state.waiting.len() >= self.ahead / 2 || state.next >= items
    }

    /// What came of the items from one on, once there is something; none where that will never be.
    fn take(&self, from: usize) -> Vec<Made<R>> {
        let not_yet = |state: &mut State<R>| !state.stopped && !state.waiting.contains_key(&from);
        let mut state = self.done.wait_while(self.state(), not_yet).unwrap_or_else(PoisonError::into_inner);
        let done: Vec<Made<R>> = (from..).map_while(|at| state.waiting.remove(&at)).collect();
        let was_full = state.next >= state.turn + self.ahead;
        state.turn = from + done.len();
        drop(state);
        if was_full {
            self.taken.notify_all();
        }
        done
    }

    fn give_back(&self, done: Vec<Made<R>>) {
        let mut state = self.state();
        for (worker, done) in done {
            if let Some(used) = state.used.get_mut(worker) {
                used.push(done);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the waiting of all when it goes.
struct Stop<'l, R>(&'l Line<R>);

impl<R> Drop for Stop<'_, R> {
    fn drop(&mut self) {
        self.0.state().stopped = true;
        self.0.taken.notify_all();
        self.0.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn jobs(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    fn collected(count: usize, items: &[usize], work: impl Fn(&usize) -> usize + Sync) -> Vec<usize> {
        let mut taken = Vec::new();
        in_order(jobs(count), items, work, |done| {
            taken.push(*done);
            ControlFlow::Continue(())
        });
        taken
    }

    #[test]
    fn what_is_done_is_taken_in_order_by_any_number_of_threads() {
        let items: Vec<usize> = (0..1_000).collect();
        let uneven = |item: &usize| {
            // The first of each ten takes longest.
            (0..(10 - item % 10) * 500).for_each(|step| _ = std::hint::black_box(step));
            item * 2
        };
        for count in [1, 2, 3, 16] {
            assert_eq!(collected(count, &items, uneven), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
        assert!(collected(4, &[], |item| *item).is_empty());
    }

    #[test]
    fn no_thread_runs_far_ahead_of_what_is_taken() {
        let items: Vec<usize> = (0..500).collect();
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        in_order(jobs(4), &items, work, |item| {
            assert!(begun.load(Ordering::SeqCst) <= *item + 1 + 2 * 4 * AHEAD, "far ahead of {item}");
            ControlFlow::Continue(())
        });
        assert_eq!(begun.into_inner(), items.len());
    }

    #[test]
    fn who_breaks_off_leaves_the_rest_undone() {
        let items: Vec<usize> = (0..100_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        in_order(
            jobs(2),
            &items,
            work,
            |item| if *item == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) },
        );
        assert!(begun.into_inner() <= 4 + 2 * 2 * AHEAD + 2);
    }

    #[test]
    fn a_panic_in_one_thread_is_told_and_hangs_nothing() {
        let work = |item: &usize| if *item == 5 { panic!("five") } else { *item };
        let run = std::panic::catch_unwind(|| collected(3, &(0..100).collect::<Vec<_>>(), work));
        assert!(run.is_err());
    }
}
