//! Listing 11.8 (bounded): The same with a bounded semaphore.
//!
//! The extra release gives back a permit that somebody still uses. The error comes when the last
//! one gives its own back, five seconds later and in another place.
//!
//! In Python: `BoundedSemaphore.release`. Here: `BoundedSemaphore`. Takes 5 s.

use std::time::Duration;

use ch11_sync::BoundedSemaphore;
use tokio::time::sleep;

#[tracing::instrument(skip_all)]
async fn acquire(semaphore: &BoundedSemaphore) -> anyhow::Result<()> {
    println!("Waiting to acquire");
    semaphore.acquire().await;
    println!("Acquired");
    sleep(Duration::from_secs(5)).await;
    semaphore.release()?;
    println!("Releasing");
    Ok(())
}

#[tracing::instrument(skip_all)]
async fn release(semaphore: &BoundedSemaphore) -> anyhow::Result<()> {
    println!("Releasing as a one off!");
    semaphore.release()?;
    println!("Released as a one off!");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let semaphore = &BoundedSemaphore::new(2);

    println!("Acquiring twice, releasing three times...");
    tokio::try_join!(acquire(semaphore), acquire(semaphore), release(semaphore))?;

    println!("Acquiring three times...");
    tokio::try_join!(acquire(semaphore), acquire(semaphore), acquire(semaphore))?;
    Ok(())
}
