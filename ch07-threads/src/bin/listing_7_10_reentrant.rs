//! Listing 7.10 (reentrant): The same list with a reentrant lock.
//!
//! In Python this changes one line. In Rust two guards may exist at once, so neither may write. A
//! `RefCell` allows writing, and checks at run time that no other guard is reading. Python's
//! `RLock` has the same danger, but hides it.
//!
//! In Python: `RLock`. Here: `ReentrantMutex<RefCell<Vec<i32>>>`.

use std::cell::RefCell;

use parking_lot::ReentrantMutex;

struct IntListThreadsafe {
    inner_list: ReentrantMutex<RefCell<Vec<i32>>>,
}

impl IntListThreadsafe {
    fn new(wrapped_list: Vec<i32>) -> Self {
        let inner_list = ReentrantMutex::new(RefCell::new(wrapped_list));
        Self { inner_list }
    }

    fn indices_of(&self, to_find: i32) -> Vec<usize> {
        let guard = self.inner_list.lock();
        let inner_list = guard.borrow();
        let enumerator = inner_list.iter().enumerate();
        let found = enumerator.filter(|(_, value)| **value == to_find);
        found.map(|(index, _)| index).collect()
    }

    fn find_and_replace(&self, to_replace: i32, replace_with: i32) {
        let inner_list = self.inner_list.lock();
        let indices = self.indices_of(to_replace);
        for index in indices {
            inner_list.borrow_mut()[index] = replace_with;
        }
    }
}

fn main() {
    let threadsafe_list = IntListThreadsafe::new(vec![1, 2, 1, 2, 1]);
    threadsafe_list.find_and_replace(1, 2);
    println!("{:?}", threadsafe_list.inner_list.lock().borrow());
}
