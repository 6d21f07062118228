//! Listing 13.2 (SIGKILL): Killing a child that ignores SIGTERM.
//!
//! The wait after SIGTERM can take for ever, too, so it has a time-out of its own; nothing can
//! ignore SIGKILL.
//!
//! Takes 2 s.

use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{or_interrupted, return_code, terminate};
use tokio::process::Command;
use tokio::time::timeout;

async fn run() -> anyhow::Result<()> {
    let mut process = Command::new("sh")
        .args(["-c", "trap '' TERM; exec sleep 60"])
        .kill_on_drop(true)
        .spawn()
        .context("cannot start sh")?;
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
