//! Listing 13.1: Running a simple command.
//!
//! The child inherits our stdout. When it has ended, the system keeps its status until somebody
//! waits for it: until then it is a zombie. tokio reaps children that are dropped before that too,
//! but promises no more than to try.
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
