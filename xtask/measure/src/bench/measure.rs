//! Runs the programs of one comparison in turn, round after round.

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use util_ngrams as ngrams;
use util_web::ExampleSite;

use super::book::Book;
use super::comparison::{Comparison, missing_lines, split, told_seconds};
use super::machine::Activity;
use super::process::{Interrupted, Program, Run};
use super::report::{Measurements, Side};
use super::stats::{interval, median};
use xtask::workspace::Workspace;

/// A run that lasts longer needs no warm-up: what it takes to read a binary from disk and to wake
/// the processor up is lost in it.
const LONG: f64 = 2.0;

/// No interval narrows down before there are so many rounds.
const ENOUGH: usize = 5;

/// How many rounds a comparison gets.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    /// So many in any case.
    pub at_least: usize,
    /// No more than these, unless a precision is wanted.
    pub at_most: usize,
    /// After so long, the least will do.
    pub budget: Duration,
    /// A round that takes longer is enough by itself.
    pub long: Duration,
    /// How wide each interval may be at the most, as a part of its speed-up.
    pub precision: Option<f64>,
}

impl Rounds {
    /// Whether another round is due, after so many that have taken so long.
    fn go_on(&self, round: usize, elapsed: Duration, width: impl Fn() -> f64) -> bool {
        if let Some(precision) = self.precision {
            let narrow = round >= ENOUGH && width() <= precision;
            return round < 2 || (!narrow && elapsed < self.budget);
        }
        if round > 0 && elapsed > self.long {
            return false;
        }
        round < self.at_least || (round < self.at_most && elapsed < self.budget)
    }
}

/// What a program is in its comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    Sequential,
    Concurrent,
    /// From `xtask/peers`.
    Peer,
    /// The book's.
    Python,
}

/// The programs of a comparison: the sequential one, and those that compete with it.
#[derive(Debug)]
pub struct Programs<'a> {
    comparison: &'a Comparison,
    programs: Vec<(Role, Program)>,
    /// What cannot be run here, with its reason.
    skipped: Vec<String>,
}

impl<'a> Programs<'a> {
    /// Finds them all, and makes the word file that they need.
    ///
    /// # Errors
    /// If one is not where it should be, or the word file cannot be written. A tool that is not
    /// installed is no error.
    pub fn new(
        workspace: &Workspace,
        comparison: &'a Comparison,
        site: &ExampleSite,
        book: Option<&Book>,
    ) -> anyhow::Result<Self> {
        let site = match comparison.latency_ms {
            // A site of the reader's own has the latency that it has.
            Some(latency) if env::var_os("EXAMPLE_URL").is_none() => {
                format!("{}?latency_ms={latency}", site.url())
            }
            _ => site.url().to_owned(),
        };
        let mut env: Vec<(&str, OsString)> = vec![("EXAMPLE_URL", site.into())];
        if let Some(rows) = comparison.ngrams {
            env.push(("NGRAMS_FILE", word_file(workspace, rows)?.into()));
        }
        let program = |text: &String| {
            let (binary, args) = split(text);
            Program {
                name: text.clone(),
                path: workspace.release_binary(binary),
                args,
                env: env.clone(),
                folder: None,
                limit: Duration::from_secs_f64(comparison.limit),
            }
        };
        let mut found = Self {
            comparison,
            programs: vec![(Role::Sequential, program(&comparison.sequential))],
            skipped: Vec::new(),
        };
        let concurrent = comparison.concurrent.iter().map(program);
        found
            .programs
            .extend(concurrent.map(|program| (Role::Concurrent, program)));
        for peer in &comparison.peers {
            let (file, args) = split(peer);
            let path = workspace.root.join("xtask/peers").join(file);
            ensure!(path.is_file(), "there is no {}", path.display());
            if !is_installed(Path::new("python3")) {
                found.skip(file, "python3 is not installed");
                continue;
            }
            let mut peer = program(peer);
            peer.name = format!("{file} (Python)");
            peer.path = "python3".into();
            peer.args = vec![path.display().to_string()];
            peer.args.extend(args);
            found.programs.push((Role::Peer, peer));
        }
        if let Some(book) = book {
            found.add_book(book, program);
        }
        Ok(found)
    }

    /// The book's programs, each once, also where two of ours do its work.
    fn add_book(&mut self, book: &Book, program: impl Fn(&String) -> Program) {
        let mut files: Vec<&String> = self.comparison.python.values().collect();
        files.sort();
        files.dedup();
        for file in files {
            match book.command(file) {
                Ok((path, args, env)) => {
                    let mut listing = program(file);
                    listing.path = path;
                    listing.args = args;
                    listing.env.extend(env);
                    listing.folder = Some(book.folder.clone());
                    self.programs.push((Role::Python, listing));
                }
                Err(reason) => self.skip(file, &reason.to_string()),
            }
        }
    }

    fn skip(&mut self, program: &str, reason: &str) {
        let name = &self.comparison.name;
        self.skipped
            .push(format!("{name}: {program} skipped: {reason}"));
    }

    /// Measures them. When it is interrupted, what is complete comes back with the rest undone.
    ///
    /// # Errors
    /// If a listing fails, hangs or prints the wrong result, or [`Interrupted`] where no round
    /// was complete. A program of the book's that fails is skipped.
    pub fn measure(
        mut self,
        rounds: Rounds,
        mut step: impl FnMut(&str),
    ) -> anyhow::Result<Measurements> {
        let start = Instant::now();
        let before = Activity::now();
        let mut costs: HashMap<String, Side> = HashMap::new();
        let (mut warm, mut round, mut interrupted) = (false, 0, false);
        // All runs, those that warm up as well.
        let mut cpu = 0.0;
        while rounds.go_on(round, start.elapsed(), || self.width(&costs)) {
            let mut order: Vec<usize> = (0..self.programs.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            let mut this_round = Vec::new();
            let mut failed = Vec::new();
            for index in order {
                let (role, program) = &self.programs[index];
                step(&program.name);
                match self.run(program, role) {
                    Ok(run) => {
                        cpu += run.cost.cpu();
                        this_round.push((program.name.clone(), run.cost));
                    }
                    Err(error) if error.is::<Interrupted>() && round > 0 => {
                        interrupted = true;
                        break;
                    }
                    Err(error) if *role == Role::Python && !error.is::<Interrupted>() => {
                        failed.push((program.name.clone(), error));
                    }
                    Err(error) => return Err(error),
                }
            }
            if interrupted {
                break;
            }
            for (name, error) in failed {
                // The last line of a traceback is the one that tells.
                let reason = format!("{error:#}");
                self.programs.retain(|(_, program)| program.name != name);
                self.skip(&name, reason.lines().next_back().unwrap_or(&reason).trim());
                costs.remove(&name);
            }
            // The first run reads the binary from disk and wakes the processor up.
            if warm || this_round.iter().any(|(_, cost)| cost.wall > LONG) {
                for (name, cost) in this_round {
                    costs.entry(name).or_default().push(cost);
                }
                round += 1;
            }
            warm = true;
        }
        let wide = rounds
            .precision
            .filter(|wanted| self.width(&costs) > *wanted);
        if let (Some(wanted), false) = (wide, interrupted) {
            self.skipped.push(format!(
                "{}: after {:.0} s its interval is {:.1} % wide, not {:.1} %: the machine is too \
                 busy, or --max-time too short",
                self.comparison.name,
                start.elapsed().as_secs_f64(),
                self.width(&costs) * 100.0,
                wanted * 100.0
            ));
        }
        let of = |wanted: Role| -> Vec<(String, Side)> {
            let programs = self.programs.iter().filter(|(role, _)| *role == wanted);
            programs
                .map(|(_, program)| {
                    let runs = costs.get(&program.name).cloned().unwrap_or_default();
                    (program.name.clone(), runs)
                })
                .collect()
        };
        let runs = |role| of(role).into_iter().map(|(_, runs)| runs);
        Ok(Measurements {
            sequential: runs(Role::Sequential).next().unwrap_or_default(),
            concurrent: runs(Role::Concurrent).collect(),
            peers: of(Role::Peer),
            python: of(Role::Python).into_iter().collect(),
            disturbance: before.and_then(|before| before.disturbance(cpu)),
            skipped: self.skipped,
            interrupted,
        })
    }

    fn run(&self, program: &Program, role: &Role) -> anyhow::Result<Run> {
        let mut run = program.run()?;
        if *role == Role::Python {
            // A thread that fails does not make the program fail.
            ensure!(!run.stderr.contains("Traceback"), "{}", run.stderr.trim());
            return Ok(run);
        }
        check(program, self.comparison, &run)?;
        if let Some(clock) = &self.comparison.clock {
            run.cost.wall = told_seconds(clock, &run.stdout)
                .with_context(|| format!("{} did not tell its time as '{clock}'", program.name))?;
        }
        Ok(run)
    }

    /// The width of the widest interval, as a part of its speed-up.
    fn width(&self, costs: &HashMap<String, Side>) -> f64 {
        let Some(sequential) = costs.get(&self.comparison.sequential) else {
            return f64::INFINITY;
        };
        let concurrent = self
            .programs
            .iter()
            .filter(|(role, _)| *role == Role::Concurrent);
        concurrent
            .filter_map(|(_, program)| costs.get(&program.name))
            .map(|runs| {
                let rounds = sequential.iter().zip(runs);
                let ratios: Vec<f64> = rounds.map(|(a, b)| a.wall / b.wall).collect();
                let (low, high) = interval(&ratios);
                (high - low) / median(&ratios)
            })
            .fold(0.0, f64::max)
    }
}

/// Whether a program of this name is there.
#[must_use]
pub fn is_installed(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Rounds = Rounds {
        at_least: 4,
        at_most: 10,
        budget: Duration::from_secs(60),
        long: Duration::from_secs(30),
        precision: None,
    };

    fn after(rounds: Rounds, round: usize, seconds: u64, width: f64) -> bool {
        rounds.go_on(round, Duration::from_secs(seconds), || width)
    }

    #[test]
    fn rounds_end_with_their_number_or_their_time() {
        assert!(after(TEN, 0, 0, 1.0));
        assert!(after(TEN, 9, 10, 1.0));
        assert!(!after(TEN, 10, 10, 1.0));
        assert!(!after(TEN, 4, 61, 1.0));
        // A long round is enough, but one there must be.
        assert!(!after(TEN, 1, 31, 1.0));
        assert!(after(TEN, 0, 31, 1.0));
    }

    #[test]
    fn a_precision_goes_on_until_it_is_reached_or_time_is_up() {
        let rounds = Rounds {
            precision: Some(0.03),
            ..TEN
        };
        assert!(after(rounds, 100, 10, 0.031));
        assert!(!after(rounds, 100, 10, 0.03));
        assert!(!after(rounds, 100, 61, 0.031));
        // Two rounds that agree by chance say nothing.
        assert!(after(rounds, 2, 10, 0.0));
    }
}
