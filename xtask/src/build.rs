//! Builds programs with Cargo.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::workspace::Workspace;

/// The programs that were built, and their paths.
#[derive(Debug, Default)]
pub struct Built(Vec<(Target, PathBuf)>);

impl Built {
    /// Where `binary` is.
    ///
    /// # Errors
    /// If it was not built.
    pub fn path(&self, binary: &str) -> anyhow::Result<&Path> {
        let found = self.0.iter().find(|(target, _)| target.name == binary);
        let (_, path) = found.with_context(|| format!("{binary} was not built"))?;
        Ok(path)
    }

    /// Reads what Cargo has built from its messages.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read(messages: impl BufRead) -> anyhow::Result<Self> {
        let mut built = Self::default();
        for message in messages.lines() {
            if let Message {
                target: Some(target),
                executable: Some(path),
            } = serde_json::from_str(&message?)?
            {
                built.0.push((target, path));
            }
        }
        Ok(built)
    }

    /// The tests whose sources are in `folder`.
    pub fn tests(&self, folder: PathBuf) -> impl Iterator<Item = &Path> {
        let tests = self.0.iter();
        let tests = tests.filter(move |(target, _)| target.src_path.starts_with(&folder));
        tests.map(|(_, path)| path.as_path())
    }
}

/// What is read of Cargo's messages, each a line of JSON.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    src_path: PathBuf,
}

/// Builds `binaries` in release mode, all at once, so that Cargo can use every core.
///
/// # Errors
/// If they do not build. Cargo has then printed the reason.
pub fn build<'a>(
    workspace: &Workspace,
    names: impl IntoIterator<Item = &'a str>,
    quiet: bool,
) -> anyhow::Result<Built> {
    let mut cargo = binaries(workspace, names);
    cargo.args(quiet.then_some("--quiet"));
    run(cargo)
}

/// The build of binaries of this workspace in release mode, for [`run`].
///
/// Cargo chooses the features of the dependencies for all that it is told to look at. With
/// `--workspace` they are the same whichever binary is built, so nothing is compiled twice. Features
/// that no binary needs are left out: the database would be a quarter of what `bench` compiles.
pub fn binaries<'a>(workspace: &Workspace, names: impl IntoIterator<Item = &'a str>) -> Command {
    let mut cargo = cargo();
    cargo.args(["--release", "--workspace", "--no-default-features"]);
    if workspace.has_tls && env::var("EXAMPLE_URL").is_ok_and(|url| url.starts_with("https:")) {
        cargo.args(["--features", "tls"]);
    }
    for name in names {
        cargo.args(["--bin", name]);
        let listing = workspace.binary(name);
        let features = listing.into_iter().flat_map(|(_, it)| &it.features);
        cargo.args(features.flat_map(|it| ["--features", it]));
    }
    cargo
}

/// A build, for [`run`].
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Where a binary goes is for Cargo to say: CARGO_BUILD_TARGET and the like move it.
    command.args(["build", "--message-format=json-render-diagnostics"]);
    command
}

/// Runs a build.
///
/// # Errors
/// If it fails. Cargo has then printed the reason.
pub fn run(mut cargo: Command) -> anyhow::Result<Built> {
    let cargo = cargo.stdout(Stdio::piped()).spawn();
    let mut cargo = cargo.context("cannot run cargo")?;
    let messages = cargo.stdout.take().context("cargo has no stdout")?;
    let built = Built::read(BufReader::new(messages))?;
    let status = cargo.wait()?;
    ensure!(status.success(), "cargo build ended with {status}");
    Ok(built)
}
