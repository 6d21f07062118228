//! Listing 4.12: Cancelling running requests on an exception.
//!
//! The waiting stops at the first error, here at once, and the two requests that still run are
//! cancelled. `shutdown` aborts them and waits until they are gone.
//!
//! In Python: `FIRST_EXCEPTION`. Here: `JoinSet::shutdown`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut pending = JoinSet::new();
    pending.spawn(fetch_status(session.clone(), "python://bad".to_owned(), 0));
    pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 3));
    pending.spawn(fetch_status(session, site.url().to_owned(), 3));

    let mut done = Vec::new();
    while let Some(task) = pending.join_next().await {
        done.push(task?);
        if done.last().is_some_and(Result::is_err) {
            break;
        }
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for result in done {
        match result {
            Ok(status) => println!("{status}"),
            Err(error) => eprintln!("Request got an exception: {error:#}"),
        }
    }
    pending.shutdown().await;
    Ok(())
}
