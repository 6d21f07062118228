//! Listing 4.5: Using tasks concurrently in a loop.
//!
//! First all tasks, then all awaits: three seconds. `collect` is what makes the tasks; an iterator
//! alone, lazy as a generator expression, would make each one only when it is awaited.
//!
//! In Python: `create_task`. Here: `tokio::spawn`. Takes 3 s.

use tokio::task::JoinHandle;
use util::{async_timed, delay};

#[tracing::instrument(name = "main")]
async fn run() -> anyhow::Result<()> {
    let delay_times = [3, 3, 3];
    let tasks: Vec<JoinHandle<u64>> = delay_times
        .into_iter()
        .map(|seconds| tokio::spawn(delay(seconds)))
        .collect();
    for task in tasks {
        task.await?;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> util::Result {
    async_timed();
    run().await?;
    Ok(())
}
