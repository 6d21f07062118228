//! The pages that the tests look at, and the listings that they speak of.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All listings, as `list --json` gives them.
pub fn listings() -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["list", "--json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}
