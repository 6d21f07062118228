//! Listing 8.9: The last messages, drawn whenever one is added.
//!
//! Python's `deque(maxlen=…)` drops the oldest item by itself. From a `VecDeque` you take it.
//!
//! In Python: `collections.deque`. Here: `VecDeque`, `pop_front`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;

/// At most `max_size` messages; a new one pushes out the oldest.
pub struct MessageStore {
    deque: RefCell<VecDeque<String>>,
    max_size: usize,
    callback: fn(&VecDeque<String>) -> io::Result<()>,
}

impl MessageStore {
    /// An empty store, which calls `callback` with the messages whenever one is added.
    pub fn new(callback: fn(&VecDeque<String>) -> io::Result<()>, max_size: usize) -> Self {
        Self {
            deque: RefCell::default(),
            max_size,
            callback,
        }
    }

    /// Adds a message, and draws them all.
    ///
    /// # Errors
    /// If the callback fails.
    pub fn append(&self, item: String) -> io::Result<()> {
        let mut deque = self.deque.borrow_mut();
        deque.push_back(item);
        if deque.len() > self.max_size {
            deque.pop_front();
        }
        (self.callback)(&deque)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static DRAWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    #[test]
    fn the_last_messages_stay_and_each_is_drawn() {
        let draw = |items: &VecDeque<String>| {
            let items: Vec<_> = items.iter().map(String::as_str).collect();
            DRAWN.with_borrow_mut(|drawn| drawn.push(items.join(" ")));
            Ok(())
        };
        // A terminal of one row has no room for any.
        for (max_size, expected) in [(2, ["one", "one two", "two three"]), (0, [""; 3])] {
            let store = MessageStore::new(draw, max_size);
            for message in ["one", "two", "three"] {
                store.append(message.into()).unwrap();
            }
            assert_eq!(DRAWN.take(), expected);
        }
    }
}
