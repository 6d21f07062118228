//! Listing 6.12: A lock keeps every update.
//!
//! In Python the lock is beside the value, and nothing makes you take it. In Rust the value is
//! inside the lock, and while threads share it, `lock` is the only way to reach it. (A single number
//! needs no lock, only an atomic's `fetch_add`; see `counter_atomic`.)
//!
//! If a thread panics while it holds the lock, the value may be half changed. The lock is then
//! poisoned, and `lock` returns an error.
//!
//! In Python: `get_lock().acquire()`. Here: `Mutex`, `lock`.

use std::sync::Mutex;
use std::thread;

pub(crate) fn increment_value(shared_int: &Mutex<i32>) {
    let mut value = shared_int.lock().expect("no holder panics");
    *value += 1;
    drop(value);
}

fn main() {
    for _ in 0..100 {
        let integer = Mutex::new(0);

        thread::scope(|scope| {
            scope.spawn(|| increment_value(&integer));
            scope.spawn(|| increment_value(&integer));
        });

        let value = integer.into_inner().expect("no holder panics");
        println!("{value}");
        assert_eq!(value, 2);
    }
}
