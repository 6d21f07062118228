//! Listing 6.13: Workers that are given the counter when they start.
//!
//! Python cannot send shared memory to a worker that is already there, so its pool has an
//! initializer. rayon's is `start_handler`. (In Rust one need not: a closure takes the counter
//! along with the job.)
//!
//! In Python: `initializer`, `initargs`. Here: `start_handler`.

use std::cell::OnceCell;
use std::sync::Arc;

use anyhow::Context;
use parking_lot::Mutex;
use rayon::ThreadPoolBuilder;
use tokio::sync::oneshot;

thread_local! {
    static SHARED_COUNTER: OnceCell<Arc<Mutex<f64>>> = const { OnceCell::new() };
}

fn init(counter: Arc<Mutex<f64>>) {
    SHARED_COUNTER.with(|shared_counter| {
        shared_counter.get_or_init(|| counter);
    });
}

fn increment() {
    SHARED_COUNTER.with(|shared_counter| {
        if let Some(counter) = shared_counter.get() {
            *counter.lock() += 1.0;
        }
    });
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let counter = Arc::new(Mutex::new(0.0));
    let for_workers = Arc::clone(&counter);
    let pool = ThreadPoolBuilder::new()
        .start_handler(move |_| init(Arc::clone(&for_workers)))
        .build()?;

    let (sender, done) = oneshot::channel();
    pool.spawn(move || {
        increment();
        let _ = sender.send(());
    });
    done.await.context("the worker panicked")?;

    println!("{}", *counter.lock());
    Ok(())
}
