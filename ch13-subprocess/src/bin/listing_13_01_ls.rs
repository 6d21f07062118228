//! Listing 13.1: Running a simple command.
//!
//! The child inherits our stdout. After its end it is, on Unix, a zombie, whose status is kept until
//! someone waits for it. The chapter's `spawn` is tokio's `Command::spawn` with two additions: it
//! kills a child that is dropped, and its error names the program.
//!
//! In Python: `create_subprocess_exec`, `wait`. Here: `spawn`, `wait`.

use ch13_subprocess::{return_code, spawn};
use tokio::process::Command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut process = spawn(Command::new("ls").arg("-l"))?;
    let pid = process.id().expect("nobody has waited for it");
    println!("Process pid is: {pid}");
    let status = process.wait().await?;
    println!("Status code: {}", return_code(status));
    Ok(())
}
