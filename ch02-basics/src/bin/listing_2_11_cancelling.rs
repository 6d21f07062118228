//! Listing 2.11: Cancelling a task.
//!
//! Python raises `CancelledError` inside the task, which may catch it. Rust drops the task's future
//! where it waits, so only destructors run, and the task cannot refuse. Like `cancel`, `abort` is
//! only a request: a task that computes continues to the next `await` at which it has to wait, and
//! may end before it comes to one.
//!
//! In Python: `Task.cancel`, `CancelledError`. Here: `JoinHandle::abort`,
//! `JoinError::is_cancelled`. Takes 6 s.

use std::time::Duration;

use tokio::time::sleep;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let long_task = tokio::spawn(delay(10));

    let mut seconds_elapsed = 0;

    while !long_task.is_finished() {
        println!("Task not finished, checking again in a second.");
        sleep(Duration::from_secs(1)).await;
        seconds_elapsed += 1;
        if seconds_elapsed == 5 {
            long_task.abort();
        }
    }

    match long_task.await {
        Err(error) if error.is_cancelled() => println!("Our task was cancelled"),
        finished => println!("{}", finished?),
    }
    Ok(())
}
