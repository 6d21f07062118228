//! Listing 11.1: A counter that a hundred tasks share, safely.
//!
//! On one thread nobody runs between the read and the write of `counter += 1`: tasks take turns
//! only where they await. A `Cell` is enough, and it is not `Sync`, so the compiler keeps these
//! tasks on one thread.
//!
//! In Python: `counter += 1`. Here: `Cell`, `spawn_local`. Takes 11 s.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::ensure;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn increment(counter: Rc<Cell<u32>>) {
    sleep(Duration::from_millis(10)).await;
    counter.set(counter.get() + 1);
}

async fn run(rounds: u32) -> anyhow::Result<()> {
    let mut total = 0;
    for round in 1..=rounds {
        let counter = Rc::new(Cell::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..100 {
            tasks.spawn_local(increment(Rc::clone(&counter)));
        }
        tasks.join_all().await;

        let counter = counter.get();
        println!("Counter is {counter}");
        ensure!(
            counter == 100,
            "round {round}: the counter is {counter}, not 100"
        );
        total += counter;
    }
    println!("All rounds together: {total}");
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn main() -> anyhow::Result<()> {
    let rounds = util::args("[ROUNDS]").number(1000, 0..=1_000_000);
    Ok(run(rounds).await?)
}
