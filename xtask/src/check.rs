//! `cargo xtask try --check`: proves that every change is noticed.
//!
//! Changes that cannot disturb each other are built and tested together, in rounds. While a chapter's
//! tests wait for what a change took away, another chapter is built.

use std::collections::BTreeSet;
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use xtask::build::{self, Built};
use xtask::output::print;
use xtask::what_if::{Copy, Experiment, rounds};
use xtask::workspace::Workspace;

/// How long a test waits for what a change may have taken away, in seconds.
const TIMEOUT: &str = "20";

/// How often a test may run until it ends as it should: some depend on chance.
const ATTEMPTS: usize = 3;

/// Checks `experiments`, and says which are not noticed. Gives the exit code.
///
/// # Errors
/// If a change cannot be made, or a test fails without any.
pub fn check(workspace: &Workspace, experiments: &[Experiment]) -> anyhow::Result<i32> {
    let copy = Copy::of(workspace)?;
    for it in experiments {
        copy.change(it)?;
        copy.restore(it)?;
    }
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed}")?;
    let progress = ProgressBar::new(experiments.len() as u64).with_style(style);
    progress.enable_steady_tick(Duration::from_secs(1));
    let check = Check {
        workspace,
        copy,
        building: Mutex::new(()),
        packages: experiments.iter().map(|it| &*it.chapter.name).collect(),
        progress,
    };
    let unnoticed = thread::scope(|scope| {
        let chapters = experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name);
        let threads = chapters.map(|chapter| scope.spawn(|| check.chapter(chapter)));
        let threads: Vec<_> = threads.collect();
        let results = threads.into_iter().map(|thread| {
            let result = thread.join();
            result.expect("a thread panics only if this program has a bug")
        });
        results.collect::<anyhow::Result<Vec<_>>>()
    })?;
    check.progress.finish_and_clear();
    let unnoticed = unnoticed.concat();
    print(&table(experiments, &unnoticed))?;
    Ok(i32::from(!unnoticed.is_empty()))
}

struct Check<'a> {
    workspace: &'a Workspace,
    copy: Copy<'a>,
    /// Held by who changes sources and builds.
    building: Mutex<()>,
    /// The chapters whose tests are built.
    packages: BTreeSet<&'a str>,
    progress: ProgressBar,
}

impl<'a> Check<'a> {
    /// Which of a chapter's experiments are not noticed.
    fn chapter<'e>(&self, all: &'e [Experiment<'a>]) -> anyhow::Result<Vec<&'e Experiment<'a>>> {
        let compiled = all.iter().filter(|it| !it.is_refused());
        let missing = self.never("ok", &Vec::from_iter(compiled), self.build(&[])?)?;
        ensure!(
            missing.is_empty(),
            "without a change, no such test passes: {missing:?}"
        );
        let mut unnoticed = Vec::new();
        for round in rounds(self.workspace, all) {
            let changes = round.len() as u64;
            unnoticed.extend(self.missed(round)?);
            self.progress.inc(changes);
        }
        Ok(unnoticed)
    }

    /// Makes the changes of a round, and keeps those that are not noticed.
    fn missed<'e>(
        &self,
        mut round: Vec<&'e Experiment<'a>>,
    ) -> anyhow::Result<Vec<&'e Experiment<'a>>> {
        let built = self.build(&round)?;
        if round[0].is_refused() {
            let said = String::from_utf8_lossy(&built.stderr);
            round.retain(|it| !refuses(&said, it));
            return Ok(round);
        }
        let never = self.never("FAILED", &round, built)?;
        self.restore(&round)?;
        round.retain(|it| it.noticed_by.iter().any(|by| never.contains(by)));
        Ok(round)
    }

    /// Builds the tests with these changes, as far as they compile. The features are those of all
    /// chapters together, so that no dependency is compiled twice.
    fn build(&self, changes: &[&Experiment]) -> anyhow::Result<Output> {
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        changes.iter().try_for_each(|it| self.copy.change(it))?;
        let mut cargo = build::cargo();
        let packages = self.packages.iter().map(|it| format!("--package={it}"));
        cargo.args(packages).args(["--test=*", "--keep-going"]);
        self.copy.build_with(&mut cargo);
        cargo.env("TEST_TIMEOUT", TIMEOUT);
        let output = cargo.output().context("cannot run cargo")?;
        // The next build is another chapter's, and must compile.
        let mut refused = changes.iter().filter(|it| it.is_refused());
        refused.try_for_each(|it| self.copy.restore(it))?;
        Ok(output)
    }

    fn restore(&self, changes: &[&Experiment]) -> anyhow::Result<()> {
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        changes.iter().try_for_each(|it| self.copy.restore(it))
    }

    /// Which of the tests that a chapter's experiments name never end as `wanted`.
    ///
    /// # Errors
    /// If they do not compile.
    fn never<'e>(
        &self,
        wanted: &str,
        experiments: &[&'e Experiment],
        built: Output,
    ) -> anyhow::Result<BTreeSet<&'e String>> {
        let said = String::from_utf8_lossy(&built.stderr);
        let compiles = built.status.success();
        ensure!(compiles, "a change does not compile:\n{said}");
        let built = Built::read(&*built.stdout)?;
        let mut never: BTreeSet<_> = experiments.iter().flat_map(|it| &it.noticed_by).collect();
        let chapter = experiments
            .first()
            .map(|it| self.copy.root.join(&it.chapter.name));
        for _ in 0..ATTEMPTS {
            let mut running = Vec::new();
            let harnesses = chapter.iter().flat_map(|it| built.tests(it.join("tests")));
            for harness in harnesses.filter(|_| !never.is_empty()) {
                let mut tests = Command::new(harness);
                tests.args(&never).current_dir(&self.copy.root);
                tests.stdout(Stdio::piped()).stderr(Stdio::null());
                running.push(tests.spawn()?);
            }
            for tests in running {
                let output = tests.wait_with_output()?;
                let said = String::from_utf8_lossy(&output.stdout);
                // `test name ... ok`, or `test module::name ... ok`
                let has = |end: &str| said.contains(&format!("{end} ... {wanted}"));
                never.retain(|it| !has(&format!(" {it}")) && !has(&format!("::{it}")));
            }
        }
        Ok(never)
    }
}

/// Whether `said` has the error that the change is meant to have, in its file.
fn refuses(said: &str, change: &Experiment) -> bool {
    let codes = &change.noticed_by[1..];
    let mut said = change.paragraphs(said);
    said.any(|error| codes.iter().all(|code| error.contains(code.as_str())))
}

/// The experiments of each chapter, and those that are not as they say.
fn table(experiments: &[Experiment], unnoticed: &[&Experiment]) -> String {
    let mut table = "chapter            experiments\n".to_owned();
    for group in experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name) {
        table += &format!("{:17}  {:11}\n", group[0].chapter.name, group.len());
    }
    for it in unnoticed {
        table += &format!("{}: not noticed by {}\n", it.path, it.noticed_by.join(", "));
    }
    table
}
