//! `cargo xtask bench`: what concurrency buys, measured.
//!
//! A chapter owns its comparisons; here they are run and reported. Programs run in turn (A B, B A,
//! A B …), so that whatever slows the machine for a while slows both sides, and each round gives
//! one ratio. The speed-up is the median of those.

mod book;
mod compare;
mod comparison;
mod machine;
mod measure;
mod process;
pub mod progress;
mod report;
pub mod stats;
mod svg;

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, ensure};
use signal_hook::consts::SIGINT;
use util_web::ExampleSite;
use xtask::options::Bench as Options;
pub use xtask::options::Outputs;

use self::book::Book;
use self::compare::Changes;
use self::comparison::Plan;
use self::measure::{Programs, Rounds};
use self::progress::Progress;
use crate::load;
use xtask::build::build;
use xtask::workspace::Workspace;

pub use self::machine::Machine;
pub use self::measure::is_installed;
pub use self::process::{Cost, INTERRUPTED, Interrupted, Program};
pub use self::process::{LAUNCH, launch};
pub use self::report::{Report, WriteTo, markdown_table, print, read_json};
pub use self::svg::escape;

/// The exit code of a bench that Ctrl-C ended.
const EXIT_INTERRUPTED: u8 = 130;

fn rounds_of(options: &Options) -> Rounds {
    let never = Duration::MAX;
    let (at_least, at_most, budget, long) = match (options.runs, options.quick) {
        (Some(runs), _) => (runs as usize, runs as usize, 0, never),
        (None, true) => (2, 5, 3, Duration::from_secs(6)),
        (None, false) => (4, 10, 60, never),
    };
    let budget = if options.precision.is_some() {
        300
    } else {
        budget
    };
    Rounds {
        at_least,
        at_most,
        budget: options.max_time.unwrap_or(Duration::from_secs(budget)),
        long,
        precision: options.precision,
    }
}

/// Measures what `options` chooses and reports it.
///
/// # Errors
/// As [`measure`]; or if a file cannot be written, or the old report not be read.
pub fn bench(workspace: &Workspace, options: &Options) -> anyhow::Result<ExitCode> {
    if options.no_run {
        let plans = chosen(workspace, options)?;
        build(workspace, plans.iter().flat_map(Plan::binaries), false)?;
        return Ok(ExitCode::SUCCESS);
    }
    let old = options.compare.as_deref().map(Report::read).transpose()?;
    let (report, interrupted) = measure(workspace, options)?;
    report.write(&options.outputs)?;
    if interrupted {
        eprintln!("interrupted: what was complete is above");
        return Ok(ExitCode::from(EXIT_INTERRUPTED));
    }
    let Some(old) = old else {
        return Ok(ExitCode::SUCCESS);
    };
    let changes = Changes::between(&old, &report);
    // stdout may be taken by JSON or the like.
    eprint!("{changes}");
    Ok(if changes.is_slower() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Measures what `options` chooses, and says whether Ctrl-C ended that early.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails, hangs or prints the
/// wrong result: a wrong program has no speed.
pub fn measure(workspace: &Workspace, options: &Options) -> anyhow::Result<(Report, bool)> {
    let plans = chosen(workspace, options)?;
    let book = match &options.book.folder {
        Some(folder) => Some(Book::open(folder, &options.book.python)?),
        None => None,
    };
    catch_interrupts()?;
    // Before the build, which makes any machine busy.
    let machine = Machine::read();
    build(workspace, plans.iter().flat_map(Plan::binaries), false)?;

    let site = ExampleSite::start()?;
    let mut report = Report::new(machine, env::var("EXAMPLE_URL").ok());
    let outcome = measure_all(
        workspace,
        &plans,
        &site,
        book.as_ref(),
        options,
        &mut report,
    );
    match outcome {
        Ok(()) => Ok((report, false)),
        Err(error) if error.is::<Interrupted>() => Ok((report, true)),
        Err(error) => Err(error),
    }
}

/// The comparisons that `options` chooses.
fn chosen<'a>(workspace: &'a Workspace, options: &Options) -> anyhow::Result<Vec<Plan<'a>>> {
    let mut plans = comparison::plan(workspace, &options.filters)?;
    if options.quick {
        for plan in &mut plans {
            plan.comparisons.retain(|comparison| comparison.quick);
        }
        plans.retain(|plan| !plan.is_empty());
        ensure!(
            !plans.is_empty(),
            "what you chose takes too long for --quick; run it without"
        );
    }
    Ok(plans)
}

/// Lets Ctrl-C end the program that runs, so that what is complete can be reported.
///
/// # Errors
/// If the system refuses the handler.
pub fn catch_interrupts() -> anyhow::Result<()> {
    let register = || signal_hook::flag::register(SIGINT, Arc::clone(&INTERRUPTED));
    register().context("cannot listen for Ctrl-C")?;
    Ok(())
}

fn measure_all(
    workspace: &Workspace,
    plans: &[Plan],
    site: &ExampleSite,
    book: Option<&Book>,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    let effort = load_effort(options);
    let history = workspace.target.join(if options.quick {
        "bench-times-quick.json"
    } else {
        "bench-times.json"
    });
    let mut progress = Progress::new(parts(plans, options), history);
    for plan in plans {
        for comparison in &plan.comparisons {
            let missing = comparison
                .needs
                .as_ref()
                .filter(|p| !is_installed(Path::new(p)));
            if let Some(program) = missing {
                let name = &comparison.name;
                report.skip(format!("{name} skipped: {program} is not installed"));
                progress.done();
                continue;
            }
            let programs = Programs::new(workspace, comparison, site, book)?;
            let measured = programs.measure(rounds_of(options), |step| progress.step(step))?;
            let interrupted = measured.interrupted;
            report.add(plan.chapter, comparison, measured);
            if interrupted {
                return Err(Interrupted.into());
            }
            progress.done();
        }
        for load in &plan.loads {
            let peers = workspace.root.join("xtask/peers");
            let binaries = |binary: &str| workspace.release_binary(binary);
            report.add_load(load::measure(load, binaries, &peers, effort, |step| {
                if INTERRUPTED.load(Ordering::Relaxed) {
                    return Err(Interrupted.into());
                }
                progress.step(step);
                Ok(())
            })?);
            progress.done();
        }
    }
    progress.finish();
    Ok(())
}

/// Each comparison, and the seconds that it may take.
fn parts(plans: &[Plan], options: &Options) -> Vec<(String, f64)> {
    let budget = rounds_of(options).budget.as_secs_f64();
    let effort = load_effort(options);
    let mut parts = Vec::new();
    for plan in plans {
        parts.extend(plan.comparisons.iter().map(|c| (c.name.clone(), budget)));
        parts.extend(plan.loads.iter().map(|load| {
            let runs = (load.servers.len() + load.peers.len()) * load.connections.len();
            let seconds = (effort.warm_up + effort.measure).as_secs_f64();
            (load.name.clone(), (runs * effort.rounds) as f64 * seconds)
        }));
    }
    parts
}

fn load_effort(options: &Options) -> load::Effort {
    let mut effort = if options.quick {
        load::Effort::QUICK
    } else {
        load::Effort::FULL
    };
    if let Some(runs) = options.runs {
        effort.rounds = runs as usize;
    }
    effort
}
