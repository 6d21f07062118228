//! Listing 6.13: Workers that are given the counter when they start.
//!
//! Python cannot pickle a `Value`, so it cannot send one to a worker with a call. Instead the pool
//! calls an initializer in each worker, which makes the counter a global there. rayon's initializer
//! is `start_handler`, and a thread's global is a `thread_local!`. Without the initializer, each
//! worker would have its own counter.
//!
//! In Rust you would just move a clone of the `Arc` into the closure.
//!
//! In Python: `initializer`, `initargs`. Here: `start_handler`, `thread_local!`.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use rayon::ThreadPoolBuilder;
use tokio::sync::oneshot;

thread_local! {
    static SHARED_COUNTER: RefCell<Arc<Mutex<f64>>> = RefCell::default();
}

fn init(counter: Arc<Mutex<f64>>) {
    SHARED_COUNTER.set(counter);
}

fn increment() {
    SHARED_COUNTER.with_borrow(|shared_counter| {
        *shared_counter.lock().expect("no holder panics") += 1.0;
    });
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let counter = Arc::new(Mutex::new(0.0));
    let initarg = Arc::clone(&counter);
    let pool = ThreadPoolBuilder::new()
        .start_handler(move |_| init(Arc::clone(&initarg)))
        .build()?;

    let (sender, done) = oneshot::channel();
    pool.spawn(|| {
        increment();
        let _ = sender.send(());
    });
    done.await?;

    println!("{:?}", counter.lock().expect("no holder panics"));
    Ok(())
}
