//! Finds the other programs of the chapter, as `python3 listing_13_4.py` finds a script.

use std::env::{self, consts::EXE_SUFFIX};

use anyhow::ensure;
use tokio::process::Command;

/// The command that runs the chapter's binary `name`, which is in the same folder as this program.
///
/// `cargo run` builds only the binary that it runs. So if Cargo has started this program, this
/// builds a missing binary first, and waits for it: nothing else runs yet.
///
/// # Errors
/// If the binary is missing and cannot be built.
pub fn child(name: &str) -> anyhow::Result<Command> {
    let path = env::current_exe()?.with_file_name(format!("{name}{EXE_SUFFIX}"));
    let mut build = vec!["build", "-p", env!("CARGO_PKG_NAME"), "--bin", name];
    if !cfg!(debug_assertions) {
        build.push("--release");
    }
    if let Some(cargo) = env::var_os("CARGO").filter(|_| !path.is_file()) {
        let mut cargo = std::process::Command::new(cargo);
        cargo.arg("--quiet").args(&build).status()?;
    }
    ensure!(
        path.is_file(),
        "{name} is not built; build it with: cargo {}",
        build.join(" ")
    );
    Ok(Command::new(path))
}
