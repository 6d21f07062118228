//! Listing 13.2: Terminating a child that takes too long.
//!
//! The time-out drops the future that waits, not the child: in Rust as in Python that goes on
//! until it gets a signal. Dropping the `Child` would leave it running as well, were it not for
//! `kill_on_drop`.
//!
//! In Python: `wait_for`, `terminate`. Here: `timeout`, `kill_process`. Takes 1 s.

use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{or_interrupted, return_code, terminate};
use tokio::process::Command;
use tokio::time::timeout;

async fn run() -> anyhow::Result<()> {
    let mut process = Command::new("sleep")
        .arg("3")
        .kill_on_drop(true)
        .spawn()
        .context("cannot start sleep")?;
    println!("Process pid is: {}", process.id().unwrap_or_default());

    let status = match timeout(Duration::from_secs(1), process.wait()).await {
        Ok(status) => status?,
        Err(_) => {
            println!("Timed out waiting to finish, terminating...");
            terminate(&mut process, Duration::from_secs(1)).await?
        }
    };
    println!("{}", return_code(status));
    println!("{status}");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
