//! Listing 4.10: Waiting for all tasks to complete.
//!
//! `asyncio.wait` returns two sets, done and pending. Here the `JoinSet` is the pending set, and a
//! task that leaves it is done. How you wait depends only on when you stop asking the set.
//!
//! In Python: `asyncio.wait`. Here: `JoinSet`, `join_next`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let fetch = |delay| fetch_status(session.clone(), site.url().to_owned(), delay);
    let fetchers = [fetch(0), fetch(0)];

    let mut pending = JoinSet::from_iter(fetchers);
    let mut done = Vec::new();
    while let Some(done_task) = pending.join_next().await {
        done.push(done_task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for done_task in done {
        println!("{}", done_task?);
    }
    Ok(())
}
