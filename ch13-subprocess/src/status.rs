//! How a child ended, and how to ask it to end.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;

/// Python's `returncode`: the exit code or, below zero, the number of the signal that ended the
/// child.
#[must_use]
pub fn return_code(status: ExitStatus) -> i32 {
    let signal = status.signal().unwrap_or_default();
    status.code().unwrap_or(-signal)
}

/// Asks the child to end (SIGTERM). Whether and when it does is up to the child. A child that was
/// waited for gets no signal, because another process may have its number by now.
///
/// # Errors
/// If the system refuses to signal it.
pub fn terminate(process: &Child) -> io::Result<()> {
    match process.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
        Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
        None => Ok(()),
    }
}
