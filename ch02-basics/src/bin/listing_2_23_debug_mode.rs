//! Listing 2.23: Running CPU-bound code in debug mode.
//!
//! A task that computes for long holds the loop in a single poll. Debug mode measures each poll
//! and names the task whose poll took a tenth of a second or more.
//!
//! In Python: `asyncio.run(…, debug=True)`. Here: `ch02_basics::debug`.

use std::hint::black_box;

use ch02_basics::debug::DebugMode;

async fn cpu_bound_work(steps: u64) -> u64 {
    let mut counter = 0;
    for _ in 0..steps {
        counter = black_box(counter + 1); // or the optimiser would count in no time
    }
    counter
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let steps = util::args("[STEPS]").number(100_000_000, 0..=u64::MAX);
    let debug = DebugMode::default();

    let task_one = debug.create_task("task_one", cpu_bound_work(steps));
    println!("counted to {}", task_one.await?);
    Ok(())
}
