//! Listing 7.7: Blocking calls, each handed to a thread.
//!
//! `spawn_blocking` is `asyncio.to_thread`. It runs a call on a thread of the default pool and
//! returns a future for the result. You cannot cancel a call that has started; dropping the future
//! only stops the waiting.
//!
//! Python's `to_thread` uses the pool of 7.6, with four threads more than there are cores. tokio's
//! blocking pool grows to 512, so this is faster than 7.6.
//!
//! In Python: `asyncio.to_thread`. Here: `spawn_blocking`.

use futures::future::try_join_all;
use tokio::task::spawn_blocking;
use util::async_timed;
use util_web::ExampleSite;
use util_web::http::agent;

fn get_status_code(url: String) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;

    let urls = vec![site.url().to_owned(); request_count].into_iter();
    let tasks = urls.map(|url| spawn_blocking(|| get_status_code(url)));
    let results = try_join_all(tasks).await?;
    let results: Vec<u16> = results.into_iter().collect::<anyhow::Result<_>>()?;
    println!("{results:?}");
    Ok(())
}
