//! Listing 7.4: A thousand requests in a pool of threads.
//!
//! The pool makes as many requests at once as it has threads, by default four more than there are
//! cores. `listing_7_04_thread_pool 1000 1000` has a thread for each request, which is too many:
//! `cargo xtask scale` shows how many threads pay.
//!
//! In Python: `ThreadPoolExecutor`, `map`. Here: `ThreadPoolExecutor`, `map`. Takes 4 s.

use std::time::Instant;

use ch07_threads::{ThreadPoolExecutor, default_workers};
use util_web::ExampleSite;
use util_web::http::agent;

#[tracing::instrument(skip_all)]
fn get_status_code(url: String) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

fn main() -> anyhow::Result<()> {
    let mut args = util::args("[REQUESTS] [WORKERS]");
    let request_count = args.number(1000, 0..=100_000_usize);
    let max_workers = args.number(default_workers(), 1..=10_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let pool = ThreadPoolExecutor::new(max_workers)?;
    let urls = vec![site.url().to_owned(); request_count];
    let results = pool.map(get_status_code, urls);
    for result in results {
        println!("{}", result?);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("finished requests in {seconds:.4} second(s)");
    Ok(())
}
