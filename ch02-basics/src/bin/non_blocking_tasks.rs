//! Example: Two tasks that do not block.
//!
//! The tasks are those of `blocking_tasks`, but their sleep gives the thread back, so the second
//! task starts while the first one waits. For a fixed number of futures, `join!` is Rust's
//! `gather`.
//!
//! In Python: `asyncio.gather`. Here: `tokio::join!`. Takes 2 s.

use std::time::Duration;

use tokio::time::sleep;

async fn task1() {
    println!("Task 1 started");
    sleep(Duration::from_secs(2)).await;
    println!("Task 1 completed");
}

async fn task2() {
    println!("Task 2 started");
    sleep(Duration::from_secs(2)).await;
    println!("Task 2 completed");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `biased` polls them in this order every time, as `gather` does.
    tokio::join!(biased; task1(), task2());
}
