//! Listing 2.8 (never awaited): A task that is never awaited.
//!
//! When `main` ends, the runtime drops the tasks that are left, where `asyncio.run` cancels them.
//! This task never finishes its sleep. If `main` awaited nothing, the task would not even start; in
//! asyncio it would, and print that it sleeps, before it is cancelled.
//!
//! In Python: `asyncio.create_task`. Here: `tokio::spawn`. Takes 1 s.

use std::time::Duration;

use tokio::time::sleep;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(delay(3));
    sleep(Duration::from_secs(1)).await;
    println!("main ends here");
}
