//! Listing 2.18: Attempting to run CPU-bound code concurrently.
//!
//! Two tasks, one thread, and no `await` inside the work: the second task begins when the first
//! has ended. Without a GIL too, one thread is one thread.
//!
//! In Python: `create_task`. Here: `spawn_blocking`.

use std::hint::black_box;

use util::async_timed;

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

    println!("counted to {}", task_one.await?);
    println!("counted to {}", task_two.await?);
    Ok(())
}
