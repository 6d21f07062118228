//! Listing 4.2: Making a web request with a session.
//!
//! A `reqwest::Client` is aiohttp's session. It keeps connections open for the next request, so
//! make one and share it. It keeps cookies only if you ask for it (`cookie_store`). aiohttp gives a
//! request five minutes; reqwest would wait forever, so `http::client` sets the same limit.
//!
//! In Python: `aiohttp.ClientSession`. Here: `reqwest::Client`.

use reqwest::Client;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tracing::instrument(skip(session))]
async fn fetch_status(session: &Client, url: &str) -> reqwest::Result<u16> {
    let result = session.get(url).send().await?;
    Ok(result.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let status = fetch_status(&session, site.url()).await?;
    println!("Status for {} was {status}", site.url());
    Ok(())
}
