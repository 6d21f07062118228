//! Example: Tasks that count under tokio's mutex.
//!
//! Each lock is an await and, where others wait, a place in a queue: the price of a lock that may be
//! held across an await. Here nobody does, so it is paid for nothing.
//!
//! Here: `std::sync::Mutex`, `tokio::sync::Mutex`. Takes 2 s.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

const INCREMENTS: u64 = 4_000_000;

async fn increment(counter: Arc<Mutex<u64>>, times: u64) {
    for _ in 0..times {
        *counter.lock().await += 1;
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

    let counter = *counter.lock().await;
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
