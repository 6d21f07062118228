//! Listing 11.7: A thousand requests, ten at a time.
//!
//! All thousand futures exist, but all except ten wait for a permit. aiohttp has its own limit, a
//! hundred connections; reqwest has none.
//!
//! In Python: `asyncio.Semaphore`. Here: `Semaphore`, `acquire`. Takes 2 s.

use futures::future::try_join_all;
use reqwest::Client;
use tokio::sync::Semaphore;
use util_web::ExampleSite;

async fn get_url(url: &str, session: &Client, semaphore: &Semaphore) -> anyhow::Result<u16> {
    println!("Waiting to acquire semaphore...");
    let _permit = semaphore.acquire().await?;
    println!("Acquired semaphore, requesting...");
    let response = session.get(url).send().await?;
    println!("Finished requesting");
    Ok(response.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut args = util::args("[LIMIT] [REQUESTS]");
    let semaphore = Semaphore::new(args.number(10, 1..=100_000));
    let requests = args.number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let session = util_web::http::client()?.build()?;

    let tasks = (0..requests).map(|_| get_url(site.url(), &session, &semaphore));
    try_join_all(tasks).await?;
    Ok(())
}
