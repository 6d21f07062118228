//! Listing 2.21: Creating and closing the event loop by hand.
//!
//! A runtime is a value: dropping it closes the loop, and drops what still waits on it. Rust
//! needs no `finally` for that, as the drop happens on every way out, `?` and panic included.
//!
//! In Python: `asyncio.new_event_loop`. Here: `runtime::Builder`. Takes 1 s.

use std::time::Duration;

use anyhow::ensure;
use tokio::runtime::Builder;
use tokio::time::sleep;

async fn run(outcome: &str) -> anyhow::Result<()> {
    sleep(Duration::from_secs(1)).await;
    ensure!(outcome == "ok", "the outcome is '{outcome}', not 'ok'");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let outcome = util::args("[OUTCOME]").text("ok");
    let event_loop = Builder::new_current_thread().enable_time().build()?;

    let result = event_loop.block_on(run(&outcome));
    drop(event_loop);
    println!("The event loop is closed.");

    Ok(result?)
}
