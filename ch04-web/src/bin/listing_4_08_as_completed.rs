//! Listing 4.8: Using as_completed.
//!
//! A `JoinSet` holds tasks and hands out whichever ends next. The first two results are there
//! after a second, though the third takes ten.
//!
//! In Python: `asyncio.as_completed`. Here: `JoinSet::join_next`. Takes 10 s.

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

    while let Some(finished_task) = fetchers.join_next().await {
        println!("{}", finished_task??);
    }
    Ok(())
}
