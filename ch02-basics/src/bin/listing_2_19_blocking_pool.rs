//! Listing 2.19 (blocking pool): CPU-bound code beside a task that sleeps.
//!
//! The work runs on other threads, so the event loop starts the delay at once. The program takes
//! four seconds, unless the work takes longer.
//!
//! In Python: `run_in_executor`. Here: `spawn_blocking`. Takes 4 s.

use std::hint::black_box;

use tokio::task::spawn_blocking;
use util::{async_timed, delay};

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
    let delay_task = tokio::spawn(delay(4));
    task_one.await?;
    task_two.await?;
    delay_task.await?;
    Ok(())
}
