//! Example: Tasks that count under tokio's mutex.
//!
//! Each lock is an await and, if others wait, a place in a queue. That is the price of a lock that
//! you may hold across an await. Here no task does, so the price buys nothing.
//!
//! Here: `tokio::sync::Mutex`. Takes 2 s.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

async fn increment(counter: Arc<Mutex<u64>>, times: u64) {
    for _ in 0..times {
        *counter.lock().await += 1;
    }
}

// Two threads, so that two tasks can want the lock at the same time.
#[tokio::main(worker_threads = 2)]
async fn main() {
    let mut args = util::args("[TASKS] [INCREMENTS]");
    let tasks = args.number(2, 1..=10_000);
    let total = args.number(4_000_000, 0..=1_000_000_000);
    let start = Instant::now();

    let counter = Arc::new(Mutex::new(0));
    let mut increments = JoinSet::new();
    for task in 0..tasks {
        // The first task takes the remainder.
        let remainder = if task == 0 { total % tasks } else { 0 };
        increments.spawn(increment(Arc::clone(&counter), total / tasks + remainder));
    }
    increments.join_all().await;

    let counter = counter.lock().await;
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
