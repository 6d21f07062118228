//! Example: Two tasks that do not block.
//!
//! The functions are those of `blocking_tasks`, but their sleep gives the thread back, so the second
//! starts while the first one waits. For a fixed number of futures, `join!` is Rust's `gather`. It
//! makes no tasks: the task that awaits it, here `main`, runs both.
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
