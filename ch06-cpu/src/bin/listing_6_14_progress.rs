//! Listing 6.14: MapReduce that reports its progress.
//!
//! The maps run on the pool and count themselves in an atomic; a task of the event loop looks at
//! it every second. Nobody waits for anybody: to read the counter takes no lock.
//!
//! In Python: `Value`. Here: `AtomicUsize`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use ch06_cpu::frequencies::{Input, map_frequencies};
use ch06_cpu::{Frequencies, partitions};
use rayon::iter::{ParallelBridge, ParallelIterator};
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Reports until it is dropped.
async fn progress_reporter(map_progress: &AtomicUsize, total_partitions: usize) -> Infallible {
    loop {
        let finished = map_progress.load(Ordering::Relaxed);
        println!("Finished {finished}/{total_partitions} map operations");
        sleep(Duration::from_secs(1)).await;
    }
}

fn map_reduce(file: PathBuf, map_progress: &AtomicUsize) -> anyhow::Result<Frequencies> {
    partitions(&file, 60_000)?
        .par_bridge()
        .map(|partition| {
            let frequencies = map_frequencies(&partition?);
            map_progress.fetch_add(1, Ordering::Relaxed);
            Ok(frequencies)
        })
        .try_reduce(Frequencies::default, |a, b| Ok(a.merge(b)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let input = Input::from_args()?;
    let total_partitions = partitions(&input.file, 60_000)?.count();
    let start = Instant::now();

    let map_progress = Arc::new(AtomicUsize::new(0));
    let (sender, result) = oneshot::channel();
    let (file, progress) = (input.file.clone(), Arc::clone(&map_progress));
    rayon::spawn(move || {
        let _ = sender.send(map_reduce(file, &progress));
    });

    let final_result = tokio::select! {
        biased;
        // The branch that loses is dropped, which ends the reporter in its sleep.
        never = progress_reporter(&map_progress, total_partitions) => match never {},
        result = result => result.context("a map panicked")??,
    };

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
