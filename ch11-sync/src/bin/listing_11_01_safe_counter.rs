//! Listing 11.1: A counter that a hundred tasks share, safely.
//!
//! Tasks on one thread take turns only where they await, and there is no await between the read and
//! the write of the counter. So a `Cell` is enough. `Rc` is not `Send`, so the compiler keeps these
//! tasks on one thread. Threads can lose updates (6.11), though CPython's lose none here since 3.10.
//!
//! In Python: `counter = counter + 1`. Here: `Cell`, `spawn_local`. Takes 11 s.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

async fn increment(counter: Rc<Cell<u32>>) {
    sleep(Duration::from_millis(10)).await;
    counter.set(counter.get() + 1);
}

#[tokio::main(flavor = "local")]
async fn main() {
    for _ in 0..1000 {
        let counter = Rc::new(Cell::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..100 {
            tasks.spawn_local(increment(Rc::clone(&counter)));
        }
        tasks.join_all().await;
        println!("Counter is {}", counter.get());
        assert_eq!(counter.get(), 100);
    }
}
