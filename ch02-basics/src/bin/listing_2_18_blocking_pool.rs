//! Listing 2.18 (blocking pool): Running CPU-bound code concurrently.
//!
//! `spawn_blocking` runs a plain function on another thread and returns a handle to await. The book
//! needs processes for this (chapter 6). Without a GIL, threads are enough.
//!
//! In Python: `run_in_executor`. Here: `spawn_blocking`.

use std::hint::black_box;

use tokio::task::spawn_blocking;
use util::async_timed;

#[tracing::instrument]
fn cpu_bound_work() -> u64 {
    let mut counter = 0;
    for _ in 0..100_000_000 {
        counter = black_box(counter + 1); // without it the optimiser removes the loop
    }
    counter
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let task_one = spawn_blocking(cpu_bound_work);
    let task_two = spawn_blocking(cpu_bound_work);
    task_one.await?;
    task_two.await?;
    Ok(())
}
