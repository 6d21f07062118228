//! Example: The page that listings 8.2 and 8.3 get, with a timeout.

use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::time::timeout;
use url::Url;

/// How long a site may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A page and its address.
#[derive(Clone, Debug)]
pub struct Page {
    /// The host's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The path with its query.
    pub path: String,
}

impl Page {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// If it is not a URL, or needs encryption, which these listings leave out.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).with_context(|| format!("'{url}' is not a URL"))?;
        ensure!(
            url.scheme() == "http",
            "this listing speaks plain HTTP: '{url}' must begin with http://"
        );
        let host = url.host_str().context("the URL names no host")?;
        let query = url
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
            path: format!("{}{query}", url.path()),
        })
    }
}

/// Waits for `request`, at most ten seconds.
///
/// # Errors
/// If it fails or takes longer.
pub async fn in_time<T>(request: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    timeout(TIMEOUT, request)
        .await
        .with_context(|| format!("no answer within {TIMEOUT:?}"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let page = Page::parse("http://[::1]:8000/a/b?c=d").unwrap();
        assert_eq!((page.host.as_str(), page.port), ("::1", 8000));
        assert_eq!(page.path, "/a/b?c=d");
        assert_eq!(Page::parse("http://www.example.com").unwrap().port, 80);
        assert!(Page::parse("https://www.example.com").is_err());
        assert!(Page::parse("nonsense").is_err());
    }
}
