//! Example: A lock that a task can release until something has changed.
//!
//! Only the guard has `wait` and `notify_all`, so you cannot call them without the lock. Python
//! detects that at run time (`RuntimeError: cannot wait on un-acquired lock`):
//!
//! ```compile_fail,E0599
//! # async fn example() {
//! let condition = ch11_sync::Condition::new(());
//! condition.wait().await; // error: `lock` comes first
//! # }
//! ```
//!
//! Python's `notify(n)` wakes n waiters. tokio's `Notify::notify_one` wakes one, but if no task
//! waits it wakes the next one that does.
//!
//! In Python: `asyncio.Condition`. Here: `Condition`.

use std::ops::{Deref, DerefMut};

use tokio::sync::{Mutex, MutexGuard, Notify};

/// asyncio's `Condition`, a lock and a notification in one. Like every Rust lock it contains the
/// data it protects.
#[derive(Debug, Default)]
pub struct Condition<T> {
    state: Mutex<T>,
    waiters: Notify,
}

/// The lock of a [`Condition`], held. Python's habit, `condition.wait().await;` alone, would drop the
/// lock at once, so the compiler warns of it.
#[derive(Debug)]
#[must_use = "dropping it releases the lock"]
pub struct ConditionGuard<'a, T> {
    condition: &'a Condition<T>,
    state: MutexGuard<'a, T>,
}

impl<T> Condition<T> {
    /// A condition that protects `state`.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            waiters: Notify::new(),
        }
    }

    /// Waits for the lock. You may drop the future at any time.
    pub async fn lock(&self) -> ConditionGuard<'_, T> {
        ConditionGuard {
            condition: self,
            state: self.state.lock().await,
        }
    }
}

impl<T> ConditionGuard<'_, T> {
    /// Releases the lock, waits for [`notify_all`](Self::notify_all), and takes the lock again.
    ///
    /// You may drop the future at any time; then the lock is not held.
    pub async fn wait(self) -> Self {
        let Self { condition, state } = self;
        // Created while the lock is held, so that no notification is lost.
        let woken = condition.waiters.notified();
        drop(state);
        woken.await;
        condition.lock().await
    }

    /// Waits until `predicate` holds. It is called with the lock held, now and after each
    /// notification.
    pub async fn wait_for(mut self, mut predicate: impl FnMut(&T) -> bool) -> Self {
        while !predicate(&self) {
            self = self.wait().await;
        }
        self
    }

    /// Wakes all waiters. They get the lock one after another, once this guard is dropped.
    pub fn notify_all(&self) {
        self.condition.waiters.notify_waiters();
    }
}

impl<T> Deref for ConditionGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.state
    }
}

impl<T> DerefMut for ConditionGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.state
    }
}
