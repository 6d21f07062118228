//! Ctrl-C and `kill`, which must not leave children behind.

use std::process;

use tokio::select;

/// Runs `program` to its end, or until Ctrl-C or `kill`. Then drops it, and with it its children,
/// and exits with 130 or 143.
///
/// A terminal's Ctrl-C reaches the children anyway; `kill` reaches this process alone.
///
/// # Errors
/// Those of `program`.
pub async fn or_interrupted(
    program: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let interrupted = util::interrupted()?;
    // `select!` drops the losing branch before it runs the code of the winner.
    let code = select! {
        result = program => return result,
        code = interrupted => code,
    };
    process::exit(code)
}
