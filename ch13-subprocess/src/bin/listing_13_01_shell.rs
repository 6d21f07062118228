//! Listing 13.1 (shell): Running a command in a shell.
//!
//! Only a shell understands a pipe, a wildcard or a variable, so this program starts a shell, as
//! Python does: `/bin/sh`. Never put user input in such a line. Pass it as a separate argument,
//! here `$1`.
//!
//! In Python: `create_subprocess_shell`. Here: `Command::new("sh")`.

use ch13_subprocess::{return_code, spawn};
use tokio::process::Command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let script = r#"echo "$1" | tr a-z A-Z"#;
    let mut process = spawn(Command::new("sh").args(["-c", script, "sh", "from a user; ls"]))?;
    let status = process.wait().await?;
    println!("Status code: {}", return_code(status));
    Ok(())
}
