//! Listing 13.3: Reading what a child prints, line by line.
//!
//! Who takes a child's stdout must read it: here one future reads and another waits for the end,
//! both at once.
//!
//! In Python: `StreamReader.readline`. Here: `BufReader::split`.

use std::process::Stdio;

use anyhow::Context;
use ch13_subprocess::{or_interrupted, return_code};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::try_join;

async fn write_output(prefix: &str, stdout: ChildStdout) -> std::io::Result<()> {
    // Bytes, since a file's name need not be UTF-8.
    let mut lines = BufReader::new(stdout).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        println!("[{prefix}]: {}", String::from_utf8_lossy(&line));
    }
    Ok(())
}

async fn run() -> anyhow::Result<()> {
    let program = ["ls", "-la"];
    let mut process = Command::new(program[0])
        .args(&program[1..])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start ls")?;
    println!("Process pid is: {}", process.id().unwrap_or_default());
    let stdout = process.stdout.take().context("its stdout is no pipe")?;

    let prefix = program.join(" ");
    let (status, ()) = try_join!(process.wait(), write_output(&prefix, stdout))?;
    println!("Process returned: {}", return_code(status));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    or_interrupted(run()).await
}
