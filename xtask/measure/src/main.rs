//! What measures and draws, for `cargo xtask`: it runs programs, and writes what they cost into
//! the report, which paints itself.

mod bench;
mod interrupt;
mod machine;
mod plan;
mod process;
mod programs;
mod results;
mod rounds;
mod scale;
mod servers;
mod session;
mod timeline;

use clap::Parser;
use xtask::workspace::Workspace;

/// Measures and draws.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
enum Cli {
    /// Measure what concurrency buys, with programs that compete
    Bench(bench::Options),
    /// Measure how cost grows with the number of tasks, requests, permits or connections
    Scale(scale::Options),
    /// Run a listing and draw what each of its tasks did
    Timeline(timeline::Options),
    /// Draw the timelines in the chapters' READMEs again
    Figures {
        /// Only this chapter: 2, ch02 or ch02-basics
        chapter: Option<String>,
    },
    /// Measure everything, or parts again, and write xtask/results.json and the pages
    Results(results::Options),
}

fn main() {
    let code = execute(Cli::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        1
    });
    std::process::exit(code);
}

/// Gives the exit code.
fn execute(command: Cli) -> anyhow::Result<i32> {
    let workspace = Workspace::load()?;
    match command {
        Cli::Bench(options) => bench::bench(&workspace, &options),
        Cli::Scale(options) => scale::scale(&workspace, &options),
        Cli::Timeline(options) => timeline::timeline(&workspace, &options),
        Cli::Figures { chapter } => timeline::figures(&workspace, chapter.as_deref()),
        Cli::Results(options) => results::results(&workspace, &options),
    }
}
