//! Listing 2.12 (detached): The timeout that forgets to cancel.
//!
//! Here `timeout` owns the handle and drops it. That detaches the task: it keeps running, and you
//! can neither wait for it nor cancel it.
//!
//! In Python: `asyncio.wait_for`. Here: `tokio::time::timeout`. Takes 3 s.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let delay_task = tokio::spawn(delay(2));

    match timeout(Duration::from_secs(1), delay_task).await {
        Ok(result) => println!("{}", result?),
        Err(_elapsed) => {
            println!("Got a timeout!");
            sleep(Duration::from_secs(2)).await;
            println!("The task went on, unseen.");
        }
    }
    Ok(())
}
