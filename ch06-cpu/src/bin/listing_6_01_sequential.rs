//! Listing 6.1 (sequential): The same counts, one after the other.
//!
//! The bench compares the other variants with this one.

use std::hint::black_box;
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

    count(100_000_000);
    count(200_000_000);

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
