//! What differs between Unix and Windows.

#[cfg(unix)]
pub use unix::{return_code, stdout, terminate};
#[cfg(windows)]
pub use windows::{return_code, stdout, terminate};

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;
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

    /// Asks the child to end (SIGTERM). Whether and when it does is up to the child. A child that
    /// was waited for gets no signal, because another process may have its number by now.
    ///
    /// # Errors
    /// If the system refuses to signal it.
    pub fn terminate(process: &mut Child) -> io::Result<()> {
        match process.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
            None => Ok(()),
        }
    }

    /// Our stdout without the buffer of [`std::io::stdout`].
    ///
    /// # Errors
    /// If no descriptor is free.
    pub fn stdout() -> io::Result<File> {
        Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::io;
    use std::os::windows::io::AsHandle;
    use std::process::ExitStatus;

    use tokio::process::Child;

    /// Python's `returncode`, the exit code. It is 1 after `terminate` or `kill`.
    #[must_use]
    pub fn return_code(status: ExitStatus) -> i32 {
        status.code().unwrap_or_default()
    }

    /// Ends the child. Windows has no SIGTERM, so in Python too `terminate` is `kill` there.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn terminate(process: &mut Child) -> io::Result<()> {
        match process.id() {
            Some(_) => process.start_kill(),
            None => Ok(()),
        }
    }

    /// Our stdout without the buffer of [`std::io::stdout`].
    ///
    /// # Errors
    /// If no handle is free.
    pub fn stdout() -> io::Result<File> {
        Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
    }
}
