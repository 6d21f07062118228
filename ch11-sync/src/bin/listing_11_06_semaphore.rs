//! Listing 11.6: A semaphore of two, and four operations.
//!
//! A semaphore has a number of permits, so a lock is a semaphore of one. A permit is a guard, and
//! dropping it gives it back.
//!
//! In Python: `asyncio.Semaphore`. Here: `tokio::sync::Semaphore`. Takes 4 s.

use std::time::Duration;

use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::sleep;

#[tracing::instrument(skip_all)]
async fn operation(semaphore: &Semaphore) {
    println!("Waiting to acquire semaphore...");
    {
        let _permit = semaphore.acquire().await.expect("nobody closes it");
        println!("Semaphore acquired!");
        sleep(Duration::from_secs(2)).await;
    }
    println!("Semaphore released!");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let semaphore = Semaphore::new(util::args("[LIMIT]").number(2, 1..=100));
    join_all((0..4).map(|_| operation(&semaphore))).await;
}
