//! Listing 4.9: Setting a time-out on as_completed.
//!
//! The two seconds are for all three together, so they are a deadline. The tasks that miss it are
//! not cancelled by that: the set still holds them, and knows each by its id.

use std::collections::BTreeMap;
use std::time::Duration;

use ch04_web::fetch_status;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use util::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> util::Result {
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut fetchers = JoinSet::new();
    let mut running = BTreeMap::new();
    for delay in [1, 10, 10] {
        let fetcher = fetch_status(session.clone(), site.url().to_owned(), delay);
        running.insert(fetchers.spawn(fetcher).id(), delay);
    }

    let deadline = Instant::now() + Duration::from_secs(2);
    for _ in 0..fetchers.len() {
        match timeout_at(deadline, fetchers.join_next_with_id()).await {
            Ok(Some(finished_task)) => {
                let (id, status) = finished_task?;
                running.remove(&id);
                println!("{}", status?);
            }
            Ok(None) => break,
            Err(_elapsed) => println!("We got a timeout error!"),
        }
    }

    for delay in running.values() {
        println!("Still running: the request with a delay of {delay} seconds");
    }
    fetchers.shutdown().await;
    println!("Tasks after shutdown: {}", fetchers.len());
    Ok(())
}
