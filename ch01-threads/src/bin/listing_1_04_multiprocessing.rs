//! Listing 1.4: A program of several processes.
//!
//! Python hands a function to a new process. Rust has no `multiprocessing`: a child process is
//! another program, here this one again, told by its argument to be the child.
//!
//! In Python: `multiprocessing.Process`. Here: `process::Command`.

use std::env;
use std::process::{self, Command};

use anyhow::{Context, anyhow};

fn hello_from_process() {
    println!("Hello from child process {}", process::id());
}

fn main() -> anyhow::Result<()> {
    if util::args("[child]").flag("child") {
        hello_from_process();
        return Ok(());
    }

    let mut hello_process = Command::new(env::current_exe()?)
        .arg("child")
        .spawn()
        .context("cannot start the child process")?;

    println!("Hello from parent process {}", process::id());

    let status = hello_process.wait()?;
    if !status.success() {
        Err(anyhow!("the child process failed: {status}"))?;
    }
    Ok(())
}
