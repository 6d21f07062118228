//! HTTP clients for listings. They support any URL that a reader sets, with TLS, and use no proxy
//! for a site on this machine.

use std::env;
use std::time::Duration;

use url::{Host, Url};

/// How long a request may take, aiohttp's default. `reqwest`'s async client and Python's `requests`
/// would wait forever; `reqwest::blocking` has a limit of 30 seconds.
pub const TIMEOUT: Duration = Duration::from_secs(300);

/// A builder for an async client, like `reqwest::Client::builder()`, whose requests may take at
/// most [`TIMEOUT`].
///
/// # Errors
/// If the TLS library refuses its own defaults, which would be a bug in it.
pub fn client() -> anyhow::Result<reqwest::ClientBuilder> {
    let builder = reqwest::Client::builder().timeout(TIMEOUT);
    #[cfg(feature = "tls")]
    let builder = builder.tls_backend_preconfigured(tls()?);
    Ok(if site_is_local() {
        builder.no_proxy()
    } else {
        builder
    })
}

/// One blocking GET with a new client, like `requests.get`.
///
/// # Errors
/// If the URL cannot be parsed or reached, or the answer is not HTTP. A status such as 404 is an
/// answer, not an error.
///
/// # Panics
/// In a debug build, inside an async runtime, where nothing may block.
pub fn get(url: &str) -> anyhow::Result<reqwest::blocking::Response> {
    let builder = reqwest::blocking::Client::builder().timeout(TIMEOUT);
    #[cfg(feature = "tls")]
    let builder = builder.tls_backend_preconfigured(tls()?);
    let builder = if site_is_local() {
        builder.no_proxy()
    } else {
        builder
    };
    Ok(builder.build()?.get(url).send()?)
}

/// By default `reqwest` reads the certificates of the operating system for each new client, which
/// takes 4 to 8 ms, and fails if there are none. These certificates are compiled in.
#[cfg(feature = "tls")]
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Whether the example site is on this machine, where no proxy could find it.
#[must_use]
pub fn site_is_local() -> bool {
    let Ok(url) = env::var("EXAMPLE_URL") else {
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
    use std::time::Instant;

    use super::*;
    use crate::ExampleSite;

    #[tokio::test]
    async fn a_bad_scheme_is_an_error_value() {
        let client = client().unwrap().build().unwrap();
        let error = client.get("python://bad").send().await.unwrap_err();
        assert!(error.is_builder() || error.is_request(), "{error:?}");
    }

    #[test]
    fn a_blocking_get_waits_for_its_answer() {
        let latency = Duration::from_millis(30);
        let site = ExampleSite::embedded(latency).unwrap();
        let start = Instant::now();
        assert_eq!(get(site.url()).unwrap().status(), 200);
        assert!(start.elapsed() >= latency);
    }
}
