//! Example: The lock of listing 6.12, released at the end of its scope.
//!
//! What `with` does in Python, a guard does wherever it goes out of scope: at the end of a block,
//! at the end of a statement, on an early return, in a panic.
//!
//! In Python: `with get_lock()`. Here: the guard's `Drop`.

use std::thread;

use parking_lot::Mutex;

fn increment_value(shared_int: &Mutex<i32>) {
    *shared_int.lock() += 1;
}

fn main() {
    for _ in 0..100 {
        let integer = Mutex::new(0);

        thread::scope(|scope| {
            scope.spawn(|| increment_value(&integer));
            scope.spawn(|| increment_value(&integer));
        });

        let value = integer.into_inner();
        println!("{value}");
        assert_eq!(value, 2);
    }
}
