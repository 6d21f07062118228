//! Listing 4.13: Processing as requests complete.
//!
//! One `join_next` waits for whichever request ends first, and leaves the others running.

use anyhow::Context;
use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::{ExampleSite, async_timed, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> util::Result {
    let site = ExampleSite::start()?;
    async_timed();
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    for _ in 0..3 {
        pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    }

    let done = pending.join_next().await.context("no task was spawned")?;

    println!("Done task count: 1");
    println!("Pending task count: {}", pending.len());
    println!("{}", done??);
    Ok(())
}
