//! Example: What a hundred threads cost.
//!
//! The program starts each thread and joins it. A thread does nothing, so this is what a worker
//! costs in Rust.
//!
//! In Python: `Process.start`, `join`. Here: `thread::spawn`, `join`.

use std::thread;
use std::time::Instant;

fn main() {
    let count = util::args("[COUNT]").number(100, 0..=100_000);
    let start = Instant::now();

    for _ in 0..count {
        let thread = thread::spawn(|| ());
        thread.join().expect("it does nothing");
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("{count} threads started and joined in {seconds:.4} second(s)");
}
