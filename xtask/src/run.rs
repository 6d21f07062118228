//! `cargo xtask run`, and the commands of other packages: each builds a program and runs it.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use xtask::output::print;
use xtask::workspace::{Listing, Workspace};
use xtask::{build, child};

/// The program that measures, and the one beside it that starts what is measured.
const MEASURE: [&str; 2] = ["xtask-measure", "xtask-launch"];

/// The program that builds the site.
const SITE: &str = "xtask-site";

/// What `run` takes.
#[derive(Args, Debug)]
pub struct Run {
    /// The listing's number, or part of its name
    listing: String,
    /// The listing's arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

/// Builds and runs the listing that `options` names; for library code, only prints where it is.
/// Gives the exit code, as the others here do.
pub fn run(workspace: &Workspace, options: Run) -> anyhow::Result<i32> {
    let (_, listing) = workspace.find(&options.listing)?;
    match &listing.binary {
        Some(binary) => in_workspace(workspace, &[binary], options.args),
        None => print(&describe_library(workspace, listing)).map(|()| 0),
    }
}

/// Builds and runs what measures.
pub fn measure(workspace: &Workspace, args: Vec<OsString>) -> anyhow::Result<i32> {
    in_workspace(workspace, &MEASURE, args)
}

/// Builds and runs what builds the site, in its own workspace.
pub fn site(workspace: &Workspace, args: Vec<OsString>) -> anyhow::Result<i32> {
    let target = workspace.target.join("site");
    let mut cargo = build::cargo();
    cargo.args(["--locked", "--manifest-path"]);
    cargo.arg(workspace.root.join("xtask/site/Cargo.toml"));
    cargo.arg("--target-dir").arg(&target);
    build_and_run(cargo, &target.join("debug"), SITE, args)
}

/// Builds programs and runs the first.
fn in_workspace(
    workspace: &Workspace,
    programs: &[&str],
    args: Vec<OsString>,
) -> anyhow::Result<i32> {
    let cargo = build::binaries(workspace, programs.iter().copied());
    build_and_run(cargo, &workspace.target.join("release"), programs[0], args)
}

fn build_and_run(
    cargo: Command,
    folder: &Path,
    program: &str,
    args: Vec<OsString>,
) -> anyhow::Result<i32> {
    let mut command = Command::new(build(cargo, folder, program)?);
    command.args(args);
    child::run(command)
}

/// Runs `cargo`, which builds `program`, in `folder` as a rule, and gives its path.
pub fn build(mut cargo: Command, folder: &Path, program: &str) -> anyhow::Result<PathBuf> {
    // The first build takes a while, so Cargo shows its progress then.
    if folder.join(format!("{program}{EXE_SUFFIX}")).exists() {
        cargo.arg("--quiet");
    }
    let built = build::run(cargo)?;
    Ok(built.path(program)?.to_owned())
}

fn describe_library(workspace: &Workspace, library: &Listing) -> String {
    let name = match library.header.number {
        Some(_) => format!("Listing {}", library.header),
        None => library.header.title.clone(),
    };
    let path = workspace.relative(&library.path).display();
    format!("{name} is library code: {path}\n")
}
