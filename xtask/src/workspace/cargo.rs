//! What Cargo knows of the workspace.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
    pub workspace_root: PathBuf,
    pub target_directory: PathBuf,
}

#[derive(Deserialize)]
pub struct Package {
    pub name: String,
    pub description: Option<String>,
    pub manifest_path: PathBuf,
    pub targets: Vec<Target>,
    pub features: BTreeMap<String, Value>,
    pub metadata: Value,
}

#[derive(Deserialize)]
pub struct Target {
    pub name: String,
    pub kind: Vec<String>,
    pub src_path: PathBuf,
    #[serde(default, rename = "required-features")]
    pub features: Vec<String>,
}

impl Metadata {
    /// Asks Cargo about the workspace of the current directory.
    pub fn read() -> anyhow::Result<Self> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["metadata", "--no-deps", "--format-version=1"]);
        let output = cargo.output().context("cannot run cargo")?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            let reason = stderr.split_once("error: ").map_or(&*stderr, |(_, it)| it);
            bail!("{}", reason.trim());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Target {
    pub fn is_bin(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}
