//! Listing 7.8: A counter that threads share, and a task that reports it.
//!
//! Python's counter and its lock are two globals that belong together by habit. Here the lock has
//! the counter inside, and `Arc` tells that threads share it.
//!
//! In Python: `threading.Lock`. Here: `Arc<Mutex<usize>>`. Takes 1 s.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ch07_threads::{ThreadPoolExecutor, default_workers, get_status_code};
use futures::future::try_join_all;
use parking_lot::Mutex;
use tokio::time::sleep;
use util_web::ExampleSite;

fn get_status_code_and_count(url: &str, counter: &Mutex<usize>) -> anyhow::Result<u16> {
    let status_code = get_status_code(url)?;
    *counter.lock() += 1;
    Ok(status_code)
}

/// Reports until it is dropped.
async fn reporter(counter: &Mutex<usize>, request_count: usize) -> Infallible {
    loop {
        // The guard is gone before the sleep: it must not be held across an await.
        let finished = *counter.lock();
        println!("Finished {finished}/{request_count} requests");
        sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(200, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();
    let counter = Arc::new(Mutex::new(0));

    let pool = ThreadPoolExecutor::new(default_workers())?;
    let tasks = (0..request_count).map(|_| {
        let (url, counter) = (site.url().to_owned(), Arc::clone(&counter));
        pool.submit(move || get_status_code_and_count(&url, &counter))
    });
    let results = tokio::select! {
        biased;
        never = reporter(&counter, request_count) => match never {},
        results = try_join_all(tasks) => results?,
    };

    let results: Vec<u16> = results.into_iter().collect::<anyhow::Result<_>>()?;
    println!("{results:?}");
    println!("finished in {:.4} second(s)", start.elapsed().as_secs_f64());
    Ok(())
}
