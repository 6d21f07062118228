//! Listing 13.1: Running a simple command.
//!
//! The child inherits our stdout. After its end it is a zombie, whose status the system keeps until
//! someone waits for it. tokio also tries to reap children that are dropped earlier, but promises
//! nothing.
//!
//! In Python: `create_subprocess_exec`, `wait`. Here: `spawn`, `wait`.

use anyhow::Context;
use ch13_subprocess::return_code;
use tokio::process::Command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let ls = Command::new("ls").arg("-l").spawn();
    let mut process = ls.context("cannot start ls")?;
    let pid = process.id().context("it has already ended")?;
    println!("Process pid is: {pid}");
    let status = process.wait().await?;
    println!("Status code: {}", return_code(status));
    Ok(())
}
