//! Listing 4.3: Setting time-outs.
//!
//! The client's time-outs hold for all its requests: one second for all of a request, a tenth for
//! connecting. A request may have its own, here ten milliseconds, which the site's twenty exceed. A
//! time-out is an error like others, and knows what it was that took too long; the book's program
//! ends with it, this one says which it was.
//!
//! In Python: `aiohttp.ClientTimeout`. Here: `timeout`, `connect_timeout`, `is_timeout`.

use std::time::Duration;

use anyhow::Context;
use reqwest::Client;
use util_web::{ExampleSite, http};

async fn fetch_status(session: &Client, url: &str, limit: Duration) -> reqwest::Result<u16> {
    let result = session.get(url).timeout(limit).send().await?;
    Ok(result.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let milliseconds = util::args("[MILLISECONDS]").number(10, 1..=60_000);
    let site = ExampleSite::start()?;
    let session = http::client()?
        .timeout(Duration::from_secs(1))
        .connect_timeout(Duration::from_millis(100))
        .build()?;

    let ten_millis = Duration::from_millis(milliseconds);
    match fetch_status(&session, site.url(), ten_millis).await {
        Ok(status) => println!("Status was {status}"),
        Err(error) if error.is_timeout() && error.is_connect() => {
            println!("Connecting took longer than 100 ms.");
        }
        Err(error) if error.is_timeout() => {
            println!("The request took longer than {ten_millis:?}.")
        }
        Err(error) => Err(error).context("the request failed")?,
    }
    Ok(())
}
