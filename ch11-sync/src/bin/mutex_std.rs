//! Example: Tasks that count under std's mutex.
//!
//! Nobody awaits while the lock is held, so the lock may block the thread: it is never held for
//! longer than an addition takes. The compiler refuses to hold it across an await in a spawned
//! task.
//!
//! Here: `std::sync::Mutex`, `tokio::sync::Mutex`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::task::JoinSet;

const INCREMENTS: u64 = 4_000_000;

async fn increment(counter: Arc<Mutex<u64>>, times: u64) {
    for _ in 0..times {
        *counter.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }
}

// Two threads, so that two tasks can want the lock at the same time.
#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let tasks = util::args("[TASKS]").number(2, 1..=10_000);
    let start = Instant::now();

    let counter = Arc::new(Mutex::new(0));
    let mut increments = JoinSet::new();
    for task in 0..tasks {
        // The rest goes to the first.
        let rest = if task == 0 { INCREMENTS % tasks } else { 0 };
        increments.spawn(increment(Arc::clone(&counter), INCREMENTS / tasks + rest));
    }
    while let Some(ended) = increments.join_next().await {
        ended?;
    }

    let counter = *counter.lock().unwrap_or_else(PoisonError::into_inner);
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
