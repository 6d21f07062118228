//! Listing 4.2: Making a web request with a session.
//!
//! A `reqwest::Client` is aiohttp's session: it keeps connections open for the next request. Make
//! one and share it, rather than one for each request. aiohttp gives a site five minutes; reqwest
//! would wait for ever, and `http::client` tells it not to.
//!
//! In Python: `aiohttp.ClientSession`. Here: `reqwest::Client`.

use reqwest::Client;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tracing::instrument(skip_all)]
async fn fetch_status(session: &Client, url: &str) -> anyhow::Result<u16> {
    let result = session.get(url).send().await?;
    Ok(result.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let _main = async_timed();
    let session = http::client()?.build()?;
    let status = fetch_status(&session, site.url()).await?;
    println!("Status for {} was {status}", site.url());
    Ok(())
}
