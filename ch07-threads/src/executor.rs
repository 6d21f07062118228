//! Example: A pool of threads for calls that block.
//!
//! A pool is threads that take from a queue until it is closed. (rayon's are made for computing:
//! their threads look for work at each other, and a thousand of them do little else.)
//!
//! In Python: `ThreadPoolExecutor`. Here: threads and a queue.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use anyhow::Context;
use crossbeam_channel::{Sender, unbounded};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Python's `concurrent.futures.ThreadPoolExecutor`. Dropping it waits until every call has been
/// run, as leaving the `with` block does.
#[derive(Debug)]
pub struct ThreadPoolExecutor {
    /// `None` only while it is dropped.
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl ThreadPoolExecutor {
    /// Starts so many threads.
    ///
    /// # Errors
    /// If the system gives no more of them.
    pub fn new(max_workers: usize) -> io::Result<Self> {
        let (sender, jobs) = unbounded::<Job>();
        let mut pool = Self {
            jobs: Some(sender),
            workers: Vec::new(),
        };
        for _ in 0..max_workers {
            let jobs = jobs.clone();
            let worker = thread::Builder::new().spawn(move || {
                for job in jobs {
                    // A call that panics has said so, and must not take the worker along.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            })?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    /// Hands a call over and returns a handle for its result, which a thread can wait for with
    /// `blocking_recv` and a task with `await`.
    pub fn submit<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, result) = oneshot::channel();
        let job = Box::new(move || {
            // Whoever dropped the handle does not want the result.
            let _ = sender.send(call());
        });
        if let Some(jobs) = &self.jobs {
            // The workers take jobs until this is dropped.
            let _ = jobs.send(job);
        }
        result
    }

    /// Calls `function` with each item, on as many threads as there are, and returns the results
    /// in the order of the items.
    ///
    /// # Errors
    /// A result is one if its call panicked.
    pub fn map<I: Send + 'static, T: Send + 'static>(
        &self,
        function: fn(I) -> T,
        items: Vec<I>,
    ) -> impl Iterator<Item = anyhow::Result<T>> + use<I, T> {
        let results: Vec<_> = items
            .into_iter()
            .map(|item| self.submit(move || function(item)))
            .collect();
        let results = results.into_iter();
        results.map(|result| result.blocking_recv().context("the call panicked"))
    }
}

impl Drop for ThreadPoolExecutor {
    fn drop(&mut self) {
        self.jobs = None;
        for worker in self.workers.drain(..) {
            // Workers do not panic.
            let _ = worker.join();
        }
    }
}

/// How many threads Python's pool has unless it is told: the number of cores and four more, but
/// not above 32.
#[must_use]
pub fn default_workers() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    (cores + 4).min(32)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};

    use super::*;

    #[test]
    fn as_many_calls_run_at_once_as_there_are_workers() {
        let pool = ThreadPoolExecutor::new(3).unwrap();
        // Each waits for the two others.
        let barrier = Arc::new(Barrier::new(3));
        let results: Vec<_> = (0..3)
            .map(|number| {
                let barrier = Arc::clone(&barrier);
                pool.submit(move || {
                    barrier.wait();
                    number
                })
            })
            .collect();
        let results = results.into_iter().map(|result| result.blocking_recv());
        assert_eq!(results.collect::<Result<Vec<_>, _>>().unwrap(), [0, 1, 2]);
    }

    #[test]
    fn results_come_in_order_and_a_panic_is_an_error() {
        let pool = ThreadPoolExecutor::new(2).unwrap();
        fn double(number: i32) -> i32 {
            assert_ne!(number, 3, "three is refused");
            2 * number
        }
        let results: Vec<_> = pool.map(double, (0..6).collect()).map(Result::ok).collect();
        let expected = [Some(0), Some(2), Some(4), None, Some(8), Some(10)];
        assert_eq!(results, expected);
    }

    #[test]
    fn dropping_the_pool_waits_for_every_call() {
        let ran = Arc::new(AtomicUsize::new(0));
        let pool = ThreadPoolExecutor::new(1).unwrap();
        for _ in 0..100 {
            let ran = Arc::clone(&ran);
            // Nobody wants the result.
            drop(pool.submit(move || ran.fetch_add(1, Ordering::Relaxed)));
        }
        drop(pool);
        assert_eq!(ran.load(Ordering::Relaxed), 100);
    }
}
