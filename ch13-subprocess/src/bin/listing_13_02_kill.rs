//! Listing 13.2 (SIGKILL): Killing a child that ignores SIGTERM.
//!
//! The wait after SIGTERM can take forever, so it has a timeout too. No child can ignore SIGKILL.
//! `start_kill` only sends it, as Python's `kill` does; tokio's `kill` also waits for the end.
//!
//! In Python: `kill`. Here: `start_kill`. Takes 2 s.

use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{return_code, terminate};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let script = "trap '' TERM; exec sleep 5";
    let sh = Command::new("sh")
        .args(["-c", script])
        .kill_on_drop(true)
        .spawn();
    let mut process = sh.context("cannot start sh")?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");
    if timeout(Duration::from_secs(1), process.wait())
        .await
        .is_err()
    {
        println!("Timed out waiting to finish, terminating...");
        terminate(&process)?;
    }
    if timeout(Duration::from_secs(1), process.wait())
        .await
        .is_err()
    {
        println!("Timed out again, killing...");
        process.start_kill()?;
    }
    println!("{}", return_code(process.wait().await?));
    Ok(())
}
