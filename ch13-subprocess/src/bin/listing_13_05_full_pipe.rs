//! Listing 13.5: A pipe that nobody reads.
//!
//! The child waits until there is room in its pipe, and we wait until the child ends. In the book
//! that lasts forever. Here a timeout ends it. The error drops the child, which has `kill_on_drop`
//! set.
//!
//! In Python: `Process.wait`. Here: `wait`, `timeout`. Takes 3 s.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{child, return_code};
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut program = child("listing_13_04_many_lines").await?;
    let mut process = program.stdout(Stdio::piped()).spawn()?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");

    let status = timeout(Duration::from_secs(3), process.wait()).await;
    let status = status.context("deadlock: the child waits for a reader, we for the child")??;
    println!("Process returned: {}", return_code(status));
    Ok(())
}
