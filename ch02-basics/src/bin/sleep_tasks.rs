//! Example: Many tasks that sleep.
//!
//! A task takes a few hundred bytes, for its future and what the runtime needs to know about it. A
//! million of them can wait on one thread.
//!
//! In Python: `create_task`. Here: `tokio::spawn`. Takes 2 s.

use std::time::{Duration, Instant};

use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[TASKS] [MILLISECONDS]");
    let tasks = args.number(1000, 0..=10_000_000);
    let duration = Duration::from_millis(args.number(2000, 0..=60_000));
    let start = Instant::now();

    let sleepers: Vec<_> = (0..tasks).map(|_| tokio::spawn(sleep(duration))).collect();
    for sleeper in sleepers {
        sleeper.await?;
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("{tasks} slept in {seconds:.4} second(s)");
    Ok(())
}
