//! Listing 6.14: MapReduce that reports its progress.
//!
//! Each map increments a shared counter, and a task of the event loop prints it every second.
//! rayon's threads run the maps. A `spawn_blocking` thread (listing 7.6) waits for them, so the
//! event loop is free for the reporter.
//!
//! Python passes the counter to its workers through an initializer, and locks it. An atomic can be
//! a `static`, and needs no lock.
//!
//! In Python: `Value`. Here: `AtomicUsize`, `spawn_blocking`. Takes 1 s.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ch06_cpu::{Partition, partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

static MAP_PROGRESS: AtomicUsize = AtomicUsize::new(0);

/// The columns of a line are word, year, count and volumes.
fn word_and_count(line: &str) -> Option<(&str, u64)> {
    let mut columns = line.split_ascii_whitespace();
    let mut next = || columns.next();
    let (word, _, count, _) = (next()?, next()?, next()?, next()?);
    next().is_none().then_some((word, count.parse().ok()?))
}

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
    MAP_PROGRESS.fetch_add(1, Ordering::Relaxed);
    Ok(counter)
}

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

fn map_all(partitions: Vec<Partition>) -> anyhow::Result<Vec<HashMap<String, u64>>> {
    partitions.into_par_iter().map(map_frequencies).collect()
}

async fn progress_reporter(total_partitions: usize) {
    loop {
        let map_progress = MAP_PROGRESS.load(Ordering::Relaxed);
        if map_progress == total_partitions {
            break;
        }
        println!("Finished {map_progress}/{total_partitions} map operations");
        sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let partition_size = 1 << 20;
    let partitions = partition(&word_file()?, partition_size)?;

    let reporter = tokio::spawn(progress_reporter(partitions.len()));
    let counters = spawn_blocking(|| map_all(partitions)).await??;
    reporter.await?;
    let final_result = counters
        .into_iter()
        .reduce(merge_dictionaries)
        .unwrap_or_default();

    let aardvark = final_result.get("Aardvark").unwrap_or(&0);
    println!("Aardvark has appeared {aardvark} times.");
    Ok(())
}
