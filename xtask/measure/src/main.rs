//! What measures and draws, for `cargo xtask`.

mod bench;
mod load;
mod results;
mod scale;
mod timeline;

use std::env;
use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use xtask::options::{Cli, Command, Measure};
use xtask::workspace::Workspace;

use util_ngrams as ngrams;

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
    let Command::Measure(command) = command else {
        bail!("this is for `cargo xtask`");
    };
    let workspace = Workspace::load()?;
    match command {
        Measure::Bench(options) => bench::bench(&workspace, &options),
        Measure::Scale(options) => scale::scale(&workspace, &options),
        Measure::Timeline(options) => timeline::timeline(&workspace, &options),
        Measure::Figures { chapter } => timeline::figures(&workspace, chapter.as_deref()),
        Measure::Results(options) => results::results(&workspace, &options),
        Measure::Ngrams { rows, file } => {
            let totals = ngrams::write_file(rows, &file)?;
            let (aardvark, _) = ngrams::AARDVARK;
            xtask::output::print(&format!(
                "{}: {rows} rows, {} words; {aardvark} appears {} times\n",
                file.display(),
                totals.len(),
                totals.get(aardvark).copied().unwrap_or_default()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
