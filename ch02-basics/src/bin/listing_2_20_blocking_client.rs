//! Listing 2.20: Incorrectly using a blocking API in coroutines.
//!
//! Each request keeps the only thread until its answer comes, so the three tasks run one after the
//! other. `agent` is a client of the crate `ureq`. It blocks as Python's `requests` does, and belongs
//! in `spawn_blocking` (listing 7.6). There are two `?` after a task: the first is for the task's own
//! error (it may have panicked or been cancelled), the second for its result's.
//!
//! In Python: `requests.get`. Here: `agent().get`.

use util::async_timed;
use util_web::ExampleSite;
use util_web::http::agent;

#[tracing::instrument(skip_all)]
async fn get_example_status(url: String) -> anyhow::Result<u16> {
    Ok(agent().get(&url).call()?.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let _main = async_timed();
    let task_1 = tokio::spawn(get_example_status(site.url().to_owned()));
    let task_2 = tokio::spawn(get_example_status(site.url().to_owned()));
    let task_3 = tokio::spawn(get_example_status(site.url().to_owned()));
    task_1.await??;
    task_2.await??;
    task_3.await??;
    Ok(())
}
