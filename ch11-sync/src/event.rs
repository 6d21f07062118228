//! Example: A flag that tasks can wait for.
//!
//! In Python: `asyncio.Event`. Here: `ch11_sync::Event`.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// asyncio's `Event`: it is set and cleared, and `wait` returns when it is set.
///
/// `set` wakes everybody who waits at that moment, also if it is cleared at once. An event that is
/// set only once is tokio's `SetOnce`; a state that changes is a `watch` channel.
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

    /// Returns when the event is set, at once if it is. The future may be dropped at any time.
    pub async fn wait(&self) {
        // Enlisted before the look at the flag: who sets it in between wakes us. The other way
        // round, that wake-up would be lost.
        let mut woken = pin!(self.waiters.notified());
        woken.as_mut().enable();
        if !self.is_set() {
            woken.await;
        }
    }
}
