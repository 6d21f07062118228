//! The stand-in for `https://www.example.com`: a small web site in a thread of the same process.
//!
//! It answers `GET /` with 200 and a small page after 20 ms, about what the book's own requests
//! took. `EXAMPLE_LATENCY_MS` changes the latency, and `EXAMPLE_URL` makes every listing use
//! another site instead: `EXAMPLE_URL=https://www.example.com` gives the book's own run.

use std::fs::File;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;
use std::{env, thread};

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::http::{agent, host};

const LATENCY: Duration = Duration::from_millis(20);

/// How long a site named by `EXAMPLE_URL` may take to accept a connection.
const REACH_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the site waits before it tries to accept again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Room in the table of open files. A thousand requests have two sockets each.
const OPEN_FILES: u64 = 2048;

const PAGE: &str = "<!doctype html>
<html>
<head><title>Example Site</title></head>
<body>
<h1>Example Site</h1>
<p>This page is served by the program that asked for it.</p>
</body>
</html>
";

/// The web site that the listings talk to. An embedded site ends when this is dropped, or with the
/// process.
#[derive(Debug)]
pub struct ExampleSite {
    url: String,
    /// Dropping it stops the embedded site; `None` for an external site.
    _shutdown: Option<oneshot::Sender<()>>,
}

impl ExampleSite {
    /// Starts the site, or looks up the one that `EXAMPLE_URL` names.
    ///
    /// Works inside and outside an async runtime, because the site has its own thread and runtime.
    ///
    /// # Errors
    /// If `EXAMPLE_URL` is malformed or cannot be reached, if `EXAMPLE_LATENCY_MS` is not a
    /// number, or if no socket can be opened.
    pub fn start() -> anyhow::Result<Self> {
        make_room()?;
        match env::var("EXAMPLE_URL") {
            Ok(url) => Self::external(&url),
            Err(env::VarError::NotPresent) => Self::embedded(latency_from_env()?),
            Err(error) => Err(error).context("EXAMPLE_URL"),
        }
    }

    /// Starts an embedded site with the given latency, and ignores the environment.
    ///
    /// # Errors
    /// If a socket, thread or runtime cannot be created.
    pub fn embedded(latency: Duration) -> anyhow::Result<Self> {
        let embed = || {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let listener = {
                let _inside = runtime.enter();
                util::listen(SocketAddr::from(([127, 0, 0, 1], 0)))?
            };
            let url = format!("http://{}/", listener.local_addr()?);
            let (shutdown, stopped) = oneshot::channel();
            thread::Builder::new()
                .name("example-site".into())
                .spawn(move || runtime.block_on(serve(listener, latency, stopped)))?;
            anyhow::Ok(Self {
                url,
                _shutdown: Some(shutdown),
            })
        };
        embed().context("cannot start the example site")
    }

    fn external(url: &str) -> anyhow::Result<Self> {
        let problem = || format!("EXAMPLE_URL '{url}' is no URL with http or https");
        let parsed: Uri = url.parse().with_context(problem)?;
        let default_port = match parsed.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => bail!(problem()),
        };
        ensure!(
            default_port == 80 || cfg!(feature = "tls"),
            "EXAMPLE_URL '{url}' needs TLS, which is compiled in with `--features tls`; \
             `cargo xtask run` does that by itself"
        );
        // Behind a proxy, only the proxy may be able to reach it.
        if agent().config().proxy().is_none() {
            let port = parsed.port_u16().unwrap_or(default_port);
            reach(host(&parsed), port)
                .with_context(|| format!("EXAMPLE_URL '{url}' cannot be reached"))?;
        }
        Ok(Self {
            url: parsed.to_string(),
            _shutdown: None,
        })
    }

    /// The URL of the site's only page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn latency_from_env() -> anyhow::Result<Duration> {
    match env::var("EXAMPLE_LATENCY_MS") {
        Ok(text) => text.parse().map(Duration::from_millis).with_context(|| {
            format!("EXAMPLE_LATENCY_MS '{text}' is not a number of milliseconds")
        }),
        Err(env::VarError::NotPresent) => Ok(LATENCY),
        Err(error) => Err(error).context("EXAMPLE_LATENCY_MS"),
    }
}

/// Lets this process open as many files as the system allows.
///
/// Linux doubles the table of open files whenever it is full, and in a process with several threads
/// all of them wait about ten milliseconds for it. Here the table grows once, while there is one
/// thread, to hold a thousand requests and the site's end of each.
fn make_room() -> anyhow::Result<()> {
    let allowed = rlimit::increase_nofile_limit(u64::MAX).context("cannot raise RLIMIT_NOFILE")?;
    if cfg!(target_os = "linux") {
        let file = File::open("/dev/null")?;
        // The table does not shrink when they are closed.
        let _files: Vec<_> = (0..allowed.min(OPEN_FILES))
            .map_while(|_| file.try_clone().ok())
            .collect();
    }
    Ok(())
}

/// Opens and closes a connection to the site, so that a missing site is reported once and by name,
/// before the listing begins.
fn reach(host: &str, port: u16) -> anyhow::Result<()> {
    let mut last = None;
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, REACH_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| anyhow::anyhow!("it has no address"), Into::into))
}

async fn serve(listener: TcpListener, latency: Duration, mut stopped: oneshot::Receiver<()>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        let Ok((stream, _)) = accepted else {
            // Probably out of descriptors; the next answers free some.
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Answers are small, and must not wait for the next one.
        let _ = stream.set_nodelay(true);
        let page = service_fn(move |request| page(request, latency));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), page));
    }
}

async fn page(
    request: Request<Incoming>,
    latency: Duration,
) -> http::Result<Response<Full<Bytes>>> {
    if request.uri().path() != "/" {
        return Response::builder()
            .status(StatusCode::NOT_FOUND)
            .body(Full::default());
    }
    let query = request.uri().query().unwrap_or_default();
    sleep(latency_of(query).unwrap_or(latency)).await;
    Response::builder()
        .header(CONTENT_TYPE, "text/html; charset=utf-8")
        .body(Full::from(PAGE))
}

/// The latency for this request alone, `latency_ms=250`.
fn latency_of(query: &str) -> Option<Duration> {
    let milliseconds = query
        .split('&')
        .find_map(|part| part.strip_prefix("latency_ms="))?;
    milliseconds.parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinSet;
    use tokio::time::timeout;

    use super::*;

    fn address(site: &ExampleSite) -> String {
        let url: Uri = site.url().parse().unwrap();
        url.authority().unwrap().to_string()
    }

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: example\r\nConnection: close\r\n\r\n";

    #[test]
    fn answers_without_a_runtime_around_it_and_after_its_latency() {
        let site = ExampleSite::embedded(Duration::from_millis(30)).unwrap();
        let start = Instant::now();
        let mut stream = TcpStream::connect(address(&site)).unwrap();
        stream.write_all(REQUEST).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(start.elapsed() >= Duration::from_millis(30));
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with(PAGE), "{answer}");
    }

    #[tokio::test]
    async fn answers_a_thousand_connections_at_once() {
        // One after the other would take a thousand seconds.
        let site = ExampleSite::embedded(Duration::from_secs(1)).unwrap();
        let address = address(&site);
        let mut requests = JoinSet::new();
        for _ in 0..1000 {
            let address = address.clone();
            requests.spawn(async move {
                let mut stream = tokio::net::TcpStream::connect(address).await?;
                stream.write_all(REQUEST).await?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await?;
                std::io::Result::Ok(answer)
            });
        }
        let answers = timeout(Duration::from_secs(60), requests.join_all()).await;
        let answers = answers.unwrap();
        assert_eq!(answers.len(), 1000);
        for answer in answers {
            assert!(answer.unwrap().starts_with("HTTP/1.1 200 OK\r\n"));
        }
    }

    #[test]
    fn ends_when_it_is_dropped() {
        let site = ExampleSite::embedded(LATENCY).unwrap();
        let address = address(&site);
        drop(site);
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(&address).is_ok() {
            assert!(Instant::now() < deadline, "{address} still accepts");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn an_https_site_needs_the_feature() {
        let told = format!(
            "{:#}",
            ExampleSite::external("https://127.0.0.1:1/").unwrap_err()
        );
        let expected = if cfg!(feature = "tls") {
            "cannot be reached"
        } else {
            "--features tls"
        };
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn a_bad_external_site_is_named_in_the_error() {
        let error = |url| format!("{:#}", ExampleSite::external(url).unwrap_err());
        for url in ["example", "ftp://example.com", "http://a b"] {
            let problem = format!("EXAMPLE_URL '{url}' is no URL with http or https");
            assert!(error(url).starts_with(&problem), "{}", error(url));
        }

        // A port that was free a moment ago.
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let url = format!("http://127.0.0.1:{port}/");
        assert!(error(&url).contains("cannot be reached"), "{}", error(&url));
    }

    #[test]
    fn an_external_site_is_used_as_it_is() {
        let site = ExampleSite::embedded(LATENCY).unwrap();
        let url = format!("{}?latency_ms=1", site.url());
        assert_eq!(ExampleSite::external(&url).unwrap().url(), url);
    }
}
