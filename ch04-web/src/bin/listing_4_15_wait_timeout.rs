//! Listing 4.15: Using time-outs with wait.
//!
//! After a second the waiting ends, and nothing else: the slow request is still pending, and
//! would go on if the program did.
//!
//! In Python: `wait(…, timeout=1)`. Here: `timeout_at`. Takes 1 s.

use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    for delay in [0, 0, 3] {
        pending.spawn(fetch_status(session.clone(), site.url().to_owned(), delay));
    }

    let deadline = Instant::now() + Duration::from_secs(1);
    let mut done = Vec::new();
    while let Ok(Some(task)) = timeout_at(deadline, pending.join_next()).await {
        done.push(task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for result in done {
        println!("{}", result?);
    }
    Ok(())
}
