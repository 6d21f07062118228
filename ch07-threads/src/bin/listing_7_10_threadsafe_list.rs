//! Listing 7.10: A list whose method locks twice.
//!
//! `find_and_replace` holds the lock and calls `indices_of`, which wants it too. The type of a
//! `&self` method does not say that it locks, so this compiles, and deadlocks.
//!
//! In Python: `Lock`. Here: `Mutex<Vec<i32>>`. Takes 1 s.

use ch07_threads::deadlock;
use parking_lot::Mutex;

struct IntListThreadsafe {
    inner_list: Mutex<Vec<i32>>,
}

impl IntListThreadsafe {
    fn new(wrapped_list: Vec<i32>) -> Self {
        Self {
            inner_list: Mutex::new(wrapped_list),
        }
    }

    fn indices_of(&self, to_find: i32) -> Vec<usize> {
        let inner_list = self.inner_list.lock();
        let enumerator = inner_list.iter().enumerate();
        let found = enumerator.filter(|(_, value)| **value == to_find);
        found.map(|(index, _)| index).collect()
    }

    fn find_and_replace(&self, to_replace: i32, replace_with: i32) {
        let mut inner_list = self.inner_list.lock();
        let indices = self.indices_of(to_replace);
        for index in indices {
            inner_list[index] = replace_with;
        }
    }
}

fn main() -> anyhow::Result<()> {
    deadlock::watch()?;

    let threadsafe_list = IntListThreadsafe::new(vec![1, 2, 1, 2, 1]);
    threadsafe_list.find_and_replace(1, 2);
    Ok(())
}
