//! Listing 6.8: MapReduce: partitions mapped in parallel, merged on one thread.
//!
//! A thread that is free takes the next 60,000 lines, so that all are busy to the end and no more
//! of the file is in memory than they work on. Python's partitions travel to other processes and
//! their tables back; here both stay where they are.
//!
//! In Python: `run_in_executor`, `gather`. Here: `par_bridge`.

use std::time::Instant;

use ch06_cpu::frequencies::{Input, map_frequencies};
use ch06_cpu::{Frequencies, partitions};
use rayon::iter::{ParallelBridge, ParallelIterator};

fn main() -> anyhow::Result<()> {
    let input = Input::from_args()?;
    let start = Instant::now();

    let intermediate_results: Vec<Frequencies> = partitions(&input.file, 60_000)?
        .par_bridge()
        .map(|partition| anyhow::Ok(map_frequencies(&partition?)))
        .collect::<Result<_, _>>()?;
    let merged = intermediate_results.into_iter().reduce(Frequencies::merge);
    let final_result = merged.unwrap_or_default();

    println!(
        "Aardvark has appeared {} times.",
        final_result.of("Aardvark")
    );
    println!(
        "MapReduce took: {:.4} seconds",
        start.elapsed().as_secs_f64()
    );
    Ok(input.finish(&final_result)?)
}
