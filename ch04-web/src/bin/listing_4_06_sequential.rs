//! Listing 4.6 (sequential): The same requests, one after the other.
//!
//! The loop awaits each request where it makes it, so each waits for the one before. One connection
//! serves them all, and almost all the time is waiting.
//!
//! Takes 23 s.

use ch04_web::fetch_status;
use util::async_timed;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let count = util::args("[COUNT]").number(1000, 1..=20_000);
    let _main = async_timed();
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let mut status_codes = Vec::new();
    for _ in 0..count {
        let request = fetch_status(session.clone(), site.url().to_owned(), 0);
        status_codes.push(request.await?);
    }
    println!("{status_codes:?}");
    Ok(())
}
