//! Listing 2.10: Running code while other operations complete.
//!
//! While both delays sleep, `main` awaits something else. An `await` that has to wait lets the tasks
//! run that are ready. An `await` of something that is already there goes straight on, in both
//! languages.
//!
//! In Python: `asyncio.create_task`. Here: `tokio::spawn`. Takes 3 s.

use std::time::Duration;

use tokio::time::sleep;
use util::delay;

#[tracing::instrument]
async fn hello_every_second() {
    for _ in 0..2 {
        sleep(Duration::from_secs(1)).await;
        println!("I'm running other code while I'm waiting!");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let first_delay = tokio::spawn(delay(3));
    let second_delay = tokio::spawn(delay(3));
    hello_every_second().await;
    first_delay.await?;
    second_delay.await?;
    Ok(())
}
