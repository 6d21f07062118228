//! Listing 4.5: Using tasks concurrently in a loop.
//!
//! The program makes all tasks, then awaits them, and takes three seconds. `spawn` only queues a
//! task, so no task prints before the first `await`. Two problems remain: a slow first task holds
//! up the results of all others, and a task that fails hides the results of those after it.
//!
//! `map` on an array makes all tasks at once, as a list comprehension does. `map` on an iterator is
//! lazy, like a generator expression, and would make each task only when it is awaited.
//!
//! In Python: `create_task`. Here: `tokio::spawn`. Takes 3 s.

use util::{async_timed, delay};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let delay_times = [3, 3, 3];
    let tasks = delay_times.map(|seconds| tokio::spawn(delay(seconds)));
    for task in tasks {
        task.await?;
    }
    Ok(())
}
