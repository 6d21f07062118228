//! Listing 2.19 (blocking pool): CPU-bound code beside a task that sleeps.
//!
//! The work has threads of its own, so the event loop starts the delay at once: the run takes
//! four seconds, unless the work takes longer.
//!
//! Takes 4 s.

use std::hint::black_box;

use tokio::task::spawn_blocking;
use util::{async_timed, delay};

#[tracing::instrument]
fn cpu_bound_work(steps: u64) -> u64 {
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
    let task_one = spawn_blocking(move || cpu_bound_work(steps));
    let task_two = spawn_blocking(move || cpu_bound_work(steps));
    let delay_task = tokio::spawn(delay(4));

    task_one.await?;
    task_two.await?;
    delay_task.await?;
    Ok(())
}
