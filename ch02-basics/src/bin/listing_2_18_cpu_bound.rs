//! Listing 2.18: Attempting to run CPU-bound code concurrently.
//!
//! The work has no `await` inside, so the second task begins when the first has ended. Even without
//! a GIL, one thread computes one thing at a time.
//!
//! In Python: `create_task`. Here: `tokio::spawn`.

use util::async_timed;

#[tracing::instrument]
async fn cpu_bound_work() -> u64 {
    let mut counter = 0;
    for _ in 0..100_000_000 {
        counter = add_one(counter);
    }
    counter
}

#[inline(never)] // otherwise the optimiser removes the loop
fn add_one(number: u64) -> u64 {
    number + 1
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
