//! Listing 6.1: Two counts at once.
//!
//! Python needs two processes here, since its threads take turns. In Rust two threads do, and a
//! thread can do what a `Process` cannot: return its result.
//!
//! In Python: `multiprocessing.Process`. Here: `thread::scope`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

fn count(count_to: u64) -> u64 {
    let start = Instant::now();

    let mut counter = 0;
    while counter < count_to {
        // The black box keeps the optimiser from knowing the end of the loop in advance.
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

    thread::scope(|scope| {
        // Spawning returns at once; the scope waits for both.
        scope.spawn(|| count(first));
        scope.spawn(|| count(second));
    });

    println!("Completed in {:.4}", start_time.elapsed().as_secs_f64());
}
