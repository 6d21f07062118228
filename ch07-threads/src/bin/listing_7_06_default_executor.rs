//! Listing 7.6: The event loop's own pool.
//!
//! tokio's default executor is its blocking pool, which lives as long as the runtime. It grows to
//! 512 threads, unless you build the runtime with another limit, here Python's. This replaces
//! `loop.set_default_executor`.
//!
//! In Python: `run_in_executor(None, …)`. Here: `event_loop.spawn_blocking`. Takes 4 s.

use ch07_threads::default_workers;
use futures::future::try_join_all;
use tokio::runtime::Builder;
use util::async_timed;
use util_web::ExampleSite;
use util_web::http::agent;

fn get_status_code(url: String) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;

    let event_loop = Builder::new_current_thread()
        .max_blocking_threads(default_workers())
        .build()?;
    let urls = vec![site.url().to_owned(); request_count].into_iter();
    let tasks = urls.map(|url| event_loop.spawn_blocking(|| get_status_code(url)));
    let results = event_loop.block_on(try_join_all(tasks))?;
    let results: Vec<u16> = results.into_iter().collect::<anyhow::Result<_>>()?;
    println!("{results:?}");
    Ok(())
}
