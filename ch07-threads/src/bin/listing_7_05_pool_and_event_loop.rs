//! Listing 7.5: A pool of threads that the event loop waits for.
//!
//! The threads block, but the event loop does not. Until a result wakes it, it is free for other
//! tasks.
//!
//! In Python: `run_in_executor(pool, …)`. Here: `pool.submit`, `.await`. Takes 4 s.

use ch07_threads::{ThreadPoolExecutor, default_workers};
use futures::future::try_join_all;
use util::async_timed;
use util_web::ExampleSite;
use util_web::http::agent;

fn get_status_code(url: String) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;

    let pool = ThreadPoolExecutor::new(default_workers())?;
    let urls = vec![site.url().to_owned(); request_count].into_iter();
    let tasks = urls.map(|url| pool.submit(move || get_status_code(url)));
    let results = try_join_all(tasks).await?;
    println!("{results:?}");
    Ok(())
}
