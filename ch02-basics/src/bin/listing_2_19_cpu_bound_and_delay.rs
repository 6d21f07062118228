//! Listing 2.19: CPU-bound code with a task that sleeps.
//!
//! The delay cannot even begin while the two other tasks hold the thread: the run takes the time
//! of both, and then four seconds.
//!
//! In Python: `create_task`. Here: `spawn_blocking`. Takes 4 s.

use std::hint::black_box;

use util::{async_timed, delay};

#[tracing::instrument]
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
    let _main = async_timed();
    let task_one = tokio::spawn(cpu_bound_work(steps));
    let task_two = tokio::spawn(cpu_bound_work(steps));
    let delay_task = tokio::spawn(delay(4));

    task_one.await?;
    task_two.await?;
    delay_task.await?;
    Ok(())
}
