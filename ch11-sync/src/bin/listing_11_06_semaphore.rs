//! Listing 11.6: A semaphore of two, and four tasks.
//!
//! A lock lets one in, a semaphore as many as it has permits. A permit is a guard: it goes back
//! when it is dropped.
//!
//! In Python: `asyncio.Semaphore`. Here: `tokio::sync::Semaphore`. Takes 4 s.

use std::time::Duration;

use futures::future::try_join_all;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tracing::{Instrument, info_span};

#[tracing::instrument(skip_all)]
async fn operation(semaphore: &Semaphore) -> anyhow::Result<()> {
    println!("Waiting to acquire semaphore...");
    {
        let _permit = semaphore.acquire().await?;
        println!("Semaphore acquired!");
        sleep(Duration::from_secs(2))
            .instrument(info_span!("holding a permit"))
            .await;
    }
    println!("Semaphore released!");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let semaphore = Semaphore::new(2);
    try_join_all((0..4).map(|_| operation(&semaphore))).await?;
    Ok(())
}
