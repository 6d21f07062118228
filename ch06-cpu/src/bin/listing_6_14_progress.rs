//! Listing 6.14: MapReduce that reports its progress.
//!
//! Each map increments a shared counter, and a task of the event loop prints it every second.
//! rayon's threads run the maps. A `spawn_blocking` thread (listing 7.6) waits for them, so the
//! event loop is free for the reporter.
//!
//! Python passes the counter to its workers through an initializer, and locks it. An atomic can be
//! a `static`, and needs no lock. The reporter only shows the number, so `Relaxed` is enough.
//!
//! In Python: `Value`. Here: `AtomicUsize`, `spawn_blocking`. Takes 1 s.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ch06_cpu::{Partition, partition, word_file};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use listing_6_08::merge_dictionaries;

#[path = "listing_6_08_map_reduce.rs"]
#[expect(dead_code, reason = "its `main`")]
mod listing_6_08;

pub(crate) static MAP_PROGRESS: AtomicUsize = AtomicUsize::new(0);

pub(crate) fn map_frequencies(partition: Partition) -> anyhow::Result<HashMap<String, u64>> {
    let counter = listing_6_08::map_frequencies(partition)?;
    MAP_PROGRESS.fetch_add(1, Ordering::Relaxed);
    Ok(counter)
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
