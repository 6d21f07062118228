//! Listing 2.19: CPU-bound code with a task that sleeps.
//!
//! The delay cannot begin while the two other tasks hold the thread. The program takes the time of
//! both, plus four seconds.
//!
//! In Python: `create_task`. Here: `tokio::spawn`. Takes 4 s.

use std::hint::black_box;

use util::{async_timed, delay};

#[tracing::instrument]
async fn cpu_bound_work() -> u64 {
    let mut counter = 0;
    for _ in 0..100_000_000 {
        counter = black_box(counter + 1); // without it the optimiser removes the loop
    }
    counter
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let task_one = tokio::spawn(cpu_bound_work());
    let task_two = tokio::spawn(cpu_bound_work());
    let delay_task = tokio::spawn(delay(4));
    task_one.await?;
    task_two.await?;
    delay_task.await?;
    Ok(())
}
