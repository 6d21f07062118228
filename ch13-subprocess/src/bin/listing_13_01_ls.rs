//! Listing 13.1: Running a simple command.
//!
//! The child inherits our stdout. Until somebody waits for a child that has ended, the system
//! keeps its status: a zombie. tokio also buries those that are dropped unwaited.
//!
//! In Python: `create_subprocess_exec`, `wait`. Here: `Command::spawn`, `Child::wait`.

use anyhow::Context;
use ch13_subprocess::return_code;
use tokio::process::Command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut process = Command::new("ls")
        .arg("-l")
        .spawn()
        .context("cannot start ls")?;
    println!("Process pid is: {}", process.id().unwrap_or_default());
    let status = process.wait().await?;
    println!("Status code: {}", return_code(status));
    Ok(())
}
