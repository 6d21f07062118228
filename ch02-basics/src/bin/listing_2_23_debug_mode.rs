//! Listing 2.23: Running CPU-bound code in debug mode.
//!
//! A task that computes for long holds the loop in a single poll. Debug mode measures each poll
//! and names the task whose poll took a tenth of a second or more. asyncio has it built in, and
//! `python -X dev` or `PYTHONASYNCIODEBUG=1` switch it on; tokio has none, so it is written out in
//! `ch02_basics::debug`.
//!
//! In Python: `asyncio.run(…, debug=True)`. Here: `ch02_basics::debug`. Takes 1 s.

use ch02_basics::debug::DebugMode;
use util::print_spans;

#[tracing::instrument]
async fn cpu_bound_work() -> u64 {
    let mut counter = 0;
    for _ in 0..300_000_000 {
        counter = add_one(counter);
    }
    counter
}

#[inline(never)] // or the optimiser would do without the loop
fn add_one(number: u64) -> u64 {
    number + 1
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    print_spans();
    let task_one = DebugMode::default().create_task("task_one", cpu_bound_work());
    task_one.await?;
    Ok(())
}
