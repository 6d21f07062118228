//! Runs a program in place of this one.

use std::process::Command;

use anyhow::Context;

pub use self::system::code;

/// Runs `command` to its end and gives its exit code.
///
/// The terminal sends Ctrl-C to both. The program decides what that means, so this process waits
/// for it. What ends this process alone is passed on to the program.
///
/// # Errors
/// If it does not start.
pub fn run(mut command: Command) -> anyhow::Result<i32> {
    let signals = system::hold().context("cannot wait for signals")?;
    let child = command.spawn();
    let mut child = child.with_context(|| {
        let program = command.get_program().display();
        format!("cannot start {program}")
    })?;
    system::pass_on(signals, child.id());
    Ok(code(child.wait()?))
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};
    use std::thread;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    /// From now on, neither ends this process. (A child begins without this.)
    pub fn hold() -> io::Result<Signals> {
        Signals::new([SIGINT, SIGTERM])
    }

    /// Passes SIGTERM on, which whoever ends this process sends to it alone.
    pub fn pass_on(mut signals: Signals, child: u32) {
        thread::spawn(move || {
            for _ in signals.forever().filter(|signal| *signal == SIGTERM) {
                // No crate for one call: every shell has kill.
                let kill = format!("kill {child}");
                let _ = Command::new("sh").args(["-c", &kill]).status();
            }
        });
    }

    /// The exit code; a signal that ended it counts as shells count it.
    pub fn code(status: ExitStatus) -> i32 {
        let signal = || 128 + status.signal().unwrap_or(0);
        status.code().unwrap_or_else(signal)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;
    use std::process::ExitStatus;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::SigId;
    use signal_hook::consts::SIGINT;

    /// From now on, Ctrl-C does not end this process.
    pub fn hold() -> io::Result<SigId> {
        signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)))
    }

    /// Nothing else ends a process here without killing it.
    pub fn pass_on(_: SigId, _child: u32) {}

    /// The exit code.
    pub fn code(status: ExitStatus) -> i32 {
        status.code().unwrap_or(1)
    }
}
