//! The workspace's own tool: `cargo xtask list`, `run` and `bench`.

mod bench;
mod list;
mod load;
mod run;
mod workspace;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Lists, runs and measures the listings.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the listings, of all chapters or of one
    List {
        /// 2, ch02 or ch02-basics
        chapter: Option<String>,
    },
    /// Build a listing in release mode and run it
    Run {
        /// Its number, or a part of its name
        listing: String,
        /// Its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Measure what concurrency buys: sequential against concurrent listings
    Bench(bench::Options),
}

fn main() -> ExitCode {
    // The launcher comes before all else: what it does is measured.
    let mut args = env::args_os().skip(1);
    let outcome = if args.next().is_some_and(|arg| arg == bench::LAUNCH) {
        bench::launch(args).map(|()| ExitCode::SUCCESS)
    } else {
        execute(Cli::parse().command)
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn execute(command: Command) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::load()?;
    match command {
        Command::List { chapter } => {
            bench::print(&list::list(&workspace, chapter.as_deref())?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { listing, args } => run::run(&workspace, &listing, &args),
        Command::Bench(options) => bench::bench(&workspace, &options),
    }
}
