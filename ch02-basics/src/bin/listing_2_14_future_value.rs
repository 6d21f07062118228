//! Listing 2.14: The basics of futures.
//!
//! What Python calls a `Future`, a place for one value that somebody else will put there, is a
//! oneshot channel in Rust. It has two ends: whoever holds the sender sets the value, once. To ask
//! for the value too early, or to set it for nobody, is an error that the code has to deal with.
//!
//! In Python: `Future.set_result`. Here: `oneshot::Sender::send`.

use anyhow::anyhow;
use tokio::sync::oneshot;

fn main() -> anyhow::Result<()> {
    let (set_result, mut my_future) = oneshot::channel();

    println!("Is my_future done? {}", !my_future.is_empty());
    if let Err(error) = my_future.try_recv() {
        println!("Asking for the result too early is an error: {error}");
    }

    set_result
        .send(42)
        .map_err(|value| anyhow!("nobody is left to take {value}"))?;

    println!("Is my_future done? {}", !my_future.is_empty());
    println!("What is the result of my_future? {}", my_future.try_recv()?);
    Ok(())
}
