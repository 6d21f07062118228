//! The stand-in for `https://www.example.com`: a small web site in a thread of the same process.
//!
//! It answers `GET /` with 200 and a small page after 20 ms, about what the book's own requests
//! took. `EXAMPLE_LATENCY_MS` changes the latency, and `EXAMPLE_URL` makes every listing use
//! another site instead: `EXAMPLE_URL=https://www.example.com` gives the book's own run.

use std::env;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use axum::serve::ListenerExt;
use serde::Deserialize;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use url::Url;

use crate::open_files;

const LATENCY: Duration = Duration::from_millis(20);

/// How long a site named by `EXAMPLE_URL` may take to accept a connection.
const REACH_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections that may wait to be accepted: more than any listing opens at once.
const BACKLOG: u32 = 4096;

const PAGE: &str = "<!doctype html>
<html>
<head><title>Example Site</title></head>
<body>
<h1>Example Site</h1>
<p>This page is served by the program that asked for it.</p>
</body>
</html>
";

/// The web site that the listings talk to. An embedded one ends when this is dropped, or with
/// the process.
#[derive(Debug)]
pub struct ExampleSite {
    url: String,
    /// Dropping it stops the embedded site; `None` when the site is somebody else's.
    _shutdown: Option<oneshot::Sender<()>>,
}

impl ExampleSite {
    /// Starts the site, or looks up the one that `EXAMPLE_URL` names.
    ///
    /// Works with and without an async runtime around it: the site has a thread and a runtime of
    /// its own.
    ///
    /// # Errors
    /// If `EXAMPLE_URL` is malformed or cannot be reached, if `EXAMPLE_LATENCY_MS` is not a
    /// number, or if no socket can be opened.
    pub fn start() -> anyhow::Result<Self> {
        crate::timeline::init();
        // A thousand requests at once are a thousand sockets, and the site has as many again.
        open_files::raise_limit();
        match env::var("EXAMPLE_URL") {
            Ok(url) => Self::external(&url),
            Err(env::VarError::NotPresent) => Self::embedded(latency_from_env()?),
            Err(error) => Err(error).context("EXAMPLE_URL"),
        }
    }

    /// Starts an embedded site with the given latency, whatever the environment says.
    ///
    /// # Errors
    /// If no socket, thread or runtime can be had.
    pub fn embedded(latency: Duration) -> anyhow::Result<Self> {
        let (started, address) = mpsc::channel();
        let (shutdown, stopped) = oneshot::channel();
        thread::Builder::new()
            .name("example-site".into())
            .spawn(move || serve(latency, &started, stopped))
            .context("cannot start the example site's thread")?;
        let address = address
            .recv()
            .context("the example site ended before it began")?
            .context("cannot start the example site")?;
        Ok(Self {
            url: format!("http://{address}/"),
            _shutdown: Some(shutdown),
        })
    }

    fn external(url: &str) -> anyhow::Result<Self> {
        let parsed =
            Url::parse(url).with_context(|| format!("EXAMPLE_URL '{url}' is not a URL"))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            bail!("EXAMPLE_URL '{url}' is neither http nor https");
        }
        reach(&parsed).with_context(|| format!("EXAMPLE_URL '{url}' cannot be reached"))?;
        Ok(Self {
            url: parsed.into(),
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

/// Opens a connection to the site and closes it again, so that a site which is not there is
/// reported once and by its name, before the listing begins.
fn reach(url: &Url) -> anyhow::Result<()> {
    let host = url.host_str().context("it names no host")?;
    let port = url.port_or_known_default().context("it names no port")?;
    // A URL writes an IPv6 address in brackets, the resolver wants it without.
    let host = host.trim_matches(['[', ']']);
    let mut last = None;
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, REACH_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| anyhow::anyhow!("it has no address"), Into::into))
}

fn serve(
    latency: Duration,
    started: &mpsc::Sender<anyhow::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = started.send(Err(error.into()));
            return;
        }
    };
    runtime.block_on(async {
        let listener = match listen() {
            Ok((listener, address)) => {
                let _ = started.send(Ok(address));
                listener
            }
            Err(error) => {
                let _ = started.send(Err(error));
                return;
            }
        };
        // Answers are small: they must not wait to be sent with a later one.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let site = Router::new().route("/", get(page)).with_state(latency);
        tokio::select! {
            _ = axum::serve(listener, site) => {}
            _ = stopped => {}
        }
    });
}

fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

#[derive(Deserialize)]
struct PageQuery {
    /// A latency for this request alone, in milliseconds.
    latency_ms: Option<u64>,
}

async fn page(
    State(latency): State<Duration>,
    Query(query): Query<PageQuery>,
) -> Html<&'static str> {
    let latency = query.latency_ms.map_or(latency, Duration::from_millis);
    tokio::time::sleep(latency).await;
    Html(PAGE)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinSet;

    use super::*;

    fn address(site: &ExampleSite) -> String {
        let url = Url::parse(site.url()).unwrap();
        format!("{}:{}", url.host_str().unwrap(), url.port().unwrap())
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
        let site = ExampleSite::embedded(LATENCY).unwrap();
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
        let answers = requests.join_all().await;
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
    fn a_bad_external_site_is_named_in_the_error() {
        let error = |url| format!("{:#}", ExampleSite::external(url).unwrap_err());
        assert!(error("example").contains("EXAMPLE_URL 'example' is not a URL"));
        assert!(error("ftp://example.com").contains("neither http nor https"));

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
