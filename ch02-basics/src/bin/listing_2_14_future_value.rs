//! Listing 2.14: The basics of futures.
//!
//! A Python `Future` is a place for one value that somebody sets later. Rust calls that a oneshot
//! channel and splits it in two: the sender sets the value, once, and the receiver takes it. Asking
//! too early is an exception in Python; `try_recv` returns an error then.
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
