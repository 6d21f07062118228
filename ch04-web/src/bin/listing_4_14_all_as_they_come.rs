//! Listing 4.14: Processing all results as they come in.
//!
//! Each round waits for one request and takes the others that have ended meanwhile, until none is
//! pending. It is like listing 4.8, but shows the counts.
//!
//! In Python: `FIRST_COMPLETED` in a loop. Here: `join_next`, `try_join_next`.

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
    while let Some(first) = pending.join_next().await {
        let mut done = vec![first];
        while let Some(done_task) = pending.try_join_next() {
            done.push(done_task);
        }

        println!("Done task count: {}", done.len());
        println!("Pending task count: {}", pending.len());
        for done_task in done {
            println!("{}", done_task??);
        }
    }
    Ok(())
}
