//! Listing 6.3: A pool that gives a handle for each result.
//!
//! `apply_async` returns before the call has run, so both calls can run at the same time. `recv`
//! blocks until the result is there, as `get` does. It waits for Jeff's even if John's is ready;
//! 6.5 (as completed) takes results as they come.
//!
//! rayon's `spawn` returns nothing, so a channel carries the result, and its receiver is the handle.
//! A panic in `spawn` ends the program, while Python's `get` raises the call's exception.
//!
//! In Python: `Pool.apply_async`, `Executor.submit`. Here: `spawn`, `mpsc::channel`, `recv`.

use std::sync::mpsc::{self, Receiver};

use rayon::{ThreadPool, ThreadPoolBuilder};

fn say_hello(name: &str) -> String {
    format!("Hi there, {name}")
}

/// Returns at once; the result comes through the channel.
pub(crate) fn apply_async(pool: &ThreadPool, call: fn() -> String) -> Receiver<String> {
    let (sender, async_result) = mpsc::channel();
    pool.spawn(move || {
        // This fails only if nothing waits for the result any longer.
        let _ = sender.send(call());
    });
    async_result
}

fn main() -> anyhow::Result<()> {
    let process_pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = apply_async(&process_pool, || say_hello("Jeff"));
    let hi_john = apply_async(&process_pool, || say_hello("John"));

    println!("{}", hi_jeff.recv()?);
    println!("{}", hi_john.recv()?);
    Ok(())
}
