//! Listing 7.3: A blocking web client.
//!
//! Each call returns when it has the answer; meanwhile its thread does nothing else.
//!
//! In Python: `requests.get`. Here: `ureq::get`.

use ch07_threads::get_status_code;
use util_web::ExampleSite;

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    println!("{}", get_status_code(site.url())?);
    println!("{}", get_status_code(site.url())?);
    Ok(())
}
