//! Listing 6.5: A pool that the event loop waits for.
//!
//! The pool computes, and a oneshot channel wakes the event loop when a result is there. Other
//! tasks run meanwhile. Calling `countdown` in a task would stop them all (listing 2.18).
//!
//! `run_in_executor` hands over its call at once, as Python's does. As an `async fn` it would wait
//! until it is polled. Python needs `partial` to give `countdown` its argument; a closure captures
//! it.
//!
//! In Python: `loop.run_in_executor`. Here: `ThreadPool`, `tokio::sync::oneshot`.

use std::hint::black_box;

use futures::future::try_join_all;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot::{self, Receiver};

fn countdown(count_from: u64) -> u64 {
    let mut counter = 0;
    while counter < count_from {
        // The black box keeps the optimiser from replacing the loop with its result.
        counter = black_box(counter + 1);
    }
    counter
}

pub(crate) fn run_in_executor<T: Send + 'static>(
    pool: &ThreadPool,
    call: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, result) = oneshot::channel();
    pool.spawn(move || {
        // This fails only if nothing waits for the result any longer.
        let _ = sender.send(call());
    });
    result
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process_pool = ThreadPoolBuilder::new().build()?;
    let nums = [1, 3, 5, 22, 100_000_000];
    let calls = nums.map(|num| run_in_executor(&process_pool, move || countdown(num)));

    for result in try_join_all(calls).await? {
        println!("{result}");
    }
    Ok(())
}
