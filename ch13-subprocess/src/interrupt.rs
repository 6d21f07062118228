//! Ctrl-C and `kill`, which must not leave children behind.

use std::process;

use tokio::select;
use tokio::signal::unix::{SignalKind, signal};

/// Runs `program` to its end, or until Ctrl-C or `kill`. Then drops it, and with it each child
/// started with `kill_on_drop`, and exits with 130 or 143.
///
/// A terminal's Ctrl-C reaches the children anyway; `kill` reaches this process alone.
///
/// # Errors
/// Those of `program`.
pub async fn or_interrupted(
    program: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // `select!` drops the losing branches before it runs the code of the winner.
    let code = select! {
        result = program => return result,
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    };
    process::exit(code)
}
