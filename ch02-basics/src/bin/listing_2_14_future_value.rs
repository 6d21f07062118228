//! Listing 2.14: The basics of futures.
//!
//! A Python `Future` is a place for one value that is set later. In Rust this is a oneshot channel
//! with two ends: the sender sets the value, once, and the receiver takes it. If you ask too early,
//! Python raises an exception and `try_recv` returns an error.
//!
//! In Python: `Future.set_result`. Here: `oneshot::Sender::send`.

use tokio::sync::oneshot;

fn main() -> anyhow::Result<()> {
    let (sender, mut my_future) = oneshot::channel();

    println!("Is my_future done? {}", !my_future.is_empty());

    sender.send(42).expect("my_future is still there");

    println!("Is my_future done? {}", !my_future.is_empty());
    println!("What is the result of my_future? {}", my_future.try_recv()?);
    Ok(())
}
