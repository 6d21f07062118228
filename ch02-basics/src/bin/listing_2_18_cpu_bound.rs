//! Listing 2.18: Attempting to run CPU-bound code concurrently.
//!
//! The work has no `await` inside, so the second task begins when the first has ended. Even without
//! a GIL, one thread computes one thing at a time. As a rule of thumb, a task should not run for
//! longer than 10 to 100 microseconds without an `await`.
//!
//! In Python: `create_task`. Here: `tokio::spawn`.

use std::hint::black_box;

use util::async_timed;

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
    task_one.await?;
    task_two.await?;
    Ok(())
}
