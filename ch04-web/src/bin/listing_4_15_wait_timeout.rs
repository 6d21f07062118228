//! Listing 4.15: Using timeouts with wait.
//!
//! After a second only the waiting ends. There is no error, and nothing is cancelled. The slow
//! request is still pending, and would continue if the program did; `abort_all` would cancel it.
//!
//! In Python: `wait(…, timeout=1)`. Here: `timeout_at`. Takes 1 s.

use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let fetch = |delay| fetch_status(session.clone(), site.url().to_owned(), delay);
    let fetchers = [fetch(0), fetch(0), fetch(3)];

    let mut pending = JoinSet::from_iter(fetchers);
    let deadline = Instant::now() + Duration::from_secs(1);
    let mut done = Vec::new();
    while let Ok(Some(done_task)) = timeout_at(deadline, pending.join_next()).await {
        done.push(done_task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for done_task in done {
        println!("{}", done_task?);
    }
    Ok(())
}
