//! The workspace's tool, `cargo xtask`, with a module for each subcommand. Another package
//! measures; this one builds it and executes it in its own place.

mod cli;

use std::env;
use std::os::unix::process::CommandExt;
use std::process::{self, ExitCode};

use anyhow::Context;
use clap::{CommandFactory, Parser};
use xtask::build;
use xtask::options::{Cli, Command};
use xtask::output::print;
use xtask::workspace::Workspace;

/// The package that measures.
const MEASURE: &str = "xtask-measure";

/// The package that builds the site.
const SITE: &str = "xtask-site";

fn main() -> ExitCode {
    execute(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn execute(command: Command) -> anyhow::Result<ExitCode> {
    if matches!(command, Command::Measure(_)) {
        return forward();
    }
    let workspace = Workspace::load()?;
    if matches!(command, Command::Book(_)) {
        return site(&workspace);
    }
    match command {
        Command::List(options) => print(&cli::list::list(&workspace, &options)?)?,
        Command::Run(options) => return cli::run::run(&workspace, &options),
        Command::Readme(options) => return cli::readme::readme(&workspace, &options),
        Command::Completions { shell } => {
            let command = Cli::command();
            print(&cli::completions::completions(&workspace, command, shell))?;
        }
        Command::Measure(_) | Command::Book(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the package that builds the site, a workspace of its own, and becomes it, with the same
/// arguments.
fn site(workspace: &Workspace) -> anyhow::Result<ExitCode> {
    let target = workspace.target.join("site");
    let mut cargo = process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--locked"]);
    // The first build takes a while: then Cargo shows what it does.
    if target.join("debug").join(SITE).exists() {
        cargo.arg("--quiet");
    }
    cargo
        .arg("--manifest-path")
        .arg(workspace.root.join("xtask/site/Cargo.toml"));
    cargo.arg("--target-dir").arg(target);
    let error = cargo.arg("--").args(env::args_os().skip(1)).exec();
    Err(error).context("cannot run cargo")
}

/// Builds the package that measures and executes it in place of this process, with the same
/// arguments.
fn forward() -> anyhow::Result<ExitCode> {
    // The first build takes a while, so Cargo shows its progress then.
    let built = env::current_exe().is_ok_and(|path| path.with_file_name(MEASURE).exists());
    let mut cargo = build::cargo(built);
    cargo.args(["--package", MEASURE]);
    if build::wants_tls() {
        cargo.args(["--features", "tls"]);
    }
    let built = build::run(cargo).context("cannot build xtask-measure")?;
    let error = process::Command::new(built.path(MEASURE)?)
        .args(env::args_os().skip(1))
        .exec();
    Err(error).with_context(|| format!("cannot start {MEASURE}"))
}
