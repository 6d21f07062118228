//! Example: Debug mode, which reports tasks that hold the loop for too long.
//!
//! A future cannot hide how long one poll of it takes. asyncio has its debug mode built in; in
//! Rust it is a future around a future, written here in a page. In production, take
//! `tokio-metrics` or `tokio-console`.

use std::any;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

/// Starts tasks and reports, on stderr, each poll of them that holds the loop for
/// [`slow_callback_duration`](Self::slow_callback_duration) or longer.
#[derive(Clone, Debug)]
pub struct DebugMode {
    /// From how long a poll on is reported.
    pub slow_callback_duration: Duration,
}

impl Default for DebugMode {
    /// The threshold of asyncio's debug mode, 100 ms.
    fn default() -> Self {
        Self {
            slow_callback_duration: Duration::from_millis(100),
        }
    }
}

impl DebugMode {
    /// Spawns `future` as a task that is known by `name` in reports.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn create_task<F>(&self, name: &'static str, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        tokio::spawn(Watched {
            name,
            slow_callback_duration: self.slow_callback_duration,
            future: Box::pin(future),
        })
    }
}

struct Watched<F> {
    name: &'static str,
    slow_callback_duration: Duration,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let start = Instant::now();
        let poll = self.future.as_mut().poll(context);
        let took = start.elapsed();
        if took >= self.slow_callback_duration {
            let state = if poll.is_ready() {
                "finished"
            } else {
                "pending"
            };
            eprintln!(
                "Executing <Task {state} name='{}' coro=<{}>> took {:.3} seconds",
                self.name,
                // An async function's future is an unnamed closure inside it.
                any::type_name::<F>().trim_end_matches("::{{closure}}"),
                took.as_secs_f64()
            );
        }
        poll
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_watched_task_returns_what_its_future_does() {
        let debug = DebugMode::default();
        let task = debug.create_task("task_one", async {
            tokio::task::yield_now().await;
            42
        });
        assert_eq!(task.await.unwrap(), 42);
    }

    #[tokio::test]
    async fn a_watched_task_can_be_cancelled() {
        let debug = DebugMode::default();
        let task = debug.create_task("task_one", std::future::pending::<()>());
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
}
