//! Finds the chapter's other programs, as `python3 listing_13_4.py` finds a script.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

/// The path of the chapter's binary `name`, which lies beside the one that runs.
///
/// `cargo run` builds only the binary it is to run; so where Cargo has started this one, it is
/// asked to build the other too, which takes no time when that has not changed.
///
/// # Errors
/// If the binary does not build, or is not there.
pub fn child(name: &str) -> anyhow::Result<PathBuf> {
    if let Some(cargo) = env::var_os("CARGO") {
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--manifest-path"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .args(["--bin", name])
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .status()
            .context("cannot run cargo")?;
        ensure!(built.success(), "{name} does not build");
    }
    let path = env::current_exe()?.with_file_name(name);
    ensure!(
        path.is_file(),
        "there is no {}; build it with: cargo build -p ch13-subprocess",
        path.display()
    );
    Ok(path)
}
