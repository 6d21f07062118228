//! The workspace's own tool: `cargo xtask list`, `run`, `bench`, `scale` and `ngrams`.

mod bench;
mod list;
mod load;
mod markers;
mod results;
mod run;
mod scale;
mod workspace;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use util::ngrams;

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
    /// Measure how cost grows with work: tasks, requests, limits, connections
    Scale(scale::Options),
    /// Measure everything, and write tables and figures into the READMEs
    Results(results::Options),
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
        Command::List { chapter } => {
            bench::print(&list::list(&workspace, chapter.as_deref())?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { listing, args } => run::run(&workspace, &listing, &args),
        Command::Bench(options) => bench::bench(&workspace, &options),
        Command::Scale(options) => scale::scale(&workspace, &options),
        Command::Results(options) => results::results(&workspace, &options),
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
