//! Signals, where a system has them.

#[cfg(unix)]
pub use unix::*;

/// Lets programs under test hear Ctrl-C. On this system they do.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn hear_interrupts() -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Once};

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::SIGINT;
    use signal_hook::flag::register_conditional_default;

    /// Lets programs under test hear Ctrl-C. A program that a shell script runs in the background
    /// ignores it, and so do its children, so servers under test would never end. Children do not
    /// inherit a handler. This one does the default, it ends the tests.
    ///
    /// # Errors
    /// If the handler cannot be registered.
    pub fn hear_interrupts() -> io::Result<()> {
        static ONCE: Once = Once::new();
        let mut registered = Ok(());
        ONCE.call_once(|| {
            let always = Arc::new(AtomicBool::new(true));
            registered = register_conditional_default(SIGINT, always).map(drop);
        });
        registered
    }

    #[track_caller]
    pub fn send(pid: u32, signal: Signal) {
        let pid = Pid::from_raw(pid.cast_signed()).unwrap();
        let sent = kill_process(pid, signal);
        assert_eq!(sent, Ok(()), "cannot send {signal:?}");
    }

    /// Whether a process handles a signal; `None` if the system does not say.
    pub fn handles(pid: u32, signal: Signal) -> Option<bool> {
        let caught = u64::from_str_radix(&crate::status(pid, "SigCgt:")?, 16).ok()?;
        Some(caught & (1 << (signal.as_raw() - 1)) != 0)
    }
}
