//! Listing 2.15: Awaiting a future.
//!
//! `make_request` returns at once with a receiver that has no value yet. Awaiting it pauses `main`
//! until the task at the other end sends one, and takes the value out. `&mut` keeps the receiver
//! alive. It is empty again afterwards, so the program asks whether it is terminated. Python's
//! future keeps its value, and you can await it twice.
//!
//! In Python: `Future`. Here: `oneshot::Receiver`. Takes 1 s.

use std::time::Duration;

use tokio::sync::oneshot::{self, Receiver, Sender};
use tokio::time::sleep;

fn make_request() -> Receiver<u32> {
    let (sender, future) = oneshot::channel();
    tokio::spawn(set_future_value(sender));
    future
}

async fn set_future_value(sender: Sender<u32>) {
    sleep(Duration::from_secs(1)).await;
    // This fails only if nothing waits for the value any longer.
    let _ = sender.send(42);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut future = make_request();
    println!("Is the future done? {}", !future.is_empty());
    let value = (&mut future).await?;
    println!("Is the future done? {}", future.is_terminated());
    println!("{value}");
    Ok(())
}
