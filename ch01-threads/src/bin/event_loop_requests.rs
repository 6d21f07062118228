//! Example: An event loop that runs three tasks (figures 1.9 and 1.10).
//!
//! This is what `asyncio.run` and tokio do, in a page: a task is a future; the loop polls the
//! ones that are ready, one at a time; a future that has to wait leaves a waker, and is polled
//! again once somebody has called it. So one piece of CPU-bound code runs at any time, while all
//! the requests can wait together.
//!
//! Here: `Future`, `Wake`.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Poll, Wake, Waker};
use std::{future, hint, thread};

use util_web::{ExampleSite, http};

type Task<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + 'a>>;

struct EventLoop<'a> {
    tasks: BTreeMap<usize, Task<'a>>,
    wake: Sender<usize>,
    ready: Receiver<usize>,
}

/// Says which task can go on, by putting its number into the loop's queue.
struct TaskWaker {
    task: usize,
    ready: Sender<usize>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // Nobody listens any more when the loop has ended early: then there is nothing to wake.
        let _ = self.ready.send(self.task);
    }
}

impl<'a> EventLoop<'a> {
    fn new() -> Self {
        let (wake, ready) = mpsc::channel();
        let tasks = BTreeMap::new();
        Self { tasks, wake, ready }
    }

    fn create_task(
        &mut self,
        task: impl Future<Output = anyhow::Result<()>> + 'a,
    ) -> anyhow::Result<()> {
        let number = self.tasks.len() + 1;
        self.tasks.insert(number, Box::pin(task));
        Ok(self.wake.send(number)?)
    }

    fn run_until_complete(&mut self) -> anyhow::Result<()> {
        while !self.tasks.is_empty() {
            let number = self.ready.recv()?; // the thread sleeps here while all tasks wait
            let Some(task) = self.tasks.get_mut(&number) else {
                continue;
            };
            let ready = self.wake.clone();
            let waker = Waker::from(Arc::new(TaskWaker {
                task: number,
                ready,
            }));
            if let Poll::Ready(result) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.tasks.remove(&number);
                result?;
            }
        }
        Ok(())
    }
}

fn cpu_bound_work() -> u64 {
    (0..5_000_000).fold(0, |sum, n| hint::black_box(sum + n))
}

/// The request is made by a thread here, which plays the part of the operating system: it waits
/// for the answer and wakes the task. Listing 3.7 asks the operating system itself.
fn io_bound_web_request(url: &str) -> impl Future<Output = anyhow::Result<u16>> {
    let (sender, answer) = mpsc::channel();
    let mut request = Some((url.to_owned(), sender));
    future::poll_fn(move |context| {
        // The first poll starts the request: futures are lazy.
        if let Some((url, sender)) = request.take() {
            let waker = context.waker().clone();
            thread::spawn(move || {
                let status = http::get(&url).map(|response| response.status().as_u16());
                let _ = sender.send(status);
                waker.wake();
            });
        }
        answer.try_recv().map_or(Poll::Pending, Poll::Ready)
    })
}

#[tracing::instrument(skip(url))]
async fn make_request(task: u32, url: &str) -> anyhow::Result<()> {
    println!("Task {task}: CPU-bound setup");
    cpu_bound_work();
    println!("Task {task}: waiting for I/O");
    let status = io_bound_web_request(url).await?;
    println!("Task {task}: CPU-bound postprocessing of status {status}");
    cpu_bound_work();
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let mut event_loop = EventLoop::new();
    for task in 1..=3 {
        event_loop.create_task(make_request(task, site.url()))?;
    }
    event_loop.run_until_complete()?;
    Ok(())
}
