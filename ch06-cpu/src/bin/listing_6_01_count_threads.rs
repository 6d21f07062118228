//! Listing 6.1: Two counts at once.
//!
//! Python needs two processes here, because its threads take turns. In Rust two threads compute at
//! the same time. `join` returns the result of a thread, which Python's `join` does not. A scope
//! waits for its threads; any other thread ends with `main` unless you join it.
//!
//! In Python: `multiprocessing.Process`. Here: `thread::scope`, `join`.

use std::thread;
use std::time::Instant;

fn count(count_to: u64) -> u64 {
    let start = Instant::now();
    let mut counter = 0;
    while counter < count_to {
        counter = add_one(counter);
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4}");
    counter
}

// Not inlined, because the optimiser would replace the loop with its result.
#[inline(never)]
fn add_one(counter: u64) -> u64 {
    counter + 1
}

fn main() {
    let start_time = Instant::now();

    thread::scope(|scope| {
        let to_one_hundred_million = scope.spawn(|| count(100_000_000));
        let to_two_hundred_million = scope.spawn(|| count(200_000_000));

        assert_eq!(to_one_hundred_million.join().ok(), Some(100_000_000));
        assert_eq!(to_two_hundred_million.join().ok(), Some(200_000_000));
    });

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
