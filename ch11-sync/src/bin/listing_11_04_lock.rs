//! Listing 11.4: Two futures and one lock.
//!
//! `lock().await` suspends `b`, not the thread. tokio's mutex is for a lock that is held across an
//! await, as here. std's would block the thread, and with it `a`, which has the lock: a deadlock.
//! Without an await inside, std's is faster (`mutex_std`).
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
    tokio::join!(a(&lock), b(&lock));
}
