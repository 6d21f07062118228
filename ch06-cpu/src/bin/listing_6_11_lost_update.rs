//! Listing 6.11: Two workers lose an update.
//!
//! Adding one means reading, then writing. If the other worker writes in between, its update is
//! lost.
//!
//! In Rust two threads cannot change one plain variable: such a data race does not compile. They
//! can share an atomic, which still loses an update if you read and write it in two steps. No
//! compiler sees such a race in the logic. The cure is `fetch_add`, a single step
//! (`counter_atomic`).
//!
//! In Python: `Value`. Here: `AtomicI32`, `load`, `store`.

use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

pub(crate) fn increment_value(shared_int: &AtomicI32) {
    let value = shared_int.load(Ordering::Relaxed);
    // Python's interpreter is slow between the two; without this, a loss is very rare.
    thread::yield_now();
    shared_int.store(value + 1, Ordering::Relaxed);
}

fn main() {
    for round in 1.. {
        let integer = AtomicI32::new(0);
        // Without the barrier the first thread often ends before the second starts.
        let both_started = Barrier::new(2);

        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    both_started.wait();
                    increment_value(&integer);
                });
            }
        });

        let value = integer.into_inner();
        println!("{value}");
        if value != 2 {
            println!("An update was lost in round {round}: {value} instead of 2");
            break;
        }
    }
}
