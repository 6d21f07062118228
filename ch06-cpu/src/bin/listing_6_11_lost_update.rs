//! Listing 6.11: Two workers lose an update.
//!
//! Two threads that both borrow `integer` to change it do not compile: a data race is an error of
//! the program. An atomic may be shared, but to read it and then to write it is two steps, and
//! what another thread writes between them is lost. The race is in the logic, and no compiler
//! sees it.
//!
//! In Python: `Value`. Here: `AtomicI32::load`, `store`.

use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

fn increment_value(shared_int: &AtomicI32) {
    let value = shared_int.load(Ordering::Relaxed);
    // Two machine instructions would lose one update in a hundred thousand rounds. Python's
    // interpreter takes far longer between them; this makes up for it.
    thread::yield_now();
    shared_int.store(value + 1, Ordering::Relaxed);
}

fn main() {
    for round in 1.. {
        let integer = AtomicI32::new(0);
        // Without it the first thread has often ended before the second is there.
        let both_there = Barrier::new(2);

        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    both_there.wait();
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
