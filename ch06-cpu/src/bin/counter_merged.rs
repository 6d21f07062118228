//! Example: Two threads count to twenty million, each by itself.
//!
//! Data that is not shared needs no lock. Each thread returns its own count, and `main` adds them
//! once, at the end. MapReduce (6.8) does the same with tables.
//!
//! In Python: `Value`. Here: `join`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

fn main() {
    let increments = util::args("[EACH]").number(10_000_000_u64, 0..=1_000_000_000_000);
    let start = Instant::now();

    let counts = thread::scope(|scope| {
        let threads = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut count = 0_u64;
                for _ in 0..increments {
                    // Without this the optimiser would add all at once.
                    count = black_box(count + 1);
                }
                count
            })
        });
        threads.map(|thread| thread.join().expect("counting does not panic"))
    });

    let counter: u64 = counts.iter().sum();
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
