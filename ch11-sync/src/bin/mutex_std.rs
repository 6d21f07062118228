//! Example: Tasks that count under std's mutex.
//!
//! No task awaits while it holds the lock, and an addition is short, so the lock may block the
//! thread. `tokio::spawn` refuses a task that holds std's guard across an await; `join!` and
//! `spawn_local` do not.
//!
//! Here: `std::sync`, `Mutex`.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::task::JoinSet;

async fn increment(counter: Arc<Mutex<u64>>, times: u64) {
    for _ in 0..times {
        *counter.lock().expect("no task panics") += 1;
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

    let counter = counter.lock().expect("no task panics");
    println!("The counter is {counter}");
    println!(
        "Counting took {:.4} second(s)",
        start.elapsed().as_secs_f64()
    );
}
