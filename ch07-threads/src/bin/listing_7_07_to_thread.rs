//! Listing 7.7: Blocking calls, each handed to a thread.
//!
//! `spawn_blocking` is `asyncio.to_thread`: a closure, a thread from the default pool, and a
//! future for the result. What has started cannot be cancelled: to drop the future only means that
//! nobody waits for it.
//!
//! In Python: `asyncio.to_thread`. Here: `spawn_blocking`.

use std::time::Instant;

use ch07_threads::get_status_code;
use futures::future::try_join_all;
use tokio::task::spawn_blocking;
use util_web::ExampleSite;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let urls = vec![site.url().to_owned(); request_count];
    let tasks = urls
        .into_iter()
        .map(|url| spawn_blocking(move || get_status_code(&url)));
    let results = try_join_all(tasks).await?;

    let results: Vec<u16> = results.into_iter().collect::<anyhow::Result<_>>()?;
    println!("{results:?}");
    println!("finished in {:.4} second(s)", start.elapsed().as_secs_f64());
    Ok(())
}
