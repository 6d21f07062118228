//! `cargo xtask try --check`: proves that every change is noticed.
//!
//! Changes that cannot disturb each other are built and tested together, in rounds.

use std::collections::BTreeSet;
use std::process::{Command, Output, Stdio};
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
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed} {wide_msg}")?;
    let progress = ProgressBar::new(experiments.len() as u64).with_style(style);
    progress.enable_steady_tick(Duration::from_secs(1));
    progress.set_message("without a change");
    let packages = experiments.iter().map(|it| &*it.chapter.name).collect();
    let check = Check { copy, packages };
    let tested = experiments.iter().filter(|it| !it.is_refused());
    let missing = check.never("ok", tested.flat_map(|it| &it.noticed_by))?;
    ensure!(
        missing.is_empty(),
        "without a change, no such test passes: {missing:?}"
    );
    let mut unnoticed = Vec::new();
    for round in rounds(workspace, experiments) {
        progress.set_message(round[0].path.clone());
        for it in &round {
            check.copy.change(it)?;
        }
        let missed: Vec<_> = if round[0].is_refused() {
            let said = check.build()?.stderr;
            let said = String::from_utf8_lossy(&said);
            round.iter().filter(|it| !refuses(&said, it)).collect()
        } else {
            let never = check.never("FAILED", round.iter().flat_map(|it| &it.noticed_by))?;
            let is_missed = |it: &&&Experiment| it.noticed_by.iter().any(|by| never.contains(by));
            round.iter().filter(is_missed).collect()
        };
        unnoticed.extend(missed);
        for it in &round {
            check.copy.restore(it)?;
            progress.inc(1);
        }
    }
    progress.finish_and_clear();
    print(&table(experiments, &unnoticed))?;
    Ok(i32::from(!unnoticed.is_empty()))
}

struct Check<'a> {
    copy: Copy<'a>,
    /// The chapters whose tests are built.
    packages: BTreeSet<&'a str>,
}

impl Check<'_> {
    /// Builds the tests, as far as they compile.
    fn build(&self) -> anyhow::Result<Output> {
        let mut cargo = build::cargo();
        let packages = self.packages.iter().map(|it| format!("--package={it}"));
        cargo.args(packages).args(["--test=*", "--keep-going"]);
        self.copy.build_with(&mut cargo);
        cargo.env("TEST_TIMEOUT", TIMEOUT);
        cargo.output().context("cannot run cargo")
    }

    /// Which of `tests` never end as `wanted`.
    ///
    /// # Errors
    /// If they do not compile.
    fn never<'t>(
        &self,
        wanted: &str,
        tests: impl Iterator<Item = &'t String>,
    ) -> anyhow::Result<BTreeSet<&'t String>> {
        let mut never: BTreeSet<_> = tests.collect();
        let output = self.build()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "a change does not compile:\n{said}"
        );
        let built = Built::read(&*output.stdout)?;
        for _ in 0..ATTEMPTS {
            let mut running = Vec::new();
            for harness in built.tests().filter(|_| !never.is_empty()) {
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
