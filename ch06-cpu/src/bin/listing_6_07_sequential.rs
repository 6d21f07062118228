//! Listing 6.7: Counting the words of a large file in one thread.
//!
//! What MapReduce is measured against: the same file, read and counted in the same way, one
//! partition after the other into one table.
//!
//! `cargo xtask ngrams FILE` writes a file of ten million rows.
//!
//! In Python: `for line in file`. Here: `partitions`.

use std::time::Instant;

use ch06_cpu::frequencies::Input;
use ch06_cpu::{Frequencies, partitions};

fn main() -> anyhow::Result<()> {
    let input = Input::from_args()?;
    let start = Instant::now();

    let mut frequencies = Frequencies::default();
    for partition in partitions(&input.file, 60_000)? {
        frequencies.count(&partition?);
    }

    println!(
        "Aardvark has appeared {} times.",
        frequencies.of("Aardvark")
    );
    println!("{:.4}", start.elapsed().as_secs_f64());
    Ok(input.finish(&frequencies)?)
}
