//! Listing 6.9: MapReduce: the reduce in parallel too.
//!
//! The tables are merged 500 at a time, each chunk on a thread of its own, until one table is
//! left. Where words are many that takes a part of the merging off the one thread; where all maps
//! fit into one chunk, as with the small file, it changes nothing.
//!
//! In Python: `run_in_executor`. Here: `par_chunks_mut`.

use std::time::Instant;

use ch06_cpu::frequencies::{Input, map_frequencies};
use ch06_cpu::{Frequencies, partitions};
use rayon::iter::{ParallelBridge, ParallelIterator};
use rayon::slice::ParallelSliceMut;

fn reduce(mut counters: Vec<Frequencies>, chunk_size: usize) -> Frequencies {
    while counters.len() > 1 {
        counters = counters
            .par_chunks_mut(chunk_size)
            .map(|chunk| {
                let chunk = chunk.iter_mut().map(std::mem::take);
                chunk.reduce(Frequencies::merge).unwrap_or_default()
            })
            .collect();
    }
    counters.pop().unwrap_or_default()
}

fn main() -> anyhow::Result<()> {
    let input = Input::from_args()?;
    let start = Instant::now();

    let intermediate_results: Vec<Frequencies> = partitions(&input.file, 60_000)?
        .par_bridge()
        .map(|partition| anyhow::Ok(map_frequencies(&partition?)))
        .collect::<Result<_, _>>()?;
    let final_result = reduce(intermediate_results, 500);

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
