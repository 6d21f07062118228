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
const TIMEOUT: &str = "15";

/// How often tests may run until they fail: some depend on chance.
const ATTEMPTS: usize = 3;

/// Checks `experiments`, and says which are not noticed. Gives the exit code.
///
/// It takes for granted that all tests pass without a change.
///
/// # Errors
/// If a change cannot be made, or does not compile and should.
pub fn check(workspace: &Workspace, experiments: &[Experiment]) -> anyhow::Result<i32> {
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed}")?;
    let progress = ProgressBar::new(experiments.len() as u64).with_style(style);
    progress.enable_steady_tick(Duration::from_secs(1));
    let check = Check {
        copy: Copy::of(workspace)?,
        building: Mutex::new(()),
        packages: experiments.iter().map(|it| &*it.chapter.name).collect(),
    };
    let chapters = || experiments.chunk_by(|a, b| a.chapter.name == b.chapter.name);
    let unnoticed = thread::scope(|scope| {
        let threads = chapters().map(|chapter| {
            let rounds = rounds(workspace, chapter).into_iter();
            let check_round = |round: Vec<_>| {
                let unnoticed = check.unnoticed(&round);
                unnoticed.inspect(|_| progress.inc(round.len() as u64))
            };
            scope.spawn(move || rounds.map(check_round).collect::<anyhow::Result<Vec<_>>>())
        });
        let threads = Vec::from_iter(threads).into_iter();
        let results = threads.map(|it| it.join().expect("only a bug makes a thread panic"));
        results.collect::<anyhow::Result<Vec<_>>>()
    })?;
    progress.finish_and_clear();
    let mut table = "chapter            experiments\n".to_owned();
    for chapter in chapters() {
        table += &format!("{:17}  {:11}\n", chapter[0].chapter.name, chapter.len());
    }
    let unnoticed = unnoticed.concat().concat();
    for it in &unnoticed {
        table += &format!("{}: not noticed by {}\n", it.path, it.noticed_by.join(", "));
    }
    print(&table)?;
    Ok(i32::from(!unnoticed.is_empty()))
}

struct Check<'a> {
    copy: Copy<'a>,
    /// Held by who changes sources and builds.
    building: Mutex<()>,
    /// The chapters whose tests are built.
    packages: BTreeSet<&'a str>,
}

impl<'a> Check<'a> {
    /// Makes the changes of a round, and gives those that are not noticed.
    fn unnoticed<'e>(
        &self,
        round: &[&'e Experiment<'a>],
    ) -> anyhow::Result<Vec<&'e Experiment<'a>>> {
        let mut left = round.to_vec();
        let output = self.build(round)?;
        let said = String::from_utf8_lossy(&output.stderr);
        if round[0].is_refused() {
            // The error that the change is meant to have, in its file.
            let has_codes = |it: &Experiment, error: &str| {
                let mut codes = it.noticed_by[1..].iter();
                codes.all(|code| error.contains(code.as_str()))
            };
            left.retain(|it| !it.paragraphs(&said).any(|error| has_codes(it, error)));
            return Ok(left);
        }
        let compiled = output.status.success();
        ensure!(compiled, "a change does not compile:\n{said}");
        let built = Built::read(&*output.stdout)?;
        let folder = self.copy.root.join(&round[0].chapter.name);
        for _ in 0..ATTEMPTS {
            let mut running = Vec::new();
            for harness in built.tests(folder.join("tests")) {
                let mut tests = Command::new(harness);
                tests.current_dir(&folder);
                tests.args(left.iter().flat_map(|it| &it.noticed_by));
                tests.stdout(Stdio::piped()).stderr(Stdio::null());
                running.push(tests.spawn()?);
            }
            let mut said = String::new();
            for tests in running {
                said += &String::from_utf8_lossy(&tests.wait_with_output()?.stdout);
            }
            // `test name ... FAILED`, or `test module::name ... FAILED`
            let has = |end: &str| said.contains(&format!("{end} ... FAILED"));
            let fails = |test: &String| has(&format!(" {test}")) || has(&format!("::{test}"));
            left.retain(|it| !it.noticed_by.iter().all(fails));
            if left.is_empty() {
                break;
            }
        }
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        round.iter().try_for_each(|it| self.copy.restore(it))?;
        Ok(left)
    }

    /// Builds the tests with these changes, as far as they compile. The features are those of all
    /// chapters together, so that no dependency is compiled twice.
    fn build(&self, changes: &[&Experiment]) -> anyhow::Result<Output> {
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        changes.iter().try_for_each(|it| self.copy.change(it))?;
        let mut cargo = build::cargo();
        let packages = self.packages.iter().map(|it| format!("--package={it}"));
        cargo.args(packages);
        cargo.args(["--test=*", "--keep-going", "--quiet"]);
        self.copy.build_with(&mut cargo);
        cargo.env("TEST_TIMEOUT", TIMEOUT);
        let output = cargo.output().context("cannot run cargo")?;
        // The next build is another chapter's, and must compile. It must not build again what is
        // tested now.
        let mut refused = changes.iter().filter(|it| it.is_refused());
        refused.try_for_each(|it| self.copy.restore(it))?;
        Ok(output)
    }
}
