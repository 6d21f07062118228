//! Example: A pool of threads for calls that block.
//!
//! The threads take calls from a queue until it is closed. rayon's pool is for computing. It has one
//! thread for each core, so a few calls that block would stop all computing.
//!
//! In Python: `ThreadPoolExecutor`. Here: threads and a queue.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{self, JoinHandle};

use anyhow::Context;
use crossbeam_channel::{Sender, unbounded};
use tokio::sync::oneshot::{self, Receiver};

type Job = Box<dyn FnOnce() + Send>;

/// Python's `concurrent.futures.ThreadPoolExecutor`. Dropping it waits until every call has run, as
/// leaving the `with` block does.
#[derive(Debug)]
pub struct ThreadPoolExecutor {
    /// `None` only while the pool is being dropped.
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl ThreadPoolExecutor {
    /// Starts `max_workers` threads.
    ///
    /// # Errors
    /// If the system cannot start that many.
    pub fn new(max_workers: usize) -> anyhow::Result<Self> {
        let (sender, jobs) = unbounded::<Job>();
        let mut pool = Self {
            jobs: Some(sender),
            workers: Vec::new(),
        };
        for _ in 0..max_workers {
            let jobs = jobs.clone();
            let worker = thread::Builder::new()
                .spawn(move || jobs.into_iter().for_each(|job| job()))
                .with_context(|| format!("cannot start {max_workers} threads"))?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    /// Hands over a call and returns a future for its result. The call runs even if you do not
    /// await the future. If the call panics, awaiting it panics too.
    pub fn submit<T, C>(&self, call: C) -> impl Future<Output = T> + use<T, C>
    where
        T: Send + 'static,
        C: FnOnce() -> T + Send + 'static,
    {
        let result = self.start(call);
        async { get(result.await) }
    }

    /// Calls `function` with each item, on all threads of the pool, and returns the results in the
    /// order of the items. If a call panics, taking its result panics too.
    pub fn map<I: Send + 'static, T: Send + 'static>(
        &self,
        function: fn(I) -> T,
        items: Vec<I>,
    ) -> impl Iterator<Item = T> + use<I, T> {
        let items = items.into_iter();
        let results: Vec<_> = items
            .map(|item| self.start(move || function(item)))
            .collect();
        results
            .into_iter()
            .map(|result| get(result.blocking_recv()))
    }

    fn start<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<thread::Result<T>> {
        let (sender, result) = oneshot::channel();
        let job = Box::new(move || {
            // A panic ends neither the worker nor the program; it goes to the code that waits.
            let outcome = catch_unwind(AssertUnwindSafe(call));
            // This fails only if the future was dropped.
            let _ = sender.send(outcome);
        });
        let jobs = self.jobs.as_ref().expect("only drop closes the queue");
        jobs.send(job)
            .expect("the workers receive until the queue is closed");
        result
    }
}

fn get<T>(result: Result<thread::Result<T>, oneshot::error::RecvError>) -> T {
    result
        .expect("a worker sends the outcome of every call")
        .unwrap_or_else(|panic| resume_unwind(panic))
}

impl Drop for ThreadPoolExecutor {
    fn drop(&mut self) {
        self.jobs = None;
        for worker in self.workers.drain(..) {
            // Panics of calls are caught, so a worker never panics.
            let _ = worker.join();
        }
    }
}

/// How many threads Python's pool has by default: the number of cores plus four, at most 32.
#[must_use]
pub fn default_workers() -> usize {
    workers_for(thread::available_parallelism().map_or(1, usize::from))
}

fn workers_for(cores: usize) -> usize {
    (cores + 4).min(32)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures::future::{FutureExt, join_all};
    use util_testing::wait_until;

    use super::*;

    #[test]
    fn there_are_as_many_workers_as_in_python() {
        let workers = [1, 2, 8, 28, 64].map(workers_for);
        assert_eq!(workers, [5, 6, 12, 32, 32]);
        let cores = thread::available_parallelism().unwrap().get();
        assert_eq!(default_workers(), workers_for(cores));
    }

    #[tokio::test]
    async fn as_many_calls_run_at_once_as_there_are_workers() {
        let pool = ThreadPoolExecutor::new(3).unwrap();
        // Each waits for the two others.
        let arrived = Arc::new(AtomicUsize::new(0));
        let results: Vec<_> = (0..3)
            .map(|number| {
                let arrived = Arc::clone(&arrived);
                pool.submit(move || {
                    arrived.fetch_add(1, Ordering::Relaxed);
                    let all = || arrived.load(Ordering::Relaxed) == 3;
                    wait_until(all, || "three calls at once".into());
                    number
                })
            })
            .collect();
        assert_eq!(join_all(results).await, [0, 1, 2]);
    }

    #[test]
    fn results_come_in_order() {
        let pool = ThreadPoolExecutor::new(2).unwrap();
        // The first takes longest.
        fn slow_if_small(number: u64) -> u64 {
            thread::sleep(Duration::from_millis(50 - 10 * number));
            number
        }
        let results = pool.map(slow_if_small, (0..5).collect());
        assert_eq!(results.collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_call_that_panics_panics_at_whoever_waits_and_the_worker_goes_on() {
        let pool = ThreadPoolExecutor::new(1).unwrap();
        let failed = pool.submit(|| panic!("on purpose"));
        let failed = AssertUnwindSafe(failed);
        let panic = failed.catch_unwind().await.unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"on purpose"));
        assert_eq!(pool.submit(|| 7).await, 7);
    }

    #[test]
    fn dropping_the_pool_waits_for_every_call() {
        let ran = Arc::new(AtomicUsize::new(0));
        let pool = ThreadPoolExecutor::new(1).unwrap();
        for _ in 0..100 {
            let ran = Arc::clone(&ran);
            // The result is not used.
            drop(pool.submit(move || ran.fetch_add(1, Ordering::Relaxed)));
        }
        drop(pool);
        assert_eq!(ran.load(Ordering::Relaxed), 100);
    }
}
