//! Example: Two threads count to twenty million, each for itself.
//!
//! What is not shared needs no protection: each thread returns its own count, and they are added
//! once, at the end. Share the result, not the way to it.
//!
//! In Python: `Value`. Here: `Mutex`, `AtomicU64`, `join`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let increments = util::args("[EACH]").number(10_000_000_u64, 0..=1_000_000_000_000);
    let start = Instant::now();

    let counts = thread::scope(|scope| {
        let threads = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut count = 0_u64;
                for _ in 0..increments {
                    // Without it the optimiser would add all at once.
                    count = black_box(count + 1);
                }
                count
            })
        });
        threads.map(|thread| thread.join().ok())
    });
    let counts: Option<Vec<u64>> = counts.into_iter().collect();

    let counter: u64 = counts.context("a thread panicked")?.iter().sum();
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
