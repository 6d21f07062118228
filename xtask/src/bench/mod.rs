//! `cargo xtask bench`: what concurrency buys, measured.
//!
//! A chapter owns its comparisons; here they are run and reported. Programs run in turn (A B, B A,
//! A B …), so that whatever slows the machine for a while slows both sides, and each round gives
//! one ratio. The speed-up is the median of those.

mod comparison;
mod machine;
mod process;
mod report;
pub mod stats;
mod svg;

use std::collections::HashMap;
use std::env;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use util::{ExampleSite, ngrams};

use self::comparison::{Comparison, Plan, missing_lines, split, told_seconds};
use self::machine::Machine;
use self::process::{INTERRUPTED, Interrupted, Program, Run};
use self::report::{Measured, Measurements, Report, Side};
use crate::load;
use crate::workspace::Workspace;

pub use self::process::{LAUNCH, launch};
pub use self::report::print;

/// The exit code of a bench that Ctrl-C ended.
const EXIT_INTERRUPTED: u8 = 130;

/// What `bench` takes.
#[derive(Args, Debug)]
pub struct Options {
    /// Only what these choose: part of a comparison's name, a chapter, or a listing's number
    filters: Vec<String>,
    /// Few rounds, for a first look
    #[arg(long)]
    quick: bool,
    /// Rounds for each comparison [default: 10, fewer where they take long]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Write every measurement as JSON to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    json: Option<PathBuf>,
    /// Write the table as CSV to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    csv: Option<PathBuf>,
    /// Write the table as Markdown to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    markdown: Option<PathBuf>,
    /// Draw the speed-ups as SVG to FILE, or to stdout instead of the table
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    svg: Option<PathBuf>,
}

/// How many rounds a comparison gets.
#[derive(Clone, Copy)]
struct Rounds {
    at_least: usize,
    at_most: usize,
    /// After so long, the least will do.
    budget: Duration,
}

impl Options {
    fn rounds(&self) -> Rounds {
        let (at_least, at_most, seconds) = match (self.runs, self.quick) {
            (Some(runs), _) => (runs as usize, runs as usize, 0),
            (None, true) => (2, 5, 10),
            (None, false) => (4, 10, 60),
        };
        Rounds {
            at_least,
            at_most,
            budget: Duration::from_secs(seconds),
        }
    }
}

/// A run that lasts longer needs no warm-up: what it takes to read a binary from disk and to wake
/// the processor up is lost in it.
const LONG: f64 = 2.0;

/// Measures what `options` chooses and reports it.
///
/// # Errors
/// If a manifest has a mistake, something does not build, or a program fails, hangs or prints the
/// wrong result: a wrong program has no speed.
pub fn bench(workspace: &Workspace, options: &Options) -> anyhow::Result<ExitCode> {
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
    // A second Ctrl-C finds the handler in place already, which is as good.
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))
        .context("cannot listen for Ctrl-C")?;
    // Before the build, which makes any machine busy.
    let machine = Machine::read();
    build(&plans)?;

    let site = ExampleSite::start()?;
    let mut report = Report::new(machine, env::var("EXAMPLE_URL").ok());
    let outcome = measure_all(workspace, &plans, &site, options, &mut report);
    let interrupted = match outcome {
        Ok(()) => false,
        Err(error) if error.is::<Interrupted>() => true,
        Err(error) => return Err(error),
    };
    report.write(options)?;
    if interrupted {
        eprintln!("interrupted: what was complete is above");
        return Ok(ExitCode::from(EXIT_INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds all binaries at once, so that Cargo can use every core.
fn build(plans: &[Plan]) -> anyhow::Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--release"]);
    for plan in plans {
        command.args(["--package", &plan.chapter.name]);
        for binary in plan.binaries() {
            command.args(["--bin", binary]);
        }
    }
    let built = command.status().context("cannot run cargo")?;
    ensure!(built.success(), "the listings do not build");
    Ok(())
}

fn measure_all(
    workspace: &Workspace,
    plans: &[Plan],
    site: &ExampleSite,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    let progress = Progress::new(plans, options);
    for plan in plans {
        for comparison in &plan.comparisons {
            let programs = Programs::new(workspace, comparison, site, report)?;
            let measurements = programs.measure(comparison, options, &progress)?;
            report.add(Measured::new(plan.chapter, comparison, measurements));
        }
        for load in &plan.loads {
            let effort = load_effort(options);
            let peers = workspace.root.join("xtask/peers");
            let binaries = |binary: &str| workspace.release_binary(binary);
            report.add_load(load::measure(load, binaries, &peers, effort, |step| {
                if INTERRUPTED.load(Ordering::Relaxed) {
                    return Err(Interrupted.into());
                }
                progress.step(step);
                Ok(())
            })?);
        }
    }
    progress.finish();
    Ok(())
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

/// The programs of a comparison: the sequential one, and those that compete with it.
struct Programs {
    sequential: Program,
    concurrent: Vec<Program>,
    peers: Vec<Program>,
}

impl Programs {
    fn new(
        workspace: &Workspace,
        comparison: &Comparison,
        site: &ExampleSite,
        report: &mut Report,
    ) -> anyhow::Result<Self> {
        let ngrams = match comparison.ngrams {
            Some(rows) => Some(word_file(workspace, rows)?),
            None => None,
        };
        let site = match comparison.latency_ms {
            // A site of the reader's own has the latency that it has.
            Some(latency) if env::var_os("EXAMPLE_URL").is_none() => {
                format!("{}?latency_ms={latency}", site.url())
            }
            _ => site.url().to_owned(),
        };
        let program = |text: &String| {
            let (binary, args) = split(text);
            Program {
                name: text.clone(),
                path: workspace.release_binary(binary),
                args,
                site: site.clone(),
                ngrams: ngrams.clone(),
                limit: Duration::from_secs_f64(comparison.limit),
            }
        };
        let mut peers: Vec<Program> = Vec::new();
        for peer in &comparison.peers {
            let (file, args) = split(peer);
            let path = workspace.root.join("xtask/peers").join(file);
            ensure!(path.is_file(), "there is no {}", path.display());
            let mut peer = program(peer);
            peer.name = format!("{file} (Python)");
            peer.path = "python3".into();
            peer.args = vec![path.display().to_string()];
            peer.args.extend(args);
            peers.push(peer);
        }
        if !peers.is_empty() && Command::new("python3").arg("--version").output().is_err() {
            for peer in peers.drain(..) {
                let name = &comparison.name;
                report.skip(format!(
                    "{name}: {} skipped: python3 is not installed",
                    peer.name
                ));
            }
        }
        Ok(Self {
            sequential: program(&comparison.sequential),
            concurrent: comparison.concurrent.iter().map(program).collect(),
            peers,
        })
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &Program> {
        let concurrent = self.concurrent.iter().chain(&self.peers);
        std::iter::once(&self.sequential).chain(concurrent)
    }

    fn measure(
        &self,
        comparison: &Comparison,
        options: &Options,
        progress: &Progress,
    ) -> anyhow::Result<Measurements> {
        let run = |program: &Program| {
            progress.step(&format!("{}: {}", comparison.name, program.name));
            let mut run = program.run()?;
            check(program, comparison, &run)?;
            if let Some(clock) = &comparison.clock {
                run.cost.wall = told_seconds(clock, &run.stdout).with_context(|| {
                    format!("{} did not tell its time as '{clock}'", program.name)
                })?;
            }
            anyhow::Ok(run)
        };
        let Rounds {
            at_least,
            at_most,
            budget,
        } = options.rounds();
        let start = Instant::now();
        let mut costs: HashMap<&str, Side> = HashMap::new();
        let mut warm = false;
        let mut round = 0;
        while round < at_least || (round < at_most && start.elapsed() < budget) {
            let in_turn: Vec<&Program> = if round % 2 == 0 {
                self.all().collect()
            } else {
                self.all().rev().collect()
            };
            let mut round_costs = Vec::new();
            for program in in_turn {
                round_costs.push((program.name.as_str(), run(program)?.cost));
            }
            // The first run reads the binary from disk and wakes the processor up.
            if warm || round_costs.iter().any(|(_, cost)| cost.wall > LONG) {
                for (name, cost) in round_costs {
                    costs.entry(name).or_default().push(cost);
                }
                round += 1;
            }
            warm = true;
        }
        let mut take = |program: &Program| costs.remove(program.name.as_str()).unwrap_or_default();
        Ok(Measurements {
            sequential: take(&self.sequential),
            concurrent: self.concurrent.iter().map(&mut take).collect(),
            peers: { self.peers.iter() }
                .map(|peer| (peer.name.clone(), take(peer)))
                .collect(),
        })
    }
}

/// A word file of so many rows beside the binaries, made if it is not there.
fn word_file(workspace: &Workspace, rows: u64) -> anyhow::Result<PathBuf> {
    let path = workspace.target.join(format!("ngrams-{rows}-rows.tsv"));
    if !path.is_file() {
        ngrams::write_file(rows, &path)?;
    }
    Ok(path)
}

/// A wrong program has no speed.
fn check(program: &Program, comparison: &Comparison, run: &Run) -> anyhow::Result<()> {
    let missing = missing_lines(&comparison.expect, &run.stdout);
    if let Some(line) = missing.first() {
        bail!(
            "{} did not print '{line}'; it printed: {}",
            program.name,
            run.stdout.trim().replace('\n', " | ")
        );
    }
    Ok(())
}

/// A bar on the terminal; nothing where stderr is none.
struct Progress(ProgressBar);

impl Progress {
    fn new(plans: &[Plan], options: &Options) -> Self {
        let rounds = options.rounds().at_most + 1;
        let runs = plans.iter().flat_map(|plan| &plan.comparisons);
        let runs: usize = runs
            .map(|c| (c.concurrent.len() + c.peers.len() + 1) * rounds)
            .sum();
        let effort = load_effort(options);
        let loads = plans.iter().flat_map(|plan| &plan.loads);
        let loads: usize = loads
            .map(|l| (l.servers.len() + l.peers.len()) * l.connections.len() * effort.rounds)
            .sum();
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new((runs + loads) as u64)
        } else {
            ProgressBar::hidden()
        };
        let template = "{bar:30} {pos}/{len} {msg} (about {eta} left)";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Says what is measured next.
    fn step(&self, what: &str) {
        self.0.inc(1);
        self.0.set_message(what.to_owned());
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
