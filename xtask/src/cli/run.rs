//! `cargo xtask run`: runs a listing by its number or part of its name.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use anyhow::Context;
use xtask::build::build;
use xtask::options;
use xtask::workspace::{Listing, Workspace};

use super::times;

/// Builds the listing that `options` names and executes it in place of this process, so its
/// arguments, exit code and signals are passed on. For a library listing, only prints where it is.
///
/// # Errors
/// If `options` names no listing or several, or the listing does not build or start.
pub fn run(workspace: &Workspace, options: &options::Run) -> anyhow::Result<ExitCode> {
    let (_, listing) = workspace.find(&options.listing)?;
    let Some(binary) = &listing.binary else {
        print!("{}", describe_library(workspace, listing));
        return Ok(ExitCode::SUCCESS);
    };
    let built = build(workspace, [binary.as_str()], true)?;
    if let Some(times) = options.times {
        return times::times(built.path(binary)?, &options.args, times);
    }
    // On success this never returns, because the listing replaces this process.
    let error = Command::new(built.path(binary)?).args(&options.args).exec();
    Err(error).with_context(|| format!("cannot start {binary}"))
}

fn describe_library(workspace: &Workspace, library: &Listing) -> String {
    let name = match library.header.number {
        Some(_) => format!("Listing {}", library.header),
        None => library.header.title.clone(),
    };
    let path = workspace.relative(&library.path).display();
    format!("{name} is library code: {path}\n")
}
