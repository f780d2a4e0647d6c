//! The thread that makes commits durable, many at a time.
//!
//! It takes all commits that wait, plans each on what those before it leave behind, writes the
//! whole group at once, and only then answers. One slow disk write thus serves everybody who
//! waited for it, and versions are checked where nothing can come in between.

use std::io;
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::backup::Tap;
use super::error::StoreError;
use super::space::{Pending, Space, Writes};

/// How many commits may wait; whoever comes then waits to be let in.
const QUEUE: usize = 1024;
/// How many commits are written together at most.
const GROUP: usize = 256;
/// Where a group held this many commits, more are about to come: the next one waits for them, so
/// that they share its writes to the disk; and so do as many after it as it takes to halve a large
/// one down to this. Customers who come one by one otherwise wait for nobody.
const SIBLINGS: usize = 4;
/// How long it waits.
const GATHERING: Duration = Duration::from_millis(2);

/// The door to the thread. Dropping it finishes all that waits, and then joins the thread.
pub(super) struct Committer<S> {
    queue: Option<mpsc::Sender<Job<S>>>,
    thread: Option<JoinHandle<()>>,
    /// Why the first write that failed did.
    failure: Arc<OnceLock<String>>,
    /// Where groups that were written are noted while somebody copies.
    tap: Tap,
}

/// Plans one commit and keeps its answer until it is known whether the group was written.
type Job<S> = Box<dyn FnOnce(&Pending<'_, S>) -> Planned + Send>;

/// Where the answer to a job will be.
type Outcome<T> = oneshot::Receiver<Result<T, StoreError>>;

struct Planned {
    writes: Writes,
    answer: Answer,
}

/// Tells the one who waits, once it is known whether the group was written or why not.
type Answer = Box<dyn FnOnce(Result<(), &str>) + Send>;

impl<S: Space + Send + Sync + 'static> Committer<S> {
    /// Starts the thread. It plans on `space`, and `write` makes a group, of so many commits,
    /// durable or says why it could not; after that it is not called again.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub(super) fn start(
        space: Arc<S>,
        write: impl FnMut(Writes, usize) -> Result<(), String> + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let failure = Arc::new(OnceLock::new());
        let seen = Arc::clone(&failure);
        let tap = Tap::default();
        let noting = tap.clone();
        let thread = thread::Builder::new()
            .name("store-committer".to_owned())
            .spawn(move || run(&*space, write, jobs, &seen, &noting))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), failure, tap })
    }

    /// Plans with `plan` and gives what it found once its writes are durable.
    ///
    /// # Errors
    ///
    /// What `plan` says, and [`StoreError::NotReady`] after a write that failed.
    pub(super) async fn submit<T: Send + 'static>(
        &self,
        plan: impl FnOnce(&Pending<'_, S>) -> Result<(T, Writes), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (job, outcome) = self.job(plan)?;
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(job).await.map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }

    /// The same for a thread that may wait.
    ///
    /// # Errors
    ///
    /// As with [`Self::submit`].
    pub(super) fn submit_and_wait<T: Send + 'static>(
        &self,
        plan: impl FnOnce(&Pending<'_, S>) -> Result<(T, Writes), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (job, outcome) = self.job(plan)?;
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.blocking_send(job).map_err(|_| stopped())?;
        outcome.blocking_recv().map_err(|_| stopped())?
    }

    /// What the thread is handed, and where the answer will be.
    fn job<T: Send + 'static>(
        &self,
        plan: impl FnOnce(&Pending<'_, S>) -> Result<(T, Writes), StoreError> + Send + 'static,
    ) -> Result<(Job<S>, Outcome<T>), StoreError> {
        self.ready()?;
        let (done, outcome) = oneshot::channel();
        let job: Job<S> = Box::new(move |space| {
            let (found, writes) = match plan(space) {
                Ok((found, writes)) => (Ok(found), writes),
                Err(error) => (Err(error), Writes::default()),
            };
            let answer = move |written: Result<(), &str>| {
                // Nobody may wait any more: then the commit happened all the same.
                let _ = done.send(written.map_err(not_ready).and(found));
            };
            Planned { writes, answer: Box::new(answer) }
        });
        Ok((job, outcome))
    }

    /// Where groups are noted while somebody copies.
    pub(super) const fn tap(&self) -> &Tap {
        &self.tap
    }

    /// Whether writes work.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotReady`] after a write that failed.
    pub(super) fn ready(&self) -> Result<(), StoreError> {
        match self.failure.get() {
            Some(reason) => Err(not_ready(reason)),
            None if self.queue.as_ref().is_none_or(mpsc::Sender::is_closed) => Err(stopped()),
            None => Ok(()),
        }
    }
}

impl<S> Drop for Committer<S> {
    fn drop(&mut self) {
        // With its only sender gone the thread ends once the queue is empty.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed, and its waiters were told.
            let _ = thread.join();
        }
    }
}

fn run<S: Space>(
    space: &S,
    mut write: impl FnMut(Writes, usize) -> Result<(), String>,
    mut jobs: mpsc::Receiver<Job<S>>,
    failure: &OnceLock<String>,
    tap: &Tap,
) {
    let mut crowd = 0;
    while let Some(first) = jobs.blocking_recv() {
        if crowd >= SIBLINGS {
            thread::sleep(GATHERING);
        }
        let mut group = Pending::over(space);
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            let Planned { writes, answer } = job(&group);
            group.add(writes);
            answers.push(answer);
            next = if answers.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        crowd = answers.len().max(crowd / 2);
        let writes = group.into_writes();
        // What a failed write left behind is unknown: from then on nothing is written.
        if failure.get().is_none() && !writes.is_empty() {
            let note = tap.is_open().then(|| writes.clone());
            match write(writes, answers.len()) {
                Ok(()) => note.into_iter().for_each(|writes| tap.note(writes)),
                Err(reason) => {
                    failure.get_or_init(|| reason);
                }
            }
        }
        let written = failure.get().map_or(Ok(()), |reason| Err(reason.as_str()));
        for answer in answers {
            answer(written);
        }
    }
}

/// A store that cannot write for this reason.
pub(super) fn not_ready(reason: &str) -> StoreError {
    StoreError::NotReady { reason: reason.to_owned() }
}

fn stopped() -> StoreError {
    not_ready("the thread that writes has stopped")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::mpsc as std_mpsc;

    use super::*;

    type Entries = BTreeMap<Vec<u8>, Vec<u8>>;

    fn put(key: &str) -> Writes {
        let mut writes = Writes::default();
        writes.put(key.as_bytes().to_vec(), Vec::new());
        writes
    }

    fn is_no_space_left(outcome: Result<(), StoreError>) -> bool {
        matches!(outcome, Err(StoreError::NotReady { reason }) if reason == "no space left")
    }

    #[tokio::test]
    async fn those_who_wait_are_written_together_and_see_one_another() {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&sizes);
        let committer = Committer::start(Arc::new(Entries::new()), move |writes, commits| {
            seen.lock().unwrap().push((writes.into_iter().count(), commits));
            Ok(())
        })
        .unwrap();
        let (open, gate) = std_mpsc::channel::<()>();
        // The first holds the thread up until the other two are there.
        let first = committer.submit(move |_| Ok((gate.recv().is_ok(), put("a"))));
        let second = committer.submit(|_| Ok(((), put("b"))));
        let third = committer.submit(|space| Ok((space.get(b"b")?.is_some(), put("c"))));
        let opened = async { open.send(()).unwrap() };
        let (first, second, third, ()) = tokio::join!(first, second, third, opened);
        assert!(first.unwrap() && second.is_ok());
        assert!(third.unwrap(), "the third sees what the second is about to write");
        assert_eq!(*sizes.lock().unwrap(), [(3, 3)]);
    }

    #[tokio::test]
    async fn a_failed_write_fails_everyone_and_everything_after() {
        let writes = Arc::new(Mutex::new(0));
        let count = Arc::clone(&writes);
        let committer = Committer::start(Arc::new(Entries::new()), move |_, _| {
            *count.lock().unwrap() += 1;
            Err("no space left".to_owned())
        })
        .unwrap();
        let (one, two) = tokio::join!(
            committer.submit(|_| Ok(((), put("a")))),
            committer.submit(|_| Ok(((), put("b")))),
        );
        assert!(is_no_space_left(one));
        assert!(is_no_space_left(two));
        assert!(is_no_space_left(committer.submit(|_| Ok(((), put("c")))).await));
        assert!(is_no_space_left(committer.ready()));
        assert_eq!(*writes.lock().unwrap(), 1, "after a failure nothing is written");
    }

    #[tokio::test]
    async fn a_plan_that_fails_takes_nobody_with_it() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&written);
        let committer = Committer::start(Arc::new(Entries::new()), move |writes, _| {
            seen.lock().unwrap().extend(writes.into_iter().map(|(key, _)| key));
            Ok(())
        })
        .unwrap();
        let too_large = || StoreError::TooLarge { what: "session", bytes: 1 };
        let (bad, good) = tokio::join!(
            committer.submit::<()>(move |_| Err(too_large())),
            committer.submit(|_| Ok(((), put("good")))),
        );
        assert!(matches!(bad, Err(StoreError::TooLarge { .. })));
        assert!(good.is_ok());
        assert_eq!(*written.lock().unwrap(), [b"good"]);
    }

    #[tokio::test]
    async fn dropping_finishes_what_waits() {
        let written = Arc::new(Mutex::new(0));
        let count = Arc::clone(&written);
        let committer = Committer::start(Arc::new(Entries::new()), move |writes, _| {
            *count.lock().unwrap() += writes.into_iter().count();
            Ok(())
        })
        .unwrap();
        let abandoned = committer.submit(|_| Ok(((), put("a"))));
        // Polled once, which queues it, and then given up.
        let gave_up = tokio::time::timeout(std::time::Duration::ZERO, abandoned).await;
        drop(gave_up);
        drop(committer);
        assert_eq!(*written.lock().unwrap(), 1);
    }
}
