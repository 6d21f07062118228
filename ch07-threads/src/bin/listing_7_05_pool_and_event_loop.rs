//! Listing 7.5: A pool of threads that the event loop waits for.
//!
//! The threads block, the event loop does not: a channel wakes it when a result is there, and
//! until then it is free for other tasks.
//!
//! In Python: `run_in_executor(pool, …)`. Here: `ThreadPoolExecutor::submit`, `.await`. Takes 4 s.

use std::time::Instant;

use ch07_threads::{ThreadPoolExecutor, default_workers, get_status_code};
use futures::future::try_join_all;
use util_web::ExampleSite;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let pool = ThreadPoolExecutor::new(default_workers())?;
    let urls = vec![site.url().to_owned(); request_count];
    let tasks = urls
        .into_iter()
        .map(|url| pool.submit(move || get_status_code(&url)));
    let results = try_join_all(tasks).await?;

    let results: Vec<u16> = results.into_iter().collect::<anyhow::Result<_>>()?;
    println!("{results:?}");
    println!("finished in {:.4} second(s)", start.elapsed().as_secs_f64());
    Ok(())
}
