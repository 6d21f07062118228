//! Listing 11.4: Two tasks and one lock.
//!
//! The lock is held across an await, which is what tokio's mutex is for: to wait for it suspends
//! the task, not the thread. Where no await is inside, std's is the better one (`mutex_std`).
//!
//! In Python: `asyncio.Lock`. Here: `tokio::sync::Mutex`. Takes 4 s.

use tokio::sync::Mutex;
use util::delay;

#[tracing::instrument(skip_all)]
async fn a(lock: &Mutex<()>) {
    println!("Coroutine a waiting to acquire the lock");
    {
        let _guard = lock.lock().await;
        println!("Coroutine a is in the critical section");
        delay(2).await;
    }
    println!("Coroutine a released the lock");
}

#[tracing::instrument(skip_all)]
async fn b(lock: &Mutex<()>) {
    println!("Coroutine b waiting to acquire the lock");
    {
        let _guard = lock.lock().await;
        println!("Coroutine b is in the critical section");
        delay(2).await;
    }
    println!("Coroutine b released the lock");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lock = Mutex::new(());
    // In the order they are written, as `gather` starts them.
    tokio::join!(biased; a(&lock), b(&lock));
}
