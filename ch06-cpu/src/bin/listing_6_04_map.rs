//! Listing 6.4: A map over a pool, its results in order.
//!
//! The results come in the order of the numbers, each as soon as it and all before it are there.
//! With the big number first (`listing_6_04_map 100000000 big-first`) the small ones, long ready,
//! wait behind it. rayon has no map of this kind, so here is one.
//!
//! In Python: `ProcessPoolExecutor.map`. Here: `spawn_fifo`, a channel for each.

use std::hint::black_box;
use std::sync::mpsc;
use std::time::Instant;

use anyhow::Context;
use rayon::{ThreadPool, ThreadPoolBuilder};

fn count(count_to: u64) -> u64 {
    let start = Instant::now();

    let mut counter = 0;
    while counter < count_to {
        counter = black_box(counter + 1);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("Finished counting to {count_to} in {seconds:.4e}");
    counter
}

/// Starts all calls at once; the iterator then waits for each result in turn. (`par_iter().map()`
/// is shorter, and gives no result before it has them all.)
fn map(
    pool: &ThreadPool,
    function: fn(u64) -> u64,
    numbers: Vec<u64>,
) -> impl Iterator<Item = anyhow::Result<u64>> {
    let calls = numbers.into_iter().map(|number| {
        let (sender, receiver) = mpsc::channel();
        // First in, first out, as Python's pool has it; `spawn` alone prefers the latest.
        pool.spawn_fifo(move || {
            let _ = sender.send(function(number));
        });
        receiver
    });
    let results: Vec<_> = calls.collect();
    results
        .into_iter()
        .map(|result| result.recv().context("the call panicked"))
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[BIG] [big-first]");
    let mut numbers = vec![1, 3, 5, 22, args.number(100_000_000, 0..=100_000_000_000)];
    if args.flag("big-first") {
        numbers.rotate_right(1);
    }

    let process_pool = ThreadPoolBuilder::new().build()?;
    for result in map(&process_pool, count, numbers) {
        println!("{}", result?);
    }
    Ok(())
}
