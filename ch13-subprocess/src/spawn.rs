//! Starting a child.

use anyhow::Context;
use tokio::process::{Child, Command};

/// Starts `command` as `Command::spawn` does, and kills the child when it is dropped. In tokio as in
/// asyncio, a dropped child would keep running.
///
/// # Errors
/// If it cannot be started; the error names the program. On Windows, Git for Windows has the
/// programs that this chapter starts.
pub fn spawn(command: &mut Command) -> anyhow::Result<Child> {
    let child = command.kill_on_drop(true).spawn();
    child.with_context(|| {
        let program = command.as_std().get_program().display();
        if cfg!(windows) {
            format!("cannot start {program}; Git for Windows has it, in its folder usr/bin")
        } else {
            format!("cannot start {program}")
        }
    })
}
