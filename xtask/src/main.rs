//! The workspace's own tool, `cargo xtask`: a module for each subcommand, and what they share.

mod bench;
mod build;
mod completions;
mod list;
mod load;
mod markers;
mod readme;
mod results;
mod run;
mod scale;
mod timeline;
mod workspace;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use util_ngrams as ngrams;

use crate::completions::{Shell, completions};
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
    List(list::Options),
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
    /// Measure how cost grows with work: tasks, requests, limits, connections
    Scale(scale::Options),
    /// Run a listing and draw the life of each of its tasks
    Timeline(timeline::Options),
    /// Draw the timelines of the chapters' READMEs anew
    Figures(timeline::FigureOptions),
    /// Measure everything, and write tables and figures into the READMEs
    Results(results::Options),
    /// Write the chapters' tables of listings, from the listings' headers
    Readme(readme::Options),
    /// Print completions for a shell, for `xtask`, which they make short for `cargo xtask`
    Completions {
        /// Which one
        shell: Shell,
    },
    /// Write a word file like Google Books' 1-grams, for listings 6.7 to 6.9 and 6.14
    Ngrams {
        /// How many rows
        #[arg(long, value_name = "N", default_value_t = 10_000_000)]
        rows: u64,
        /// Where to write it
        file: PathBuf,
    },
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
        Command::List(options) => {
            bench::print(&list::list(&workspace, &options)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { listing, args } => run::run(&workspace, &listing, &args),
        Command::Bench(options) => bench::bench(&workspace, &options),
        Command::Scale(options) => scale::scale(&workspace, &options),
        Command::Timeline(options) => timeline::timeline(&workspace, &options),
        Command::Figures(options) => timeline::figures(&workspace, &options),
        Command::Results(options) => results::results(&workspace, &options),
        Command::Readme(options) => readme::readme(&workspace, &options),
        Command::Completions { shell } => {
            bench::print(&completions(&workspace, Cli::command(), shell))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Ngrams { rows, file } => {
            let totals = ngrams::write_file(rows, &file)?;
            let (aardvark, _) = ngrams::AARDVARK;
            bench::print(&format!(
                "{}: {rows} rows, {} words; {aardvark} appears {} times\n",
                file.display(),
                totals.len(),
                totals.get(aardvark).copied().unwrap_or_default()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
