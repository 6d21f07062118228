//! Listing 2.5: A first long-running operation, with sleep.
//!
//! While the coroutine sleeps, the thread is free, though nothing uses it yet. `std::thread::sleep`
//! would block the thread and every task on it (`blocking_tasks`).
//!
//! In Python: `asyncio.sleep`. Here: `tokio::time::sleep`. Takes 1 s.

use std::time::Duration;

use tokio::time::sleep;

async fn hello_world_message() -> &'static str {
    sleep(Duration::from_secs(1)).await;
    "Hello World!"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let message = hello_world_message().await;
    println!("{message}");
}
