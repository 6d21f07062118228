//! Example: Many threads that sleep.
//!
//! The system keeps a stack and a place in its scheduler for each thread. `cargo xtask scale`
//! compares this program with the other `sleep_` programs, from one sleeper to a million.
//!
//! In Python: `threading.Thread`. Here: `thread::scope`. Takes 2 s.

use std::thread::{Builder, scope, sleep};
use std::time::{Duration, Instant};

use anyhow::Context;

fn run(threads: usize, duration: Duration) -> anyhow::Result<()> {
    scope(|scope| {
        for _ in 0..threads {
            Builder::new()
                .spawn_scoped(scope, || sleep(duration))
                .context("cannot start another thread")?;
        }
        // The scope joins them all.
        Ok(())
    })
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[THREADS] [MILLISECONDS]");
    let threads = args.number(1000, 0..=1_000_000);
    let duration = Duration::from_millis(args.number(2000, 0..=60_000));
    let start = Instant::now();

    run(threads, duration)?;

    let seconds = start.elapsed().as_secs_f64();
    println!("{threads} slept in {seconds:.4} second(s)");
    Ok(())
}
