//! Work spread over the cores: many conversations, or two halves of one thing.

use std::io;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use tokio::runtime::{self, Runtime};

/// Does `work` in one thread for each core, but in no more than `most`; each has a runtime of its
/// own. What the threads give, in no order that means anything.
///
/// # Errors
///
/// Where the system gives no runtime.
///
/// # Panics
///
/// With the panic of a thread.
pub fn each<T: Send>(most: usize, work: impl Fn(&Runtime) -> T + Sync) -> io::Result<Vec<T>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let runtimes = (0..cores.min(most)).map(|_| runtime()).collect::<io::Result<Vec<_>>>()?;
    Ok(thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> =
            runtimes.into_iter().map(|runtime| scope.spawn(move || work(&runtime))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, T>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    }))
}

/// Does both at the same time: `one` in a thread of its own, with that thread's stack.
///
/// # Panics
///
/// With the panic of either, or where the system gives no thread.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

/// A runtime for one thread.
///
/// # Errors
///
/// Where the system gives none.
pub fn runtime() -> io::Result<Runtime> {
    runtime::Builder::new_current_thread().enable_time().build()
}
