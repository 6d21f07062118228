//! Listing 6.1 (sequential): The same counts, one after the other.
//!
//! The bench compares the other variants with this one.

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

    count(100_000_000);
    count(200_000_000);

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
