//! Listing 8.9: The last messages, which are drawn whenever one is added.
//!
//! Python's `deque` drops the oldest by itself; a `VecDeque` grows, and so has to be cut. The room
//! for messages may change, with the size of the terminal.
//!
//! In Python: `collections.deque`. Here: `VecDeque`.

use std::collections::VecDeque;
use std::io;

/// At most so many messages; a new one pushes the oldest out.
#[derive(Debug)]
pub struct MessageStore<F> {
    deque: VecDeque<String>,
    max_size: usize,
    callback: F,
}

impl<F: FnMut(&VecDeque<String>) -> io::Result<()>> MessageStore<F> {
    /// An empty store, which calls `callback` with the messages whenever they have changed.
    pub fn new(callback: F, max_size: usize) -> Self {
        Self {
            deque: VecDeque::new(),
            max_size,
            callback,
        }
    }

    /// Adds a message.
    ///
    /// # Errors
    /// If the callback fails.
    pub fn append(&mut self, item: impl Into<String>) -> io::Result<()> {
        self.deque.push_back(item.into());
        self.shrink();
        (self.callback)(&self.deque)
    }

    /// Makes room for another number of messages, and has them drawn again.
    ///
    /// # Errors
    /// If the callback fails.
    pub fn resize(&mut self, max_size: usize) -> io::Result<()> {
        self.max_size = max_size;
        self.shrink();
        (self.callback)(&self.deque)
    }

    fn shrink(&mut self) {
        let surplus = self.deque.len().saturating_sub(self.max_size);
        self.deque.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_messages_stay_and_each_change_is_drawn() {
        let mut drawn = Vec::new();
        let mut store = MessageStore::new(
            |items: &VecDeque<String>| {
                drawn.push(items.iter().cloned().collect::<Vec<_>>().join(" "));
                Ok(())
            },
            2,
        );
        for message in ["one", "two", "three"] {
            store.append(message).unwrap();
        }
        store.resize(1).unwrap();
        store.resize(0).unwrap();
        store.append("four").unwrap();
        assert_eq!(drawn, ["one", "one two", "two three", "three", "", ""]);
    }
}
