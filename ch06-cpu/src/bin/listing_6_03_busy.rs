//! Listing 6.3 (busy): Two calls that compute, at the same time.
//!
//! These are the calls of listing 6.3, but each first counts to 200 million. Both start before the
//! program waits for either result, so they take as long as one.
//!
//! In Python: `Pool.apply_async`. Here: `spawn`, `mpsc::channel`, `recv`.

use std::hint::black_box;
use std::sync::mpsc::{self, Receiver};

use rayon::{ThreadPool, ThreadPoolBuilder};

#[tracing::instrument]
fn say_hello(name: &str, millions: u64) -> String {
    let mut counter = 0;
    while counter < 1_000_000 * millions {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    format!("Hi there, {name}")
}

/// Returns at once; the result comes through the channel.
fn apply_async(
    pool: &ThreadPool,
    call: impl FnOnce() -> String + Send + 'static,
) -> Receiver<String> {
    let (sender, async_result) = mpsc::channel();
    pool.spawn(move || {
        // This fails only if nothing waits for the result any longer.
        let _ = sender.send(call());
    });
    async_result
}

fn main() -> anyhow::Result<()> {
    let millions = util::args("[MILLIONS]").number(200, 0..=1_000_000);
    let process_pool = ThreadPoolBuilder::new().build()?;
    let hi_jeff = apply_async(&process_pool, move || say_hello("Jeff", millions));
    let hi_john = apply_async(&process_pool, move || say_hello("John", millions));

    println!("{}", hi_jeff.recv()?);
    println!("{}", hi_john.recv()?);
    Ok(())
}
