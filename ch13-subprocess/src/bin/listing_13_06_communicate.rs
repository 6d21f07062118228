//! Listing 13.6: Reading everything while the child runs.
//!
//! `wait_with_output` reads and waits at once, as `communicate` does, so the pipe is never full
//! for long. It keeps all of it in memory: right for output that has an end.
//!
//! In Python: `communicate`. Here: `wait_with_output`.

use std::io::{self, Write};
use std::process::Stdio;

use anyhow::Context;
use ch13_subprocess::{child, or_interrupted, return_code};
use tokio::process::Command;

async fn run() -> anyhow::Result<()> {
    let lines = util::args("[LINES]").number(1_000_000, 0..=1_000_000_000_u64);
    let process = Command::new(child("listing_13_04_many_lines")?)
        .arg(lines.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the child")?;
    println!("Process pid is: {}", process.id().unwrap_or_default());

    let output = process.wait_with_output().await?;
    io::stdout().write_all(&output.stdout)?;
    println!("Process returned: {}", return_code(output.status));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
