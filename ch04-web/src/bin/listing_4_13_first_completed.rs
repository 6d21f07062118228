//! Listing 4.13: Processing as requests complete.
//!
//! `join_next` waits for whichever request ends first. `try_join_next` takes the others that have
//! ended by then, without waiting. So you get one, two or three results, as with `asyncio.wait`.
//!
//! In Python: `FIRST_COMPLETED`. Here: `join_next`, `try_join_next`.

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
    let fetchers = [fetch(0), fetch(0), fetch(0)];

    let mut pending = JoinSet::from_iter(fetchers);
    let first = pending.join_next().await.expect("three are pending");
    let mut done = vec![first];
    while let Some(done_task) = pending.try_join_next() {
        done.push(done_task);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for done_task in done {
        println!("{}", done_task??);
    }
    Ok(())
}
