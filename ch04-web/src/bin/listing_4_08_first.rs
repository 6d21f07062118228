//! Listing 4.8 (first): Taking the first result only.
//!
//! Dropping the set aborts what still runs in it: the slow request is never made.
//!
//! Takes 1 s.

use anyhow::Context;
use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let _main = async_timed();
    let session = http::client()?.build()?;

    let mut fetchers = JoinSet::new();
    for delay in [1, 1, 10] {
        fetchers.spawn(fetch_status(session.clone(), site.url().to_owned(), delay));
    }

    let first = fetchers.join_next().await.context("no task was spawned")?;
    println!("{}", first??);
    Ok(())
}
