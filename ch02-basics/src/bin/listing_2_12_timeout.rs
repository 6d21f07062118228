//! Listing 2.12: A timeout for a task, with cancellation.
//!
//! `asyncio.wait_for` cancels the task when time is up. `timeout` only drops its argument, here a
//! reference to the handle, so you must abort the task yourself. A future without a task, as in
//! `timeout(limit, delay(2))`, ends when `timeout` drops it.
//!
//! In Python: `asyncio.wait_for`. Here: `tokio::time::timeout`. Takes 1 s.

use std::time::Duration;

use tokio::time::timeout;
use util::delay;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut delay_task = tokio::spawn(delay(2));

    match timeout(Duration::from_secs(1), &mut delay_task).await {
        Ok(result) => println!("{}", result?),
        Err(_elapsed) => {
            println!("Got a timeout!");
            delay_task.abort();
            let cancelled = delay_task.await.is_err_and(|error| error.is_cancelled());
            println!("Was the task cancelled? {cancelled}");
        }
    }
    Ok(())
}
