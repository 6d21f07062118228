//! Listing 6.5 (as completed): The results of a pool as they come.
//!
//! `as_completed` works for calls in a pool as it does for tasks. The big number is first, and its
//! result comes last. Unlike a `JoinSet`, `FuturesUnordered` needs no tasks, because the calls run
//! in the pool anyway.
//!
//! In Python: `asyncio.as_completed`. Here: `FuturesUnordered`, `try_next`.

use std::hint::black_box;

use futures::stream::{FuturesUnordered, TryStreamExt};
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
    let nums = [100_000_000, 1, 3, 5, 22];
    let calls = nums.map(|num| run_in_executor(&process_pool, move || countdown(num)));

    let mut as_completed = FuturesUnordered::from_iter(calls);

    while let Some(result) = as_completed.try_next().await? {
        println!("{result}");
    }
    Ok(())
}
