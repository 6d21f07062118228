//! Listing 4.11: Exceptions with wait.
//!
//! A request that fails is done too. Its error is a value, and stays one until somebody looks:
//! `match` has a branch for it, where Python has to ask the task for its exception.
//!
//! In Python: `Task.exception`. Here: `match` on `Result`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let good_request = fetch_status(session.clone(), site.url().to_owned(), 0);
    let bad_request = fetch_status(session, "python://bad".to_owned(), 0);
    let mut pending = JoinSet::new();
    pending.spawn(good_request);
    pending.spawn(bad_request);

    let mut done = Vec::new();
    while let Some(task) = pending.join_next().await {
        done.push(task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for result in done {
        match result {
            Ok(status) => println!("{status}"),
            Err(error) => eprintln!("Request got an exception: {error:#}"),
        }
    }
    Ok(())
}
