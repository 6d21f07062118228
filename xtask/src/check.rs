//! `cargo xtask try --check`: proves that every change is noticed.
//!
//! Changes that cannot disturb each other are built and tested together, in rounds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use xtask::build;
use xtask::output::print;
use xtask::what_if::{Copy, Experiment};
use xtask::workspace::Workspace;

/// How often a test may run until it ends as it should: some depend on chance.
const ATTEMPTS: usize = 3;

/// Checks `experiments`, which may be `all` of them, and says which are not noticed. Gives the exit
/// code.
///
/// # Errors
/// If a change cannot be made, or a test fails without any.
pub fn check(workspace: &Workspace, experiments: &[Experiment], all: bool) -> anyhow::Result<i32> {
    let check = Check {
        copy: Copy::of(workspace)?,
        tests: tests(&workspace.root, experiments, all)?,
    };
    for it in experiments {
        check.copy.change(it)?;
        check.copy.restore(it)?;
    }
    let (refused, tested): (Vec<_>, Vec<_>) = experiments.iter().partition(|it| it.is_refused());
    eprintln!(
        "{} changes; first the tests without them",
        experiments.len()
    );
    let missing = check.never("ok", &tested)?;
    ensure!(
        missing.is_empty(),
        "without a change, no such test passes: {missing:?}"
    );
    let mut unnoticed = Vec::new();
    let rounds = rounds(&workspace.root, tested);
    for (round, number) in rounds.iter().zip(1..) {
        let start = Instant::now();
        for it in round {
            check.copy.change(it)?;
        }
        let passing = check.never("FAILED", round)?;
        let passes = |it: &&&Experiment| it.noticed_by.iter().any(|test| passing.contains(test));
        unnoticed.extend(round.iter().filter(passes).copied());
        for it in round {
            check.copy.restore(it)?;
        }
        let (count, rounds, seconds) = (round.len(), rounds.len(), start.elapsed().as_secs());
        eprintln!("round {number} of {rounds}: {count} changes, {seconds} s");
    }
    for it in refused {
        check.copy.change(it)?;
        let output = check.build().output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let code = it.noticed_by.get(1).map_or("error", String::as_str);
        if output.status.success() || !said.contains(code) {
            unnoticed.push(it);
        }
        check.copy.restore(it)?;
    }
    print(&table(experiments, &unnoticed))?;
    Ok(i32::from(!unnoticed.is_empty()))
}

struct Check<'a> {
    copy: Copy<'a>,
    /// What Cargo builds, as arguments.
    tests: Vec<String>,
}

impl Check<'_> {
    fn build(&self) -> Command {
        let mut cargo = build::cargo();
        cargo.arg("--keep-going").args(&self.tests);
        self.copy.build_with(&mut cargo);
        cargo
    }

    /// The tests of `experiments` that never end as `wanted`.
    fn never<'e>(
        &self,
        wanted: &str,
        experiments: &[&'e Experiment],
    ) -> anyhow::Result<BTreeSet<&'e String>> {
        let mut quiet = self.build();
        quiet.stderr(Stdio::null());
        // What Cargo says is worth reading if it fails.
        let built = build::run(quiet).or_else(|_| build::run(self.build()))?;
        let mut never: BTreeSet<_> = experiments.iter().flat_map(|it| &it.noticed_by).collect();
        for _ in 0..ATTEMPTS {
            let mut running = Vec::new();
            for harness in built.tests().filter(|_| !never.is_empty()) {
                let mut tests = Command::new(harness);
                tests.args(&never).current_dir(&self.copy.root);
                tests.stdout(Stdio::piped()).stderr(Stdio::null());
                running.push(tests.spawn().context("cannot run the tests")?);
            }
            for tests in running {
                let output = tests.wait_with_output()?;
                for line in String::from_utf8_lossy(&output.stdout).lines() {
                    // `test module::name ... ok`
                    let test = line.strip_suffix(wanted).unwrap_or_default();
                    let name = test.trim_end_matches(" ... ").rsplit([' ', ':']).next();
                    never.retain(|it| Some(it.as_str()) != name);
                }
            }
        }
        Ok(never)
    }
}

/// The tests of the experiments' chapters, as arguments for Cargo. It chooses the features of the
/// dependencies for the packages that it is told of. They are compiled already after
/// `cargo test --workspace`, or `--package` for one.
fn tests(root: &Path, experiments: &[Experiment], all: bool) -> anyhow::Result<Vec<String>> {
    let mut tests = Vec::from_iter(all.then(|| "--workspace".to_owned()));
    for group in experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name) {
        let chapter = &group[0].chapter.name;
        tests.extend((!all).then(|| format!("--package={chapter}")));
        for test in fs::read_dir(root.join(chapter).join("tests"))? {
            let file = test?.file_name().display().to_string();
            tests.extend(file.strip_suffix(".rs").map(|it| format!("--test={it}")));
        }
    }
    Ok(tests)
}

/// The experiments of each chapter, and those that are not as they say.
fn table(experiments: &[Experiment], unnoticed: &[&Experiment]) -> String {
    let mut table = "chapter            experiments  questions\n".to_owned();
    for group in experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name) {
        let questions = group.iter().filter(|it| !it.answer.is_empty()).count();
        let (chapter, count) = (&group[0].chapter.name, group.len());
        table += &format!("{chapter:17}  {count:11}  {questions:9}\n");
    }
    for it in unnoticed {
        table += &format!("{}: not noticed by {}\n", it.path, it.noticed_by.join(", "));
    }
    table
}

/// Divides `experiments` so that no change disturbs the tests of another one in its round.
fn rounds<'e>(root: &Path, experiments: Vec<&'e Experiment<'e>>) -> Vec<Vec<&'e Experiment<'e>>> {
    let mut rounds: Vec<Vec<&Experiment>> = Vec::new();
    for it in experiments {
        let fits = |other: &&Experiment| !disturbs(root, it, other) && !disturbs(root, other, it);
        match rounds.iter_mut().find(|round| round.iter().all(fits)) {
            Some(round) => round.push(it),
            None => rounds.push(vec![it]),
        }
    }
    rounds
}

/// Whether `change` may decide how the tests of `other` end.
fn disturbs(root: &Path, change: &Experiment, other: &Experiment) -> bool {
    let is_library = |it: &Experiment| !it.file.contains("/bin/");
    let changed = match Path::new(&change.file).file_stem() {
        Some(program) if !is_library(change) => program.display().to_string(),
        _ => change.chapter.name.replace('-', "_"),
    };
    let uses = || fs::read_to_string(root.join(&other.file)).is_ok_and(|it| it.contains(&changed));
    let same_test = change
        .noticed_by
        .iter()
        .any(|test| other.noticed_by.contains(test));
    let same_chapter = change.chapter.name == other.chapter.name;
    same_test
        || change.file == other.file
        || same_chapter && (uses() || is_library(change) && is_library(other))
}
