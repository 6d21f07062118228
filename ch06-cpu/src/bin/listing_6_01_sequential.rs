//! Listing 6.1 (sequential): The same counts, one after the other.
//!
//! What the others are measured against.

use std::hint::black_box;
use std::time::Instant;

fn count(count_to: u64) -> u64 {
    let start = Instant::now();

    let mut counter = 0;
    while counter < count_to {
        counter = black_box(counter + 1);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4}");
    counter
}

fn main() {
    let mut args = util::args("[FIRST] [SECOND]");
    let first = args.number(100_000_000, 0..=100_000_000_000);
    let second = args.number(200_000_000, 0..=100_000_000_000);
    let start_time = Instant::now();

    count(first);
    count(second);

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
