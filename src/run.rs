//! Many files at once, what they gave in their order: the work is done in several threads, and never runs far ahead.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Items that each thread may be ahead of those that are being taken, which are as many at most: what is in memory stays little.
const AHEAD: usize = 4;
/// A plan may nest, and is read by functions that call themselves: the room of the main thread on most systems.
const STACK: usize = 8 << 20;

/// Does some work for each item, in that many threads, and hands what came of it to `take` in the order of the items. Where `take`
/// breaks off, what is not begun is left. This thread works as well, and takes what is done between two items of its own: nobody has to
/// be woken for that. What `take` leaves goes back to the thread that made it, as long as that works: memory that is given back by
/// another thread makes both wait.
pub fn in_order<T: Sync, R: Send>(
    jobs: NonZeroUsize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&mut R) -> ControlFlow<()>,
) {
    let jobs = threads(jobs, items.len());
    let line = Line::new(jobs);
    thread::scope(|scope| {
        let (line, work) = (&line, &work);
        for worker in 1..jobs {
            let work = move || line.work(worker, items, work);
            // With fewer threads it takes longer, and that is all.
            if thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        // Whatever ends this early, the threads must not wait for it.
        let _stop = Stop(line);
        let mut next = 0;
        let mut used = Vec::new();
        while next < items.len() {
            let mut done = line.done_from(next);
            next += done.len();
            if done.iter_mut().try_for_each(|(_, done)| take(done)).is_break() {
                return;
            }
            if !done.is_empty() {
                line.give_back(done);
            } else if let Some((at, item)) = line.begin_if_near(THIS, items, &mut used) {
                used.clear();
                line.keep(at, (THIS, work(item)));
            } else if !line.wait_for(next) {
                return;
            }
        }
    });
}

/// How many threads work on so many items: no more than there are items, and one at least.
pub fn threads(jobs: NonZeroUsize, items: usize) -> usize {
    jobs.get().min(items).max(1)
}

/// The number of the thread that takes.
const THIS: usize = 0;

/// What is to be done and what is done.
struct Line<R> {
    ahead: usize,
    state: Mutex<State<R>>,
    /// What is awaited is done.
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
    /// Whether the thread that takes has nothing else to do, and how many others have not.
    takes_at_once: bool,
    held_back: usize,
    stopped: bool,
}

/// What came of an item, with the number of the thread that made it.
type Made<R> = (usize, R);

impl<R> State<R> {
    /// The next item with its number. What the thread has back goes to `used`, which is empty.
    fn begin<'i, T>(&mut self, worker: usize, items: &'i [T], used: &mut Vec<R>) -> Option<(usize, &'i T)> {
        let at = self.next;
        let item = items.get(at).filter(|_| !self.stopped)?;
        self.next += 1;
        if let Some(own) = self.used.get_mut(worker) {
            std::mem::swap(own, used);
        }
        Some((at, item))
    }
}

impl<R> Line<R> {
    fn new(jobs: usize) -> Self {
        let state = State {
            next: 0,
            turn: 0,
            waiting: BTreeMap::new(),
            used: (0..jobs).map(|_| Vec::new()).collect(),
            takes_at_once: false,
            held_back: 0,
            stopped: false,
        };
        Self { ahead: jobs * AHEAD, state: Mutex::new(state), done: Condvar::new(), taken: Condvar::new() }
    }

    fn work<T>(&self, worker: usize, items: &[T], work: impl Fn(&T) -> R) {
        // A panic in one thread ends the others too, and is then told by the scope.
        let stop = Stop(self);
        let mut used = Vec::new();
        while let Some((at, item)) = self.begin(worker, items, &mut used) {
            used.clear();
            self.keep(at, (worker, work(item)));
        }
        std::mem::forget(stop);
    }

    /// The next item, once it is not too far ahead.
    fn begin<'i, T>(&self, worker: usize, items: &'i [T], used: &mut Vec<R>) -> Option<(usize, &'i T)> {
        let too_far = |state: &mut State<R>| !state.stopped && state.next >= state.turn + self.ahead;
        let mut state = self.state();
        state.held_back += 1;
        let mut state = self.taken.wait_while(state, too_far).unwrap_or_else(PoisonError::into_inner);
        state.held_back -= 1;
        state.begin(worker, items, used)
    }

    /// The next item, where it is not too far ahead.
    fn begin_if_near<'i, T>(&self, worker: usize, items: &'i [T], used: &mut Vec<R>) -> Option<(usize, &'i T)> {
        let mut state = self.state();
        if state.next >= state.turn + self.ahead { None } else { state.begin(worker, items, used) }
    }

    fn keep(&self, at: usize, done: Made<R>) {
        let mut state = self.state();
        state.waiting.insert(at, done);
        let is_awaited = state.takes_at_once && at == state.turn;
        // Who is woken wants what is locked.
        drop(state);
        if is_awaited {
            self.done.notify_one();
        }
    }

    /// What came of the items from one on, as far as it is done.
    fn done_from(&self, from: usize) -> Vec<Made<R>> {
        let mut state = self.state();
        let done: Vec<Made<R>> = (from..).map_while(|at| state.waiting.remove(&at)).collect();
        state.turn = from + done.len();
        let is_awaited = state.held_back > 0 && !done.is_empty();
        drop(state);
        if is_awaited {
            self.taken.notify_all();
        }
        done
    }

    /// Waits until an item is done; false where that will never be.
    fn wait_for(&self, at: usize) -> bool {
        let not_yet = |state: &mut State<R>| !state.stopped && !state.waiting.contains_key(&at);
        let mut state = self.state();
        state.takes_at_once = true;
        let mut state = self.done.wait_while(state, not_yet).unwrap_or_else(PoisonError::into_inner);
        state.takes_at_once = false;
        state.waiting.contains_key(&at)
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
