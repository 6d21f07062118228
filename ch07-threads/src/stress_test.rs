//! Listing 7.13: A stress test that other threads start and cancel.
//!
//! A `Handle` spawns into its event loop from any thread, as `run_coroutine_threadsafe` does.
//! Cancelling drops the future, and with it every running request and its connection.
//!
//! In Python: `run_coroutine_threadsafe`. Here: `event_loop.spawn`, `AbortHandle`.

use anyhow::Context;
use futures::stream::{self, StreamExt};
use reqwest::{Client, Url};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// At most this many requests wait at once, aiohttp's default.
const AT_ONCE: usize = 100;

/// How far a stress test has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Requests that were answered or failed.
    pub completed: usize,
    /// Requests in all.
    pub total: usize,
    /// The error of the last request that failed. (The book prints it; here that would spoil the
    /// screen.)
    pub error: Option<String>,
}

/// Many requests for one page.
#[derive(Debug)]
pub struct StressTest {
    load_test: AbortHandle,
}

impl StressTest {
    /// Starts the requests in `event_loop`, which may be another thread's. The loop calls
    /// `callback` about every hundredth of the way and at the end.
    ///
    /// # Errors
    /// If `url` is not a URL.
    pub fn start(
        event_loop: &Handle,
        url: &str,
        total_requests: usize,
        callback: impl Fn(Progress) + Send + 'static,
    ) -> anyhow::Result<Self> {
        let url = Url::parse(url).with_context(|| format!("'{url}' is not a URL"))?;
        let session = util_web::http::client()?.build()?;
        let requests = make_requests(session, url, total_requests, callback);
        let load_test = event_loop.spawn(requests).abort_handle();
        Ok(Self { load_test })
    }

    /// Stops all requests. The callback may still run once more.
    pub fn cancel(&self) {
        self.load_test.abort();
    }
}

async fn make_requests(session: Client, url: Url, total: usize, callback: impl Fn(Progress)) {
    let refresh_rate = (total / 100).max(1);
    let reqs = (0..total).map(|_| get_url(&session, url.clone()));
    let mut reqs = stream::iter(reqs).buffer_unordered(AT_ONCE);
    let mut progress = Progress {
        total,
        ..Progress::default()
    };
    while let Some(answer) = reqs.next().await {
        if let Err(error) = answer {
            progress.error = Some(format!("{error:#}"));
        }
        progress.completed += 1;
        if progress.completed.is_multiple_of(refresh_rate) || progress.completed == total {
            callback(progress.clone());
        }
    }
}

async fn get_url(session: &Client, url: Url) -> anyhow::Result<()> {
    session.get(url).send().await?.bytes().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
    use std::thread;
    use std::time::Duration;

    use tokio::runtime;
    use util_testing::{Site, TIMEOUT};
    use util_web::ExampleSite;

    use super::*;

    /// An event loop that runs in another thread, as in listing 7.15.
    fn event_loop() -> Handle {
        let mut event_loop = runtime::Builder::new_current_thread();
        let event_loop = event_loop.enable_all().build().unwrap();
        let handle = event_loop.handle().clone();
        thread::spawn(move || event_loop.block_on(pending::<()>()));
        handle
    }

    fn start(event_loop: &Handle, url: &str, total: usize) -> (StressTest, Receiver<Progress>) {
        let (sender, updates) = mpsc::channel();
        let callback = move |progress| {
            let _ = sender.send(progress);
        };
        let test = StressTest::start(event_loop, url, total, callback).unwrap();
        (test, updates)
    }

    #[test]
    fn it_reports_about_a_hundred_times_and_at_the_end() {
        let site = ExampleSite::embedded(Duration::ZERO).unwrap();
        let event_loop = event_loop();
        for (total, reports) in [(1, 1), (7, 7), (250, 125), (251, 126)] {
            let (_test, updates) = start(&event_loop, site.url(), total);
            // The channel ends with the test.
            let updates: Vec<_> = updates.iter().collect();
            assert_eq!(updates.len(), reports);
            let last = updates.last().unwrap();
            assert_eq!((last.completed, last.total), (total, total));
            assert_eq!(last.error, None);
        }
    }

    #[test]
    fn a_request_that_fails_is_counted_and_the_rest_goes_on() {
        // Port 1 is reserved, so nothing listens there.
        let (_test, updates) = start(&event_loop(), "http://127.0.0.1:1/", 5);
        let last = updates.iter().last().unwrap();
        assert_eq!(last.completed, 5);
        assert!(last.error.is_some());
    }

    #[test]
    fn an_error_is_not_forgotten_when_later_requests_succeed() {
        let site = Site::saying(|number| match number {
            0 => String::new(),
            _ => "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned(),
        });
        let (_test, updates) = start(&event_loop(), &site.url(), 3 * AT_ONCE);
        assert!(updates.iter().last().unwrap().error.is_some());
    }

    #[test]
    fn cancelling_closes_connections_and_makes_no_more_requests() {
        let site = Site::answering(|_| false);
        let (test, updates) = start(&event_loop(), &site.url(), 1_000);
        site.wait_for_requests(100);
        test.cancel();
        // The callback is dropped with the test; it has never been called.
        let ended = updates.recv_timeout(TIMEOUT);
        assert_eq!(ended, Err(RecvTimeoutError::Disconnected));
        site.wait_for_given_up(100);
        assert_eq!(site.requests(), 100);
    }

    #[test]
    fn a_bad_url_is_named() {
        let started = StressTest::start(&event_loop(), "nonsense", 1, |_| {});
        assert_eq!(started.unwrap_err().to_string(), "'nonsense' is not a URL");
    }
}
