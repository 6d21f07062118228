//! Listing 7.4 (sequential): A thousand requests, one after the other.
//!
//! The bench compares the pools with this variant.
//!
//! Takes 22 s.

use std::time::Instant;

use util_web::ExampleSite;
use util_web::http::agent;

fn get_status_code(url: &str) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

fn main() -> anyhow::Result<()> {
    let request_count = util::args("[REQUESTS]").number(1000, 0..=100_000);
    let site = ExampleSite::start()?;
    let start = Instant::now();

    for _ in 0..request_count {
        println!("{}", get_status_code(site.url())?);
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("finished requests in {seconds:.4} second(s)");
    Ok(())
}
