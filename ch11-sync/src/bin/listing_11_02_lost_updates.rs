//! Listing 11.2: A counter that loses updates on one thread.
//!
//! Between the read and the write is an await: all hundred tasks read 0 before the first writes 1.
//! No data race, nothing for the compiler to find; the race is in what the tasks believe.
//!
//! In Python: `await` between read and write. Here: the same.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::ensure;
use tokio::task::JoinSet;
use tokio::time::sleep;

async fn increment(counter: Rc<Cell<u32>>) {
    let mut temp_counter = counter.get();
    temp_counter += 1;
    sleep(Duration::from_millis(10)).await;
    counter.set(temp_counter);
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
