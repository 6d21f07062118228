//! Example: A flag that tasks can wait for.
//!
//! In Python: `asyncio.Event`. Here: `Event`.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// asyncio's `Event`. You set and clear it, and `wait` returns when it is set.
///
/// `set` wakes all who wait at that moment, even if you clear the event at once. For an event that
/// is set once, use tokio's `SetOnce`. For a state that changes, use a `watch` channel.
#[derive(Debug, Default)]
pub struct Event {
    is_set: AtomicBool,
    waiters: Notify,
}

impl Event {
    /// An event that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the event and wakes all who wait for it.
    pub fn set(&self) {
        self.is_set.store(true, Ordering::SeqCst);
        self.waiters.notify_waiters();
    }

    /// Clears the event: from here on, `wait` waits.
    pub fn clear(&self) {
        self.is_set.store(false, Ordering::SeqCst);
    }

    /// Whether the event is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }

    /// Returns when the event is set, at once if it already is. You may drop the future at any
    /// time.
    pub async fn wait(&self) {
        // Created before the flag is read, so that a `set` in between is not lost.
        let woken = self.waiters.notified();
        if !self.is_set() {
            woken.await;
        }
    }
}
