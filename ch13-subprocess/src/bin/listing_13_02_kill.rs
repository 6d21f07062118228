//! Listing 13.2 (SIGKILL): Killing a child that ignores SIGTERM.
//!
//! The wait after SIGTERM can take forever, so it has a timeout too. No child can ignore SIGKILL.
//! `start_kill` only sends it, as Python's `kill` does; tokio's `kill` also waits for the end.
//!
//! In Python: `kill`. Here: `start_kill`. Takes 2 s.

use std::time::Duration;

use ch13_subprocess::{return_code, spawn, terminate};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let script = "trap '' TERM; exec sleep 5";
    let mut process = spawn(Command::new("sh").args(["-c", script]))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");
    let one_second = Duration::from_secs(1);
    let mut status = timeout(one_second, process.wait()).await;
    if status.is_err() {
        println!("Timed out waiting to finish, terminating...");
        terminate(&mut process)?;
        status = timeout(one_second, process.wait()).await;
    }
    if status.is_err() {
        println!("Timed out again, killing...");
        process.start_kill()?;
        status = Ok(process.wait().await);
    }
    println!("{}", return_code(status??));
    Ok(())
}
