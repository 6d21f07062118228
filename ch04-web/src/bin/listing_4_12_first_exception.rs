//! Listing 4.12: Cancelling running requests on an exception.
//!
//! The loop stops at the first error, here at once. `shutdown` aborts the two requests that still
//! run and waits until they have ended. The program takes a few milliseconds, not three seconds.
//!
//! In Python: `FIRST_EXCEPTION`. Here: `JoinSet`, `shutdown`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let fetch = |url: &str, delay| fetch_status(session.clone(), url.to_owned(), delay);
    let bad_request = fetch("python://bad.com", 0);
    let fetchers = [bad_request, fetch(site.url(), 3), fetch(site.url(), 3)];

    let mut pending = JoinSet::from_iter(fetchers);
    let mut done = Vec::new();
    while let Some(done_task) = pending.join_next().await {
        let result = done_task?;
        let is_exception = result.is_err();
        done.push(result);
        if is_exception {
            break;
        }
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for done_task in done {
        match done_task {
            Ok(status) => println!("{status}"),
            Err(error) => eprintln!("Request got an exception: {error:?}"),
        }
    }
    pending.shutdown().await;
    Ok(())
}
