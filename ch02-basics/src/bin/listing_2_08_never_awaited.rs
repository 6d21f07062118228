//! Listing 2.8 (never awaited): A task that nobody awaits.
//!
//! The runtime drops the tasks that are left when `main` ends, as `asyncio.run` cancels them: this
//! one never finishes its sleep. Had `main` not awaited anything, it would not even have started.
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
