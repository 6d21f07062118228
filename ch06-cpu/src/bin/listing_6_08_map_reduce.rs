//! Listing 6.8: MapReduce: partitions mapped in parallel, merged on one thread.
//!
//! In the map, a free thread takes a partition, reads it and counts its words in a table, so no
//! thread waits for another. The reduce merges the tables into one.
//!
//! Python copies each partition to another process, and its table back. Here both stay where they
//! are, and memory holds only the part of the file that the threads are working on. The book waits
//! for its processes in an event loop. `main` has nothing else to do, so it needs none; 6.14 has
//! one.
//!
//! In Python: `run_in_executor`, `gather`. Here: `into_par_iter`, `reduce`.

use std::collections::HashMap;
use std::time::Instant;

use ch06_cpu::{Partition, partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

#[tracing::instrument(skip_all)]
pub(crate) fn map_frequencies(partition: Partition) -> anyhow::Result<HashMap<String, u64>> {
    let mut counter: HashMap<String, u64> = HashMap::new();
    for row in partition.rows(&partition.read()?) {
        let (word, count) = row?;
        if let Some(frequency) = counter.get_mut(word) {
            *frequency += count;
        } else {
            counter.insert(word.to_owned(), count);
        }
    }
    Ok(counter)
}

#[tracing::instrument(skip_all)]
pub(crate) fn merge_dictionaries(
    first: HashMap<String, u64>,
    second: HashMap<String, u64>,
) -> HashMap<String, u64> {
    let mut merged = first;
    for (word, frequency) in second {
        *merged.entry(word).or_default() += frequency;
    }
    merged
}

fn main() -> anyhow::Result<()> {
    let partition_size = 1 << 20;
    let file = word_file()?;
    let start = Instant::now();

    let intermediate_results: Vec<_> = partition(&file, partition_size)?
        .into_par_iter()
        .map(map_frequencies)
        .collect::<anyhow::Result<_>>()?;
    let final_result = intermediate_results
        .into_iter()
        .reduce(merge_dictionaries)
        .unwrap_or_default();

    let aardvark = final_result.get("Aardvark").unwrap_or(&0);
    println!("Aardvark has appeared {aardvark} times.");
    println!(
        "MapReduce took: {:.4} seconds",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
