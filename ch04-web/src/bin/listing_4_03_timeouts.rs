//! Listing 4.3: Setting timeouts.
//!
//! The session's timeouts apply to each of its requests: a second in total, a tenth to connect. A
//! request may have its own, here ten milliseconds, which replaces the second and ends before the
//! tenth. The site takes twenty milliseconds, so the request fails, and `?` ends the program with
//! that error; `is_timeout` tells it from others. (The book expects its request to be in time. With
//! `EXAMPLE_LATENCY_MS=1` ours usually is.) `tokio::time::timeout` works for any future, as
//! `wait_for` does.
//!
//! In Python: `aiohttp.ClientTimeout`. Here: `timeout`, `connect_timeout`.

use std::time::Duration;

use reqwest::Client;
use util_web::{ExampleSite, http};

async fn fetch_status(session: &Client, url: &str) -> reqwest::Result<u16> {
    let ten_millis = Duration::from_millis(10);
    let result = session.get(url).timeout(ten_millis).send().await?;
    Ok(result.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?
        .timeout(Duration::from_secs(1))
        .connect_timeout(Duration::from_millis(100))
        .build()?;
    fetch_status(&session, site.url()).await?;
    Ok(())
}
