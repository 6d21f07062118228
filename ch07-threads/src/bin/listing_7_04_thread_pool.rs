//! Listing 7.4: A thousand requests in a pool of threads.
//!
//! As many requests wait together as the pool has threads, by default the number of cores and
//! four more; `listing_7_04_thread_pool 1000 1000` has a thread for each.
//!
//! In Python: `ThreadPoolExecutor.map`. Here: `ThreadPoolExecutor::map`. Takes 4 s.

use std::time::Instant;

use anyhow::Context;
use ch07_threads::{ThreadPoolExecutor, default_workers, get_status_code};
use util_web::ExampleSite;

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[REQUESTS] [WORKERS]");
    let request_count = args.number(1000, 0..=100_000_usize);
    let max_workers = args.number(default_workers(), 1..=10_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let pool = ThreadPoolExecutor::new(max_workers)
        .with_context(|| format!("cannot start {max_workers} threads"))?;
    let urls = vec![site.url().to_owned(); request_count];
    let results = pool.map(|url| get_status_code(&url), urls);
    for result in results {
        println!("{}", result??);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("finished requests in {seconds:.4} second(s)");
    Ok(())
}
