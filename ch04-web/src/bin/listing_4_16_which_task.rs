//! Listing 4.16: Cancelling a slow request.
//!
//! In Python the coroutine must be wrapped in a task first, or the pending set holds wrappers that
//! are equal to nothing one has. Rust has no such trap: `spawn` takes the future away, so all that
//! is left to compare is the handle it returns, and its id. The book ends without waiting for the
//! task that it has cancelled; the last loop here does wait, and shows that it was.
//!
//! In Python: `Task.cancel`. Here: `join_next_with_id`, `AbortHandle::abort`. Takes 1 s.

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
    let api_a = pending.spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    let api_b = pending.spawn(fetch_status(session, site.url().to_owned(), 2));
    let name = |id| if id == api_a.id() { "API A" } else { "API B" };

    let deadline = Instant::now() + Duration::from_secs(1);
    while let Ok(Some(task)) = timeout_at(deadline, pending.join_next_with_id()).await {
        let (id, status) = task?;
        println!("{} answered {}", name(id), status?);
    }

    if !api_b.is_finished() {
        println!("API B too slow, cancelling");
        api_b.abort();
    }
    while let Some(task) = pending.join_next_with_id().await {
        match task {
            Ok((id, status)) => println!("{} answered {}", name(id), status?),
            Err(error) if error.is_cancelled() => println!("{} was cancelled", name(error.id())),
            Err(error) => Err(error)?,
        }
    }
    Ok(())
}
