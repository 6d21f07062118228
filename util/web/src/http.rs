//! HTTP clients for listings. They support any URL that a reader sets, with TLS, and use no proxy
//! for a site on this machine.

use std::env;
use std::net::IpAddr;
use std::time::Duration;

use http::Uri;

/// How long a request may take, aiohttp's default. `reqwest`, `ureq` and Python's `requests` would
/// wait forever.
pub const TIMEOUT: Duration = Duration::from_secs(300);

/// A builder for an async client, like `reqwest::Client::builder()`, whose requests may take at
/// most [`TIMEOUT`].
///
/// # Errors
/// If the TLS library refuses its own defaults, which would be a bug in it.
#[cfg(feature = "client")]
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

/// A client for one call that blocks its thread: `agent().get(url).call()` opens a new connection,
/// as `requests.get` does. (Clones of one agent would share connections, as a `requests.Session`
/// does.)
///
/// A call may take at most [`TIMEOUT`]. A status such as 404 is an answer, not an error.
#[must_use]
pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT));
    let config = if site_is_local() {
        config.proxy(None)
    } else {
        config
    };
    config.build().new_agent()
}

/// By default `reqwest` reads the certificates of the operating system for each new client, which
/// takes 4 to 8 ms, and fails if there are none. These certificates are compiled in.
#[cfg(all(feature = "client", feature = "tls"))]
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
    url.parse::<Uri>().is_ok_and(|url| {
        let host = host(&url);
        host == "localhost" || host.parse().is_ok_and(|it: IpAddr| it.is_loopback())
    })
}

/// The host that `url` names. A URL has an IPv6 address in brackets; resolvers want it without.
pub(crate) fn host(url: &Uri) -> &str {
    url.host().unwrap_or_default().trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "client")]
    #[tokio::test]
    async fn a_bad_scheme_is_an_error_value() {
        let client = client().unwrap().build().unwrap();
        let error = client.get("python://bad").send().await.unwrap_err();
        assert!(error.is_builder() || error.is_request(), "{error:?}");
    }

    #[test]
    fn an_ipv6_address_has_no_brackets() {
        for (url, name) in [("http://[::1]:8000/", "::1"), ("http://host:8000/", "host")] {
            assert_eq!(host(&url.parse().unwrap()), name);
        }
    }

    #[test]
    fn a_call_has_a_time_limit() {
        let five_minutes = Duration::from_secs(300);
        assert_eq!(agent().config().timeouts().global, Some(five_minutes));
    }
}
