//! Listing 7.3: A blocking web client.
//!
//! A call returns when it has its answer. Until then its thread does nothing else.
//!
//! In Python: `requests.get`. Here: `agent().get`.

use util_web::ExampleSite;
use util_web::http::agent;

fn get_status_code(url: &str) -> anyhow::Result<u16> {
    let response = agent().get(url).call()?;
    Ok(response.status().as_u16())
}

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    println!("{}", get_status_code(site.url())?);
    println!("{}", get_status_code(site.url())?);
    Ok(())
}
