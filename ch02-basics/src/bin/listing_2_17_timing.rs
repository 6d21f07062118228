//! Listing 2.17: Timing two concurrent delays with a decorator.
//!
//! `#[tracing::instrument]` is the decorator, and `async_timed` (listing 2.16) switches it on. The
//! two delays add up to five seconds, but `main` takes three.
//!
//! In Python: `@async_timed()`. Here: `#[tracing::instrument]`. Takes 3 s.

use std::time::Duration;

use tokio::time::sleep;
use util::async_timed;

#[tracing::instrument]
async fn delay(delay_seconds: u64) -> u64 {
    println!("sleeping for {delay_seconds} second(s)");
    sleep(Duration::from_secs(delay_seconds)).await;
    println!("finished sleeping for {delay_seconds} second(s)");
    delay_seconds
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let task_one = tokio::spawn(delay(2));
    let task_two = tokio::spawn(delay(3));

    task_one.await?;
    task_two.await?;
    Ok(())
}
