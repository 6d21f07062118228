//! Listing 6.12: A lock keeps every update.
//!
//! In Python the lock lies beside the value, and one may forget it. In Rust the value lies in the
//! lock: there is no way to it but `lock`.
//!
//! In Python: `get_lock().acquire()`. Here: `Mutex::lock`.

use std::thread;

use parking_lot::Mutex;

fn increment_value(shared_int: &Mutex<i32>) {
    let mut value = shared_int.lock();
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

        let value = integer.into_inner();
        println!("{value}");
        assert_eq!(value, 2);
    }
}
