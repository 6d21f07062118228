//! Example: The lock of listing 6.12, released at the end of its scope.
//!
//! A guard does what `with` does in Python. It releases the lock wherever it goes out of scope: at
//! the end of a block or a statement, on an early return, in a panic.
//!
//! In Python: `with get_lock()`. Here: `lock`, whose guard unlocks when it is dropped.

use std::sync::Mutex;
use std::thread;

pub(crate) fn increment_value(shared_int: &Mutex<i32>) {
    *shared_int.lock().expect("no holder panics") += 1;
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
