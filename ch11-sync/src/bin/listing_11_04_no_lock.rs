//! Listing 11.4 (no lock): The same two tasks without the lock.
//!
//! What the lock costs: without it both are in their sections together, and done in half the time.
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
    // `a` is polled first each time; without `biased`, they take turns in that.
    tokio::join!(biased; a(), b());
}
