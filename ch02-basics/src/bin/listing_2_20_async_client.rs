//! Listing 2.20 (async client): Correctly using an async API in coroutines.
//!
//! `send().await` gives the thread back while the request waits, so the three wait together. One
//! client serves all tasks: a clone of it is a handle to the same pool of connections.

use reqwest::Client;
use util::{ExampleSite, async_timed, http};

#[tracing::instrument(skip_all)]
async fn get_example_status(client: Client, url: String) -> anyhow::Result<u16> {
    Ok(client.get(url).send().await?.status().as_u16())
}

#[tracing::instrument(name = "main", skip_all)]
async fn run(client: Client, url: &str) -> anyhow::Result<()> {
    let task_1 = tokio::spawn(get_example_status(client.clone(), url.to_owned()));
    let task_2 = tokio::spawn(get_example_status(client.clone(), url.to_owned()));
    let task_3 = tokio::spawn(get_example_status(client, url.to_owned()));

    println!("{}", task_1.await??);
    println!("{}", task_2.await??);
    println!("{}", task_3.await??);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> util::Result {
    let site = ExampleSite::start()?;
    let client = http::client()?.build()?;
    async_timed();
    run(client, site.url()).await?;
    Ok(())
}
