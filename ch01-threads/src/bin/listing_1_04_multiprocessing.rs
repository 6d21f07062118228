//! Listing 1.4: A program of several processes.
//!
//! Python hands a function to a new process. Rust has no `multiprocessing`: a child process is
//! another program, here this one again, told by its argument to be the child.
//!
//! In Python: `multiprocessing.Process`. Here: `process::Command`.

use std::env;
use std::process::{self, Command};

use anyhow::{Context, anyhow, ensure};

fn hello_from_process() {
    println!("Hello from child process {}", process::id());
}

fn main() -> util::Result {
    match util::args("[ROLE]").text("parent").as_str() {
        "child" => hello_from_process(),
        "parent" => start_and_join()?,
        other => Err(anyhow!("a process is parent or child, not '{other}'"))?,
    }
    Ok(())
}

fn start_and_join() -> anyhow::Result<()> {
    let mut hello_process = Command::new(env::current_exe()?)
        .arg("child")
        .spawn()
        .context("cannot start the child process")?;

    println!("Hello from parent process {}", process::id());

    let status = hello_process.wait()?;
    ensure!(status.success(), "the child process failed: {status}");
    Ok(())
}
