//! Listing 2.14 (exception): A future that is given an error.
//!
//! Errors are values, so a future that may fail carries a `Result`. Python's `result()` raises the
//! exception that was set; here the second `?` returns the error.
//!
//! In Python: `Future.set_exception`. Here: `oneshot::Sender::send`, `Result`.

use anyhow::anyhow;
use tokio::sync::oneshot;

fn main() -> anyhow::Result<()> {
    let (sender, mut my_future) = oneshot::channel::<anyhow::Result<u32>>();

    let exception = Err(anyhow!("the request failed"));
    sender.send(exception).expect("my_future is still there");

    println!("Is my_future done? {}", !my_future.is_empty());
    println!(
        "What is the result of my_future? {}",
        my_future.try_recv()??
    );
    Ok(())
}
