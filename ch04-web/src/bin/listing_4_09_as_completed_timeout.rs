//! Listing 4.9: Setting a timeout on as_completed.
//!
//! The two seconds are for all three requests together, so they are a deadline. Missing it cancels
//! no request, and two still run after the loop. In Python they keep running and are hard to find.
//! Here the set holds them, and aborts them when it is dropped.
//!
//! In Python: `as_completed(…, timeout=2)`. Here: `timeout_at`, `JoinSet`. Takes 2 s.

use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let fetch = |delay| fetch_status(session.clone(), site.url().to_owned(), delay);
    let mut fetchers = JoinSet::from_iter([fetch(1), fetch(10), fetch(10)]);

    let deadline = Instant::now() + Duration::from_secs(2);
    for _ in 0..fetchers.len() {
        match timeout_at(deadline, fetchers.join_next()).await {
            Ok(Some(done_task)) => println!("{}", done_task??),
            Ok(None) => break,
            Err(_elapsed) => println!("We got a timeout error!"),
        }
    }
    println!("Still running: {}", fetchers.len());
    Ok(())
}
