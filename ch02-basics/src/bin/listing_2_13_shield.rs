//! Listing 2.13: Shielding a task from cancellation.
//!
//! A spawned task needs no shield. When the timeout drops its reference to the handle, the task
//! does not notice, and you can still await the handle.
//!
//! In Python: `asyncio.shield`. Here: `timeout`, `&mut task`. Takes 10 s.

use std::time::Duration;

use tokio::time::timeout;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut task = tokio::spawn(delay(10));

    match timeout(Duration::from_secs(5), &mut task).await {
        Ok(result) => println!("{}", result?),
        Err(_elapsed) => {
            println!("Task took longer than five seconds!");
            let result = task.await?;
            println!("{result}");
        }
    }
    Ok(())
}
