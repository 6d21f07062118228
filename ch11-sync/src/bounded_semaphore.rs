//! Example: A semaphore that refuses to be released too often.
//!
//! In Python: `asyncio.BoundedSemaphore`. Here: `ch11_sync::BoundedSemaphore`.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

/// asyncio's `BoundedSemaphore`: permits that are acquired and released by hand, never more of
/// them than at the beginning.
///
/// tokio's semaphore gives out guards, which release themselves exactly once; take that unless
/// acquiring and releasing must be in different places.
#[derive(Debug)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    /// Permits that are out. Each has been counted before anybody can release it.
    acquired: AtomicUsize,
}

/// There was no permit out that could have been released.
#[derive(Debug, PartialEq, Eq)]
pub struct ReleasedTooManyTimes;

impl fmt::Display for ReleasedTooManyTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoundedSemaphore released too many times")
    }
}

impl std::error::Error for ReleasedTooManyTimes {}

impl BoundedSemaphore {
    /// A semaphore of so many permits.
    ///
    /// # Panics
    /// If they are more than `Semaphore::MAX_PERMITS`.
    #[must_use]
    pub fn new(permits: usize) -> Self {
        Self {
            semaphore: Semaphore::new(permits),
            acquired: AtomicUsize::new(0),
        }
    }

    /// Waits for a permit and takes it. Whoever drops this future while it waits takes none, and
    /// loses its place in the queue.
    pub async fn acquire(&self) {
        // Only a closed semaphore has no permits to come, and this one is never closed.
        if let Ok(permit) = self.semaphore.acquire().await {
            permit.forget();
            self.acquired.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Gives a permit back.
    ///
    /// # Errors
    /// If none is out: nothing is released then.
    pub fn release(&self) -> Result<(), ReleasedTooManyTimes> {
        let one_less = |acquired: usize| acquired.checked_sub(1);
        let released =
            { &self.acquired }.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        match released {
            Ok(_) => {
                self.semaphore.add_permits(1);
                Ok(())
            }
            Err(_) => Err(ReleasedTooManyTimes),
        }
    }

    /// How many permits can be had at the moment.
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.semaphore.available_permits()
    }
}
