//! Listing 4.6 (sequential): The same requests, one after the other.
//!
//! One connection serves them all, so nothing is spent on opening more; what it costs is the wait.
//!
//! Takes 23 s.

use std::time::Instant;

use ch04_web::fetch_status;
use util_web::{ExampleSite, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let count = util::args("[COUNT]").number(1000, 1..=100_000);
    let site = ExampleSite::start()?;
    let session = http::client()?.build()?;

    let start = Instant::now();
    let mut status_codes = Vec::new();
    for _ in 0..count {
        status_codes.push(fetch_status(session.clone(), site.url().to_owned(), 0).await?);
    }

    println!("{status_codes:?}");
    if status_codes.iter().all(|code| *code == 200) {
        println!("All {count} requests were answered with 200.");
    }
    println!("finished in {:.4} second(s)", start.elapsed().as_secs_f64());
    Ok(())
}
