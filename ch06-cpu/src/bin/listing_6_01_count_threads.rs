//! Listing 6.1: Two counts at once.
//!
//! Python needs two processes here, because its threads take turns. In Rust two threads compute at
//! the same time. The scope joins its threads at its end. A thread outside a scope ends with
//! `main`, unless you join it.
//!
//! In Python: `multiprocessing.Process`. Here: `thread::scope`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

fn count(count_to: u64) -> u64 {
    let start = Instant::now();
    let mut counter = 0;
    while counter < count_to {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4}");
    counter
}

fn main() {
    let start_time = Instant::now();

    thread::scope(|scope| {
        scope.spawn(|| count(100_000_000));
        scope.spawn(|| count(200_000_000));
    });

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
