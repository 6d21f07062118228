//! Listing 4.9: Setting a time-out on as_completed.
//!
//! The two seconds are for all three together, so they are a deadline. The tasks that miss it are
//! not cancelled by that: they are when the set is dropped, where Python's would run on.
//!
//! In Python: `as_completed(…, timeout=2)`. Here: `timeout_at`, `AbortHandle::is_finished`. Takes 2
//! s.

use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, timeout_at};
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut fetchers = JoinSet::new();
    let mut tasks = Vec::new();
    for delay in [1, 10, 10] {
        let fetcher = fetch_status(session.clone(), site.url().to_owned(), delay);
        tasks.push(fetchers.spawn(fetcher));
    }

    let deadline = Instant::now() + Duration::from_secs(2);
    for _ in 0..fetchers.len() {
        match timeout_at(deadline, fetchers.join_next()).await {
            Ok(Some(done_task)) => println!("{}", done_task??),
            Ok(None) => break,
            Err(_elapsed) => println!("We got a timeout error!"),
        }
    }

    tasks.retain(|task| !task.is_finished());
    for task in &tasks {
        println!("Task {} is still running", task.id());
    }
    drop(fetchers);
    yield_now().await; // the tasks have only been asked to stop: let them
    tasks.retain(|task| !task.is_finished());
    println!("Still running without the set: {}", tasks.len());
    Ok(())
}
