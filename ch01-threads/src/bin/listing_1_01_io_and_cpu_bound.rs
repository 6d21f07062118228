//! Listing 1.1: I/O-bound and CPU-bound operations.
//!
//! Even a small program mixes the two: it waits for the network, computes, and waits for the disk.
//! A thread can do other work only while it would otherwise wait. `agent` is a client of the crate
//! `ureq`, which blocks its thread, as Python's `requests` does.
//!
//! In Python: `requests.get`, `open`. Here: `agent().get`, `fs::write`.

use std::fs;

use anyhow::Context;
use util_web::ExampleSite;
use util_web::http::agent;

fn main() -> anyhow::Result<()> {
    let site = ExampleSite::start()?;
    let response = agent().get(site.url()).call()?; // I/O-bound: the web request

    let mut headers = Vec::new();
    for (key, header) in response.headers() {
        headers.push(format!("{key}: {}", header.to_str()?)); // CPU-bound: processing the answer
    }

    let formatted_headers = headers.join("\n"); // CPU-bound: putting the text together

    // I/O-bound: writing to the disk
    fs::write("headers.txt", formatted_headers).context("cannot write headers.txt")
}
