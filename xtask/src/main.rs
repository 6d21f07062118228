//! The workspace's tool, `cargo xtask`, with a module for each command of its own. Other packages
//! measure and build the site; this one builds them when they are wanted.

mod attempt;
mod check;
mod list;
mod run;

use std::env;
use std::ffi::OsString;
use std::process;

use clap::{Args, Parser, Subcommand};
use xtask::output::print;
use xtask::readme;
use xtask::workspace::Workspace;

/// Lists, runs and measures the listings.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the listings, of all chapters or of one
    List(list::List),
    /// Build a listing in release mode and run it
    Run(run::Run),
    /// Show what happens if a line of a listing is another
    Try(attempt::Try),
    /// Write what the pages say of the listings and of the report
    Readme {
        /// Change nothing, and exit with 1 if a page is stale
        #[arg(long)]
        check: bool,
    },
    /// Measure what concurrency buys
    Bench(Forwarded),
    /// Measure how cost grows with the number of tasks, requests, permits or connections
    Scale(Forwarded),
    /// Run a listing and draw what each of its tasks did
    Timeline(Forwarded),
    /// Draw the timelines in the chapters' READMEs again
    Figures(Forwarded),
    /// Measure everything, write the report and the pages
    Results(Forwarded),
    /// Build the site to read beside the book, into target/book
    Book(Forwarded),
}

/// The arguments of a command of another package, which has its own help.
#[derive(Args, Debug)]
#[command(disable_help_flag = true)]
struct Forwarded {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

fn main() {
    let code = execute(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        1
    });
    process::exit(code);
}

/// Gives the exit code.
fn execute(command: Command) -> anyhow::Result<i32> {
    let workspace = Workspace::load()?;
    match command {
        Command::List(options) => print(&list::list(&workspace, &options)?)?,
        Command::Run(options) => return run::run(&workspace, options),
        Command::Try(options) => return attempt::attempt(&workspace, &options),
        Command::Readme { check: true } => {
            let stale = readme::stale(&workspace)?;
            for path in stale.keys() {
                let page = path.display();
                eprintln!("{page} is stale; write it again with: cargo xtask readme");
            }
            return Ok(i32::from(!stale.is_empty()));
        }
        Command::Readme { check: false } => {
            for path in readme::write(&workspace)? {
                eprintln!("{}", path.display());
            }
        }
        Command::Book(_) => return run::site(&workspace, args()),
        Command::Bench(_)
        | Command::Scale(_)
        | Command::Timeline(_)
        | Command::Figures(_)
        | Command::Results(_) => return run::measure(&workspace, args()),
    }
    Ok(0)
}

/// This process's own arguments, which begin with the command.
fn args() -> Vec<OsString> {
    env::args_os().skip(1).collect()
}
