//! Listing 7.4 (async): A thousand requests on one thread.
//!
//! This is listing 4.6 again, for comparison with the pools. Code that waits needs no thread.

use std::time::Instant;

use futures::future::try_join_all;
use reqwest::Client;
use util_web::ExampleSite;

async fn get_status_code(session: &Client, url: &str) -> anyhow::Result<u16> {
    Ok(session.get(url).send().await?.status().as_u16())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    let session = util_web::http::client()?.build()?;
    let requests = (0..request_count).map(|_| get_status_code(&session, site.url()));
    for result in try_join_all(requests).await? {
        println!("{result}");
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("finished requests in {seconds:.4} second(s)");
    Ok(())
}
