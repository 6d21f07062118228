//! Listing 7.13: A stress test that other threads start and cancel.
//!
//! It runs in an event loop and is handled from outside, as with `run_coroutine_threadsafe`: a
//! `Handle` spawns from any thread. Cancelling it drops its future, and with that every request
//! that is still on its way, and its connection.
//!
//! In Python: `run_coroutine_threadsafe`. Here: `Handle::spawn`, `AbortHandle`.

use futures::stream::{self, StreamExt};
use reqwest::Client;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// As many requests wait at once; aiohttp's sessions have the same limit.
const AT_ONCE: usize = 100;

/// How far a stress test has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Requests that have been answered, or have failed.
    pub completed: usize,
    /// Those of them that have failed.
    pub failed: usize,
    /// Requests in all.
    pub total: usize,
    /// Why the last one failed.
    pub error: Option<String>,
}

/// So many requests for one page.
#[derive(Debug)]
pub struct StressTest {
    load_test: AbortHandle,
}

impl StressTest {
    /// Starts the requests in `event_loop`, which may be another thread's. `callback` is called
    /// there, about every hundredth of the way and at the end.
    pub fn start(
        event_loop: &Handle,
        url: String,
        total_requests: usize,
        callback: impl Fn(Progress) + Send + 'static,
    ) -> Self {
        let requests = make_requests(url, total_requests, callback);
        let load_test = event_loop.spawn(requests).abort_handle();
        Self { load_test }
    }

    /// Stops all requests. The callback may be called once more, if it is just about to be.
    pub fn cancel(&self) {
        self.load_test.abort();
    }
}

async fn make_requests(url: String, total: usize, callback: impl Fn(Progress)) {
    let refresh_rate = (total / 100).max(1);
    let session = util_web::http::client().and_then(|client| Ok(client.build()?));
    let mut progress = Progress {
        total,
        ..Progress::default()
    };
    let requests = (0..total).map(|_| get_url(&session, &url));
    let mut requests = stream::iter(requests).buffer_unordered(AT_ONCE);
    while let Some(answer) = requests.next().await {
        progress.completed += 1;
        if let Err(error) = answer {
            progress.failed += 1;
            progress.error = Some(format!("{error:#}"));
        }
        if progress.completed.is_multiple_of(refresh_rate) || progress.completed == total {
            callback(progress.clone());
        }
    }
}

async fn get_url(session: &anyhow::Result<Client>, url: &str) -> anyhow::Result<()> {
    let session = session
        .as_ref()
        .map_err(|error| anyhow::anyhow!("{error:#}"))?;
    session.get(url).send().await?.bytes().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use util_web::ExampleSite;

    use super::*;

    fn event_loop() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
    }

    fn start(
        event_loop: &Handle,
        url: &str,
        total: usize,
    ) -> (StressTest, mpsc::Receiver<Progress>) {
        let (sender, updates) = mpsc::channel();
        let test = StressTest::start(event_loop, url.into(), total, move |progress| {
            let _ = sender.send(progress);
        });
        (test, updates)
    }

    #[test]
    fn it_reports_about_a_hundred_times_and_at_the_end() {
        let site = ExampleSite::embedded(Duration::ZERO).unwrap();
        let event_loop = event_loop();
        for (total, reports) in [(1, 1), (7, 7), (250, 125)] {
            let (_test, updates) = start(event_loop.handle(), site.url(), total);
            // The channel ends with the test.
            let updates: Vec<_> = updates.iter().collect();
            assert_eq!(updates.len(), reports);
            let last = updates.last().unwrap();
            assert_eq!((last.completed, last.total, last.failed), (total, total, 0));
        }
    }

    #[test]
    fn a_request_that_fails_is_counted_and_the_rest_goes_on() {
        let event_loop = event_loop();
        // Port 1 is reserved: nobody listens there.
        let (_test, updates) = start(event_loop.handle(), "http://127.0.0.1:1/", 5);
        let last = updates.iter().last().unwrap();
        assert_eq!((last.completed, last.failed), (5, 5));
        assert!(last.error.is_some());
    }

    #[test]
    fn cancelled_means_that_no_more_requests_are_made() {
        // A site that counts connections and never answers.
        let site = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", site.local_addr().unwrap());
        let event_loop = event_loop();
        let (test, updates) = start(event_loop.handle(), &url, 1_000);
        let clients: Vec<_> = (0..AT_ONCE).map(|_| site.accept().unwrap().0).collect();
        test.cancel();
        // The callback is dropped with the test; it has never been called.
        assert!(updates.recv().is_err());
        for mut client in clients {
            // Each connection has been closed: nothing follows the request.
            client
                .set_read_timeout(Some(Duration::from_secs(60)))
                .unwrap();
            let mut request = Vec::new();
            let closed = std::io::Read::read_to_end(&mut client, &mut request);
            assert!(
                closed.is_ok()
                    || closed.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset)
            );
        }
        site.set_nonblocking(true).unwrap();
        assert!(site.accept().is_err(), "a request was made after the end");
    }
}
