//! Runs the programs of one comparison, and checks what they print.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use xtask::workspace::Chapter;
use xtask::workspace::tables::ComparisonTable;

use super::programs::{Programs, label, skipped};
use super::rounds::{Failure, Outcome, Rounds, Sample, measure};
use crate::data::{Bound, Comparison, Cost, Entry, Role};
use crate::system::activity::Activity;
use crate::system::interrupt::Interrupted;
use crate::system::process::{Program, Run};

impl Sample for Cost {
    fn time(&self) -> f64 {
        self.time()
    }

    fn duration(&self) -> f64 {
        self.wall
    }
}

/// Measures a comparison. `step` is told what runs next.
///
/// # Errors
/// If a listing fails, hangs or prints the wrong result. A program of the book's that fails is
/// left out, and so is what is not installed.
pub fn compare(
    chapter: &Chapter,
    table: &ComparisonTable,
    programs: &Programs,
    mut rounds: Rounds,
    step: impl Fn(&str),
) -> Result<Option<Comparison>> {
    let mut notes = Vec::new();
    let entries = entries(chapter, table, programs, &mut notes)?;
    rounds.watched = (1..=table.contenders.len()).collect();
    let (before, start) = (Activity::now(), Instant::now());
    let clock = || start.elapsed().as_secs_f64();
    // The CPU time of all runs, those that warm up as well.
    let mut cpu = 0.0;
    let outcome = measure(entries.len(), &rounds, clock, |index| {
        let (entry, program) = &entries[index];
        step(&program.name);
        let cost = program.run().and_then(|run| {
            cpu += run.cost.cpu.unwrap_or(0.0);
            check(table, entry, program, run)
        });
        cost.map_err(|error| match &programs.book {
            Some(book) if entry.role == Role::Book && !error.is::<Interrupted>() => {
                Failure::LeftOut(book.reason(&format!("{error:#}")))
            }
            _ => Failure::Fatal(error),
        })
    })?;
    notes.extend(too_wide(&rounds, &outcome, clock()));
    for (program, reason) in outcome.left_out {
        notes.push(skipped(&entries[program].1.name, reason));
    }
    let measured = entries.into_iter().zip(outcome.runs);
    let measured = measured.map(|((entry, _), runs)| Entry { runs, ..entry });
    let comparison = Comparison {
        chapter: chapter.name.clone(),
        name: table.name.clone(),
        lesson: table.lesson.clone(),
        bound: table.bound.as_ref().map(|work| Bound {
            kind: work.kind,
            overlap: work.overlap,
        }),
        processes: table.processes,
        programs: measured.filter(|entry| !entry.runs.is_empty()).collect(),
        disturbance: before.and_then(|before| before.disturbance(cpu)),
        notes,
    };
    Ok((!comparison.programs.is_empty()).then_some(comparison))
}

/// What to say where the precision was not reached.
fn too_wide(rounds: &Rounds, outcome: &Outcome<Cost>, seconds: f64) -> Option<String> {
    let (wanted, width) = (rounds.precision?, outcome.width?);
    (width > wanted && !outcome.interrupted).then(|| {
        let (width, wanted) = (width * 100.0, wanted * 100.0);
        format!(
            "after {seconds:.0} s its interval is {width:.1} % wide, not {wanted:.1} %: the \
             machine is too busy, or --max-time too short"
        )
    })
}

/// All programs of the table: the baseline, the contenders, the peers, the book's.
fn entries(
    chapter: &Chapter,
    table: &ComparisonTable,
    programs: &Programs,
    notes: &mut Vec<String>,
) -> Result<Vec<(Entry, Program)>> {
    let limit = Duration::from_secs_f64(table.limit);
    let setting = programs.setting(table.latency_ms, table.ngrams, limit)?;
    let (bound, book) = (table.bound.as_ref(), table.book.as_ref());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let entry = |text: &str, role| Entry {
        program: text.to_owned(),
        label: label(chapter, text),
        role,
        ..Entry::default()
    };
    let mut entries = Vec::new();
    let baseline = Entry {
        book: book.map(|book| book.baseline),
        ..entry(&table.baseline, Role::Baseline)
    };
    entries.push((baseline, programs.listing(&table.baseline, &setting)?));
    for (index, text) in table.contenders.iter().enumerate() {
        let contender = Entry {
            at_once: bound.and_then(|work| work.at_once.get(index)?.on(cores)),
            threads: bound.and_then(|work| work.threads.get(index).copied()),
            book: book.map(|book| book.contenders[index]),
            ..entry(text, Role::Contender)
        };
        entries.push((contender, programs.listing(text, &setting)?));
    }
    for text in &table.peers {
        if let Some(program) = programs.peer(text, false, &setting, notes) {
            let peer = Entry {
                label: program.name.clone(),
                beside: table.contenders.first().cloned().into_iter().collect(),
                ..entry(text, Role::Peer)
            };
            entries.push((peer, program));
        }
    }
    // Each file once, also where two of ours do its work.
    let files: BTreeSet<&String> = table.python.values().collect();
    for file in files {
        if let Some(program) = programs.of_book(file, &setting, notes) {
            let ours = table.python.iter().filter(|(_, other)| *other == file);
            let of_book = Entry {
                beside: ours.map(|(program, _)| program.clone()).collect(),
                ..entry(file, Role::Book)
            };
            entries.push((of_book, program));
        }
    }
    Ok(entries)
}

/// What a run cost, unless it was wrong: a wrong program has no speed.
fn check(table: &ComparisonTable, entry: &Entry, program: &Program, run: Run) -> Result<Cost> {
    if entry.role == Role::Book {
        // A thread that fails does not make the program fail.
        if run.stderr.contains("Traceback") {
            bail!("{}", run.stderr.trim());
        }
        return Ok(run.cost);
    }
    if let Some(line) = missing_lines(&table.expect, &run.stdout).first() {
        let printed = run.stdout.trim().replace('\n', " | ");
        bail!(
            "{} did not print '{line}'; it printed: {printed}",
            program.name
        );
    }
    let Some(clock) = &table.clock else {
        return Ok(run.cost);
    };
    let told = told_seconds(clock, &run.stdout);
    let told = told.with_context(|| format!("{} did not tell its time as '{clock}'", program.name));
    Ok(Cost {
        part: Some(told?),
        ..run.cost
    })
}

/// The expected lines that `stdout` does not have, each as often as it is missing.
fn missing_lines<'a>(expect: &'a [String], stdout: &str) -> Vec<&'a str> {
    let mut printed: Vec<&str> = stdout.lines().collect();
    let missing = expect.iter().map(String::as_str).filter(|pattern| {
        let found = printed.iter().position(|line| matches(pattern, line));
        found.map(|index| printed.swap_remove(index)).is_none()
    });
    missing.collect()
}

/// The seconds that the line `clock` of `stdout` tells in the place of its `[..]`.
fn told_seconds(clock: &str, stdout: &str) -> Option<f64> {
    let (before, after) = clock.split_once("[..]")?;
    stdout.lines().find_map(|line| {
        let seconds = line.strip_prefix(before)?.strip_suffix(after)?;
        let seconds = seconds.parse::<f64>().ok()?;
        (seconds.is_finite() && seconds > 0.0).then_some(seconds)
    })
}

/// Whether a line is what `pattern` says, where `[..]` stands for anything.
fn matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once("[..]") else {
        return pattern == line;
    };
    let Some(line) = line.strip_prefix(start) else {
        return false;
    };
    // The wildcard may stand for any number of characters, so try them all.
    (0..=line.len())
        .filter(|index| line.is_char_boundary(*index))
        .any(|index| matches(rest, &line[index..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_anything_within_a_line() {
        assert!(matches("took [..] s", "took 1.5 s"));
        assert!(matches("[..]", ""));
        assert!(matches("a[..]b[..]c", "a-b-b-c"));
        assert!(!matches("took [..] s", "took 1.5 m"));
        assert!(!matches("200", "2000"));
        assert!(matches("é[..]", "éé"));
    }

    #[test]
    fn a_line_expected_twice_must_come_twice() {
        let expect =
            |lines: &[&str]| -> Vec<String> { lines.iter().map(ToString::to_string).collect() };
        let twice = expect(&["200", "200"]);
        assert!(missing_lines(&twice, "200\nready\n200\n").is_empty());
        assert_eq!(missing_lines(&twice, "200\nready\n"), ["200"]);
        assert_eq!(missing_lines(&twice, ""), ["200", "200"]);
        let any_order = expect(&["b", "a"]);
        assert!(missing_lines(&any_order, "a\nb\n").is_empty());
    }

    #[test]
    fn a_clock_is_read_where_the_seconds_stand() {
        let clock = "Means took [..] s";
        assert_eq!(told_seconds(clock, "1\nMeans took 0.25 s\n"), Some(0.25));
        for wrong in [
            "",
            "Means took 0.25 m",
            "Means took long s",
            "Means took 0 s",
        ] {
            assert_eq!(told_seconds(clock, wrong), None, "{wrong}");
        }
    }
}
