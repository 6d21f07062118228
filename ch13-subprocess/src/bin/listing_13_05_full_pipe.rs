//! Listing 13.5: A pipe that nobody reads.
//!
//! The child waits until there is room in its pipe, and we wait until the child ends. In the book
//! that lasts forever. Here a timeout ends it, and dropping the child kills it.
//!
//! In Python: `Process.wait`. Here: `wait`, `timeout`. Takes 3 s.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{child, return_code, spawn};
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut process = spawn(child("listing_13_04_many_lines")?.stdout(Stdio::piped()))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");

    let status = timeout(Duration::from_secs(3), process.wait()).await;
    let status = status.context("deadlock: the child waits for a reader, we for the child")??;
    println!("Process returned: {}", return_code(status));
    Ok(())
}
