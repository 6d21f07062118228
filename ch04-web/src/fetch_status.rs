//! Example: fetch_status, which waits, fetches a page and returns its status.
//!
//! Listings 4.6 and 4.8 to 4.16 and both examples of gather use it. It owns its arguments, because
//! a task may outlive the code that spawned it. Cloning a client is cheap, because the clones share
//! one pool of connections.
//!
//! In Python: `fetch_status`. Here: `fetch_status`.

use std::time::Duration;

use reqwest::Client;
use tokio::time::sleep;

/// Waits `delay` seconds, requests `url`, and returns the status code.
///
/// # Errors
/// If the URL is malformed, has a scheme other than `http` or `https`, cannot be reached,
/// answers with something other than HTTP, or takes longer than the client allows.
#[tracing::instrument(skip(session))]
pub async fn fetch_status(session: Client, url: String, delay: u64) -> reqwest::Result<u16> {
    sleep(Duration::from_secs(delay)).await;
    let result = session.get(url).send().await?;
    Ok(result.status().as_u16())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use tokio::time::{Instant, timeout};
    use util_web::http::TIMEOUT;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_site_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let client = util_web::http::client().unwrap().build().unwrap();

        let start = Instant::now();
        let status = timeout(2 * TIMEOUT, fetch_status(client, url, 7)).await;
        let error = status.unwrap().unwrap_err();
        assert!(start.elapsed() >= Duration::from_secs(7) + TIMEOUT);
        assert!(error.is_timeout(), "{error}");
    }
}
