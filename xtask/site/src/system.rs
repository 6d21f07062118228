//! What not every system has.

use std::process::Child;

/// Sends what Ctrl-C sends.
///
/// # Errors
/// If the program has ended.
#[cfg(unix)]
pub fn interrupt(child: &Child) -> anyhow::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};

    Ok(kill_process(Pid::from_child(child), Signal::INT)?)
}

/// Sends what Ctrl-C sends.
///
/// # Errors
/// Always: there is no way to send it to one other program here.
#[cfg(not(unix))]
pub fn interrupt(_: &Child) -> anyhow::Result<()> {
    anyhow::bail!("listings that are interrupted are recorded on Unix")
}
