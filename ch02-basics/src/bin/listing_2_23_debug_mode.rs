//! Listing 2.23: Running CPU-bound code in debug mode.
//!
//! A task that computes for a long time holds the loop in a single poll. Debug mode measures each
//! poll and names a task whose poll takes a tenth of a second or more. asyncio has it built in;
//! `python -X dev` or `PYTHONASYNCIODEBUG=1` switches it on, too. tokio has no debug mode, so
//! `ch02_basics::debug` provides one. The book counts to a hundred million, which Rust may do in
//! less than a tenth of a second; this task counts to three hundred million.
//!
//! In Python: `asyncio.run(…, debug=True)`. Here: `ch02_basics::debug`. Takes 1 s.

use std::hint::black_box;

use ch02_basics::debug::DebugMode;
use util::print_spans;

#[tracing::instrument]
async fn cpu_bound_work() -> u64 {
    let mut counter = 0;
    for _ in 0..300_000_000 {
        counter = black_box(counter + 1); // without it the optimiser removes the loop
    }
    counter
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    print_spans();
    let task_one = DebugMode::default().create_task("task_one", cpu_bound_work());
    task_one.await?;
    Ok(())
}
