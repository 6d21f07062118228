//! Example: Two threads count to twenty million together, in an atomic.
//!
//! `fetch_add` reads, adds and writes in one step. It is the usual cure for the lost update of
//! listing 6.11, and cheaper than the lock of 6.12. The cache line of the counter still bounces
//! between the cores.
//!
//! In Python: `Value`. Here: `AtomicU64`, `fetch_add`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

fn main() {
    let increments = util::args("[EACH]").number(10_000_000_u64, 0..=1_000_000_000_000);
    let start = Instant::now();

    let counter = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..increments {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });

    let counter = counter.into_inner();
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
