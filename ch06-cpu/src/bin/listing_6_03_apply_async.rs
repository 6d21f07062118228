//! Listing 6.3: A pool that gives a handle for each result.
//!
//! `apply_async` hands the call over and returns at once, so both run at the same time; `get`
//! blocks until its result is there. rayon's `spawn` returns nothing: what brings the result back
//! is a channel, whose receiver is the handle. Python's class for that is short enough to write
//! out.
//!
//! In Python: `Pool.apply_async`. Here: `ThreadPool::spawn`, a channel.

use std::hint::black_box;
use std::sync::mpsc;

use anyhow::Context;
use rayon::{ThreadPool, ThreadPoolBuilder};

#[tracing::instrument(skip(millions))]
fn say_hello(name: &str, millions: u64) -> String {
    for counter in 0..millions * 1_000_000 {
        black_box(counter);
    }
    format!("Hi there, {name}")
}

struct AsyncResult<T>(mpsc::Receiver<T>);

impl<T> AsyncResult<T> {
    fn get(self) -> anyhow::Result<T> {
        // The sender is gone without a word only if the call panicked.
        self.0.recv().context("the call panicked")
    }
}

fn apply_async<T: Send + 'static>(
    pool: &ThreadPool,
    call: impl FnOnce() -> T + Send + 'static,
) -> AsyncResult<T> {
    let (sender, receiver) = mpsc::channel();
    pool.spawn(move || {
        // Whoever dropped the handle does not want the result.
        let _ = sender.send(call());
    });
    AsyncResult(receiver)
}

fn main() -> anyhow::Result<()> {
    let millions = util::args("[MILLIONS]").number(0, 0..=100_000);

    let pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = apply_async(&pool, move || say_hello("Jeff", millions));
    let hi_john = apply_async(&pool, move || say_hello("John", millions));

    println!("{}", hi_jeff.get()?);
    println!("{}", hi_john.get()?);
    Ok(())
}
