//! Builds only listings.

use std::collections::{BTreeSet, HashMap};
use std::env;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use cargo_metadata::Message;

use crate::workspace::Workspace;

/// The binaries that were built, and their paths.
#[derive(Debug, Default)]
pub struct Built(HashMap<String, PathBuf>);

impl Built {
    /// Where `binary` is.
    ///
    /// # Errors
    /// If it was not built.
    pub fn path(&self, binary: &str) -> anyhow::Result<&Path> {
        let path = self.0.get(binary);
        Ok(path.with_context(|| format!("{binary} was not built"))?)
    }
}

/// Builds `binaries` in release mode, all at once, so that Cargo can use every core.
///
/// Only some listings of a chapter need its default features, so they are built if `binaries` has
/// one of those listings. TLS is built if `EXAMPLE_URL` needs it.
///
/// # Errors
/// If they do not build. Cargo has then printed the reason.
pub fn build<'a>(
    workspace: &Workspace,
    binaries: impl IntoIterator<Item = &'a str>,
    quiet: bool,
) -> anyhow::Result<Built> {
    let wants_tls = wants_tls();
    let (mut packages, mut features) = (BTreeSet::new(), BTreeSet::new());
    let mut command = cargo(quiet);
    command.arg("--no-default-features");
    for binary in binaries {
        let found = workspace.binary(binary);
        let (chapter, listing) = found.with_context(|| format!("there is no binary {binary}"))?;
        packages.insert(chapter.name.as_str());
        let needed = listing.required_features.iter().map(String::as_str);
        let needed = needed.chain((wants_tls && chapter.has_tls).then_some("tls"));
        features.extend(needed.map(|name| format!("{}/{name}", chapter.name)));
        command.args(["--bin", binary]);
    }
    for package in packages {
        command.args(["--package", package]);
    }
    for feature in features {
        command.args(["--features", &feature]);
    }
    run(command).context("the listings do not build")
}

/// Whether `EXAMPLE_URL` needs TLS.
pub fn wants_tls() -> bool {
    env::var("EXAMPLE_URL").is_ok_and(|url| url.starts_with("https:"))
}

/// A release build, for [`run`].
pub fn cargo(quiet: bool) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Where a binary goes is for Cargo to say: CARGO_BUILD_TARGET and the like move it.
    let messages = "--message-format=json-render-diagnostics";
    command.args(["build", "--release", messages]);
    command.args(quiet.then_some("--quiet"));
    command
}

/// Runs a build.
///
/// # Errors
/// If it fails. Cargo has then printed the reason.
pub fn run(mut cargo: Command) -> anyhow::Result<Built> {
    let cargo = cargo.stdout(Stdio::piped()).spawn();
    let mut cargo = cargo.context("cannot run cargo")?;
    let mut built = Built::default();
    let messages = cargo.stdout.take().context("cargo has no stdout")?;
    for message in Message::parse_stream(BufReader::new(messages)) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(path) = artifact.executable
        {
            built.0.insert(artifact.target.name, path.into());
        }
    }
    let status = cargo.wait()?;
    ensure!(status.success(), "cargo build ended with {status}");
    Ok(built)
}
