//! Example: Many futures that sleep, joined within one task.
//!
//! They need no tasks of their own, and half the memory; but one task they are. tokio lets a task
//! do 128 things, then has it wait for its turn again. When a hundred thousand sleepers wake at
//! once, each turn asks all of them and gets an answer from 128: the time grows with the square
//! of their number. Tasks have 128 each (`sleep_tasks`); `sleep_unconstrained` has no limit.
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
