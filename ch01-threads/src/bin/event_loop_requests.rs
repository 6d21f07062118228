//! Example: An event loop that runs three tasks (figures 1.9 and 1.10).
//!
//! This is the core of what `asyncio.run` and tokio do, without their timers, and with threads in
//! place of a selector. A task is a future, and the loop polls the tasks that are ready. A future
//! that must wait keeps its waker, and calling the waker puts the task back into the queue.
//! CPU-bound code runs one piece at a time; all requests wait together.
//!
//! In Python: `asyncio.run`. Here: `Future`, `Wake`.

use std::future::poll_fn;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use util_web::ExampleSite;
use util_web::http::agent;

/// Boxed, so that futures of different types fit in one list, and pinned, because a future must not
/// move after its first poll.
type Task<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + 'a>>;

struct EventLoop<'a> {
    /// A task's number is its index here; the place stays empty when the task has finished.
    tasks: Vec<Option<Task<'a>>>,
    wake: Sender<usize>,
    ready: Receiver<usize>,
}

impl<'a> EventLoop<'a> {
    fn new() -> Self {
        let (wake, ready) = mpsc::channel();
        let tasks = Vec::new();
        Self { tasks, wake, ready }
    }

    fn create_task(&mut self, task: impl Future<Output = anyhow::Result<()>> + 'a) {
        let waker = self.waker(self.tasks.len());
        self.tasks.push(Some(Box::pin(task)));
        waker.wake();
    }

    fn run_until_complete(&mut self) -> anyhow::Result<()> {
        while self.tasks.iter().any(Option::is_some) {
            let number = self.ready.recv()?; // the thread sleeps here while all tasks wait
            let waker = self.waker(number);
            // A task may have been woken twice, and finished the first time.
            let Some(task) = &mut self.tasks[number] else {
                continue;
            };
            if let Poll::Ready(result) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.tasks[number] = None;
                result?;
            }
        }
        Ok(())
    }

    fn waker(&self, task: usize) -> Waker {
        let ready = self.wake.clone();
        Waker::from(Arc::new(TaskWaker { task, ready }))
    }
}

/// Puts a task's number into the queue of those that are ready.
struct TaskWaker {
    task: usize,
    ready: Sender<usize>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // This fails if the loop has ended early.
        let _ = self.ready.send(self.task);
    }
}

#[tracing::instrument(skip(url))]
async fn make_request(task: u32, url: &str) -> anyhow::Result<()> {
    cpu_bound_setup(task);
    let status = io_bound_web_request(task, url).await?;
    cpu_bound_postprocess(task, status);
    Ok(())
}

fn cpu_bound_setup(task: u32) {
    println!("Task {task}: CPU-bound setup");
    compute();
}

/// Here a thread plays the operating system: it waits for the answer and wakes the task. Listing
/// 3.7 uses the real one.
async fn io_bound_web_request(task: u32, url: &str) -> anyhow::Result<u16> {
    println!("Task {task}: waiting for I/O");
    let (sender, answer) = mpsc::channel();
    let mut request = Some((sender, url.to_owned()));
    poll_fn(|context| {
        // The first poll starts the request, and the second finds its answer.
        if let Some((sender, url)) = request.take() {
            let waker = context.waker().clone();
            thread::spawn(move || {
                let _ = sender.send(read_status(&url));
                waker.wake();
            });
        }
        answer.try_recv().map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

fn read_status(url: &str) -> anyhow::Result<u16> {
    Ok(agent().get(url).call()?.status().as_u16())
}

fn cpu_bound_postprocess(task: u32, status: u16) {
    println!("Task {task}: CPU-bound postprocessing of status {status}");
    compute();
}

fn compute() {
    (0..5_000_000).fold(0_u64, |sum, n| black_box(sum + n));
}

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let mut event_loop = EventLoop::new();
    for task in 1..=3 {
        event_loop.create_task(make_request(task, site.url()));
    }
    event_loop.run_until_complete()
}
