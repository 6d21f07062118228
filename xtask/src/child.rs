//! Runs a program in place of this one.

use std::process::{Command, ExitStatus};

use anyhow::Context;

/// Becomes `command`, so that signals and the exit code are its own.
///
/// # Errors
/// If it does not start.
#[cfg(unix)]
pub fn run(mut command: Command) -> anyhow::Result<i32> {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    Err(error).with_context(|| cannot_start(&command))
}

/// Runs `command` to its end and gives its exit code.
///
/// Ctrl-C reaches both. The program decides what that means, so this process waits for it.
///
/// # Errors
/// If it does not start.
#[cfg(not(unix))]
pub fn run(mut command: Command) -> anyhow::Result<i32> {
    ctrlc::set_handler(|| {})?;
    let status = command.status();
    Ok(code(status.with_context(|| cannot_start(&command))?))
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", command.get_program().display())
}

/// The exit code; a signal that ended it counts as shells count it.
pub fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    status.code().unwrap_or(128 + signal.unwrap_or(0))
}
