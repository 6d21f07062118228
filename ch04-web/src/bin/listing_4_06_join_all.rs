//! Listing 4.6: Running requests concurrently with gather.
//!
//! `try_join_all` runs a list of futures together and returns their results in order, or an error
//! (with more than thirty futures, only when all before the failed one have ended). gather makes
//! each future a task; `try_join_all` polls them all in the task that awaits it. aiohttp opens at
//! most a hundred connections. reqwest opens one for each request that finds none free, here a
//! thousand. For a hundred pages of a second each, run it with `EXAMPLE_LATENCY_MS=1000` and the
//! argument 100.
//!
//! In Python: `asyncio.gather`. Here: `try_join_all`.

use ch04_web::fetch_status;
use futures::future::try_join_all;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let count = util::args("[COUNT]").number(1000, 1..=20_000);
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let fetch = |_| fetch_status(session.clone(), site.url().to_owned(), 0);
    let requests = (0..count).map(fetch);
    let status_codes = try_join_all(requests).await?;
    println!("{status_codes:?}");
    Ok(())
}
