//! Listing 4.16: Cancelling a slow request.
//!
//! The book passes coroutines to `asyncio.wait`, which wraps them in tasks of its own, so `task is
//! api_b` is never true. Since Python 3.11 it refuses coroutines, and the program ends with a
//! `TypeError`. Rust has no such trap. `spawn` takes the future, and you keep only the handle,
//! which is the task.
//!
//! In Python: `Task.cancel`. Here: `is_finished`, `abort`. Takes 1 s.

use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    let fetch = |delay| fetch_status(session.clone(), site.url().to_owned(), delay);
    pending.spawn(fetch(0));
    let api_b = pending.spawn(fetch(2));

    let deadline = Instant::now() + Duration::from_secs(1);
    while let Ok(Some(done_task)) = timeout_at(deadline, pending.join_next()).await {
        done_task??;
    }
    if !api_b.is_finished() {
        println!("API B too slow, cancelling");
        api_b.abort();
    }
    Ok(())
}
