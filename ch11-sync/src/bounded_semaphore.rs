//! Example: A semaphore that refuses to be released too often.
//!
//! tokio has none, because a permit is a guard, and to release one twice does not compile:
//!
//! ```compile_fail,E0382
//! # async fn example() -> anyhow::Result<()> {
//! let semaphore = tokio::sync::Semaphore::new(1);
//! let permit = semaphore.acquire().await?;
//! drop(permit);
//! drop(permit); // error: use of moved value
//! # Ok(())
//! # }
//! ```
//!
//! A branch that wants to release earlier than another drops its permit there.
//!
//! In Python: `asyncio.BoundedSemaphore`. Here: `BoundedSemaphore`.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::ensure;
use tokio::sync::Semaphore;

/// asyncio's `BoundedSemaphore`: permits that are acquired and released by hand, never more than
/// at the beginning.
#[derive(Debug)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    /// Permits that are out. Each is counted before anybody can release it.
    acquired: AtomicUsize,
}

impl BoundedSemaphore {
    /// A semaphore with this many permits.
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

    /// Waits for a permit and takes it. The future may be dropped at any time: then it takes none.
    ///
    /// # Panics
    /// Never: nobody can close the semaphore.
    pub async fn acquire(&self) {
        let permit = self.semaphore.acquire().await;
        permit.expect("nobody closes it").forget();
        self.acquired.fetch_add(1, Ordering::SeqCst);
    }

    /// Gives a permit back.
    ///
    /// # Errors
    /// If none is out: then nothing is released.
    pub fn release(&self) -> anyhow::Result<()> {
        let one_less = |acquired: usize| acquired.checked_sub(1);
        let released = self
            .acquired
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        ensure!(released.is_ok(), "BoundedSemaphore released too many times");
        self.semaphore.add_permits(1);
        Ok(())
    }

    /// How many permits are free at the moment.
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.semaphore.available_permits()
    }
}
