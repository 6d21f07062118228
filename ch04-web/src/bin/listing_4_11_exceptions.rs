//! Listing 4.11: Exceptions with wait.
//!
//! A request that fails is done too. Its error is a value. `match` has a branch for it, where
//! Python asks the task for its exception; `?` would end the program, as `await` would raise.
//!
//! In Python: `Task.exception`, `Task.result`. Here: `match`, `Ok`, `Err`.

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let good_request = fetch_status(session.clone(), site.url().to_owned(), 0);
    let bad_request = fetch_status(session, "python://bad".to_owned(), 0);
    let fetchers = [good_request, bad_request];

    let mut pending = JoinSet::from_iter(fetchers);
    let mut done = Vec::new();
    while let Some(done_task) = pending.join_next().await {
        done.push(done_task?);
    }

    println!("Done task count: {}", done.len());
    println!("Pending task count: {}", pending.len());
    for done_task in done {
        match done_task {
            Ok(status) => println!("{status}"),
            Err(error) => eprintln!("Request got an exception: {error:?}"),
        }
    }
    Ok(())
}
