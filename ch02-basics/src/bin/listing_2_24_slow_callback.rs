//! Listing 2.24: Changing the slow callback duration.
//!
//! The book only sets the threshold; here three tasks show what it does. With the threshold at 250
//! milliseconds, a task that blocks the loop for 150 passes unnoticed, and one that blocks it for
//! 300 is reported. Sleeping with `await` blocks nothing.
//!
//! In Python: `slow_callback_duration`. Here: `ch02_basics::debug`. Takes 1 s.

use std::thread;
use std::time::Duration;

use ch02_basics::debug::DebugMode;

async fn block_for(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

async fn sleep_for(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let threshold = util::args("[MILLISECONDS]").number(250, 0..=60_000);
    let debug = DebugMode {
        slow_callback_duration: Duration::from_millis(threshold),
    };

    debug.create_task("short", block_for(150)).await?;
    debug.create_task("long", block_for(300)).await?;
    debug.create_task("asleep", sleep_for(300)).await?;
    println!("All tasks are done.");
    Ok(())
}
