//! Example: Debug mode, which reports tasks that hold the loop for too long.
//!
//! Debug mode wraps each task's future in another future, which measures how long every poll takes.
//! In production, use `tokio-metrics` or `tokio-console`.
//!
//! In Python: `loop.set_debug`. Here: `poll_fn`.

use std::any;
use std::future::poll_fn;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

/// Starts tasks, and reports on stderr each of their polls that holds the loop for
/// [`slow_callback_duration`](Self::slow_callback_duration) or longer.
#[derive(Clone, Debug)]
pub struct DebugMode {
    /// A poll that takes this long, or longer, is reported.
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
    /// Spawns `future` as a task that is called `name` in reports.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn create_task<F>(&self, name: &'static str, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let slow_callback_duration = self.slow_callback_duration;
        let mut future = Box::pin(future);
        tokio::spawn(poll_fn(move |context| {
            let start = Instant::now();
            let poll = future.as_mut().poll(context);
            let took = start.elapsed();
            if took >= slow_callback_duration {
                let state = if poll.is_ready() {
                    "finished"
                } else {
                    "pending"
                };
                // The future of an async function is an unnamed closure inside it.
                let coro = any::type_name::<F>().trim_end_matches("::{{closure}}");
                let seconds = took.as_secs_f64();
                eprintln!(
                    "Executing <Task {state} name='{name}' coro=<{coro}>> took {seconds:.3} seconds"
                );
            }
            poll
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::{env, thread};

    use tokio::task::yield_now;
    use tokio::time::sleep;

    use super::*;

    #[tokio::test]
    async fn a_watched_task_returns_what_its_future_does() {
        let debug = DebugMode::default();
        let task = debug.create_task("task_one", async {
            yield_now().await;
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

    #[tokio::test]
    #[ignore = "its reports are read by the next test"]
    async fn reports() {
        let debug = DebugMode::default();
        let pending = debug.create_task("pending", async {
            thread::sleep(Duration::from_millis(200));
            yield_now().await;
        });
        pending.await.unwrap();
        let asleep = debug.create_task("asleep", sleep(Duration::from_millis(200)));
        asleep.await.unwrap();
    }

    #[test]
    fn slow_polls_are_reported_and_long_sleeps_are_not() {
        let output = Command::new(env::current_exe().unwrap())
            .args(["debug::tests::reports", "--ignored", "--nocapture"])
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr.matches("<Task pending name='pending' ").count(), 1);
        assert!(!stderr.contains("'asleep'"), "{stderr}");
    }
}
