//! Listing 2.24: Changing the slow callback duration.
//!
//! The book only sets the threshold; here two tasks show its effect. With a threshold of 250
//! milliseconds, a task that blocks the loop for 150 passes unnoticed, and one that blocks it for
//! 300 is reported.
//!
//! In Python: `slow_callback_duration`. Here: `ch02_basics::debug`.

use std::thread;
use std::time::Duration;

use ch02_basics::debug::DebugMode;

async fn block_for(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let debug = DebugMode {
        slow_callback_duration: Duration::from_millis(250),
    };

    debug.create_task("short", block_for(150)).await?;
    debug.create_task("long", block_for(300)).await?;
    Ok(())
}
