//! Listing 4.13: Processing as requests complete.
//!
//! One `join_next` waits for whichever request ends first. It gives that one and no other, where
//! `asyncio.wait` gives all that have ended by then: here those stay in the set until asked for.
//!
//! In Python: `FIRST_COMPLETED`. Here: `join_next`, once.

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
    for _ in 0..3 {
        pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    }

    let done: Vec<_> = pending.join_next().await.into_iter().collect();

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for task in done {
        println!("{}", task??);
    }
    Ok(())
}
