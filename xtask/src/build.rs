//! Builds listings, and nothing beside them.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::workspace::Workspace;

/// Builds `binaries` in release mode, all at once, so that Cargo can use every core.
///
/// A chapter's default features are what only some of its listings need: they are built where one
/// of those is among `binaries`. TLS is built where `EXAMPLE_URL` needs it.
///
/// # Errors
/// If they do not build; Cargo has said why.
pub fn build<'a>(
    workspace: &Workspace,
    binaries: impl IntoIterator<Item = &'a str>,
    quiet: bool,
) -> anyhow::Result<()> {
    let wants_tls = env::var("EXAMPLE_URL").is_ok_and(|url| url.starts_with("https:"));
    let mut packages = BTreeSet::new();
    let mut features = BTreeSet::new();
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--release", "--no-default-features"]);
    if quiet {
        command.arg("--quiet");
    }
    for binary in binaries {
        let (chapter, listing) = workspace
            .binary(binary)
            .with_context(|| format!("there is no binary {binary}"))?;
        packages.insert(chapter.name.as_str());
        let needed = listing.required_features.iter().map(String::as_str);
        let tls = (wants_tls && chapter.has_tls).then_some("tls");
        features.extend(
            needed
                .chain(tls)
                .map(|name| format!("{}/{name}", chapter.name)),
        );
        command.args(["--bin", binary]);
    }
    for package in packages {
        command.args(["--package", package]);
    }
    for feature in features {
        command.args(["--features", &feature]);
    }
    let built = command.status().context("cannot run cargo")?;
    ensure!(built.success(), "the listings do not build");
    Ok(())
}
