//! Listing 13.1 (shell): Running a command in a shell.
//!
//! A pipe, a wildcard or a variable is the shell's to understand, so the shell is the program that
//! is started. What comes from a user never belongs in such a line: pass it as an argument of its
//! own, here `$1`.
//!
//! In Python: `create_subprocess_shell`. Here: `Command::new("sh")`.

use anyhow::Context;
use ch13_subprocess::return_code;
use tokio::process::Command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let script = r#"echo "$1" | tr a-z A-Z"#;
    let sh = Command::new("sh")
        .args(["-c", script, "sh", "from a user; ls"])
        .spawn();
    let mut process = sh.context("cannot start sh")?;
    let status = process.wait().await?;
    println!("Status code: {}", return_code(status));
    Ok(())
}
