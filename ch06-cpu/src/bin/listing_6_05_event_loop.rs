//! Listing 6.5: A pool that the event loop waits for.
//!
//! The pool computes, a oneshot channel wakes the event loop when a result is there, and other
//! tasks run meanwhile. To call `countdown` in a task would stop them all (listing 2.18).
//!
//! In Python: `loop.run_in_executor`. Here: `tokio::sync::oneshot`.

use std::hint::black_box;

use anyhow::Context;
use futures::future::try_join_all;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;

#[tracing::instrument]
fn countdown(count_from: u64) -> u64 {
    let mut counter = 0;
    while counter < count_from {
        counter = black_box(counter + 1);
    }
    counter
}

async fn run_in_executor<T: Send + 'static>(
    pool: &ThreadPool,
    call: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    let (sender, result) = oneshot::channel();
    pool.spawn(move || {
        // Whoever dropped the future does not want the result.
        let _ = sender.send(call());
    });
    result.await.context("the call panicked")
}

#[tracing::instrument]
async fn other_code() {
    println!("I'm running other code while the pool counts!");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let big = util::args("[BIG]").number(100_000_000, 0..=100_000_000_000);
    let process_pool = ThreadPoolBuilder::new().build()?;
    let nums = [1, 3, 5, 22, big];

    let calls = nums.map(|num| run_in_executor(&process_pool, move || countdown(num)));
    // Nothing has been given to the pool yet: a future does nothing until it is polled.
    let (results, ()) = tokio::join!(try_join_all(calls), other_code());

    for result in results? {
        println!("{result}");
    }
    Ok(())
}
