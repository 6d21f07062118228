//! Listing 1.1: I/O-bound and CPU-bound operations.
//!
//! Even a small program mixes the two: it waits for the network, computes, and waits for the disk.
//! Only the waiting can be filled with other work on the same thread.
//!
//! In Python: `requests.get`, `open`. Here: `reqwest::blocking`, `fs::write`.

use anyhow::Context;
use util_web::{ExampleSite, http};

fn main() -> anyhow::Result<()> {
    let path = util::args("[FOLDER]").path("").join("headers.txt");
    let site = ExampleSite::start()?;

    let response = http::get(site.url())?; // I/O-bound: the web request

    let items = response.headers().iter();
    let headers: Vec<String> = items
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let formatted_headers = headers.join("\n"); // CPU-bound: formatting the answer

    std::fs::write(&path, formatted_headers) // I/O-bound: writing the file
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} headers written to {}", headers.len(), path.display());
    Ok(())
}
