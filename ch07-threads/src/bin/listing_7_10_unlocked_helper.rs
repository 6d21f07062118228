//! Listing 7.10 (unlocked helper): The same list, locked once.
//!
//! The code that both methods need becomes a function of the list itself, without locks. The
//! methods lock, then call it. The compiler ensures the rest, because the lock is the only way to
//! reach the list. This is what you would write in Rust.
//!
//! In Python: `Lock`. Here: `Mutex<Vec<i32>>`.

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
        indices_in(&self.inner_list.lock(), to_find)
    }

    fn find_and_replace(&self, to_replace: i32, replace_with: i32) {
        let mut inner_list = self.inner_list.lock();
        for index in indices_in(&inner_list, to_replace) {
            inner_list[index] = replace_with;
        }
    }
}

fn indices_in(inner_list: &[i32], to_find: i32) -> Vec<usize> {
    let enumerator = inner_list.iter().enumerate();
    let found = enumerator.filter(|(_, value)| **value == to_find);
    found.map(|(index, _)| index).collect()
}

fn main() {
    let threadsafe_list = IntListThreadsafe::new(vec![1, 2, 1, 2, 1]);
    threadsafe_list.find_and_replace(1, 2);
    println!("{:?}", threadsafe_list.inner_list.lock());
    println!("2 is at {:?}", threadsafe_list.indices_of(2));
}
