//! Example: A lock acquired and released by hand.
//!
//! Python needs `try` and `finally` for this. In Rust the guard releases the lock wherever it is
//! dropped, even on an early return, in a panic, or when the task is cancelled.
//!
//! In Python: `Lock.acquire`, `release`. Here: `drop(guard)`.

use tokio::sync::Mutex;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lock = Mutex::new(());

    let guard = lock.lock().await;
    println!("In critical section");
    drop(guard);

    println!("The lock is free: {}", lock.try_lock().is_ok());
}
