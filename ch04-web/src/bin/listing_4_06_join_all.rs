//! Listing 4.6: Running requests concurrently with gather.
//!
//! `try_join_all` runs a list of futures together and returns their results in order, or an error
//! (with more than thirty futures, only when all before the failed one have ended). gather makes
//! each future a task; `try_join_all` polls them all in the task that awaits it. aiohttp opens at
//! most a hundred connections. reqwest opens one for each request that finds none free, here a
//! thousand.
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

    let urls = vec![site.url().to_owned(); count];
    let requests = urls
        .into_iter()
        .map(|url| fetch_status(session.clone(), url, 0));
    let status_codes = try_join_all(requests).await?;
    println!("{status_codes:?}");
    Ok(())
}
