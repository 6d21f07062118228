//! Children that you talk to while they run.

use std::process::Stdio;

use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::spawn;

/// Starts `command` with pipes for stdin and stdout, and takes our ends of them.
///
/// stdin must be taken out, because `Child::wait` closes a stdin that is still in the child.
/// asyncio's `Process.wait` does not.
///
/// # Errors
/// If `command` cannot be started.
pub fn interactive(mut command: Command) -> anyhow::Result<(Child, ChildStdin, ChildStdout)> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = spawn(&mut command)?;
    let stdin = process.stdin.take().expect("it is piped");
    let stdout = process.stdout.take().expect("it is piped");
    Ok((process, stdin, stdout))
}
