//! Listing 2.9: Running multiple tasks concurrently.
//!
//! `spawn` queues a task, as `create_task` does. All three start at the first `await` and sleep
//! together, for three seconds instead of nine.
//!
//! In Python: `asyncio.create_task`. Here: `tokio::spawn`. Takes 3 s.

use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let sleep_for_three = tokio::spawn(delay(3));
    let sleep_again = tokio::spawn(delay(3));
    let sleep_once_more = tokio::spawn(delay(3));

    sleep_for_three.await?;
    sleep_again.await?;
    sleep_once_more.await?;
    Ok(())
}
