//! Example: A coroutine that fetches a page and returns its status.
//!
//! It owns its arguments, so that it can run as a task, which may outlive whoever spawned it.
//! Cloning a client is cheap: the clones share one pool of connections.

use std::time::Duration;

use reqwest::Client;
use tokio::time::sleep;

/// Waits `delay` seconds, requests `url`, and returns the status code.
///
/// # Errors
/// If the URL is malformed, of another scheme than `http` or `https`, cannot be reached, or
/// answers with something else than HTTP.
#[tracing::instrument(skip(client))]
pub async fn fetch_status(client: Client, url: String, delay: u64) -> anyhow::Result<u16> {
    sleep(Duration::from_secs(delay)).await;
    let response = client.get(url).send().await?;
    Ok(response.status().as_u16())
}
