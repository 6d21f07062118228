//! How a child has ended, and how to make it.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::time::timeout;

/// Python's `returncode`: the exit code, or the number of the signal that ended the child, below
/// zero.
#[must_use]
pub fn return_code(status: ExitStatus) -> i32 {
    let signal = status.signal().unwrap_or_default();
    status.code().unwrap_or(-signal)
}

/// Asks the child to end (SIGTERM), and when it has not after `grace`, ends it (SIGKILL).
///
/// # Errors
/// If the system refuses to signal it.
pub async fn terminate(process: &mut Child, grace: Duration) -> io::Result<ExitStatus> {
    // A child that has been waited for has no process id any more, and needs no signal.
    let pid = process.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(pid) = pid {
        kill_process(pid, Signal::TERM)?;
    }
    match timeout(grace, process.wait()).await {
        Ok(status) => status,
        Err(_) => {
            process.kill().await?;
            process.wait().await
        }
    }
}
