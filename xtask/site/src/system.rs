//! What not every system has.

#[cfg(unix)]
pub use unix::*;

#[cfg(unix)]
mod unix {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitStatus};

    use anyhow::Context;
    use rustix::process::{Pid, Signal, kill_process};

    /// Sends what Ctrl-C sends.
    ///
    /// # Errors
    /// If the program has ended.
    pub fn interrupt(child: &Child) -> anyhow::Result<()> {
        kill_process(Pid::from_child(child), Signal::INT).context("cannot send a signal")
    }

    /// The exit code, or 128 plus the signal that ended the program.
    pub fn code(status: ExitStatus) -> i32 {
        let signal = || 128 + status.signal().unwrap_or(0);
        status.code().unwrap_or_else(signal)
    }
}

/// Sends what Ctrl-C sends.
///
/// # Errors
/// Always: no crate sends it to another program here.
#[cfg(not(unix))]
pub fn interrupt(_: &std::process::Child) -> anyhow::Result<()> {
    anyhow::bail!("listings that are interrupted are recorded on Unix")
}

/// The exit code.
#[cfg(not(unix))]
pub fn code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(1)
}
