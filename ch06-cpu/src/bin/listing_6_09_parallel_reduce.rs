//! Listing 6.9: MapReduce: the reduce in parallel too.
//!
//! The order in which tables are merged does not change the result. So several threads can merge at
//! the same time, each its own tables, until one table is left.
//!
//! It seldom pays. Counting is most of the work here. And where tables are large, a word moves from
//! table to table more often than if one thread merges all, and the last merge is the largest.
//!
//! The book imports the map and the merge from listing 6.8. Here `mod` includes that listing's file.
//!
//! In Python: `run_in_executor`. Here: `into_par_iter`, `reduce_with`.

use std::collections::HashMap;
use std::time::Instant;

use ch06_cpu::{partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use listing_6_08::{map_frequencies, merge_dictionaries};

#[path = "listing_6_08_map_reduce.rs"]
#[expect(dead_code, reason = "its `main`")]
mod listing_6_08;

fn reduce(counters: Vec<HashMap<String, u64>>) -> HashMap<String, u64> {
    counters
        .into_par_iter()
        .reduce_with(merge_dictionaries)
        .unwrap_or_default()
}

fn main() -> anyhow::Result<()> {
    let partition_size = 1 << 20;
    let file = word_file()?;
    let start = Instant::now();

    let intermediate_results: Vec<_> = partition(&file, partition_size)?
        .into_par_iter()
        .map(map_frequencies)
        .collect::<anyhow::Result<_>>()?;
    let final_result = reduce(intermediate_results);

    let aardvark = final_result.get("Aardvark").unwrap_or(&0);
    println!("Aardvark has appeared {aardvark} times.");
    println!(
        "MapReduce took: {:.4} seconds",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
