//! Children that you talk to while they run.

use std::process::Stdio;

use anyhow::Context;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Starts `command` with pipes for stdin and stdout, and takes our ends of them.
///
/// # Errors
/// If `command` cannot be started.
pub fn interactive(mut command: Command) -> anyhow::Result<(Child, ChildStdin, ChildStdout)> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().context("cannot start the child")?;
    let stdin = process.stdin.take().context("its stdin is not a pipe")?;
    let stdout = process.stdout.take().context("its stdout is not a pipe")?;
    Ok((process, stdin, stdout))
}
