//! Example: gather without return_exceptions.
//!
//! `try_join!` returns at the first error, as gather raises the first exception. The other request
//! continues in both languages; in Rust because it is a separate task. With bare futures,
//! `try_join!` would drop the one still running, and so cancel it. A handle must not be awaited
//! again once it has given its result, so the program asks first.
//!
//! In Python: `gather`. Here: `try_join!`.

use ch04_web::fetch_status;
use tokio::task::JoinHandle;
use util::async_timed;
use util_web::{ExampleSite, http};

async fn flatten(task: &mut JoinHandle<reqwest::Result<u16>>) -> anyhow::Result<u16> {
    Ok(task.await??)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut good = tokio::spawn(fetch_status(session.clone(), site.url().to_owned(), 0));
    let mut bad = tokio::spawn(fetch_status(session, "python://bad".to_owned(), 0));
    match tokio::try_join!(flatten(&mut good), flatten(&mut bad)) {
        Ok(status_codes) => println!("{status_codes:?}"),
        Err(error) => {
            eprintln!("Request got an exception: {error:#}");
            if !good.is_finished() {
                println!("The other request has gone on to {}", good.await??);
            }
        }
    }
    Ok(())
}
