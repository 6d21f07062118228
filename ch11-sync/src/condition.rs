//! Example: A lock that one can give back until something has changed.
//!
//! In Python: `asyncio.Condition`. Here: `ch11_sync::Condition`.

use std::ops::{Deref, DerefMut};
use std::pin::pin;

use tokio::sync::{Mutex, MutexGuard, Notify};

/// asyncio's `Condition`, a lock and a notification in one; like a Rust lock it contains what it
/// protects.
#[derive(Debug, Default)]
pub struct Condition<T> {
    state: Mutex<T>,
    waiters: Notify,
}

/// The lock of a [`Condition`], held.
#[derive(Debug)]
pub struct ConditionGuard<'a, T> {
    condition: &'a Condition<T>,
    state: MutexGuard<'a, T>,
}

impl<T> Condition<T> {
    /// A condition of `state`.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            waiters: Notify::new(),
        }
    }

    /// Waits for the lock. The future may be dropped at any time.
    pub async fn lock(&self) -> ConditionGuard<'_, T> {
        ConditionGuard {
            condition: self,
            state: self.state.lock().await,
        }
    }
}

impl<'a, T> ConditionGuard<'a, T> {
    /// Gives the lock back, waits for [`notify_all`](Self::notify_all), and takes the lock again.
    ///
    /// The future may be dropped at any time: then the lock is not held.
    pub async fn wait(self) -> Self {
        let Self { condition, state } = self;
        // Enlisted while the lock is held: nobody can notify before.
        let mut woken = pin!(condition.waiters.notified());
        woken.as_mut().enable();
        drop(state);
        woken.await;
        condition.lock().await
    }

    /// Waits until `predicate` holds; it is asked with the lock held, now and after each
    /// notification.
    pub async fn wait_for(self, mut predicate: impl FnMut(&T) -> bool) -> Self {
        let mut guard = self;
        while !predicate(&guard) {
            guard = guard.wait().await;
        }
        guard
    }

    /// Wakes all who wait. They have the lock one after the other, when this guard is gone.
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
