//! Listing 11.4 (no lock): The same two futures without the lock.
//!
//! This shows what the lock costs. Without it both tasks are in their sections at once, and finish
//! in half the time.
//!
//! Takes 2 s.

use util::delay;

#[tracing::instrument(skip_all)]
async fn a() {
    println!("Coroutine a is in its section");
    delay(2).await;
    println!("Coroutine a is done");
}

#[tracing::instrument(skip_all)]
async fn b() {
    println!("Coroutine b is in its section");
    delay(2).await;
    println!("Coroutine b is done");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `biased` polls `a` first each time; without it the order rotates.
    tokio::join!(biased; a(), b());
}
