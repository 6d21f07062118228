//! Listing 1.7: Reading status codes one after the other.
//!
//! A request mostly waits, and the second begins to wait only when the first is done.
//!
//! In Python: `requests.get`. Here: `agent().get`.

use std::time::Instant;

use util_web::ExampleSite;
use util_web::http::agent;

#[tracing::instrument(skip_all)]
fn read_example(url: &str) -> anyhow::Result<()> {
    let response = agent().get(url).call()?;
    println!("{}", response.status().as_u16());
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;

    let sync_start = Instant::now();
    read_example(site.url())?;
    read_example(site.url())?;
    let took = sync_start.elapsed().as_secs_f64();

    println!("Running synchronously took {took:.4} seconds.");
    Ok(())
}
