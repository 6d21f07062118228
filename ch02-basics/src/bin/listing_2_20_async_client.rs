//! Listing 2.20 (async client): Correctly using an async API in coroutines.
//!
//! `send().await` gives the thread back while the request waits, so the three wait together. One
//! client serves all tasks, because its clones share one pool of connections.
//!
//! In Python: `aiohttp`. Here: `reqwest::Client`.

use reqwest::Client;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tracing::instrument(skip_all)]
async fn get_example_status(client: Client, url: String) -> anyhow::Result<u16> {
    Ok(client.get(url).send().await?.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let client = http::client()?.build()?;
    let _main = async_timed();
    let task_1 = tokio::spawn(get_example_status(client.clone(), site.url().to_owned()));
    let task_2 = tokio::spawn(get_example_status(client.clone(), site.url().to_owned()));
    let task_3 = tokio::spawn(get_example_status(client, site.url().to_owned()));
    task_1.await??;
    task_2.await??;
    task_3.await??;
    Ok(())
}
