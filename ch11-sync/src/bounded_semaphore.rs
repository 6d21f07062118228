//! Example: A semaphore that refuses to be released too often.
//!
//! tokio has none, because a permit is a guard, and releasing it twice does not compile:
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
//! To release a permit early in one branch, drop it there.
//!
//! In Python: `asyncio.BoundedSemaphore`. Here: `BoundedSemaphore`.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use anyhow::ensure;
use tokio::sync::Semaphore;

/// asyncio's `BoundedSemaphore`: you acquire and release permits by hand, and never have more than
/// at the beginning.
#[derive(Debug)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    /// Permits that are out. Each is counted before it can be released.
    acquired: AtomicUsize,
}

impl BoundedSemaphore {
    /// A semaphore with this many permits.
    ///
    /// # Panics
    /// If there are more than `Semaphore::MAX_PERMITS`.
    #[must_use]
    pub fn new(permits: usize) -> Self {
        Self {
            semaphore: Semaphore::new(permits),
            acquired: AtomicUsize::new(0),
        }
    }

    /// Waits for a permit and takes it. You may drop the future at any time; it then takes none.
    ///
    /// # Panics
    /// Never, because no code can close the semaphore.
    pub async fn acquire(&self) {
        let permit = self.semaphore.acquire().await;
        permit.expect("nobody closes it").forget();
        self.acquired.fetch_add(1, SeqCst);
    }

    /// Gives a permit back.
    ///
    /// # Errors
    /// If no permit is out. Then it releases nothing.
    pub fn release(&self) -> anyhow::Result<()> {
        let one_less = |acquired: usize| acquired.checked_sub(1);
        let released = self.acquired.try_update(SeqCst, SeqCst, one_less);
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
