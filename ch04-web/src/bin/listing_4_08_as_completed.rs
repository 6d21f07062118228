//! Listing 4.8: Using as_completed.
//!
//! A `JoinSet` holds tasks: `from_iter` spawns one for each future. `join_next` returns the result of
//! whichever ends next. The first two are there after a second, though the third takes ten. There
//! are two `?`, because the task may have failed (the outer error), or the request in it (the inner).
//! A result does not say which task it is from; `join_next_with_id` does, and since Python 3.13
//! `async for` over `as_completed` yields the tasks themselves.
//!
//! In Python: `asyncio.as_completed`. Here: `JoinSet`, `join_next`. Takes 10 s.

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
    while let Some(finished_task) = fetchers.join_next().await {
        println!("{}", finished_task??);
    }
    Ok(())
}
