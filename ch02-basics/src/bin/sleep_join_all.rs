//! Example: Many futures that sleep, joined within one task.
//!
//! These futures need half the memory of tasks, but they share one task, and tokio lets a task do
//! 128 things before it waits for its next turn. When a hundred thousand sleepers wake at once,
//! each turn polls all of them and finishes 128, so the time grows with the square of their number.
//! Tasks get a turn each (`sleep_tasks`); `sleep_unconstrained` lifts the limit.
//!
//! In Python: `gather`. Here: `join_all`. Takes 2 s.

use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[FUTURES] [MILLISECONDS]");
    let count = args.number(1000, 0..=10_000_000);
    let duration = Duration::from_millis(args.number(2000, 0..=60_000));
    let start = Instant::now();

    join_all((0..count).map(|_| sleep(duration))).await;

    let seconds = start.elapsed().as_secs_f64();
    println!("{count} slept in {seconds:.4} second(s)");
    Ok(())
}
