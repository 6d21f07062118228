//! Finds the chapter's other programs, as `python3 listing_13_4.py` finds a script.

use std::env;

use anyhow::ensure;
use tokio::process::Command;

/// The command that runs the chapter's binary `name`, which lies beside the one that runs. The
/// child is killed when it is dropped.
///
/// # Errors
/// If it is not there: `cargo run` builds only the binary that it runs.
pub fn child(name: &str) -> anyhow::Result<Command> {
    let path = env::current_exe()?.with_file_name(name);
    let release = if cfg!(debug_assertions) {
        ""
    } else {
        " --release"
    };
    ensure!(
        path.is_file(),
        "{name} is not built; build it with: cargo build -p ch13-subprocess --bin {name}{release}"
    );
    let mut command = Command::new(path);
    command.kill_on_drop(true);
    Ok(command)
}
