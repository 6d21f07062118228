//! Example: What a hundred threads cost.
//!
//! Each is started and joined, and does nothing: the price of a worker in Rust's way.
//!
//! In Python: `Process.start`, `join`. Here: `Command`, `thread::Builder`.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let count = util::args("[COUNT]").number(100, 0..=100_000);
    let start = Instant::now();

    for number in 0..count {
        let thread = thread::Builder::new()
            .spawn(move || black_box(number))
            .context("cannot start a thread")?;
        thread.join().ok().context("a thread panicked")?;
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("{count} threads started and joined in {seconds:.4} second(s)");
    Ok(())
}
