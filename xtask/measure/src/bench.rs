//! `cargo xtask bench`: what concurrency buys, measured.

use std::thread;

use anyhow::{Context, Result, bail};
use clap::Args;
use regex_lite::Regex;
use xtask::output::{print, width};
use xtask::workspace::{Chapter, Workspace};
use xtask_report::data::{self, Comparison, Cost, Role, Work};
use xtask_report::{Report, terminal};

use crate::interrupt::{self, Interrupted};
use crate::plan::{ComparisonTable, Plan};
use crate::process::{LIMIT, Program, Run, is_installed};
use crate::programs::{Programs, Python};
use crate::rounds::{Failure, Sample, measure};
use crate::session::{Effort, Session};

/// A round of a comparison that takes longer than this many seconds is none for a first look.
const LONG: f64 = 10.0;

/// The options of `bench`.
#[derive(Args, Debug)]
pub struct Options {
    /// Measure only these: part of a name, a chapter, or a listing's number
    filters: Vec<String>,
    /// Few rounds, for a first look, and nothing that takes long unless you name it
    #[arg(long)]
    quick: bool,
    /// Rounds for each comparison [default: 6 to 20, in about 20 seconds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    #[command(flatten)]
    python: Python,
    #[command(flatten)]
    output: Output,
}

/// How a report is shown.
#[derive(Args, Debug)]
pub struct Output {
    /// Show intervals, CPU time and memory too
    #[arg(long)]
    details: bool,
    /// Print every measurement as JSON instead
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Shows the report, and gives the exit code.
    ///
    /// # Errors
    /// If it cannot be printed.
    pub fn show(&self, report: &Report) -> Result<i32> {
        let text = match self.json {
            true => report.json()?,
            false => terminal::report(report, width().unwrap_or(80), self.details),
        };
        print(&text)?;
        if interrupt::has_come() {
            eprintln!("interrupted: what was complete is above");
            return Ok(interrupt::EXIT_CODE);
        }
        Ok(0)
    }
}

/// Measures what `options` choose and shows it.
///
/// # Errors
/// If a manifest has a mistake, something does not build, a program is wrong, or a file cannot be
/// written.
pub fn bench(workspace: &Workspace, options: &Options) -> Result<i32> {
    let mut plan = Plan::read(workspace)?;
    plan.curves.clear();
    plan.loads.iter_mut().for_each(|(_, it)| it.scale.clear());
    plan.keep(&options.filters)?;
    let mut effort = Effort::new(options.quick);
    if let Some(runs) = options.runs {
        effort.set_runs(runs as usize);
    }
    let long = leave_long(workspace, options, &mut plan);
    let session = Session::prepare(workspace, &plan, &options.python, effort)?;
    for name in long {
        session
            .programs
            .leave_out(&name, "too long for --quick".to_owned());
    }
    options.output.show(&session.measure(&plan)?)
}

/// Takes from a first look at everything what takes long by the committed report, and names it.
fn leave_long(workspace: &Workspace, options: &Options, plan: &mut Plan) -> Vec<String> {
    let known = Report::read(&workspace.root.join("xtask/results.json")).unwrap_or_default();
    let is_long = |name: &str| {
        let named = known.comparisons.iter().filter(|it| it.name == name);
        let programs = named.flat_map(|it| &it.programs);
        let ours = programs.filter(|it| it.role != Role::Book);
        let round: f64 = ours.filter_map(|it| data::seconds(&it.runs)).sum();
        options.quick && options.filters.is_empty() && round > LONG
    };
    let names = plan.comparisons.iter().map(|(_, table)| table.name.clone());
    let long = names.filter(|name| is_long(name)).collect();
    plan.comparisons.retain(|(_, table)| !is_long(&table.name));
    long
}

impl Sample for Cost {
    fn time(&self) -> f64 {
        self.time()
    }

    fn duration(&self) -> f64 {
        self.wall
    }
}

/// Measures a comparison; gives nothing if what its programs need is not there.
///
/// # Errors
/// If a listing fails, hangs or prints the wrong result. A program of the book's that fails is
/// left out, and so is what is not installed.
pub fn compare(
    session: &Session,
    chapter: &Chapter,
    table: &ComparisonTable,
) -> Result<Option<Comparison>> {
    let programs = &session.programs;
    if let Some(missing) = table.needs.as_ref().filter(|it| !is_installed(it)) {
        programs.leave_out(&table.name, format!("{missing} is not installed"));
        return Ok(None);
    }
    let contestants = contestants(table, programs)?;
    let checks = Checks::of(table)?;
    let outcome = measure(contestants.len(), &session.effort.comparisons, |index| {
        let (contestant, program) = &contestants[index];
        session.step(&program.name);
        let run = program.run(LIMIT);
        let cost = run.and_then(|run| checks.check(contestant.role, program, run));
        cost.map_err(|error| match contestant.role {
            Role::Book if !error.is::<Interrupted>() => {
                Failure::LeftOut(programs.reason(&format!("{error:#}")))
            }
            _ => Failure::Fatal(error),
        })
    })?;
    for (program, reason) in outcome.left_out {
        programs.leave_out(&contestants[program].1.name, reason);
    }
    let measured = contestants.into_iter().zip(outcome.runs);
    let measured = measured.map(|((contestant, _), runs)| data::Program { runs, ..contestant });
    let comparison = Comparison {
        chapter: chapter.name.clone(),
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        work: table.bound.as_ref().map(|bound| Work {
            kind: bound.kind,
            overlap: bound.overlap,
        }),
        processes: table.processes,
        programs: measured.filter(|it| !it.runs.is_empty()).collect(),
    };
    Ok((!comparison.programs.is_empty()).then_some(comparison))
}

/// All programs of the table: the baseline, the contenders, the peers, the book's.
fn contestants(
    table: &ComparisonTable,
    programs: &Programs,
) -> Result<Vec<(data::Program, Program)>> {
    let setting = programs.setting(table.latency_ms, table.ngrams)?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let at_once = table.bound.as_ref().map_or(&[][..], |bound| &bound.at_once);
    let mut all = Vec::new();
    let texts = [&table.baseline].into_iter().chain(&table.contenders);
    for (index, text) in texts.enumerate() {
        let contender = index.checked_sub(1);
        let ours = data::Program {
            program: text.clone(),
            label: programs.label(text),
            role: contender.map_or(Role::Baseline, |_| Role::Contender),
            at_once: contender.and_then(|it| at_once.get(it)?.on(cores)),
            book: table.book.get(index).copied(),
            ..data::Program::default()
        };
        all.push((ours, programs.listing(text, &setting)?));
    }
    for text in &table.peers {
        if let Some(program) = programs.peer(text, false, &setting) {
            let peer = data::Program {
                program: text.clone(),
                label: program.name.clone(),
                role: Role::Peer,
                beside: table.contenders.first().cloned().into_iter().collect(),
                ..data::Program::default()
            };
            all.push((peer, program));
        }
    }
    for text in &table.python {
        let Some(program) = programs.of_book(text, &setting) else {
            continue;
        };
        // Each file once, also if two of ours do its work.
        match all
            .iter_mut()
            .find(|(known, _)| known.program == program.name)
        {
            Some((known, _)) => known.beside.push(text.clone()),
            None => {
                let number = programs.label(text);
                let number = number.split_whitespace().next().unwrap_or_default();
                let of_book = data::Program {
                    program: program.name.clone(),
                    label: format!("Python {number}"),
                    role: Role::Book,
                    beside: vec![text.clone()],
                    ..data::Program::default()
                };
                all.push((of_book, program));
            }
        }
    }
    Ok(all)
}

/// What each program of a comparison must print.
struct Checks {
    expected: Vec<(String, Regex)>,
    clock: Option<(String, Regex)>,
}

impl Checks {
    fn of(table: &ComparisonTable) -> Result<Self> {
        let pattern = |line: &String| anyhow::Ok((line.clone(), pattern(line)?));
        let expected = table.expect.iter().map(pattern).collect::<Result<_>>()?;
        let clock = table.clock.as_ref().map(pattern).transpose()?;
        Ok(Self { expected, clock })
    }

    /// What a run cost, unless it was wrong: a wrong program has no speed.
    fn check(&self, role: Role, program: &Program, run: Run) -> Result<Cost> {
        let (name, mut cost) = (&program.name, run.cost);
        if role == Role::Book {
            // A thread that fails does not make the program fail.
            if run.stderr.contains("Traceback") {
                bail!("{}", run.stderr.trim());
            }
            return Ok(cost);
        }
        if let Some(line) = self.missing(&run.stdout) {
            let printed = run.stdout.trim().replace('\n', " | ");
            bail!("{name} did not print '{line}'; it printed: {printed}");
        }
        if let Some((line, clock)) = &self.clock {
            let told = told_seconds(clock, &run.stdout);
            let problem = || format!("{name} did not tell its time as '{line}'");
            cost.part = Some(told.with_context(problem)?);
        }
        Ok(cost)
    }

    /// The first expected line that `stdout` does not have, or not as often as it should.
    fn missing(&self, stdout: &str) -> Option<&str> {
        let mut printed: Vec<&str> = stdout.lines().collect();
        let mut expected = self.expected.iter();
        let missing = expected.find(|(_, pattern)| {
            let found = printed.iter().position(|line| pattern.is_match(line));
            found.map(|index| printed.swap_remove(index)).is_none()
        });
        missing.map(|(line, _)| line.as_str())
    }
}

/// A line in which each `[..]` stands for anything.
fn pattern(line: &str) -> Result<Regex> {
    let parts: Vec<String> = line.split("[..]").map(regex_lite::escape).collect();
    Ok(Regex::new(&format!("^{}$", parts.join("(.*)")))?)
}

/// The seconds that a line of `stdout` tells in the place of the last `[..]` of `clock`.
fn told_seconds(clock: &Regex, stdout: &str) -> Option<f64> {
    let mut lines = stdout.lines().filter_map(|line| clock.captures(line));
    let told = lines.next()?.iter().last()??;
    let seconds = told.as_str().parse::<f64>().ok()?;
    (seconds.is_finite() && seconds > 0.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_must_come_as_often_as_expected_and_tell_a_time() {
        let missing = |lines: &[&str], stdout: &str| {
            let expected = lines
                .iter()
                .map(|it| ((*it).to_owned(), pattern(it).unwrap()));
            let (expected, clock) = (expected.collect(), None);
            Checks { expected, clock }.missing(stdout).map(String::from)
        };
        assert_eq!(missing(&["200", "200"], "200\nready\n200\n"), None);
        assert_eq!(missing(&["200", "200"], "200\nready\n"), Some("200".into()));
        assert_eq!(missing(&["b", "a[..]b"], "a-b-b\nb\n"), None);
        assert_eq!(missing(&["(1)[..]"], "1\n"), Some("(1)[..]".into()));
        let clock = pattern("100 [..] took [..] s").unwrap();
        assert_eq!(
            told_seconds(&clock, "1\n100 threads took 0.5 s\n"),
            Some(0.5)
        );
        for wrong in ["", "100 threads took long s", "100 threads took 0 s"] {
            assert_eq!(told_seconds(&clock, wrong), None, "{wrong}");
        }
    }
}
