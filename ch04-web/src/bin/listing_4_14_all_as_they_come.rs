//! Listing 4.14: Processing all results as they come in.
//!
//! Each round waits for one request and takes along those that have ended meanwhile, until none
//! is pending: as listing 4.8, but with the counts in view.
//!
//! In Python: `FIRST_COMPLETED` in a loop. Here: `join_next`, `try_join_next`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    for _ in 0..3 {
        pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    }

    while let Some(task) = pending.join_next().await {
        let mut done = vec![task?];
        while let Some(task) = pending.try_join_next() {
            done.push(task?);
        }

        println!("Done task count: {}", done.len());
        println!("Pending task count: {}", pending.len());
        for result in done {
            println!("{}", result?);
        }
    }
    Ok(())
}
