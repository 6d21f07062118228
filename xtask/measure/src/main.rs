//! What measures and draws, for `cargo xtask`. Arrows point one way: `cli` > `show` > `judge` >
//! `measure` > `system` > `data` > `stats`.

mod cli;
mod data;
mod judge;
mod measure;
mod show;
mod stats;
mod system;

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use util_ngrams as ngrams;
use xtask::options::{Cli, Command, Measure};
use xtask::output::print;
use xtask::workspace::Workspace;

fn main() -> ExitCode {
    execute(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn execute(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Measure(command) = command else {
        bail!("this package only measures; use `cargo xtask`");
    };
    let workspace = Workspace::load()?;
    match command {
        Measure::Bench(options) => cli::bench::bench(&workspace, &options),
        Measure::Scale(options) => cli::scale::scale(&workspace, &options),
        Measure::Results(options) => cli::results::results(&workspace, &options),
        Measure::Timeline(options) => cli::timeline::timeline(&workspace, &options),
        Measure::Figures { chapter } => cli::timeline::figures(&workspace, chapter.as_deref()),
        Measure::Ngrams { rows, file } => write_ngrams(rows, &file),
    }
}

fn write_ngrams(rows: u64, file: &Path) -> anyhow::Result<ExitCode> {
    let totals = ngrams::write_file(rows, file)?;
    let (aardvark, _) = ngrams::AARDVARK;
    let (file, words) = (file.display(), totals.len());
    let times = totals.get(aardvark).copied().unwrap_or_default();
    let counted = format!("{rows} rows, {words} words; {aardvark} appears {times} times");
    print(&format!("{file}: {counted}\n"))?;
    Ok(ExitCode::SUCCESS)
}
