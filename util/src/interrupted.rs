//! The end that a user or the system asks for.

use std::io;

/// Listens for Ctrl-C and, on Unix, for SIGTERM, which `kill` sends. From this call on, neither ends
/// the program; the future is ready when one has come, with the exit code by which a shell knows it.
///
/// # Errors
/// If the system refuses.
///
/// # Panics
/// Outside a tokio runtime.
#[cfg(unix)]
pub fn interrupted() -> io::Result<impl Future<Output = i32>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => 130,
            _ = terminate.recv() => 143,
        }
    })
}

/// Listens for Ctrl-C.
///
/// # Errors
/// If the system refuses.
///
/// # Panics
/// Outside a tokio runtime.
#[cfg(not(unix))]
pub fn interrupted() -> io::Result<impl Future<Output = i32>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
        130
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::{Command, id};

    use super::*;

    #[tokio::test]
    async fn it_tells_which_signal_has_come() {
        for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
            let interrupted = interrupted().unwrap();
            let mut kill = Command::new("kill");
            let sent = kill.args([signal, &id().to_string()]).status();
            assert!(sent.unwrap().success());
            assert_eq!(interrupted.await, code);
        }
    }
}
