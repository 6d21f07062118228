//! A `reqwest` client for listings: `https` works wherever the program runs, and building one
//! costs a tenth of a millisecond.
//!
//! `reqwest`'s own default reads the certificates of the operating system each time a client is
//! built (4 to 8 ms, and an error where there are none), which would drown the 20 ms that the
//! listings measure. Here the root certificates are compiled in.

use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// How long a request may take: aiohttp's default. reqwest would wait for ever, and so would
/// Python's `requests`.
pub const TIMEOUT: Duration = Duration::from_secs(300);

/// A builder for an async client, as `reqwest::Client::builder()`, whose requests may take
/// [`TIMEOUT`] at the most.
///
/// # Errors
/// If the TLS library refuses its own defaults, which would be a bug in it.
pub fn client() -> anyhow::Result<reqwest::ClientBuilder> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .timeout(TIMEOUT);
    Ok(if site_is_local() {
        builder.no_proxy()
    } else {
        builder
    })
}

/// One blocking GET with a client of its own, as `requests.get`.
///
/// # Errors
/// If the URL cannot be parsed or reached, or the answer is not HTTP. A status such as 404 is an
/// answer, not an error.
///
/// # Panics
/// Inside an async runtime, where nothing may block.
#[cfg(feature = "http_blocking")]
pub fn get(url: &str) -> anyhow::Result<reqwest::blocking::Response> {
    let builder = reqwest::blocking::Client::builder().tls_backend_preconfigured(tls()?);
    let builder = if site_is_local() {
        builder.no_proxy()
    } else {
        builder
    };
    Ok(builder.build()?.get(url).send()?)
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Whether the example site is on this machine, where no proxy of the reader's could find it.
#[must_use]
pub fn site_is_local() -> bool {
    let Ok(url) = std::env::var("EXAMPLE_URL") else {
        return true;
    };
    Url::parse(&url).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn a_bad_scheme_is_an_error_value() {
        let client = super::client().unwrap().build().unwrap();
        let error = client.get("python://bad").send().await.unwrap_err();
        assert!(error.is_builder() || error.is_request(), "{error:?}");
    }
}
