//! Ctrl-C, which must not leave children behind.

use std::process;

use tokio::select;
use tokio::signal::unix::{SignalKind, signal};

/// Runs `program` to its end, or until Ctrl-C or `kill`: then drops it, and with it each child
/// that was started with `kill_on_drop`, and exits with 130 or 143.
///
/// # Errors
/// Those of `program`.
pub async fn or_interrupted<T>(
    program: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // `select!` drops the branches that have lost before it goes on with the one that has won.
    let code = select! {
        result = program => return result,
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    };
    process::exit(code)
}
