//! Listing 7.6: The runtime's own pool, with a limit.
//!
//! tokio has a default executor too: the blocking pool. It grows to 512 threads unless the runtime
//! is built with another limit, here Python's.
//!
//! In Python: `run_in_executor(None, …)`. Here: `max_blocking_threads`. Takes 4 s.

use std::time::Instant;

use ch07_threads::{default_workers, get_status_code};
use futures::future::try_join_all;
use tokio::runtime::{Builder, Handle};
use util_web::ExampleSite;

async fn requests(url: &str, request_count: usize) -> anyhow::Result<Vec<u16>> {
    let event_loop = Handle::current();
    let tasks = vec![url.to_owned(); request_count]
        .into_iter()
        .map(|url| event_loop.spawn_blocking(move || get_status_code(&url)));
    let results = try_join_all(tasks).await?;
    results.into_iter().collect()
}

fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let event_loop = Builder::new_current_thread()
        .max_blocking_threads(default_workers())
        .build()?;
    let results = event_loop.block_on(requests(site.url(), request_count))?;

    println!("{results:?}");
    println!("finished in {:.4} second(s)", start.elapsed().as_secs_f64());
    Ok(())
}
