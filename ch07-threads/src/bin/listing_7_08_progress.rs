//! Listing 7.8: A counter that threads share, and a task that reports it.
//!
//! Python's counter and its lock are two globals that belong together only by convention. In Rust
//! the lock contains the counter, so you cannot reach it without the lock.
//!
//! In Python: `threading.Lock`. Here: `Mutex<usize>`. Takes 1 s.

use std::sync::Mutex;
use std::time::Duration;

use ch07_threads::{ThreadPoolExecutor, default_workers};
use futures::future::try_join_all;
use tokio::time::sleep;
use util::async_timed;
use util_web::ExampleSite;
use util_web::http::agent;

static COUNTER: Mutex<usize> = Mutex::new(0);

fn get_status_code(url: String) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    *COUNTER.lock().expect("no holder panics") += 1;
    Ok(response.status().as_u16())
}

async fn reporter(request_count: usize) {
    loop {
        // The guard is dropped at the end of this line, because an await must not hold it.
        let counter = *COUNTER.lock().expect("no holder panics");
        if counter == request_count {
            return;
        }
        println!("Finished {counter}/{request_count} requests");
        sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let request_count = util::args("[REQUESTS]").number(200, 0..=100_000);
    let site = ExampleSite::start()?;

    let pool = ThreadPoolExecutor::new(default_workers())?;
    let reporter_task = tokio::spawn(reporter(request_count));
    let urls = vec![site.url().to_owned(); request_count].into_iter();
    let tasks = urls.map(|url| pool.submit(move || get_status_code(url)));
    let results = try_join_all(tasks).await?;
    reporter_task.await?;
    println!("{results:?}");
    Ok(())
}
