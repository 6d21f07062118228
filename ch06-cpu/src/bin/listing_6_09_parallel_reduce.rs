//! Listing 6.9: MapReduce: the reduce in parallel too.
//!
//! The order in which tables are merged does not change the result. So several threads can merge at
//! the same time, each its own tables, until one table is left.
//!
//! It seldom pays. Counting is most of the work here. And where tables are large, a word moves from
//! table to table more often than if one thread merges all, and the last merge is the largest.
//!
//! In Python: `run_in_executor`. Here: `into_par_iter`, `reduce_with`.

use std::collections::HashMap;
use std::time::Instant;

use ch06_cpu::{Partition, partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// The columns of a line are word, year, count and volumes.
fn word_and_count(line: &str) -> Option<(&str, u64)> {
    let mut columns = line.split_ascii_whitespace();
    let mut next = || columns.next();
    let (word, _, count, _) = (next()?, next()?, next()?, next()?);
    next().is_none().then_some((word, count.parse().ok()?))
}

#[tracing::instrument(skip_all)]
fn map_frequencies(partition: Partition) -> anyhow::Result<HashMap<String, u64>> {
    let mut counter: HashMap<String, u64> = HashMap::new();
    for (number, line) in partition.read()?.lines().enumerate() {
        let row = word_and_count(line);
        let (word, count) = row.ok_or_else(|| partition.malformed(number))?;
        if let Some(frequency) = counter.get_mut(word) {
            *frequency += count;
        } else {
            counter.insert(word.to_owned(), count);
        }
    }
    Ok(counter)
}

#[tracing::instrument(skip_all)]
fn merge_dictionaries(
    first: HashMap<String, u64>,
    second: HashMap<String, u64>,
) -> HashMap<String, u64> {
    let mut merged = first;
    for (word, frequency) in second {
        *merged.entry(word).or_default() += frequency;
    }
    merged
}

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
