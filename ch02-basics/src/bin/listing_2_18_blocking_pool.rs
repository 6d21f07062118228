//! Listing 2.18 (blocking pool): Running CPU-bound code concurrently.
//!
//! `spawn_blocking` runs a plain function on a thread of its own and gives a handle to await. The
//! book needs processes for this (chapter 6); without a GIL, threads are enough.

use std::hint::black_box;

use tokio::task::spawn_blocking;
use util::async_timed;

#[tracing::instrument]
fn cpu_bound_work(steps: u64) -> u64 {
    let mut counter = 0;
    for _ in 0..steps {
        counter = black_box(counter + 1); // or the optimiser would count in no time
    }
    counter
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let steps = util::args("[STEPS]").number(100_000_000, 0..=u64::MAX);
    let _main = async_timed();
    let task_one = spawn_blocking(move || cpu_bound_work(steps));
    let task_two = spawn_blocking(move || cpu_bound_work(steps));

    println!("counted to {}", task_one.await?);
    println!("counted to {}", task_two.await?);
    Ok(())
}
