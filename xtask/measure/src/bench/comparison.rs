//! A comparison, as its chapter's manifest states it, checked before anything runs.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::load::Load;
use xtask::workspace::{Chapter, Workspace, parse_number, tables};

/// A sequential program and what competes with it.
///
/// ```toml
/// [[package.metadata.bench]]
/// name = "fibonacci"
/// lesson = "What it teaches, in a sentence."      # optional
/// sequential = "listing_1_05_fib_sequential"      # a binary, then its arguments
/// concurrent = ["listing_1_06_fib_threads"]
/// bound = { kind = "cpu", overlap = 1.618 }       # optional
/// book = { sequential = 65.1516, concurrent = [66.1059] }    # optional, in seconds
/// expect = ["fib(40) is 63245986"]                # lines that every program must print
/// clock = "Means took [..] s"                     # the line that tells the time; optional
/// peers = ["scrypt.py 400"]                       # programs in xtask/peers; optional
/// latency_ms = 100                                # of the example site; optional
/// ngrams = 3200000                                # rows of the word file; optional
/// needs = "gpg"                                   # a program that it cannot do without; optional
/// python = { listing_1_05_fib_sequential = "chapter_01/listing_1_5.py" }  # for --book; optional
/// quick = false                                   # leave it out of --quick; optional
/// limit = 60                                      # seconds until it counts as hung; optional
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// What the report and the filters call it.
    pub name: String,
    /// What it teaches.
    pub lesson: Option<String>,
    /// The binary that runs one thing after the other, and its arguments.
    pub sequential: String,
    /// The binaries that run them together, each with its arguments.
    pub concurrent: Vec<String>,
    /// The most that concurrency can gain, where that can be told in advance.
    pub bound: Option<Bound>,
    /// What the book measured.
    pub book: Option<Book>,
    /// The lines that each program must print, in any order; `[..]` stands for anything within
    /// a line.
    pub expect: Vec<String>,
    /// The line in which each program tells how long the measured part took, with `[..]` for the
    /// seconds; without it, the time is that of the whole process.
    pub clock: Option<String>,
    /// Programs in `xtask/peers` that do the same in another language, each with its arguments.
    #[serde(default)]
    pub peers: Vec<String>,
    /// The latency of the example site.
    pub latency_ms: Option<u64>,
    /// How many rows the word file shall have that `NGRAMS_FILE` names.
    pub ngrams: Option<u64>,
    /// A program that its listings start: where that is not installed, the comparison is skipped.
    pub needs: Option<String>,
    /// The book's own program for each of the programs where it does the same work, in the book's
    /// public code.
    #[serde(default)]
    pub python: BTreeMap<String, String>,
    /// Whether `--quick` measures it.
    #[serde(default = "yes")]
    pub quick: bool,
    /// Seconds after which a run counts as hung.
    #[serde(default = "two_minutes")]
    pub limit: f64,
}

fn yes() -> bool {
    true
}

fn two_minutes() -> f64 {
    120.0
}

/// The most that concurrency can gain.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// What the work does.
    pub kind: Kind,
    /// How many times the longest part the whole work takes.
    pub overlap: f64,
}

/// What keeps the work from going faster.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It waits: everything can wait at once.
    Wait,
    /// It computes: no more at once than there are cores.
    Cpu,
}

impl Bound {
    /// The highest speed-up that a machine with so many cores can reach.
    #[must_use]
    pub fn on(self, cores: usize) -> f64 {
        match self.kind {
            Kind::Wait => self.overlap,
            Kind::Cpu => self.overlap.min(cores as f64),
        }
    }
}

/// The seconds that the book prints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// For the sequential program.
    pub sequential: f64,
    /// For each concurrent one.
    pub concurrent: Vec<f64>,
}

/// What a chapter's manifest has to be measured.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// Its comparisons of two or more listings.
    pub comparisons: Vec<Comparison>,
    /// Its comparisons of servers under load.
    pub loads: Vec<Load>,
}

/// Reads and checks the comparisons of all chapters, and keeps those that `filters` choose.
///
/// A filter is a part of a comparison's name, a chapter, or the number of a listing.
///
/// # Errors
/// If a manifest has a mistake, or a filter chooses nothing.
pub fn plan<'a>(workspace: &'a Workspace, filters: &[String]) -> anyhow::Result<Vec<Plan<'a>>> {
    let mut plans = workspace
        .chapters
        .iter()
        .map(|chapter| {
            Plan::read(chapter).with_context(|| format!("the manifest of {}", chapter.name))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;

    let names: Vec<&str> = plans.iter().flat_map(Plan::names).collect();
    let mut seen = HashSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(**name)) {
        bail!("two comparisons are called '{twice}'");
    }
    for filter in filters {
        ensure!(
            plans.iter().any(|plan| plan.has_any(filter)),
            "no comparison is chosen by '{filter}'; there are {}",
            names.join(", ")
        );
    }
    if !filters.is_empty() {
        for plan in &mut plans {
            plan.keep(filters);
        }
    }
    plans.retain(|plan| !plan.is_empty());
    Ok(plans)
}

impl<'a> Plan<'a> {
    fn read(chapter: &'a Chapter) -> anyhow::Result<Self> {
        let comparisons: Vec<Comparison> = tables(chapter, "bench")?;
        for comparison in &comparisons {
            let checked = comparison.check(chapter);
            checked.with_context(|| format!("comparison '{}'", comparison.name))?;
        }
        let loads: Vec<Load> = tables(chapter, "load")?;
        for load in &loads {
            let checked = check_load(load, chapter);
            checked.with_context(|| format!("comparison '{}'", load.name))?;
        }
        Ok(Self {
            chapter,
            comparisons,
            loads,
        })
    }

    /// Whether nothing of it is left.
    pub fn is_empty(&self) -> bool {
        self.comparisons.is_empty() && self.loads.is_empty()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let comparisons = self.comparisons.iter().map(|c| c.name.as_str());
        comparisons.chain(self.loads.iter().map(|load| load.name.as_str()))
    }

    /// The binaries to build.
    pub fn binaries(&self) -> impl Iterator<Item = &str> {
        let compared = self.comparisons.iter().flat_map(Comparison::binaries);
        compared.chain(
            self.loads
                .iter()
                .flat_map(|l| l.servers.iter().map(String::as_str)),
        )
    }

    fn has_any(&self, filter: &str) -> bool {
        let mut comparisons = self.comparisons.iter();
        let mut loads = self.loads.iter();
        comparisons.any(|c| self.chooses(filter, &c.name, c.binaries()))
            || loads.any(|l| self.chooses(filter, &l.name, l.servers.iter().map(String::as_str)))
    }

    fn keep(&mut self, filters: &[String]) {
        let (mut comparisons, mut loads) = (
            std::mem::take(&mut self.comparisons),
            std::mem::take(&mut self.loads),
        );
        comparisons.retain(|c| {
            let mut filters = filters.iter();
            filters.any(|filter| self.chooses(filter, &c.name, c.binaries()))
        });
        loads.retain(|l| {
            let servers = || l.servers.iter().map(String::as_str);
            let mut filters = filters.iter();
            filters.any(|filter| self.chooses(filter, &l.name, servers()))
        });
        (self.comparisons, self.loads) = (comparisons, loads);
    }

    fn chooses<'b>(
        &self,
        filter: &str,
        name: &str,
        mut binaries: impl Iterator<Item = &'b str>,
    ) -> bool {
        if let Some(number) = parse_number(filter) {
            return binaries.any(|binary| {
                let listing = self.chapter.binary(binary);
                listing.is_some_and(|listing| listing.header.number == Some(number))
            });
        }
        self.chapter.is_called(filter) || name.to_lowercase().contains(&filter.to_lowercase())
    }
}

impl Comparison {
    fn check(&self, chapter: &Chapter) -> anyhow::Result<()> {
        for binary in self.binaries() {
            require_binary(chapter, binary)?;
        }
        ensure!(!self.concurrent.is_empty(), "nothing is concurrent in it");
        let mut programs = HashSet::from([&self.sequential]);
        ensure!(
            self.concurrent
                .iter()
                .all(|program| programs.insert(program)),
            "it names a program twice"
        );
        if let Some(stranger) = self.python.keys().find(|key| !programs.contains(key)) {
            bail!("its python names '{stranger}', which it does not run");
        }
        ensure!(
            !self.expect.is_empty(),
            "it expects no output, so a wrong program would pass"
        );
        if let Some(Bound { overlap, .. }) = self.bound {
            ensure!(
                overlap.is_finite() && overlap >= 1.0,
                "its overlap of {overlap} is not 1 or more"
            );
        }
        if let Some(clock) = &self.clock {
            ensure!(
                clock.matches("[..]").count() == 1,
                "its clock '{clock}' has not one [..] for the seconds"
            );
        }
        let limit = self.limit;
        ensure!(
            limit.is_finite() && limit > 0.0,
            "its limit of {limit} s is not above 0"
        );
        if let Some(book) = &self.book {
            ensure!(
                book.concurrent.len() == self.concurrent.len(),
                "the book has {} concurrent figures and the comparison {} programs",
                book.concurrent.len(),
                self.concurrent.len()
            );
            let mut figures = book.concurrent.iter().chain([&book.sequential]);
            ensure!(
                figures.all(|figure| *figure > 0.0),
                "a figure of the book is not above 0"
            );
        }
        Ok(())
    }

    fn binaries(&self) -> impl Iterator<Item = &str> {
        let programs = self.concurrent.iter().chain([&self.sequential]);
        programs.map(|program| split(program).0)
    }
}

/// A binary's name and its arguments.
#[must_use]
pub fn split(program: &str) -> (&str, Vec<String>) {
    let mut words = program.split_whitespace();
    let binary = words.next().unwrap_or_default();
    (binary, words.map(String::from).collect())
}

fn check_load(load: &Load, chapter: &Chapter) -> anyhow::Result<()> {
    for server in &load.servers {
        require_binary(chapter, server)?;
    }
    ensure!(!load.servers.is_empty(), "it has no servers");
    ensure!(
        !load.connections.is_empty() && !load.connections.contains(&0),
        "its connections are not numbers from 1 up"
    );
    Ok(())
}

fn require_binary(chapter: &Chapter, binary: &str) -> anyhow::Result<()> {
    let found = chapter.binary(binary).is_some();
    ensure!(found, "there is no binary '{binary}' in {}", chapter.name);
    Ok(())
}

/// The expected lines that `stdout` does not have, each as often as it is missing.
#[must_use]
pub fn missing_lines<'a>(expect: &'a [String], stdout: &str) -> Vec<&'a str> {
    let mut printed: Vec<&str> = stdout.lines().collect();
    expect
        .iter()
        .map(String::as_str)
        .filter(|pattern| {
            let found = printed.iter().position(|line| matches(pattern, line));
            found.map(|index| printed.swap_remove(index)).is_none()
        })
        .collect()
}

/// The seconds that the line `clock` of `stdout` tells in the place of its `[..]`.
#[must_use]
pub fn told_seconds(clock: &str, stdout: &str) -> Option<f64> {
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

    #[test]
    fn a_cpu_bound_ends_at_the_number_of_cores() {
        let bound = |kind, overlap| Bound { kind, overlap };
        assert_eq!(bound(Kind::Cpu, 4.0).on(2), 2.0);
        assert_eq!(bound(Kind::Cpu, 1.618).on(2), 1.618);
        assert_eq!(bound(Kind::Wait, 1000.0).on(2), 1000.0);
    }

    #[test]
    fn a_program_is_split_into_binary_and_arguments() {
        assert_eq!(
            split("listing_1_05 30 31"),
            ("listing_1_05", vec!["30".into(), "31".into()])
        );
        assert_eq!(split("listing_1_05"), ("listing_1_05", vec![]));
    }
}
