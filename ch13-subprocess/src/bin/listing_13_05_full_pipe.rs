//! Listing 13.5: A pipe that nobody reads.
//!
//! The child waits until there is room in its pipe, and we wait until the child ends. In the book
//! that is for ever; here a time-out finds it, says why, and ends both.
//!
//! In Python: `Process.wait`. Here: `Child::wait`, `timeout`. Takes 3 s.

use std::io;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::Context;
use ch13_subprocess::{child, or_interrupted, return_code, terminate};
use rustix::io::ioctl_fionread;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a child that prints a million lines may take: it is done in a fraction of that.
const PATIENCE: Duration = Duration::from_secs(3);

/// The exit code that says: a deadlock, as in chapter 7.
const DEADLOCK: u8 = 3;

async fn run() -> anyhow::Result<ExitCode> {
    let lines = util::args("[LINES]").number(1_000_000, 0..=1_000_000_000_u64);
    let mut process = Command::new(child("listing_13_04_many_lines")?)
        .arg(lines.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the child")?;
    println!("Process pid is: {}", process.id().unwrap_or_default());

    if let Ok(status) = timeout(PATIENCE, process.wait()).await {
        println!("Process returned: {}", return_code(status?));
        return Ok(ExitCode::SUCCESS);
    }
    let stdout = process.stdout.as_ref().context("its stdout is no pipe")?;
    let unread = ioctl_fionread(stdout).map_err(io::Error::from)?;
    eprintln!(
        "Deadlock: the child waits to write to a pipe with {unread} bytes in it that nobody \
         reads, and we wait for the child to end"
    );
    let status = terminate(&mut process, PATIENCE).await?;
    println!("Process returned: {}", return_code(status));
    Ok(ExitCode::from(DEADLOCK))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    or_interrupted(run()).await
}
