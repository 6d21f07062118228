//! Listing 4.10: Waiting for all tasks to complete.
//!
//! `asyncio.wait` gives two sets, done and pending. Here the `JoinSet` is the pending one, and
//! whatever leaves it is done; the different ways to wait are different ways to stop asking.
//!
//! In Python: `asyncio.wait`. Here: `JoinSet::join_next`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let _main = async_timed();
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    for _ in 0..2 {
        pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    }

    let mut done = Vec::new();
    while let Some(task) = pending.join_next().await {
        done.push(task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for result in done {
        println!("{}", result?);
    }
    Ok(())
}
