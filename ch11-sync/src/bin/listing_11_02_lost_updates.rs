//! Listing 11.2: A counter that loses updates on one thread.
//!
//! Now there is an await between the read and the write, so all hundred tasks read 0 before the
//! first writes 1. This is not a data race, so the compiler finds nothing wrong. Without the await
//! the counter would be 100.
//!
//! In Python: `await` between read and write. Here: the same.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

async fn increment(counter: Rc<Cell<u32>>) {
    let mut temp_counter = counter.get();
    temp_counter += 1;
    sleep(Duration::from_millis(10)).await;
    counter.set(temp_counter);
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
