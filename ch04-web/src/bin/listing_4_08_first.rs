//! Listing 4.8 (first): Taking only the first result.
//!
//! Dropping the set aborts the tasks that still run in it, so the slow request is never made.
//!
//! Takes 1 s.

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
    let mut fetchers = JoinSet::from_iter([fetch(1), fetch(1), fetch(10)]);
    let first = fetchers.join_next().await.expect("three were made");
    println!("{}", first??);
    Ok(())
}
