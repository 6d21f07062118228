//! Example: What a hundred processes cost.
//!
//! The program starts each process and waits for it. A process does nothing. The child is this
//! program again, told to start none. A worker of Python's costs more, because an interpreter must
//! start in it, or be copied into it.
//!
//! In Python: `Process.start`, `join`. Here: `Command`, `status`.

use std::env;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

fn start_and_join() -> anyhow::Result<()> {
    let status = Command::new(env::current_exe()?)
        .arg("0")
        .stdout(Stdio::null())
        .status()
        .context("cannot start a child process")?;
    ensure!(status.success(), "a child process failed: {status}");
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let count = util::args("[COUNT]").number(100, 0..=100_000);
    let start = Instant::now();

    for _ in 0..count {
        start_and_join()?;
    }

    let seconds = start.elapsed().as_secs_f64();
    println!("{count} processes started and joined in {seconds:.4} second(s)");
    Ok(())
}
