//! Listing 6.11: Two workers lose an update.
//!
//! To add one is to read and to write, and what the other worker writes in between is lost.
//!
//! In Rust two threads that change one plain variable do not compile: that is a data race. An
//! atomic may be shared, and still loses an update when it is read and written in two steps: a race
//! in the logic, which no compiler sees. `fetch_add` is the cure, one step (`counter_atomic`).
//!
//! In Python: `Value`. Here: `AtomicI32`, `load`, `store`.

use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

pub(crate) fn increment_value(shared_int: &AtomicI32) {
    let value = shared_int.load(Ordering::Relaxed);
    // Python's interpreter takes its time between the two; without this, a loss is very rare.
    thread::yield_now();
    shared_int.store(value + 1, Ordering::Relaxed);
}

fn main() {
    for round in 1.. {
        let integer = AtomicI32::new(0);
        // Without it the first thread has often ended before the second starts.
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
