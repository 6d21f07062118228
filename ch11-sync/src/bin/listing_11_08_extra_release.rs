//! Listing 11.8: One release too many.
//!
//! Permits that are guards cannot be released twice. `add_permits` can make one from nothing, as
//! `release` does in Python: from then on three tasks are in at once, in a semaphore of two.
//!
//! In Python: `Semaphore.release`. Here: `Semaphore::add_permits`. Takes 10 s.

use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

async fn acquire(semaphore: &Semaphore) -> anyhow::Result<()> {
    println!("Waiting to acquire");
    {
        let _permit = semaphore.acquire().await?;
        println!("Acquired");
        sleep(Duration::from_secs(5)).await;
    }
    println!("Releasing");
    Ok(())
}

async fn release(semaphore: &Semaphore) -> anyhow::Result<()> {
    println!("Releasing as a one off!");
    semaphore.add_permits(1);
    println!("Released as a one off!");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let semaphore = Semaphore::new(2);
    let s = &semaphore;

    println!("Acquiring twice, releasing three times...");
    tokio::try_join!(biased; acquire(s), acquire(s), release(s))?;

    println!("Acquiring three times...");
    tokio::try_join!(biased; acquire(s), acquire(s), acquire(s))?;
    Ok(())
}
