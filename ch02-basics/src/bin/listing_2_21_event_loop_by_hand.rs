//! Listing 2.21: Creating and closing the event loop by hand.
//!
//! A runtime is a value, and dropping it closes the loop. That happens on every way out of `main`,
//! so Rust needs no `finally`. The runtime drops the tasks that are left; to let them finish, await
//! their handles first.
//!
//! In Python: `asyncio.new_event_loop`. Here: `runtime::Builder`. Takes 1 s.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

async fn run() -> anyhow::Result<()> {
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let event_loop = Builder::new_current_thread().enable_time().build()?;
    event_loop.block_on(run())?;
    Ok(())
} // The loop is closed here, even after an error.
