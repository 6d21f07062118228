//! Listing 11.8: One release too many.
//!
//! A permit is a guard, so you cannot release it twice. But `add_permits` makes one from nothing,
//! as `release` does in Python. From then on a semaphore of two lets in three.
//!
//! In Python: `Semaphore.release`. Here: `add_permits`. Takes 10 s.

use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

async fn acquire(semaphore: &Semaphore) {
    println!("Waiting to acquire");
    {
        let _permit = semaphore.acquire().await.expect("nobody closes it");
        println!("Acquired");
        sleep(Duration::from_secs(5)).await;
    }
    println!("Releasing");
}

async fn release(semaphore: &Semaphore) {
    println!("Releasing as a one off!");
    semaphore.add_permits(1);
    println!("Released as a one off!");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let semaphore = &Semaphore::new(2);

    println!("Acquiring twice, releasing three times...");
    tokio::join!(acquire(semaphore), acquire(semaphore), release(semaphore));

    println!("Acquiring three times...");
    tokio::join!(acquire(semaphore), acquire(semaphore), acquire(semaphore));
}
