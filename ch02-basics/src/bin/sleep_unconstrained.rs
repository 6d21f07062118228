//! Example: Many futures that sleep, joined within one task that need not take turns.
//!
//! `unconstrained` lifts the limit that makes `sleep_join_all` slow. No other task on this thread
//! runs while this one works through its futures, so use it only if there is no other task.
//!
//! In Python: `gather`. Here: `join_all`, `unconstrained`. Takes 2 s.

use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::task::coop::unconstrained;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[FUTURES] [MILLISECONDS]");
    let count = args.number(1000, 0..=10_000_000);
    let duration = Duration::from_millis(args.number(2000, 0..=60_000));
    let start = Instant::now();

    unconstrained(join_all((0..count).map(|_| sleep(duration)))).await;

    let seconds = start.elapsed().as_secs_f64();
    println!("{count} slept in {seconds:.4} second(s)");
    Ok(())
}
