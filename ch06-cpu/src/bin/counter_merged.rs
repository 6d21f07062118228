//! Example: Two threads count to twenty million, each by itself.
//!
//! Data that is not shared needs no lock. Each thread returns its own count, and `main` adds them
//! once, at the end. MapReduce (6.8) does the same with tables.
//!
//! In Python: `Value`. Here: `join`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

fn count(increments: u64) -> u64 {
    let mut counter = 0;
    for _ in 0..increments {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    counter
}

fn main() {
    let increments = util::args("[EACH]").number(10_000_000_u64, 0..=1_000_000_000_000);
    let start = Instant::now();

    let counter = thread::scope(|scope| {
        let first = scope.spawn(|| count(increments));
        let second = scope.spawn(|| count(increments));
        first.join().expect("count does not panic") + second.join().expect("count does not panic")
    });

    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
